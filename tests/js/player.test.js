// The player's words, marks, clock and manners.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  feedWords, float32Text, foldOf, longestText, placeIndex, productWords, spokenWords, stepWords,
} from "../../cnnviz/components/player/arithmetic.js";
import { cellNumber } from "../../cnnviz/components/player/editor.js";
import { inputOf, layerOf } from "../../cnnviz/components/player/model.js";
import { amountText, floorSentence, formulaLines, joinSentences, noteKey, torchSentence } from "../../cnnviz/components/player/notes.js";
import { arrowMove, startsNumber } from "../../cnnviz/components/player/pointer.js";
import { stageHeight } from "../../cnnviz/components/player/room.js";
import {
  connections, inputContent, largestOf, marksOf, outputContent, pinFocus, pinText, spanOf,
} from "../../cnnviz/components/player/stage.js";
import { isNews, isWaiting, sameNumbers } from "../../cnnviz/components/player/talk.js";
import { cellFor, followed, typeFor } from "../../cnnviz/components/shared/grid.js";
import { keyOrder, nextSpeed, stepsDue, Transport } from "../../cnnviz/components/shared/transport.js";
import { forward, planOf } from "../../cnnviz/components/shared/windows.js";

const fixture = JSON.parse(readFileSync(new URL("fixtures/player.json", import.meta.url), "utf8"));

function workedOf(changes = {}) {
  const scene = { ...fixture.default, ...changes };
  const plan = planOf(layerOf(scene));
  const input = inputOf(scene);
  const weights = Float64Array.from(scene.kernel.flat());
  return { scene, plan, input, weights, bias: scene.bias, output: forward(plan, input, weights, scene.bias), fill: 0 };
}

const writing = { symbols: false, open: false, columns: 4, kernelColumns: 3, room: 200, longest: { input: 1, weight: 1 } };
const textOf = (words) => words.map((w) => w.text + (w.sub ? `_${w.sub}` : "")).join("");
const at = (worked, row, column) => connections(worked, { kind: "y", row, column });

test("the textbook's first element: 15, written out; with bias 3: 18", () => {
  const { step } = at(workedOf(), 0, 0);
  assert.equal(textOf(stepWords(step, writing)), "1·2 + 2·0 + 3·1 + 0·0 + 1·1 + 2·2 + 3·1 + 0·0 + 1·2 + 0 = 15");
  assert.equal(textOf(stepWords(at(workedOf({ bias: 3 }), 0, 0).step, writing)).slice(-8), "+ 3 = 18");
  assert.deepEqual([...workedOf().output], [15, 16, 6, 15]);
});

test("in letters, counted from 1; padding keeps its number; a place beyond 9 gets a comma", () => {
  const { step } = at(workedOf({ padding: [1, 1, 1, 1] }), 0, 0);
  const line = textOf(stepWords(step, { ...writing, symbols: true }));
  assert.ok(line.startsWith("0·w_11 + 0·w_12 + 0·w_13 + 0·w_21 + x_11·w_22 + x_12·w_23"), line);
  assert.ok(line.endsWith(" + b = y_11"), line);
  assert.deepEqual([placeIndex(0, 8), placeIndex(0, 9), placeIndex(11, 2)], ["19", "1,10", "12,3"]);
});

test("rounded numbers say so with ≈", () => {
  const thirds = [[1 / 3, 1 / 3], [1 / 3, 1 / 3]];
  assert.ok(textOf(stepWords(at(workedOf({ kernel: thirds }), 0, 0).step, writing)).includes(" ≈ "));
  assert.ok(textOf(stepWords(at(workedOf({ kernel: [[0.5]] }), 0, 0).step, writing)).includes(" = 0.5"));
});

test("long lines fold in the middle, by what can be in any step, and open", () => {
  assert.deepEqual(foldOf(9, false, 200, 6), { head: 9, hidden: 0 });
  const fold = foldOf(121, false, 200, 8);
  assert.equal(fold.head + fold.hidden + 2, 121);
  assert.ok(fold.head * 8 + 9 + 16 <= 200);
  assert.deepEqual(foldOf(121, true, 200, 8), { head: 121, hidden: 0 });
  const ones = workedOf({ size: [9, 9], source: "ones", kernel: Array.from({ length: 7 }, () => Array(7).fill(1)) });
  const words = stepWords(at(ones, 0, 0).step, { ...writing, columns: 9, kernelColumns: 7 });
  const hidden = words.find((w) => w.fold);
  assert.equal(words.filter((w) => w.role === "input").length + hidden.fold, 49);
});

