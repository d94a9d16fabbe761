// shared/theme.js: dark or light follows from Streamlit's own background colour.
import assert from "node:assert/strict";
import { test } from "node:test";

import { applyTheme, brightness } from "../../cnnviz/components/shared/theme.js";

test("brightness of the colours CSS may hand over", () => {
  const white = (colour) => assert.ok(Math.abs(brightness(colour) - 1) < 1e-9, colour);
  white("#ffffff");
  assert.equal(brightness("#000000"), 0);
  assert.equal(brightness(" #FF0000 "), 0.2126);
  white("rgb(255, 255, 255)");
  assert.equal(brightness("rgba(0, 0, 0, 0.5)"), 0);
  assert.ok(brightness("#0f1014") < 0.1);
  white("");
});

test("the part is marked dark on a dark page, and unmarked on a light one", () => {
  const marks = {};
  const host = { toggleAttribute: (name, on) => { marks[name] = on; } };
  const on = (colour) => {
    globalThis.getComputedStyle = (el) => (assert.equal(el, host), { getPropertyValue: () => colour });
    return applyTheme({ host });
  };
  assert.equal(on("#0f1014"), true);
  assert.deepEqual(marks, { "data-dark": true });
  assert.equal(on("#ffffff"), false);
  assert.deepEqual(marks, { "data-dark": false });
  assert.equal(on(""), false);
});
