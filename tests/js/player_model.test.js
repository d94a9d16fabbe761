// The player's settings against Python and PyTorch (fixtures/player.json), and limits found by trying.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { isUniform, reachOf, turnedWith } from "../../cnnviz/components/player/controls.js";
import { leftOver, sizeFormula, unvisitedPixels } from "../../cnnviz/components/player/formula.js";
import { pastedMatrix, presetKernel } from "../../cnnviz/components/player/kernel.js";
import {
  CONVOLUTION_MODEL, inputOf, isPointSymmetric, layerOf, LARGEST, limitsOf, presetPadding, resizedKernel, sidesOf, sparedKernel,
  turned, valuesOf, withCell, withValue, withWeight,
} from "../../cnnviz/components/player/model.js";
import { patternValues, pieceValues } from "../../cnnviz/components/player/patterns.js";
import { largestEvery, pieceAt } from "../../cnnviz/components/player/piece.js";
import { forward, isPossible, planOf } from "../../cnnviz/components/shared/windows.js";

const fixture = JSON.parse(readFileSync(new URL("fixtures/player.json", import.meta.url), "utf8"));
const start = { ...fixture.default };

test("patterns are the ones Python makes", () => {
  for (const { name, size, seed, values } of fixture.patterns) {
    assert.deepEqual([...patternValues(name, ...size, seed)], values, `${name} ${size} ${seed}`);
  }
});

test("pieces of a picture are cut and averaged as Python does it, also over the edge", () => {
  const grey = { data: Uint8Array.from(fixture.pieces.grey), shape: fixture.pieces.shape };
  for (const { at, every, size, values } of fixture.pieces.pieces) {
    assert.deepEqual([...pieceValues(grey, at, every, ...size, false)], values);
    assert.deepEqual([...pieceValues(grey, at, every, ...size, true)], values.map((v) => v / 255));
  }
});

test("a scene's numbers are torch's, and its formula is the core's", () => {
  for (const { scene, shape, output, formula, unvisited } of fixture.scenes) {
    const layer = layerOf(scene);
    const plan = planOf(layer);
    assert.deepEqual(plan.shape, shape);
    [...forward(plan, inputOf(scene), scene.kernel.flat(), scene.bias)].forEach((v, i) => assert.ok(Math.abs(v - output[i]) < 1e-9));
    assert.deepEqual(layer.axes.map((axis, i) => sizeFormula(axis, layer.size[i]).map((p) => p.text).join("")), formula);
    assert.equal(unvisitedPixels(layer), unvisited);
  }
});

test("every setting can be turned to its limits and not one further", () => {
  for (const { scene } of fixture.scenes) {
    for (const name of ["size", "kernel", "stride", "padding", "dilation"]) {
      for (let which = 0; which < valuesOf(scene, name).length; which++) {
        const [low, high] = limitsOf(CONVOLUTION_MODEL, scene, name, which);
        for (const value of [low, high]) assert.ok(isPossible(layerOf(withValue(scene, name, which, value))), `${name} ${value}`);
        if (high < LARGEST[name]) assert.ok(!isPossible(layerOf(withValue(scene, name, which, high + 1))));
        const lowest = name === "padding" ? 0 : 1;
        if (low > lowest) assert.ok(!isPossible(layerOf(withValue(scene, name, which, low - 1))));
        assert.equal(valuesOf(turned(CONVOLUTION_MODEL, scene, name, which, 999), name)[which], high);
        assert.equal(valuesOf(turned(CONVOLUTION_MODEL, scene, name, which, -999), name)[which], low);
      }
    }
  }
});

test("valid, same and full; same puts the odd cell after, as torch does", () => {
  assert.deepEqual(presetPadding(start, "valid"), [0, 0, 0, 0]);
  assert.deepEqual(presetPadding(start, "same"), [1, 1, 1, 1]);
  assert.deepEqual(presetPadding(start, "full"), [2, 2, 2, 2]);
  const even = withValue(start, "kernel", -1, 4);
  assert.deepEqual(presetPadding(even, "same"), [1, 2, 1, 2]);
  assert.equal(presetPadding({ ...start, mode: "reflect", size: [2, 2], padding: [1, 1, 1, 1] }, "full"), null);
});

