// Numbers on the screen are written as in the figures (fixtures/windows.json), and read as people type them.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  exactText, fillText, inBrackets, numberText, subscript, typedNumber,
} from "../../cnnviz/components/shared/numbers.js";

const fixture = JSON.parse(readFileSync(new URL("fixtures/windows.json", import.meta.url), "utf8"));

test("rounded as Python rounds, with the real minus", () => {
  const texts = fixture.numbers.flatMap((value) => [2, 3, 5].map((digits) => numberText(value, digits)));
  assert.deepEqual(texts, fixture.number_texts);
  assert.equal(numberText(-0), "0");
  assert.equal(numberText(NaN), "?");
});

test("exact on hover: reads back as the same number", () => {
  for (const value of [0.1, -1 / 3, 1e-9, -2.5e22, 7, 0.1 + 0.2]) {
    assert.equal(Number(exactText(value).replace("−", "-").replace("e−", "e-")), value);
  }
  assert.equal(exactText(-0), "0");
});

test("negative factors stand in brackets", () => {
  assert.deepEqual([inBrackets("−3"), inBrackets("3")], ["(−3)", "3"]);
});

test("typed numbers: both minus signs, decimal comma, fractions, full-width digits; nothing else", () => {
  assert.deepEqual(["-3", "−3", "0,5", "1/4", "－１．５", " +2 ", "1e-3", ".5"].map(typedNumber),
    [-3, -3, 0.5, 0.25, -1.5, 2, 0.001, 0.5]);
  for (const bad of ["", "abc", "1/0", "1/2/3", "0x10", "1e999", "--1", "1 2"]) assert.ok(Number.isNaN(typedNumber(bad)), bad);
});

test("holes are filled, unknown ones stay", () => {
  assert.equal(fillText("{a} of {b} {c}", { a: 1, b: "x" }), "1 of x {c}");
  assert.equal(subscript(12), "₁₂");
});
