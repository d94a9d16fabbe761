// Whole planes pooled and moved in the browser, against PyTorch and the core (fixtures/pool_planes.json).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { poolLayerOf } from "../../cnnviz/components/pool_player/pool_model.js";
import { pooledPlane } from "../../cnnviz/components/pooling/plane_pool.js";
import { Movement, movedPlane } from "../../cnnviz/components/pooling/moved.js";
import { forward, planOf } from "../../cnnviz/components/shared/windows.js";

const fixture = JSON.parse(readFileSync(new URL("fixtures/pool_planes.json", import.meta.url), "utf8"));
const number = (value) => (typeof value === "string" ? { nan: NaN, inf: Infinity, "-inf": -Infinity }[value] : value);

function assertNear(actual, expected, what, within = 1e-9) {
  assert.equal(actual.length, expected.length, what);
  for (let i = 0; i < actual.length; i += 1) {
    const wanted = number(expected[i]);
    const same = Object.is(actual[i], wanted) || actual[i] === wanted || Math.abs(actual[i] - wanted) <= within * Math.max(1, Math.abs(wanted));
    assert.ok(same, `${what}: ${actual[i]} is not ${wanted} at ${i}`);
  }
}

test("a plane of bytes pooled by the short ways is PyTorch's, for every kind and every way the windows lie", () => {
  for (const c of fixture.pooled) {
    const plan = planOf(poolLayerOf(c.scene));
    const found = pooledPlane(plan, Uint8Array.from(fixture.planes[c.seed]));
    assert.deepEqual(plan.shape, c.shape);
    assertNear(found, c.output, `${c.scene.kind} ${c.scene.windows} ${c.seed}`);
  }
});

test("numbers that are no bytes, negative ones among them, too", () => {
  for (const c of fixture.pooled) {
    const plan = planOf(poolLayerOf(c.scene));
    const numbers = Float64Array.from(fixture.planes[c.seed], (v) => v / 7 - 9);
    assertNear(pooledPlane(plan, numbers), [...forward(plan, numbers, null, 0)], `${c.scene.kind} ${c.seed}`);
  }
});

test("windows that lose what they saw: a flat plane and a plane of two levels keep their groups", () => {
  const layer = (kind, kernel) => planOf(poolLayerOf({ ...fixture.pooled[0].scene, kind, windows: "sliding", size: [4, 4], kernel, stride: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1], k: 2, ceil: false }));
  const flat = new Uint8Array(16).fill(255);
  for (const kind of ["median", "k_max", "k_means"]) assert.ok(pooledPlane(layer(kind, [3, 3]), flat).every((v) => v === 255), kind);
  const halves = Uint8Array.from({ length: 16 }, (_, i) => (i % 4 < 2 ? 0 : 200));
  assert.deepEqual([...pooledPlane(layer("k_means", [1, 4]), halves)], [200, 200, 200, 200]);
  assert.deepEqual([...pooledPlane(layer("median", [1, 4]), halves)], [100, 100, 100, 100]);
});

test("a plane shifted, turned and scaled is PyTorch's, and so is what stays the same", () => {
  const movement = new Movement();
  for (const c of fixture.moves) {
    const plane = { data: fixture.wide[c.seed], shape: [20, 20] };
    const found = movement.of(plane, c.scene, fixture.blocks);
    assertNear(found.arrays.after.data, c.after, `after ${c.seed}`);
    assertNear(found.arrays.two.data, c.two, `pooled ${c.seed}`);
    found.rows.forEach((row, i) => assertNear(row, c.rows[i], `row ${i} of ${c.seed}`));
  }
});

test("what was pooled before moving is kept while the plane and the kind stay", () => {
  const movement = new Movement();
  const plane = { data: fixture.wide[0], shape: [20, 20] };
  const one = movement.pooledBefore(plane, "max", 2);
  assert.equal(movement.pooledBefore(plane, "max", 2), one);
  assert.notEqual(movement.pooledBefore(plane, "avg", 2), one);
  assert.notEqual(movement.pooledBefore({ ...plane }, "avg", 2), one);
});

test("a shift alone moves whole pixels, exactly; the edge is repeated", () => {
  assert.deepEqual([...movedPlane({ data: [1, 2, 3], shape: [1, 3] }, [0, 1], 0, 100).data], [1, 1, 2]);
  assertNear(movedPlane({ data: [1, 2, 3, 4], shape: [2, 2] }, [0, 0], 90, 100).data, [2, 4, 1, 3], "turned");
});