test("negative numbers stand in brackets, except the first of the line", () => {
  const worked = workedOf({ source: "random", seed: 0, size: [2, 2], kernel: [[-1, 2], [3, -4]] });
  assert.equal(textOf(stepWords(at(worked, 0, 0).step, writing)), "1·(−1) + 0·2 + (−3)·3 + (−1)·(−4) + 0 = −6");
  assert.equal(longestText([1, -10, 2.5]), 5);
});

test("max pooling reads as max( )", () => {
  const axis = { kernel: 2, stride: 2, dilation: 1, before: 0, after: 0 };
  const plan = planOf({ size: [2, 2], axes: [axis, axis], reduce: "max" });
  const worked = { plan, input: Float64Array.of(1, -5, 7, 2), weights: null, bias: 0 };
  assert.equal(textOf(stepWords(at(worked, 0, 0).step, { ...writing, columns: 2 }, worked.plan)), "max(1, −5, 7, 2) = 7");
  const marks = marksOf({ ...worked, output: [7] }, { kind: "y", row: 0, column: 0 }, at(worked, 0, 0), -1, [0, 0]);
  assert.deepEqual(marks.input.filter((m) => m.style === "winner").map((m) => [m.row, m.column]), [[1, 0]]);
});

test("an input cell: every output it feeds, with the weight each uses", () => {
  const worked = workedOf();
  const focus = { kind: "x", row: 1, column: 1 };
  const { fed } = connections(worked, focus);
  assert.equal(textOf(feedWords(fed, 1, writing)), "[0, 0]: 1·1   [0, 1]: 1·0   [1, 0]: 1·0   [1, 1]: 1·2");
  const marks = marksOf(worked, focus, { fed }, -1, [0, 0]);
  assert.deepEqual(marks.kernel, [4, 3, 1, 0]);
  assert.deepEqual(marks.output.slice(1).map((m) => m.label), ["·1", "·0", "·0", "·2"]);
});

test("a weight: every product it makes, and where it lies in each window", () => {
  const worked = workedOf({ stride: [1, 1] });
  const focus = { kind: "w", row: 0, column: 2 };
  const { products } = connections(worked, focus);
  assert.equal(textOf(productWords(products, 1, worked.input, 0, writing)), "[0, 0]: 3·1   [0, 1]: 0·1   [1, 0]: 2·1   [1, 1]: 3·1");
  assert.deepEqual(marksOf(worked, focus, { products }, -1, [0, 0]).input.map((m) => [m.row, m.column]), [[0, 2], [0, 3], [1, 2], [1, 3]]);
});

test("true convolution: the first cell of the window meets the last weight", () => {
  const { step } = at(workedOf({ source: "count", flip: true }), 0, 0);
  assert.equal(step.taps[0].weightAt, 8);
  assert.equal(step.taps[8].weightAt, 0);
});

test("the padded input: padding flagged, pixels inside, unvisited ones hatched", () => {
  const worked = workedOf({ source: "count", size: [8, 8], stride: [2, 2] });
  const content = inputContent(worked, { grey: 0 });
  assert.equal(content.padding, null);
  assert.equal([...content.unvisited].reduce((a, b) => a + b), 15);
  const padded = inputContent(workedOf({ padding: [1, 0, 0, 2], mode: "replicate" }), { grey: 0 });
  assert.deepEqual([padded.rows, padded.columns, padded.inner], [5, 6, [1, 0, 5, 4]]);
  assert.deepEqual([...padded.values.slice(0, 6)], [1, 2, 3, 0, 0, 0]);
  assert.equal(outputContent({ ...worked, limits: { output: largestOf(worked.output) } }).limit, largestOf(worked.output));
});

test("a step's window lies over its cells of the padded input", () => {
  const worked = workedOf({ padding: [2, 0, 1, 0], stride: [2, 1], dilation: [1, 2], size: [6, 6] });
  const found = at(worked, 1, 1);
  const marks = marksOf(worked, { kind: "y", row: 1, column: 1 }, found, 4, [1, 1]);
  assert.deepEqual(marks.input.map((m) => [m.row, m.column]), [[2, 1], [2, 3], [2, 5], [3, 1], [3, 3], [3, 5], [4, 1], [4, 3], [4, 5]]);
  assert.deepEqual(marks.input.map((m) => m.style === "tap").indexOf(true), 4);
  assert.deepEqual(marks.kernel, [4]);
});

