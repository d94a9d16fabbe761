// Pooling in the step player and the views around it, against PyTorch and the core (fixtures/pooling.json).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { spokenWords, stepWords } from "../../cnnviz/components/player/arithmetic.js";
import { inputOf, limitsOf, turned } from "../../cnnviz/components/player/model.js";
import { connections, inputContent, marksOf, paddedSides, pinFocus } from "../../cnnviz/components/player/stage.js";
import { POOL_MODEL, poolLayerOf, tiedAfter } from "../../cnnviz/components/pool_player/pool_model.js";
import { poolLimits } from "../../cnnviz/components/pool_player/pooling.js";
import { poolFormulaWords, poolNoteKey, sharedOut } from "../../cnnviz/components/pool_player/pool_words.js";
import { windowBars } from "../../cnnviz/components/pool_player/shared_out.js";
import { greyIndices, summaryOf, whiteOf } from "../../cnnviz/components/pooling/planes.js";
import { projection, terrainFaces } from "../../cnnviz/components/pooling/terrain.js";
import { waysBack } from "../../cnnviz/components/pooling/ways_back.js";
import { relativeChange, shiftedBy } from "../../cnnviz/components/pooling_move/pooling_move.js";
import { bothAxes } from "../../cnnviz/components/pooling_picture/pooling_picture.js";
import { turnedSwitches } from "../../cnnviz/components/pooling_switches/pooling_switches.js";
import { floodCounts, levelAt, waterOver } from "../../cnnviz/components/pooling_water/pooling_water.js";
import { drawnTap, largerGroup } from "../../cnnviz/components/shared/reduce.js";
import { torchRand } from "../../cnnviz/components/shared/torchrandom.js";
import { forward, isPossible, planOf, stepAt, visited } from "../../cnnviz/components/shared/windows.js";

const fixture = JSON.parse(readFileSync(new URL("fixtures/pooling.json", import.meta.url), "utf8"));
const start = fixture.default;

const number = (value) => (typeof value === "string" ? { nan: NaN, inf: Infinity, "-inf": -Infinity }[value] : value);

function assertNear(actual, expected, what) {
  assert.equal(actual.length, expected.length, what);
  actual.forEach((value, i) => {
    const wanted = number(expected[i]);
    const same = Object.is(value, wanted) || value === wanted || Math.abs(value - wanted) <= 1e-9 * Math.max(1, Math.abs(wanted));
    assert.ok(same, `${what}: ${value} is not ${wanted} at ${i}`);
  });
}

const workedOf = (scene) => {
  const layer = poolLayerOf(scene);
  const plan = planOf(layer);
  const input = inputOf(scene, null);
  const output = forward(plan, input, null, 0);
  return { plan, input, weights: null, bias: 0, output, fill: layer.fill, limits: poolLimits(scene, { input, output }) };
};

test("every kind, every way the windows lie: the core's numbers", () => {
  for (const [i, c] of fixture.scenes.entries()) {
    const { plan, output } = workedOf(c.scene);
    assert.deepEqual(plan.shape, c.shape, `shape of ${i}`);
    assertNear([...output], c.output, `${c.scene.kind} ${c.scene.windows} ${i}`);
  }
});

test("a step's taps lie where the core's lie, with its shares and products", () => {
  for (const [i, c] of fixture.scenes.entries()) {
    const { plan, input } = workedOf(c.scene);
    const step = stepAt(plan, input, null, 0, ...c.at);
    assert.deepEqual(step.taps.map((t) => [t.row, t.column, t.source < 0]), c.taps.map((t) => t.slice(0, 3)), `places of ${i}`);
    for (const [at, name] of [[3, "weight"], [4, "product"]]) {
      assertNear(step.taps.map((t) => t[name]), c.taps.map((t) => t[at]), `${name} of ${c.scene.kind} ${i}`);
    }
  }
});

test("the size formula reads as the core writes it, also where a window is kept or dropped by ceil_mode", () => {
  for (const { scene, formula } of fixture.scenes.filter((c) => c.scene.windows === "sliding")) {
    const text = poolFormulaWords(poolLayerOf(scene), { short_rows: "H", short_columns: "W" }).map((w) => w.text).join("");
    assert.equal(text, formula[0] === formula[1] ? formula[0] : `H ${formula[0]}\nW ${formula[1]}`);
  }
});

test("the articles' 1 … 16 becomes 6 8 14 16, on one scale with its input", () => {
  const worked = workedOf(start);
  assert.deepEqual([...worked.output], [6, 8, 14, 16]);
  assert.deepEqual([worked.limits.input, worked.limits.output], [16, 16]);
  const line = spokenWords(stepWords(stepAt(worked.plan, worked.input, null, 0, 0, 0), writing(worked), worked.plan));
  assert.equal(line, "max(1, 2, 5, 6) = 6");
});

const writing = ({ plan }) => ({ symbols: false, open: true, columns: 4, kernelColumns: plan.columns.kernel, room: 180, longest: { input: 2, weight: 5 } });
const lineOf = (scene, row = 0, column = 0) => {
  const worked = workedOf(scene);
  return spokenWords(stepWords(stepAt(worked.plan, worked.input, null, 0, row, column), writing(worked), worked.plan));
};

