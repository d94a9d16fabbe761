// The lenet page's browser side: fixtures/lenet.json is written by tests/components/test_lenet_fixture.py.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { netColumns, tileOf, unitAfterKey, unitUnder } from "../../cnnviz/components/lenet/columns.js";
import { groups } from "../../cnnviz/components/lenet/comparepane.js";
import { blockLayout, foldedShape, noteOn } from "../../cnnviz/components/lenet/layerpane.js";
import { edgeLines } from "../../cnnviz/components/lenet/netpaint.js";
import { INK_LONGEST, leadStroke, packStrokes, unpackStrokes } from "../../cnnviz/components/lenet/strokes.js";
import { exampleNumber, numberAt } from "../../cnnviz/components/lenet/sources.js";
import { boundWeight, editedKernel, mapsEdited, mapsOff, operations, toggledMap } from "../../cnnviz/components/lenet/surgery.js";
import { edgesOf, sameSubject } from "../../cnnviz/components/lenet/sync.js";
import { cellShare, percent } from "../../cnnviz/components/lenet/testedpane.js";
import { mapSums, strongestProducts, tapPlace } from "../../cnnviz/components/lenet/unitpane.js";
import { strongestMap, unitLines } from "../../cnnviz/components/lenet/unitpanel.js";
import { remarkOn, shownFacts } from "../../cnnviz/components/lenet/whypane.js";
import { Answers, answersAddress } from "../../cnnviz/components/shared/answers.js";

const fixture = JSON.parse(readFileSync(new URL("fixtures/lenet.json", import.meta.url), "utf8"));
const { unit } = fixture;
const taps = { shape: unit.shape, data: Float32Array.from(unit.taps) };
const weights = { shape: unit.shape, data: Float32Array.from(unit.weights) };

test("drawings are packed and read as Python does", () => {
  for (const { text, strokes } of fixture.drawings) {
    assert.deepEqual(unpackStrokes(text), strokes);
    assert.equal(packStrokes(strokes), text);
  }
  assert.equal(packStrokes([]), "-");
});

test("a stroke is led in steps of one byte, and a still pen leaves nothing", () => {
  const stroke = { points: [[10, 10]], thickness: 20, eraser: false };
  assert.equal(leadStroke(stroke, 12, 11), false);
  assert.equal(leadStroke(stroke, 30, 10), true);
  assert.deepEqual(stroke.points, [[10, 10], [17, 10], [23, 10], [30, 10]]);
  leadStroke(stroke, 900, -50);
  assert.deepEqual(stroke.points.at(-1), [255, 0]);
  assert.deepEqual(unpackStrokes(packStrokes([stroke])), [stroke]);
  assert.ok(INK_LONGEST <= 4000);
});

test("every map of every layer has a place inside the stage, none above another", () => {
  for (const [width, height] of [[780, 380], [1150, 620], [340, 320]]) {
    const columns = netColumns(fixture.layers, width, height);
    let right = -1;
    for (const column of columns) {
      assert.ok(column.x >= right - 1e-6, `${column.layer.name} begins after the one before`);
      right = column.x + column.width;
      const last = tileOf(column, column.count - 1);
      assert.ok(column.y >= -0.01 && last.y + last.height <= height + 0.01, column.layer.name);
    }
    assert.ok(right <= width + 0.01 || width < 400);
  }
});

test("the unit under the pointer is the one that is drawn there", () => {
  const columns = netColumns(fixture.layers, 780, 380);
  for (const column of columns) {
    const [count, rows = 1, cols = 1] = column.layer.shape;
    for (const channel of [0, count - 1]) {
      const tile = tileOf(column, channel);
      const at = { layer: column.layer.name, channel, row: rows - 1, col: cols - 1 };
      const x = tile.x + tile.width * (1 - 0.5 / cols);
      const y = tile.y + tile.height * (1 - 0.5 / rows);
      assert.deepEqual(unitUnder(columns, x, y), at);
    }
  }
  assert.equal(unitUnder(columns, -20, 10), null);
});

test("keys lead through layers, maps and units", () => {
  const at = { layer: "conv1", channel: 5, row: 27, col: 3 };
  assert.deepEqual(unitAfterKey(fixture.layers, at, "ArrowDown", false), { ...at, channel: 0 });
  assert.deepEqual(unitAfterKey(fixture.layers, at, "ArrowDown", true), { ...at, row: 0 });
  assert.deepEqual(unitAfterKey(fixture.layers, { ...at, layer: "relu1" }, "ArrowRight", false), { layer: "pool1", channel: 5, row: 13, col: 1 });
  assert.deepEqual(unitAfterKey(fixture.layers, at, "ArrowLeft", false).layer, "input");
  assert.equal(unitAfterKey(fixture.layers, at, "a", false), null);
});