test("a held cell survives the link, and an impossible one is let go", () => {
  const worked = workedOf();
  assert.deepEqual(pinFocus(pinText({ kind: "w", row: 2, column: 1 }), worked), { kind: "w", row: 2, column: 1 });
  assert.deepEqual(pinFocus("x3.3", worked), { kind: "x", row: 3, column: 3 });
  for (const bad of ["x4.0", "y2.0", "w3.3", "", "z1.1", undefined]) assert.equal(pinFocus(bad, worked), null);
  assert.deepEqual(spanOf([{ row: 2, column: 5 }, { row: 4, column: 1 }]), [2, 1, 5, 6]);
});

test("captions, formula lines and sentences", () => {
  assert.deepEqual([amountText([1, 1, 1, 1]), amountText([1, 1, 2, 2]), amountText([0, 1, 0, 0]), amountText([0, 0, 0, 0])],
    ["1", "1 × 2", "(0, 1) × (0, 0)", ""]);
  assert.equal(formulaLines(workedOf().plan.layer).length, 1);
  assert.equal(formulaLines(workedOf({ size: [4, 5] }).plan.layer).length, 2);
  const texts = { floored: "{numerator}/{stride}={quotient}→{floor}.", unvisited: "{count} lost.", unvisited_one: "1 lost.",
    rest_in_padding: "padding.", stride_one: "one.", divides: "even." };
  assert.equal(floorSentence(workedOf({ size: [8, 8], stride: [2, 2] }).plan.layer, texts), "5/2=2.5→2. 15 lost.");
  assert.equal(floorSentence(workedOf({ size: [8, 8], stride: [2, 2], padding: [0, 1, 0, 1] }).plan.layer, texts), "even.");
  assert.equal(floorSentence(workedOf({ size: [7, 7], stride: [2, 2], padding: [0, 1, 0, 1] }).plan.layer, texts), "5/2=2.5→2. padding.");
  assert.equal(floorSentence(workedOf().plan.layer, texts), "one.");
  assert.equal(joinSentences("一。", "二。"), "一。二。");
  assert.equal(torchSentence(11, 11, float32Text, { torch: "PyTorch: {value}, difference {difference}" }), "PyTorch: 11, difference 0");
});

test("the note speaks of what was touched", () => {
  const key = (name, changes) => { const w = workedOf(changes); return noteKey(name, w.scene, w.plan); };
  assert.equal(key("flip", { kernel: [[1, 2, 1]] }), "flip_same");
  assert.deepEqual([key("flip", {}), key("flip", { flip: true })], ["flip_off", "flip_on"]);
  assert.deepEqual([key("stride", {}), key("stride", { size: [7, 7], stride: [2, 2] })], ["stride_one", "stride_nearly"]);
  assert.equal(key("stride", { size: [8, 8], stride: [2, 2], padding: [1, 1, 1, 1] }), "stride");
  assert.deepEqual([key("padding", {}), key("padding", { padding: [2, 2, 2, 2] }), key("padding", { mode: "reflect", padding: [1, 1, 1, 1] })],
    ["padding", "padding_grows", "mode_reflect"]);
  assert.equal(key("padding", { padding: [1, 1, 1, 1], stride: [2, 2] }), "same_strided");
  assert.deepEqual([key("kernel", {}), key("kernel", { kernel: [[1, 1]] })], ["kernel_odd", "kernel_even"]);
});

test("float32 is named by its shortest decimal", () => {
  assert.deepEqual([Math.fround(0.1), -4, Math.fround(1 / 3), 16777216].map(float32Text), ["0.1", "−4", "0.33333334", "16777216"]);
});

test("the spoken line holds every term's text", () => {
  assert.equal(spokenWords([{ text: "x", sub: "11" }, { text: "·" }, { text: "2" }]), "x11·2");
});

test("cells fit their box, type fits its cell, a near view follows", () => {
  assert.equal(cellFor(4, 4, 400, 300, 66), 66);
  assert.equal(cellFor(10, 5, 400, 301, 66), 30);
  assert.equal(typeFor(12, 3, 9.5), 0);
  assert.ok(typeFor(44, 2, 9.5) >= 16);
  assert.equal(followed(0, 300, 330, 100, 1000, 30), 260);
  assert.equal(followed(500, 300, 330, 100, 1000, 30), 270);
  assert.equal(followed(500, 0, 30, 100, 90, 30), 0);
  assert.equal(stageHeight(118, 720, 15, 5.6), 518);
});

