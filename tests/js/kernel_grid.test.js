// What keys and drags mean in the editable grid.

import assert from "node:assert/strict";
import { test } from "node:test";
import { keyMove, keySteps, movedBy } from "../../cnnviz/components/shared/grid_keys.js";
import { cellText, gridTypeSize } from "../../cnnviz/components/shared/cell_text.js";

const key = (name, more = {}) => ({ key: name, ...more });

test("up and down change the number: one step, ten with Shift, a tenth with Alt", () => {
  assert.deepEqual(["ArrowUp", "ArrowDown", "ArrowLeft"].map((k) => keySteps(key(k))), [1, -1, 0]);
  assert.equal(keySteps(key("ArrowUp", { shiftKey: true })), 10);
  assert.equal(keySteps(key("ArrowDown", { altKey: true })), -0.1);
});

test("every cell can be reached by keys", () => {
  const rows = 3, cols = 4;
  const reached = new Set([0]);
  let at = 0;
  for (let i = 0; i < 20; i += 1) reached.add((at = keyMove(key("ArrowRight"), at, rows, cols)));
  assert.equal(reached.size, 12);
  assert.equal(at, 11, "and it stops at the last");
  assert.equal(keyMove(key("ArrowLeft"), 4, rows, cols), 3, "back over the end of a row");
  assert.equal(keyMove(key("ArrowDown", { ctrlKey: true }), 1, rows, cols), 5);
  assert.equal(keyMove(key("PageUp"), 1, rows, cols), 1, "no row above");
  assert.equal(keyMove(key("PageDown"), 9, rows, cols), 9, "no row below");
  assert.deepEqual([key("Home"), key("End"), key("Home", { ctrlKey: true }), key("End", { ctrlKey: true })].map((k) => keyMove(k, 6, rows, cols)), [4, 7, 0, 11]);
  assert.equal(keyMove(key("x"), 6, rows, cols), null);
  assert.equal(keyMove(key("ArrowDown"), 6, rows, cols), null, "that changes the number");
});

test("steps keep to the ladder and leave no dust", () => {
  let value = 0;
  for (let i = 0; i < 10; i += 1) value = movedBy(value, 1, 0.1);
  assert.equal(value, 1);
  assert.equal(movedBy(0.25, 1, 0.1), 0.3, "onto the ladder");
  assert.equal(movedBy(0.25, 0.1, 0.1), 0.26, "fine steps keep finer places");
  assert.equal(movedBy(0.25, 0, 0.1), 0.25);
  assert.ok(Object.is(movedBy(0.1, -1, 0.1), 0), "no negative zero");
});

test("numbers are written only where they can be read", () => {
  assert.ok(gridTypeSize(52, 52, 2, 13) > 20);
  assert.equal(gridTypeSize(5, 5, 2, 13), 0);
  assert.ok(gridTypeSize(30, 30, 2, 13) >= 10);
});

test("a narrow cell says a number in two digits rather than nothing, but never 0 where it is not 0", () => {
  assert.equal(cellText(0.0389, 40, 30, 13).text, "0.039");
  assert.equal(cellText(0.0389, 30, 30, 13).text, "0.04");
  assert.deepEqual(cellText(0.003, 30, 30, 13), { text: "", size: 0 });
  assert.equal(cellText(0, 30, 30, 13).text, "0");
  assert.deepEqual(cellText(-2, 5, 5, 13), { text: "", size: 0 });
});