test("a unit's sum is the sum of what its maps add", () => {
  const sums = mapSums(taps, weights);
  sums.forEach((sum, i) => assert.ok(Math.abs(sum - unit.sums[i]) < 1e-3));
  assert.ok(Math.abs(sums.reduce((a, b) => a + b, unit.bias) - unit.exact) < 1e-3);
  assert.equal(strongestMap(taps, weights), unit.sums.map(Math.abs).indexOf(Math.max(...unit.sums.map(Math.abs))));
});

test("a tap leads to the unit it came from", () => {
  const conv = { reduction: "sum", from: "pool1", first: [0, 9], at: [3, 0, 9] };
  assert.deepEqual(tapPlace(conv, 4, 2, 1), { layer: "pool1", channel: 4, row: 2, col: 10 });
  assert.deepEqual(tapPlace({ ...conv, reduction: "max" }, 0, 1, 1), { layer: "pool1", channel: 3, row: 1, col: 10 });
});

test("of a vector the strongest products are shown, the rest as one sum", () => {
  const flat = { shape: [1, 1, 4], data: [1, 2, 3, 4] };
  const { rows, others, rest } = strongestProducts(flat, { shape: [1, 1, 4], data: [5, -3, 0, 1] }, 2);
  assert.deepEqual(rows.map((row) => row.i), [1, 0]);
  assert.deepEqual([others, rest], [2, 4]);
});

test("how a unit came about is said for every kind", () => {
  const text = (name, values) => `${name} ${Object.values(values).join(" ")}`;
  assert.deepEqual(unitLines({ reduction: "sum", bias: 0.5 }, { taps }, text), ["products 150", "plus_bias 0.5"]);
  assert.deepEqual(unitLines({ reduction: "max" }, { taps: { data: [1, 2] } }, text), ["max_of 2"]);
  assert.match(unitLines({ reduction: "single", kind: "relu", x: -1 }, {}, text)[0], /relu −1/);
});

test("blocks of a layer fit the stage; a row of numbers is folded", () => {
  for (const count of [1, 6, 32, 96]) {
    const { side, across, height } = blockLayout(count, 560, 380, true);
    assert.ok(across * (side + 8) <= 568 && Math.ceil(count / across) * height <= 380 + 8, String(count));
  }
  assert.deepEqual(foldedShape(1, 120), [10, 12]);
  assert.deepEqual(foldedShape(5, 5), [5, 5]);
});

test("edges go from map to map and carry their weight", () => {
  const columns = netColumns(fixture.layers, 780, 380);
  const lines = edgeLines(columns, "conv2", [2, 7], [-127]);
  const from = tileOf(columns.find((one) => one.layer.name === "pool1"), 2);
  assert.equal(lines[0][1], from.y + from.height / 2);
  assert.deepEqual(lines[0].slice(4), [-1, 7]);
  assert.deepEqual(edgesOf({ "e.a": { data: [1] }, "w.a": { data: [2] }, x: {} }), { a: { pairs: [1], shares: [2] } });
});

test("a late answer about another view is not drawn", () => {
  const one = { view: "network", net: "a", level: "unit", layer: "conv1", channel: 1, row: 0, col: 0 };
  assert.ok(sameSubject(one, { ...one, ink: "x" }));
  assert.ok(!sameSubject(one, { ...one, level: "layer" }));
});

test("the matrix colours what is right and what is wrong apart", () => {
  assert.ok(cellShare([[9, 1], [0, 0]], 0, 0) < 0);
  assert.ok(cellShare([[9, 1], [0, 0]], 0, 1) > 0);
  assert.equal(cellShare([[9, 1], [0, 0]], 1, 0), 0);
  assert.equal(percent(0.99343), "99.34 %");
  assert.equal(groups(61706), "61,706");
});

class FakeSocket {
  constructor(url) {
    Object.assign(this, { url, readyState: 0, sent: [] });
  }
  open() { this.readyState = 1; this.onopen(); }
  send(text) { this.sent.push(JSON.parse(text)); }
  close() { this.readyState = 3; this.onclose?.(); }
}

test("one question is on its way at a time, and the last is always answered", () => {
  globalThis.location = { protocol: "https:", host: "h", pathname: "/app/lenet" };
  const heard = [];
  let socket;
  const answers = new Answers("lenet", { heard: (bytes) => heard.push(bytes[0]), closed: () => heard.push("closed") }, (url) => (socket = new FakeSocket(url)));
  answers.ask(() => "first");
  assert.equal(socket.url, "wss://h/app/answers/lenet");
  socket.open();
  answers.ask(() => "second");
  answers.ask(() => "third");
  assert.deepEqual(socket.sent, ["first"]);
  socket.onmessage({ data: Uint8Array.of(1).buffer });
  assert.deepEqual(socket.sent, ["first", "third"]);
  socket.onmessage({ data: Uint8Array.of(2).buffer });
  assert.deepEqual(heard, [1, 2]);
  answers.stop();
});

