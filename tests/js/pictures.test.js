// The picture picker's intake: what comes in, and which sentence a camera that does not come gets.

import assert from "node:assert/strict";
import { test } from "node:test";
import { cameraFault } from "../../cnnviz/components/pictures/camera.js";
import { base64Of, carriesFiles, firstFile, MOST_BYTES, offerOf } from "../../cnnviz/components/pictures/intake.js";

test("of what is dropped a picture comes first, then any file, then nothing", () => {
  const [text, png] = [{ type: "text/plain" }, { type: "image/png" }];
  assert.equal(firstFile({ files: [text, png] }), png);
  assert.equal(firstFile({ files: [text] }), text);
  assert.equal(firstFile({ files: [] }), null);
  assert.equal(firstFile(null), null);
});

test("a drag of text is not taken for a file", () => {
  assert.equal(carriesFiles({ types: ["text/plain"] }), false);
  assert.equal(carriesFiles({ types: ["Files"] }), true);
  assert.equal(carriesFiles(null), false);
});

test("a file too large is not sent, only its size; an empty file is sent as such", () => {
  assert.deepEqual(offerOf(1, MOST_BYTES + 1, "data:;base64,AAAA"), { n: 1, size: MOST_BYTES + 1 });
  assert.deepEqual(offerOf(2, 0, "data:"), { n: 2, size: 0, data: "" });
  assert.deepEqual(offerOf(3, 3, "data:image/png;base64,AAAA"), { n: 3, size: 3, data: "AAAA" });
  assert.equal(base64Of("data:image/png;base64,QUJD"), "QUJD");
});

test("a camera that does not come is explained: no https, none there, not allowed, in use", () => {
  const browser = { mediaDevices: { getUserMedia() {} } };
  assert.equal(cameraFault({}, null), "camera_https");
  assert.equal(cameraFault(browser, { name: "NotFoundError" }), "camera_none");
  assert.equal(cameraFault(browser, { name: "NotAllowedError" }), "camera_denied");
  assert.equal(cameraFault(browser, { name: "NotReadableError" }), "camera_busy");
  assert.equal(cameraFault(browser, { name: "Whatever" }), "camera_failed");
});