test("keys mean what a remote and a keyboard send", () => {
  const orders = { " ": "play", PageDown: "step", PageUp: "back", ArrowRight: "step", ArrowLeft: "back", Home: "first", End: "last", "+": "faster", "-": "slower" };
  for (const [key, order] of Object.entries(orders)) assert.equal(keyOrder(key), order);
  assert.equal(keyOrder("a"), null);
  assert.deepEqual(arrowMove("ArrowLeft", { row: 0, column: 0 }, 3, 3), { row: 0, column: 0 });
  assert.deepEqual(arrowMove("ArrowDown", { row: 0, column: 2 }, 3, 3), { row: 1, column: 2 });
  assert.ok(startsNumber({ key: "-" }) && startsNumber({ key: "7" }) && !startsNumber({ key: "7", ctrlKey: true }) && !startsNumber({ key: "r" }));
  assert.ok(Number.isNaN(cellNumber("10000")) && cellNumber("−2,5") === -2.5);
});

function fakePlayer(count, speed = "1") {
  const log = [];
  const state = { step: 0, speed };
  const frames = [];
  const transport = new Transport({
    count: () => count, step: () => state.step, go: (step) => { state.step = step; log.push(step); },
    speed: () => state.speed, setSpeed: (next) => { state.speed = next; }, rest: () => log.push("rest"),
  }, (task) => frames.push(task));
  const run = (time) => frames.splice(0).forEach((task) => task(time));
  return { transport, state, log, run };
}

test("nothing starts by itself; play goes on to the end, tells nobody on the way, and rests", () => {
  const { transport, state, log, run } = fakePlayer(4);
  assert.equal(transport.playing, false);
  transport.order("play");
  for (let t = 1000; t <= 3000; t += 100) run(t);
  assert.equal(state.step, 3);
  assert.equal(transport.playing, false);
  assert.equal(log.filter((entry) => entry === "rest").length, 1);
  assert.equal(log.at(-1), "rest");
  transport.order("play");
  assert.equal(state.step, 0, "from the start again");
});

test("pause, step, back, first and last stop the clock", () => {
  const { transport, state, run } = fakePlayer(10, "4");
  transport.order("play");
  run(1000);
  run(1500);
  assert.equal(state.step, 4);
  for (const [order, step] of [["step", 5], ["back", 4], ["back", 3], ["last", 9], ["step", 9], ["first", 0], ["back", 0]]) {
    assert.ok(transport.order(order));
    assert.equal(state.step, step);
    assert.equal(transport.playing, false);
  }
  assert.equal(transport.order("jump"), false);
});

test("speeds go from 0.25 to 16; late frames catch up without losing time", () => {
  assert.deepEqual([nextSpeed("1", 1), nextSpeed("16", 1), nextSpeed("0.25", -1)], ["2", "16", "0.25"]);
  assert.deepEqual(stepsDue(0, 999, "1"), { due: 1, paid: 500 });
  assert.deepEqual(stepsDue(0, 1000, "16"), { due: 32, paid: 1000 });
});

test("an echo of the past moves nothing; what Python decides while we rest is taken over", () => {
  const mine = { stride: [2, 2], step: 3 };
  const old = { stride: [1, 1], step: 0 };
  assert.equal(isNews(null, old, { unsent: false, mark: 0, theirMark: 0 }), true);
  assert.equal(isNews(mine, old, { unsent: true, mark: 4, theirMark: 4 }), false);
  assert.equal(isNews(mine, old, { unsent: false, mark: 5, theirMark: 4 }), false);
  assert.equal(isNews(mine, old, { unsent: false, mark: 5, theirMark: 5 }), true);
  assert.equal(isNews(mine, { ...mine }, { unsent: false, mark: 5, theirMark: 5 }), false);
  assert.ok(isWaiting(1000, 1100) && !isWaiting(1000, 6001) && !isWaiting(-Infinity, 0));
  assert.ok(sameNumbers(mine, { ...mine, step: 9 }, ["stride", "step"]) && !sameNumbers(mine, old, ["stride", "step"]));
});
