// shared/store.js: an array is sent once and found by name; who asks too early is told later.
import assert from "node:assert/strict";
import { test } from "node:test";

import { getStored, putStored } from "../../cnnviz/components/shared/store.js";

test("what is put is found, per page", () => {
  const [page, other] = [{}, {}];
  putStored(page, "cat", { n: 1 });
  assert.deepEqual(getStored(page, "cat"), { n: 1 });
  assert.equal(getStored(other, "cat"), undefined);
});

test("who asks too early is told once, when it comes", () => {
  const page = {};
  const told = [];
  assert.equal(getStored(page, "cat", (value) => told.push(value)), undefined);
  putStored(page, "dog", 1);
  assert.deepEqual(told, []);
  putStored(page, "cat", 2);
  putStored(page, "cat", 3);
  assert.deepEqual(told, [2]);
});

test("the oldest is forgotten, and putting again makes it the newest", () => {
  const page = {};
  for (const name of ["a", "b", "c"]) putStored(page, name, name, 3);
  putStored(page, "a", "again", 3);
  putStored(page, "d", "d", 3);
  assert.deepEqual(["a", "b", "c", "d"].map((name) => getStored(page, name)), ["again", undefined, "c", "d"]);
});

test("what is still asked for stays, however much else comes", () => {
  const page = {};
  putStored(page, "picture", "cat", 3);
  for (let i = 0; i < 9; i += 1) {
    putStored(page, `gradient ${i}`, i, 3);
    assert.equal(getStored(page, "picture"), "cat");
  }
});
