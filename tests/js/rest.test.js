// shared/rest.js: told at rest in one message, at once before another view opens, and by the bar when the part is gone.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { LocalScene } from "../../cnnviz/components/shared/local.js";
import { AtRest, carryLate, handOver, hasTold, tellAll, tellBeforeLeaving } from "../../cnnviz/components/shared/rest.js";

let doc = {};
let sent = [];
const tell = (fields) => sent.push(fields);

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  [doc, sent] = [{}, []];
});

test("changes go in one message, so long after the last of them", () => {
  const rest = new AtRest(200, doc);
  rest.tell({ scene: { a: 1, b: 1 } }, tell);
  mock.timers.tick(199);
  rest.tell({ scene: { a: 2 } }, tell);
  mock.timers.tick(199);
  assert.deepEqual(sent, []);
  mock.timers.tick(1);
  assert.deepEqual(sent, [{ scene: { a: 2, b: 1 } }]);
  tellAll(doc);
  mock.timers.tick(999);
  assert.equal(sent.length, 1);
});

test("before another view opens everything is told, once", () => {
  new AtRest(200, doc).tell({ scene: { a: 1 } }, tell);
  const [player, other] = [{}, {}];
  tellBeforeLeaving(player, () => sent.push("player"), doc);
  tellBeforeLeaving(other, () => sent.push("other"), doc);
  hasTold(other, doc);
  tellAll(doc);
  mock.timers.tick(999);
  assert.deepEqual(sent, [{ scene: { a: 1 } }, "player"]);
});

test("a part that is gone gives the bar what is not told, and what is told but not answered", () => {
  const local = new LocalScene();
  local.take({ kernel: 3, stride: 1, size: 8 });
  local.change({ kernel: 5, stride: 2 });
  const rest = new AtRest(200, doc);
  rest.tell({ scene: { kernel: 5, stride: 2 } }, tell);
  rest.now();
  local.take({ kernel: 5, stride: 1, size: 8 }); // the kernel is answered, the stride is not
  rest.tell({ scene: { size: 9 } }, tell);
  const carried = [];
  rest.leave("shapes", local);
  carryLate((late) => carried.push(...late), doc);
  assert.deepEqual(carried, [{ page: "shapes", scene: { stride: 2, size: 9 } }]);
  mock.timers.tick(999);
  assert.equal(sent.length, 1, "its own way is closed");
});

test("where all is answered nothing is carried, and nothing twice", () => {
  const local = new LocalScene();
  local.take({ kernel: 3 });
  const carried = [];
  carryLate((late) => carried.push(...late), doc);
  new AtRest(200, doc).leave("shapes", local);
  assert.deepEqual(carried, []);
  handOver("pooling", { kind: "avg" }, doc);
  carryLate((late) => carried.push(...late), doc);
  assert.deepEqual(carried, [{ page: "pooling", scene: { kind: "avg" } }]);
  assert.deepEqual(local.unanswered(), {});
});