test("where there is no such way, the page is told", () => {
  const said = [];
  let socket;
  const answers = new Answers("lenet", { heard: () => {}, closed: () => said.push("closed") }, (url) => (socket = new FakeSocket(url)));
  answers.ask(() => "x");
  socket.close();
  assert.deepEqual(said, ["closed"]);
  assert.ok(answers.isClosed);
  answers.ask(() => "y");
  assert.deepEqual(socket.sent, []);
  assert.equal(answersAddress("lenet", { protocol: "http:", host: "h:1", pathname: "/lenet" }), "ws://h:1/answers/lenet");
});

test("relevance that is handed back from a distance says so", () => {
  const radial = [{ kind: "conv" }, { kind: "radial" }];
  assert.equal(remarkOn("lrp", radial), "lrp_distance");
  assert.equal(remarkOn("saliency", radial), "");
  assert.equal(remarkOn("lrp", [{ kind: "radial" }, { kind: "linear" }]), "");
  assert.deepEqual(shownFacts({ sum: -1.25, share: 0.1 }), { sum: "−1.25", share: "0.1" });
});

test("kernels are edited and taken back each in its place", () => {
  const scene = { off: "conv1.2", edited: "", kernel: [] };
  Object.assign(scene, editedKernel(scene, "conv1.0.0", [[1]], 2));
  Object.assign(scene, editedKernel(scene, "conv2.3.1", [[2]], 2));
  assert.deepEqual(scene, { off: "conv1.2", edited: "conv1.0.0_conv2.3.1", kernel: [[[1]], [[2]]] });
  assert.equal(editedKernel(scene, "conv2.3.2", [[3]], 2), null, "no more than a link holds");
  Object.assign(scene, editedKernel(scene, "conv1.0.0", [[4]], 2));
  assert.deepEqual(scene.kernel, [[[4]], [[2]]]);
  assert.deepEqual(mapsEdited(scene), { conv1: new Map([[0, new Set([0])]]), conv2: new Map([[3, new Set([1])]]) });
  assert.deepEqual(operations(scene).map(({ kind, layer, channel, from }) => [kind, layer, channel, from]), [["off", "conv1", 2, undefined], ["edited", "conv1", 0, 0], ["edited", "conv2", 3, 1]]);
  Object.assign(scene, editedKernel(scene, "conv1.0.0", null, 2));
  assert.deepEqual([scene.edited, scene.kernel], ["conv2.3.1", [[[2]]]]);
  assert.deepEqual(editedKernel(scene, "conv1.5.0", null, 2), { edited: "conv2.3.1", kernel: [[[2]]] });
});

test("a layer is said to learn only where it does", () => {
  const row = (name) => fixture.layers.find((layer) => layer.name === name);
  assert.equal(noteOn({ conv: true }, true, row("conv1")), "note_layer");
  assert.equal(noteOn({ vector: true }, true, row("fc1")), "note_vector");
  assert.equal(noteOn({}, false, row("relu1")), "note_activation");
  assert.equal(noteOn({}, false, row("pool1")), "note_pool");
  assert.equal(noteOn({}, false, { kind: "pad", parameters: 0 }), "note_plain");
  assert.equal(noteOn({}, false, row("flatten")), "note_flatten");
  assert.equal(noteOn({ kind: "input" }, false, row("input")), "note_input");
  assert.equal(noteOn({}, false, { kind: "batch_norm", parameters: 64 }), "note_learned");
});

test("a weight stays within what a scene takes", () => {
  assert.deepEqual([500, -1e9, 0.25].map(boundWeight), [100, -100, 0.25]);
});

test("maps go off and on, up to what a link holds", () => {
  assert.deepEqual(toggledMap({ off: "" }, "conv1.2", 2), { off: "conv1.2" });
  assert.deepEqual(toggledMap({ off: "conv1.2_pool1.3" }, "conv1.2", 2), { off: "pool1.3" });
  assert.equal(toggledMap({ off: "conv1.2_pool1.3" }, "fc1.7", 2), null);
  assert.deepEqual(mapsOff({ off: "conv1.2_conv1.5_fc1.7" }), { conv1: new Set([2, 5]), fc1: new Set([7]) });
});

test("a typed number is a test picture's or nothing, and chance reaches every one of them", () => {
  assert.deepEqual(["12", " 0 ", "", "1.5", "-1", "10000", "x"].map(exampleNumber), [12, 0, null, null, null, null, null]);
  assert.deepEqual([0, 0.999].map((share) => numberAt({ count: 1000, numbers: null }, share)), [0, 999]);
  assert.deepEqual([0, 0.5, 0.999].map((share) => numberAt({ count: 3, numbers: [4, 60, 801] }, share)), [4, 60, 801]);
});