test("every kind's line of arithmetic", () => {
  assert.equal(lineOf({ ...start, kind: "avg" }), "(1 + 2 + 5 + 6) / 4 = 3.5");
  assert.equal(lineOf({ ...start, kind: "lp" }), "√(|1|² + |2|² + |5|² + |6|²) ≈ 8.12404");
  assert.equal(lineOf({ ...start, kind: "median" }), "1·0 + 2·0.5 + 5·0.5 + 6·0 = 3.5");
  assert.equal(lineOf({ ...start, kind: "k_max" }), "1·0 + 2·0 + 5·0.5 + 6·0.5 = 5.5");
  const padded = { ...start, kind: "avg", kernel: [3, 3], stride: [1, 1], padding: [1, 1, 1, 1], size: [4, 4] };
  assert.equal(lineOf({ ...padded, counted: false }), "(1 + 2 + 5 + 6) / 4 = 3.5");
  assert.equal(lineOf(padded), "(0 + 0 + 0 + 0 + 1 + 2 + 0 + 5 + 6) / 9 ≈ 1.55556");
  assert.equal(lineOf({ ...padded, kind: "max" }), "max(−∞, −∞, −∞, −∞, 1, 2, −∞, 5, 6) = 6");
});

test("an input cell shows which windows it feeds, and with what part", () => {
  const scene = { ...start, kernel: [3, 3], stride: [1, 1] };
  const worked = workedOf(scene);
  const parts = (kind, cell) => connections(workedOf({ ...scene, kind }), { kind: "x", ...cell }).fed.map((f) => f.weight);
  assert.deepEqual(parts("max", { row: 2, column: 2 }), [1, 0, 0, 0]);
  assert.deepEqual(parts("avg", { row: 0, column: 0 }), [1 / 9]);
  const marks = marksOf(worked, { kind: "x", row: 2, column: 2 }, connections(worked, { kind: "x", row: 2, column: 2 }), -1, [0, 0]);
  assert.equal(marks.output[1].label, "·1");
  assert.equal(pinFocus("w0.0", worked), null);
});

test("adaptive windows: their pixels, their bars, each read", () => {
  const layer = poolLayerOf({ ...start, size: [5, 7], windows: "adaptive", out: [3, 3] });
  assert.equal(sharedOut(layer.axes[0], 5), "0–1 · 1–3 · 3–4");
  assert.deepEqual(windowBars(layer.axes[1], 7), [[0, 3, 0], [2, 3, 1], [4, 3, 0]]);
  assert.ok(visited(planOf(layer)).every((line) => line.every((met) => met === 1)));
  assert.deepEqual(paddedSides(layer), [5, 7]);
  const text = poolFormulaWords(layer, { short_rows: "H", short_columns: "W" }).map((w) => w.text).join("");
  assert.equal(text, "H 5 → 3: 0–1 · 1–3 · 3–4\nW 7 → 3: 0–2 · 2–4 · 4–6");
  const one = planOf(poolLayerOf({ ...start, windows: "global" }));
  assert.deepEqual([one.shape, one.rows.kernel, one.columns.kernel], [[1, 1], 4, 4]);
});

test("ceil_mode shows the cells a last window reaches beyond the end, without numbers", () => {
  const scene = { ...start, size: [5, 5], ceil: true };
  const worked = workedOf(scene);
  assert.deepEqual([worked.plan.shape, paddedSides(worked.plan.layer)], [[3, 3], [6, 6]]);
  const content = inputContent(worked, worked.limits);
  assert.deepEqual([content.values[5], content.values[4], content.padding[5], content.limit], [null, 5, 1, 25]);
  assert.deepEqual(paddedSides(poolLayerOf({ ...scene, ceil: false })), [5, 5]);
});

test("settings reach as far as torch allows; the stride follows a tied kernel", () => {
  assert.deepEqual(limitsOf(POOL_MODEL, start, "padding", -1), [0, 1]);
  const wide = turned(POOL_MODEL, start, "kernel", -1, 4);
  assert.deepEqual([wide.kernel, wide.stride], [[4, 4], [4, 4]]);
  assert.deepEqual(turned(POOL_MODEL, { ...start, tied: false }, "kernel", -1, 3).stride, [2, 2]);
  assert.equal(tiedAfter({ ...start, stride: [1, 1] }, "stride").tied, false);
  assert.ok(!isPossible(poolLayerOf({ ...start, padding: [2, 2, 2, 2] })));
  assert.ok(isPossible(poolLayerOf({ ...start, windows: "adaptive", out: [30, 30] })));
  for (const example of Object.values(fixture.examples)) assert.ok(isPossible(poolLayerOf(example)));
});