test("padding that was chosen by its name follows the kernel, padding by number does not", () => {
  const same = { ...start, size: [9, 9], padding: presetPadding(start, "same") };
  assert.deepEqual(turnedWith(same, "kernel", -1, 5, "same").padding, [2, 2, 2, 2]);
  assert.deepEqual(turnedWith(same, "kernel", -1, 5, "").padding, [1, 1, 1, 1]);
  assert.deepEqual(turnedWith(same, "padding", -1, 3, "same").padding, [3, 3, 3, 3]);
});

test("a kernel grows around its middle, and comes back as it was", () => {
  const five = resizedKernel(start.kernel, 5, 5, null);
  assert.deepEqual(five.slice(1, 4).map((row) => row.slice(1, 4)), start.kernel);
  assert.deepEqual(resizedKernel(five, 3, 3, null), start.kernel);
  const spare = sparedKernel(start.kernel, null);
  assert.deepEqual(resizedKernel(resizedKernel(start.kernel, 1, 2, spare), 3, 3, spare), start.kernel);
});

test("equal weights stay equal; a mean stays a mean", () => {
  assert.deepEqual(resizedKernel([[1, 1], [1, 1]], 1, 3), [[1, 1, 1]]);
  assert.deepEqual(resizedKernel([[0.1111111, 0.1111111, 0.1111111], [0.1111111, 0.1111111, 0.1111111], [0.1111111, 0.1111111, 0.1111111]], 2, 2),
    [[0.25, 0.25], [0.25, 0.25]]);
});

test("an edited cell makes the input a painted one; other cells keep their numbers", () => {
  const painted = withCell(start, 1, 2, 7);
  assert.equal(painted.source, "hand");
  assert.deepEqual(painted.cells, [[1, 2, 3, 0], [0, 1, 7, 3], [3, 0, 1, 2], [2, 3, 0, 1]]);
  assert.deepEqual(withValue(painted, "size", 0, 5).cells[4], [0, 0, 0, 0]);
  assert.deepEqual(withWeight(start, 0, 1, -5).kernel[0], [2, -5, 1]);
});

test("what the floor leaves over: 8, k 3, stride 2", () => {
  const layer = layerOf({ ...start, size: [8, 7], stride: [2, 2] });
  assert.deepEqual(leftOver(layer, 0), { numerator: 5, stride: 2, quotient: "2.5", floor: 2, rest: 1, unvisited: 1 });
  assert.equal(leftOver(layer, 1).rest, 0);
});

test("point symmetry, reach, uniformity", () => {
  assert.ok(isPointSymmetric([[1, 2], [2, 1]]) && !isPointSymmetric([[1, 0, -1]]));
  assert.deepEqual(reachOf(1, 11, 1, 6), [0, 0.5]);
  assert.ok(isUniform([2, 2]) && !isUniform([2, 1]));
});

test("the frame on the picture stays inside it", () => {
  assert.deepEqual(pieceAt(0, 0, [4, 4], 4, [100, 200]), [0, 0]);
  assert.deepEqual(pieceAt(99, 199, [4, 4], 4, [100, 200]), [84, 184]);
  assert.deepEqual(pieceAt(50, 100, [4, 8], 2, [100, 200]), [46, 92]);
  assert.equal(largestEvery([24, 32], [100, 200]), 4);
});

test("kernels for any size, and matrices from a spreadsheet", () => {
  assert.deepEqual(presetKernel({ id: "identity" }, [2, 3], 0), [[0, 1, 0], [0, 0, 0]]);
  assert.deepEqual(presetKernel({ id: "mean" }, [1, 4], 0), [[0.25, 0.25, 0.25, 0.25]]);
  assert.deepEqual(presetKernel({ id: "random_start" }, [3, 3], 0), fixture.examples.start.kernel);
  assert.deepEqual(pastedMatrix("1\t0\t−1\r\n2\t0\t−2\n"), [[1, 0, -1], [2, 0, -2]]);
  assert.deepEqual(pastedMatrix("1, 2; 3"), [[1, 2, 3]]);
  for (const bad of ["1\t2\n3", "a b", "1 ".repeat(12)]) assert.equal(pastedMatrix(bad), null);
  assert.deepEqual(sidesOf([[1, 2, 3]]), [1, 3]);
});
