// The browser's windows against PyTorch: fixtures/windows.json is written by tests/components/windows_fixture.py.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  feeds, forward, isPossible, planOf, productsOf, sourceIndex, stepAt, visited, windowsOn,
} from "../../cnnviz/components/shared/windows.js";
import { torchConvStart, torchRandint } from "../../cnnviz/components/shared/torchrandom.js";

const fixture = JSON.parse(readFileSync(new URL("fixtures/windows.json", import.meta.url), "utf8"));

function assertNear(actual, expected, what) {
  assert.equal(actual.length, expected.length, what);
  actual.forEach((value, i) => assert.ok(Math.abs(value - expected[i]) <= 1e-12 * Math.max(1, Math.abs(expected[i])),
    `${what}: ${value} is not ${expected[i]} at ${i}`));
}

test("every convolution is torch's, element by element", () => {
  for (const [number, c] of fixture.conv.entries()) {
    const plan = planOf(c.layer);
    assert.deepEqual(plan.shape, c.shape, `shape of case ${number}`);
    assertNear([...forward(plan, c.input, c.weights, c.bias)], c.output, `case ${number}`);
  }
});

test("a step's taps are the core's, and add up to torch's element", () => {
  for (const [number, c] of fixture.conv.entries()) {
    const step = stepAt(planOf(c.layer), c.input, c.weights, c.bias, ...c.at);
    assert.deepEqual(step.taps.map((t) => [t.row, t.column, t.source, t.weightAt]), c.taps, `taps of case ${number}`);
    assertNear([step.total], [c.output[c.at[0] * c.shape[1] + c.at[1]]], `step of case ${number}`);
  }
});

test("pooling goes through the same windows", () => {
  for (const [number, c] of fixture.pool.entries()) {
    const plan = planOf(c.layer);
    assert.deepEqual(plan.shape, c.shape, `shape of case ${number}`);
    assertNear([...forward(plan, c.input, null, 0)], c.output, `pool case ${number} ${JSON.stringify(c.layer)}`);
  }
});

test("pixels that no window meets are the core's", () => {
  for (const c of fixture.conv) {
    assert.deepEqual(visited(planOf(c.layer)).map((line) => [...line]), c.visited);
  }
});

test("an input cell's outputs and a weight's products are the steps read backwards", () => {
  for (const c of fixture.conv.slice(0, 40)) {
    const plan = planOf(c.layer);
    const forwards = new Map();
    const byWeight = new Map();
    for (let r = 0; r < c.shape[0]; r++) {
      for (let col = 0; col < c.shape[1]; col++) {
        for (const t of stepAt(plan, c.input, c.weights, 0, r, col).taps) {
          const cell = t.source >= 0 ? `p${t.source}` : `f${t.row},${t.column}`;
          forwards.set(cell, [...(forwards.get(cell) ?? []), `${r},${col},${t.weightAt}`]);
          byWeight.set(t.weightAt, [...(byWeight.get(t.weightAt) ?? []), `${r},${col},${t.row},${t.column}`]);
        }
      }
    }
    const [rows, columns] = c.layer.size;
    for (let y = 0; y < rows; y++) {
      for (let x = 0; x < columns; x++) {
        const found = feeds(plan, y, x).map((f) => `${f.row},${f.column},${f.weightAt}`);
        assert.deepEqual(found.sort(), (forwards.get(`p${y * columns + x}`) ?? []).sort());
      }
    }
    for (let w = 0; w < c.weights.length; w++) {
      const found = productsOf(plan, w).map((p) => `${p.row},${p.column},${p.meets}`);
      assert.deepEqual(found.sort(), (byWeight.get(w) ?? []).sort());
    }
  }
});

test("a cell of the padding feeds what its position meets, not the pixel it shows", () => {
  const axis = { kernel: 3, stride: 1, dilation: 1, before: 1, after: 1 };
  const plan = planOf({ size: [3, 3], axes: [axis, axis], mode: "zeros" });
  assert.deepEqual(feeds(plan, -1, -1), [{ row: 0, column: 0, weightAt: 0 }]);
  assert.equal(feeds(plan, -1, 1).length, 3);
});

test("reflect, replicate and circular by their effect: 1234 becomes 32 1234 32 and so on", () => {
  const shown = (mode) => [-2, -1, 0, 1, 2, 3, 4, 5].map((p) => sourceIndex(p, 4, mode) + 1).join("");
  assert.equal(shown("reflect"), "32123432");
  assert.equal(shown("replicate"), "11123444");
  assert.equal(shown("circular"), "34123412");
  assert.equal(shown("constant"), "00123400");
});

test("sizes of the textbook: 7,k3,s2 is 3; 8,k3,s2 floors 3.5 to 3; 5,k4,p2 is 6; 100,k3,s2 is 49", () => {
  const out = (size, kernel, stride, p = 0) => windowsOn({ kernel, stride, dilation: 1, before: p, after: p }, size);
  assert.deepEqual([out(7, 3, 2), out(8, 3, 2), out(5, 4, 1, 2), out(100, 3, 2)], [3, 3, 6, 49]);
});

test("what cannot be is known beforehand", () => {
  const axis = { kernel: 3, stride: 1, dilation: 1, before: 0, after: 0 };
  const fits = (size, change, mode) => isPossible({ size: [size, size], axes: [axis, { ...axis, ...change }], mode });
  assert.ok(fits(3, {}) && !fits(2, {}) && !fits(4, { dilation: 2 }) && fits(5, { dilation: 2 }));
  assert.ok(fits(4, { before: 3 }, "reflect") && !fits(4, { before: 4 }, "reflect") && fits(4, { before: 4 }, "circular"));
  assert.ok(!fits(4, { after: 5 }, "circular") && fits(4, { after: 5 }, "replicate"));
});

test("the generator draws torch's own numbers, bit by bit", () => {
  for (const c of fixture.random) {
    assert.deepEqual([...torchRandint(c.seed, -3, 4, 700)], c.integers);
    const start = torchConvStart(c.seed, ...c.size);
    assert.deepEqual([...start.weights], c.weights);
    assert.equal(start.bias, c.bias);
  }
});
