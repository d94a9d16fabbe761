// Learned kernels and a kernel being learned: ids, stacks, words, maps, losses.

import assert from "node:assert/strict";
import { test } from "node:test";
import { descentSentence } from "../../cnnviz/components/kernel_lab/lab_descent.js";
import { lossShares, signedIndices, validMap } from "../../cnnviz/components/kernel_lab/lab_descent_paint.js";
import { alikeText, filterKey, kernelAt, learnedId, learnedPlace } from "../../cnnviz/components/kernel_lab/lab_learned.js";

test("an id names a place, a place its id; what is none names nothing", () => {
  const place = { network: "lenet-d2l-mnist", layer: "conv2", out: 15, channel: 3 };
  assert.equal(learnedId(place), "lenet-d2l-mnist.conv2.15.3");
  assert.deepEqual(learnedPlace("lenet-d2l-mnist.conv2.15.3"), place);
  for (const wrong of ["", "a.b.c.d", "a.b.1", "a.b.1.2.3", "A.b.1.2", "a.b.12345.0"]) assert.equal(learnedPlace(wrong), null, wrong);
  assert.equal(filterKey(place, true), "lenet-d2l-mnist.conv2.0");
  assert.equal(filterKey(place, false), "lenet-d2l-mnist.conv2.15");
});

test("a kernel is cut out of the stack, and a likeness always says its sign", () => {
  const stack = { data: Float64Array.from([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]), shape: [2, 2, 3] };
  assert.deepEqual(kernelAt(stack, 1), [[7, 8, 9], [10, 11, 12]]);
  assert.equal(alikeText("Sobel x", -0.934), "Sobel x \u22120.93");
  assert.equal(alikeText("Sobel x", 1), "Sobel x +1.00");
});

test("the map of a kernel is its cross-correlation without padding", () => {
  const plane = { data: Float32Array.from([1, 2, 3, 4, 5, 6, 7, 8, 10]), shape: [3, 3] };
  const map = validMap(plane, Float32Array.from([1, 0, 0, -1]), 2);
  assert.deepEqual([map.width, map.height, Array.from(map.data)], [2, 2, [-4, -4, -4, -5]]);
  const wide = validMap({ data: Float32Array.from([1, 2, 3, 4, 5, 6]), shape: [2, 3] }, Float32Array.from([0, 1, 1, 0]), 2);
  assert.deepEqual([wide.width, wide.height, Array.from(wide.data)], [2, 1, [6, 8]]);
});

test("colours are centred on 0 and end at the scale; losses stand by their logarithm", () => {
  assert.deepEqual(Array.from(signedIndices([-9, -1, 0, 1, 0.5], 1)), [0, 0, 127, 254, 191]);
  assert.deepEqual(Array.from(signedIndices([3], 0)), [127]);
  assert.deepEqual(lossShares([1, 0.1, 0.01]), [1, 0.5, 0]);
  assert.deepEqual(lossShares([2, 2]), [1, 1]);
  assert.ok(lossShares([1, 0]).every(Number.isFinite));
});

test("a step is said with its numbers, the last one with what became of the run", () => {
  const texts = { descent_now: "{step} {loss} {distance}", descent_blind: "{seen} of {count}" };
  const run = { steps: [0, 1, 9], losses: [4, 2, 0], distances: [3, 1, 0.5], seen: 1, count: 9, condition: 1, verdict: "blind" };
  assert.equal(descentSentence(run, 1, texts), "1 2 1");
  assert.equal(descentSentence(run, 2, texts), "1 of 9");
});