test("the note fits what was touched", () => {
  assert.equal(poolNoteKey("stride", { ...start, kernel: [3, 3] }), "overlap");
  assert.equal(poolNoteKey("padding", { ...start, kind: "avg", counted: false }), "not_counted");
  assert.equal(poolNoteKey("windows", { ...start, windows: "global" }), "global");
  assert.equal(poolNoteKey("dilation", { ...start, kind: "avg", dilation: [2, 2] }), "dilation_own");
  assert.equal(poolNoteKey("start", { ...start, kind: "stochastic", expected: true }), "stochastic_expected");
  assert.equal(poolNoteKey("start", start), "article");
  assert.equal(poolNoteKey("kind", start), "kind_max");
  assert.equal(poolNoteKey("start", { ...start, windows: "global" }), "global");
});

test("torch's random numbers, and the tap one falls on", () => {
  for (const { seed, values } of fixture.draws) assert.deepEqual([...torchRand(seed, values.length)], values);
  assert.equal(drawnTap(Float64Array.of(0.25, 0, 0.75), 0.3), 2);
  assert.equal(drawnTap(Float64Array.of(1, 0), 0.9999), 0);
});

test("two groups: the tightest cut, the larger one; of equals the larger values", () => {
  assert.deepEqual(largerGroup([1, 2, 9]), [0, 2]);
  assert.deepEqual(largerGroup([1, 2, 8, 9]), [2, 4]);
  assert.deepEqual(largerGroup([4]), [0, 1]);
});

test("switches, unpooling and both gradients are torch's", () => {
  for (const [i, c] of fixture.ways_back.entries()) {
    const found = waysBack(poolLayerOf({ ...start, ...c.scene }), c.input);
    assertNear([...found.values], c.values, `values ${i}`);
    assert.deepEqual([...found.indices], c.indices, `indices ${i}`);
    assertNear([...found.back], c.back, `unpooled ${i}`);
    assertNear([...found.toMax], c.to_max, `gradient of max ${i}`);
    assertNear([...found.toMean], c.to_mean, `gradient of mean ${i}`);
  }
});

test("settings of the other views change what belongs together", () => {
  assert.deepEqual(bothAxes({ ...start, padding: [1, 1, 1, 1] }, "kernel", 1), { kernel: [1, 1], stride: [1, 1], padding: [0, 0, 0, 0] });
  assert.deepEqual(bothAxes(start, "stride", 1), { stride: [1, 1], tied: false });
  assert.deepEqual(turnedSwitches({ ...start, tied: false }, "kernel", 3), { kernel: [3, 3], padding: [0, 0, 0, 0] });
  assert.deepEqual(turnedSwitches(start, "padding", 1), { padding: [1, 1, 1, 1] });
});

test("planes share one scale; what is no number is not black", () => {
  assert.equal(whiteOf([0, 300], [255]), 300);
  assert.deepEqual([...greyIndices([0, 127.5, 255, NaN, -Infinity], 255)], [0, 127, 254, 255, 255]);
  assert.deepEqual(summaryOf([1, 3, NaN]), { mean: 2, low: 1, high: 3 });
});

test("arrow keys shift by a pixel and stop at the end; nothing left to see has no relative change", () => {
  assert.deepEqual(shiftedBy("ArrowRight", [0, 16], 16), [0, 16]);
  assert.deepEqual(shiftedBy("ArrowUp", [0, 0], 16), [-1, 0]);
  assert.equal(shiftedBy("a", [0, 0], 16), null);
  assert.equal(relativeChange(5, 20), 25);
  assert.ok(Number.isNaN(relativeChange(5, 0)));
});

test("water: land stands out of a window exactly while its maximum does; the mean says something else", () => {
  const heights = [0, 9, 2, 2, 0, 0, 2, 2];
  const level = levelAt(heights, 50);
  assert.equal(level, 4.5);
  const counts = floodCounts([9, 2], [2.25, 2], 2.1, (window) => [9, 2][window] > 2.1);
  assert.deepEqual(counts, { level: 2.1, windows: 2, land: 1, max: 1, mean: 1 });
  assert.deepEqual(floodCounts([9, 2], [2, 2], 2, () => false).max, 1, "at the level is not above it");
  assert.deepEqual([...waterOver([2, 4], 2, [9, 2], 2)], [9, 9, 2, 2, 9, 9, 2, 2]);
  assert.deepEqual([...waterOver([3, 3], 2, [1, 2, 3, 4], 2)], [1, 1, 2, 1, 1, 2, 3, 3, 4]);
});

test("the landscape: farther squares first, walls only where the ground falls, water only above the ground", () => {
  const land = { heights: [0, 1, 0, 0], water: [0.5, 0.5, 0.5, 0.5], rows: 2, columns: 2, low: 0, high: 1 };
  const faces = terrainFaces(land, { turn: 0, tilt: 40 });
  assert.deepEqual(faces.filter((f) => f.kind === "water").length, 3);
  assert.ok(faces.filter((f) => f.kind === "wall").every((f) => f.share === 1));
  const place = projection(land, { turn: 0, tilt: 40 });
  const [[, high], [, low]] = [place(0, 0, 1), place(0, 0, 0)];
  assert.ok(high < low, "up is up");
  assert.ok(faces.every((f) => f.points.flat().every(Number.isFinite)));
});
