// The kernel lab's arithmetic against PyTorch (fixtures/kernel_lab.json), and what it knows between two answers.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { publish, subscribe, unsubscribe } from "../../cnnviz/components/shared/channel.js";
import { factLines } from "../../cnnviz/components/kernel_lab/lab_facts.js";
import { generatedGrid } from "../../cnnviz/components/kernel_lab/lab_generators.js";
import { layoutOf } from "../../cnnviz/components/kernel_lab/lab_layout.js";
import { barScale, indicesOf } from "../../cnnviz/components/kernel_lab/lab_near.js";
import { LabModel } from "../../cnnviz/components/kernel_lab/lab_model.js";
import {
  cellNumber, framesOf, outputAt, patchAt, planesOf, planFor, runsOf, samePlace, windowOf,
} from "../../cnnviz/components/kernel_lab/lab_numbers.js";
import { cellTexts, panelLayout } from "../../cnnviz/components/kernel_lab/lab_panel.js";
import { sumPieces } from "../../cnnviz/components/kernel_lab/lab_pixel.js";
import { paddedPixels, paintColours } from "../../cnnviz/components/kernel_lab/lab_pixels.js";
import { remarkFor } from "../../cnnviz/components/kernel_lab/lab_remarks.js";
import {
  anchorOf, gridOf, History, matrixOf, normalised, resized, stepOf, withCell,
} from "../../cnnviz/components/kernel_lab/lab_state.js";
import { answersAddress } from "../../cnnviz/components/shared/answers.js";
import { thumbIndices, toggled } from "../../cnnviz/components/kernel_lab/lab_tabs.js";
import { tileCell, tileColumns } from "../../cnnviz/components/kernel_lab/lab_tiles.js";

const fixture = JSON.parse(readFileSync(new URL("fixtures/kernel_lab.json", import.meta.url), "utf8"));
const close = (a, b, what, most = 1e-9) => assert.ok(Math.abs(a - b) <= most * Math.max(1, Math.abs(b)), `${what}: ${a} is not ${b}`);

function layerOf(c) {
  const weights = gridOf(c.matrix);
  return { ...c, plan: planFor(c, weights, c), planes: planesOf(c, c.mixed), cells: weights.cells };
}

test("every output is torch's, for every padding mode, stride, dilation, flip, mixture of channels and activation", () => {
  for (const [i, c] of fixture.cases.entries()) {
    const layer = layerOf(c);
    assert.deepEqual(layer.plan.shape, c.out, `case ${i}`);
    const groups = c.mixed === "sum" ? [layer.planes.map((_, k) => k)] : layer.planes.map((_, k) => [k]);
    c.values.forEach((map, m) => map.forEach((value, at) => {
      const [row, col] = [Math.floor(at / c.out[1]), at % c.out[1]];
      close(outputAt(layer, groups[m], row, col).value, value, `case ${i}, map ${m}, output ${row}, ${col}`);
    }));
  }
});

/** A lab that knows a case of the fixture, its map not worked out yet. */
function labOf(c) {
  const lab = new LabModel();
  lab.scene = {
    channels: c.mixed, channel: "all", many: false, bias: c.bias, activation: c.activation, ...c.look,
    stride: c.stride, dilation: c.dilation, padding: "custom", pads: c.pads.flat(), mode: c.mode, fill: c.fill, flip: c.flip,
  };
  lab.picture = { width: c.width, height: c.height, channels: c.channels, pixels: c.pixels, largest: c.largest };
  Object.assign(lab, { grid: gridOf(c.matrix), divisor: c.divisor, offset: c.offset, gridKnown: true });
  lab.maps = { kind: "one", shape: [1, 1, 1], key: "the server's" };
  return lab;
}

/** The sums a lab keeps. */
const sumsOf = (lab) => lab.near.sums.value;

test("the map worked out here is the server's, for every setting, view and scale", () => {
  for (const [i, c] of fixture.cases.entries()) {
    const lab = labOf(c);
    assert.ok(lab.showNear(), `case ${i}`);
    const { maps } = lab;
    close(maps.scales[0].low + 1, c.shown.scale[0] + 1, `case ${i}: low`, 1e-5);
    close(maps.scales[0].high, c.shown.scale[1], `case ${i}: high`, 1e-5);
    const off = Array.from(maps.indices, (v, at) => Math.abs(v - c.shown.indices[at]));
    assert.ok(Math.max(...off) <= 1, `case ${i}: an index is off by ${Math.max(...off)}`);
    assert.ok(off.filter(Boolean).length <= 1, `case ${i}: ${off.filter(Boolean).length} indices differ`);
    const openEnded = c.look.view === "clip" || (c.look.view !== "rescale" && ["fixed", "input"].includes(c.look.scale));
    if (openEnded) close(maps.beyond, c.shown.beyond, `case ${i}: beyond`);
    assert.equal(maps.key, "");
  }
});

test("a changed weight is added to the sums, which stay those of the kernel built anew", () => {
  for (const [i, c] of fixture.cases.entries()) {
    const lab = labOf(c);
    lab.showNear();
    const [before, kept] = [sumsOf(lab).changes, sumsOf(lab)];
    const way = i % 2 ? [0, 0] : [lab.grid.rows - 1, lab.grid.cols - 1];
    lab.grid = withCell(lab.grid, ...way, lab.grid.cells[0] + 1.5);
    lab.showNear();
    assert.equal(sumsOf(lab), kept, "not from scratch");
    assert.equal(kept.changes, before + 1);
    const anew = labOf(c);
    anew.grid = lab.grid;
    anew.showNear();
    kept.sums.forEach((v, k) => close(v, sumsOf(anew).sums[k], `sum ${k}`, 1e-5));
  }
});

test("a weight that differs in its last digit alone is no change", () => {
  const lab = labOf(fixture.cases[0]);
  lab.showNear();
  const { changes } = sumsOf(lab);
  lab.grid = { ...lab.grid, cells: lab.grid.cells.map((v) => v * (1 + 2e-16)) };
  assert.ok(lab.showNear());
  assert.equal(sumsOf(lab).changes, changes);
});

test("from any setting to any other the map is the server's: what is kept is never that of the setting before", () => {
  const lab = labOf(fixture.cases[0]);
  lab.picture.digest = "0";
  for (const [i, c] of fixture.cases.entries()) {
    const next = labOf(c);
    next.picture.digest = String(i);
    Object.assign(lab, { picture: next.picture, kept: {}, scene: next.scene, grid: next.grid, divisor: c.divisor, offset: c.offset });
    assert.ok(lab.showNear(), `case ${i}`);
    assert.deepEqual([lab.laid.out, lab.laid.pads], [c.out, c.pads], `case ${i}`);
    lab.maps.indices.forEach((v, at) => assert.ok(Math.abs(v - c.shown.indices[at]) <= 1, `case ${i}`));
    const others = [{ flip: !c.flip }, { stride: [3, 1] }, { dilation: [1, 1] }, { fill: 0.25 }, { mode: "replicate" }, { padding: "full" }, { padding: "valid" }];
    for (const change of others) {
      const anew = labOf(c);
      for (const one of [lab, anew]) one.scene = { ...one.scene, ...change };
      assert.equal(lab.showNear(), anew.showNear());
      assert.deepEqual([lab.laid, lab.maps.shape], [anew.laid ?? lab.laid, anew.laid ? anew.maps.shape : lab.maps.shape], `case ${i}: ${JSON.stringify(change)}`);
      if (anew.laid) lab.maps.indices.forEach((v, at) => assert.ok(Math.abs(v - anew.maps.indices[at]) <= 1, `case ${i}: ${JSON.stringify(change)}`));
      lab.scene = next.scene;
    }
  }
});

test("where only the server can say, nothing is worked out here", () => {
  const c = fixture.cases[1];
  const refuses = (act, why) => {
    const lab = labOf(c);
    const { maps } = lab;
    act(lab);
    assert.equal(lab.showNear(), false, why);
    assert.ok(lab.maps === maps && lab.laid === null, `${why}: nothing is touched`);
  };
  refuses((lab) => { lab.scene.many = true; }, "a bank");
  refuses((lab) => { Object.assign(lab.scene, { channels: "each", view: "signed" }); }, "three maps side by side");
  refuses((lab) => { lab.gridKnown = false; }, "a kernel that only the server can make");
  refuses((lab) => { lab.grid = resized(lab.grid, 31, 31); }, "a kernel that does not fit");
  refuses((lab) => { Object.assign(lab.scene, { mode: "reflect", pads: [c.height, 0, 0, 0] }); }, "more padding than can be mirrored");
  refuses((lab) => { lab.picture = null; }, "no pixels yet");
  refuses((lab) => { lab.wanted = "another"; }, "another picture's pixels are on their way");
});

test("layout, formula and unmet pixels are the server's, and nothing is laid where it refuses", () => {
  for (const [i, { scene, size, kernel, laid, formula, unmet_rows, unmet_cols }] of fixture.layouts.entries()) {
    const layout = layoutOf(scene, { height: size[0], width: size[1] }, { rows: kernel[0], cols: kernel[1] });
    assert.equal(layout === null, laid === null, `layout ${i}`);
    if (!layout) continue;
    assert.deepEqual(layout.laid, laid, `layout ${i}`);
    assert.deepEqual(layout.formula, formula, `layout ${i}`);
    assert.deepEqual([Array.from(layout.unmet.rows ?? []), Array.from(layout.unmet.cols ?? [])], [unmet_rows, unmet_cols], `layout ${i}`);
    const count = (line) => line.reduce((sum, v) => sum + v, 0);
    assert.deepEqual(layout.unmetCount, { rows: count(unmet_rows), cols: count(unmet_cols) });
  }
  assert.ok(fixture.layouts.some(({ laid }) => !laid) && fixture.layouts.some(({ laid }) => laid));
});

test("a formula's kernel is Python's, number by number", () => {
  for (const { id, names, values, matrix } of fixture.generated) {
    const grid = generatedGrid({ id, parameters: names.map((name) => ({ name, value: NaN })) }, values);
    assert.deepEqual([grid.rows, grid.cols], [matrix.length, matrix[0].length], id);
    const most = Math.max(...matrix.flat().map(Math.abs));
    matrix.flat().forEach((v, k) => assert.ok(Math.abs(grid.cells[k] - v) <= 1e-14 * most, `${id} ${values}: ${grid.cells[k]} is not ${v}`));
  }
  assert.equal(generatedGrid({ id: "random", parameters: [] }, []), null, "drawn by the server");
  assert.equal(generatedGrid(undefined, []), null);
});

test("of a large kernel a part is caught up with at each change, once its weights change one at a time", () => {
  const c = { ...fixture.cases[0], width: 500, height: 500, channels: 1, pixels: new Uint8Array(250000).fill(1), largest: 1, stride: [1, 1], dilation: [1, 1], pads: [[5, 5], [5, 5]] };
  const lab = labOf({ ...c, matrix: Array.from({ length: 11 }, () => Array(11).fill(1)) });
  assert.equal(lab.showNear(), false, "all of it is new");
  assert.equal(sumsOf(lab).changes, 0, "and nothing was begun: a formula's slider may change it all again");
  const seen = [];
  while (seen.length < 9 && seen.at(-1) !== true) {
    lab.grid = withCell(lab.grid, 3, 3, 2 + seen.length);
    seen.push(lab.showNear());
  }
  assert.ok(seen.length > 1 && seen.length < 5, `caught up after ${seen.length}`);
  close(sumsOf(lab).sums[250 * 500 + 250], 120 + lab.grid.cells[36], "a sum of ones");
});

test("an answer without maps, or an older one, leaves the map worked out here", () => {
  const lab = labOf(fixture.cases[0]);
  lab.edit = 4;
  lab.showNear();
  const near = lab.maps;
  const header = { edit: 3, scene: lab.scene, facts: {}, maps: { key: "old", scales: [[0, 1]] } };
  lab.take({ header, arrays: { map: { data: new Uint8Array(1), shape: [1, 1, 1] } } });
  assert.equal(lab.maps, near);
  lab.take({ header: { ...header, edit: 4 }, arrays: { map: { data: new Uint8Array(1), shape: [1, 1, 1] }, weights: { shape: [1, 1], data: [1] } } });
  assert.equal(lab.maps.key, "old");
});

test("a map of one number has no range: signed in the middle, else at the low end", () => {
  for (const [view, index] of [["signed", 127], ["rescale", 0]]) {
    const values = new Float32Array(4);
    const scale = barScale(values, { view, scale: "layer", limit: 1 });
    assert.deepEqual(Array.from(indicesOf(values, view, scale).indices), [index, index, index, index]);
  }
});

test("the patch under a window is torch's: values, weights as they meet them, products, places", () => {
  for (const [i, c] of fixture.cases.entries()) {
    const layer = layerOf(c);
    const taps = patchAt(layer.plan, layer.planes[0], layer.cells, 0, 0);
    c.products.forEach(([value, weight, product, row, col], t) => {
      close(taps[t].value, value, `case ${i} value ${t}`);
      assert.equal(taps[t].weight, weight, `case ${i} weight ${t}`);
      close(taps[t].product, product, `case ${i} product ${t}`);
      assert.deepEqual([taps[t].row, taps[t].col], [row, col]);
      assert.equal(taps[t].padded, row < 0 || col < 0 || row >= c.height || col >= c.width);
    });
  }
});

test("normalising divides by what core/kernels divides by", () => {
  for (const { matrix, divisor } of fixture.normal) close(normalised(gridOf(matrix), NaN), divisor, JSON.stringify(matrix));
  assert.equal(normalised(gridOf([[0, 0]]), 1), null, "nothing to divide by");
  assert.equal(normalised(gridOf([[1, 2, 1]]), 4), null, "already done");
});

test("the anchor is core's, and survives another size", () => {
  for (const { size, anchor } of fixture.anchors) assert.deepEqual(anchorOf(...size), { row: anchor[0], col: anchor[1] });
  const three = gridOf([[1, 2, 3], [4, 5, 6], [7, 8, 9]]);
  assert.deepEqual(matrixOf(resized(three, 1, 1)), [[5]]);
  assert.deepEqual(matrixOf(resized(three, 2, 4)), [[5, 6, 0, 0].map((_, i) => [4, 5, 6, 0][i]), [7, 8, 9, 0]]);
  for (const side of [4, 5, 6, 31]) {
    const grown = resized(three, side, side);
    const { row, col } = anchorOf(side, side);
    assert.equal(grown.cells[row * side + col], 5, `${side}`);
    assert.deepEqual(matrixOf(resized(grown, 3, 3)), matrixOf(three), "and back");
  }
});

test("a changed weight leaves the others, and no dust of adding decimals", () => {
  const grid = gridOf([[0.1, 2]]);
  assert.deepEqual(matrixOf(withCell(grid, 0, 0, 0.1 + 0.2)), [[0.3, 2]]);
  assert.deepEqual(matrixOf(grid), [[0.1, 2]], "the old one is not touched");
  assert.equal(withCell(grid, 0, 1, -1e9).cells[1], -1e6);
  assert.deepEqual([stepOf(gridOf([[2, 0]])), stepOf(gridOf([[0]])), stepOf(gridOf([[476]])), stepOf(gridOf([[0.04]]))].map((v) => Number(v.toPrecision(6))), [0.1, 0.1, 10, 0.001]);
});

test("undo goes back moment by moment, redo forth, and a new change ends redo", () => {
  const history = new History();
  const moment = (n) => ({ kernel: `k${n}`, params: [], divisor: null, offset: null, grid: gridOf([[n]]) });
  history.note(moment(1));
  history.note(moment(2));
  assert.equal(history.back(moment(3)).kernel, "k2");
  assert.equal(history.back(moment(2)).kernel, "k1");
  assert.equal(history.back(moment(1)), null);
  assert.equal(history.forth(moment(1)).kernel, "k2");
  history.note(moment(2));
  assert.equal(history.forth(moment(9)), null);
});

const SCENE = {
  kernel: "sobel_x", weights: [], params: [], divisor: null, offset: null, bias: 0, activation: "none", channels: "grey",
  channel: "all", mode: "zeros", fill: 0.5, at: [-1, -1], look: [0, 0, 0], many: false, bank: [], padding: "same", flip: false,
};

function answer(edit, more = {}, matrix = [[-1, 0, 1]]) {
  const grid = gridOf(matrix);
  return {
    header: {
      edit, scene: { ...SCENE, ...more }, divisor: 1, offset: 0, facts: {}, bank: [], formula: [], fault: "", unmet: { rows: 0, cols: 0 },
      laid: { rows: grid.rows, cols: grid.cols, stride: [1, 1], dilation: [1, 1], pads: [[0, 0], [1, 1]], mode: "zeros", fill: 0, flip: false, out: [2, 3] },
      maps: { key: `k${edit}`, kind: "one", scales: [[-1, 1]], beyond: 0 },
    },
    arrays: { weights: { shape: [grid.rows, grid.cols], data: grid.cells }, map: { shape: [1, 2, 3], data: new Uint8Array(6) } },
  };
}

function model() {
  const lab = new LabModel();
  lab.records = new Map([["box_3", { matrix: [[1, 1], [1, 1]], divisor: 4, offset: 0 }]]);
  lab.take(answer(0));
  lab.takePicture({ digest: "d", width: 3, height: 2, channels: 1, largest: 255, pixels: new Uint8Array([0, 51, 255, 0, 51, 255]) });
  return lab;
}

test("an answer that comes late brings its map and moves no control", () => {
  const lab = model();
  lab.note({ scene: lab.editedFields(withCell(lab.grid, 0, 1, 7)) });
  lab.scene.kernel = "custom";
  lab.note({ scene: lab.editedFields(withCell(lab.grid, 0, 1, 8)) });
  assert.equal(lab.take(answer(1, { kernel: "custom" }, [[-1, 7, 1]])), false);
  assert.equal(lab.grid.cells[1], 8, "the reader's own number stays");
  assert.equal(lab.maps.key, "k1", "the map is shown all the same");
  assert.equal(lab.take(answer(2, { kernel: "custom" }, [[-1, 8, 1]])), true);
});

test("what the server changed is taken over when nothing is unanswered", () => {
  const lab = model();
  lab.take(answer(0, { kernel: "custom" }, [[1, 2], [3, 4]]));
  assert.deepEqual(matrixOf(lab.grid), [[1, 2], [3, 4]]);
});

test("a map that was not sent again is kept, unless it is another", () => {
  const lab = model();
  const kept = lab.maps.indices;
  const again = answer(0);
  delete again.arrays.map;
  lab.take(again);
  assert.equal(lab.maps.indices, kept);
  const other = answer(5);
  delete other.arrays.map;
  lab.take(other);
  assert.equal(lab.maps.key, "k0");
});

test("until another size is answered, windows are drawn for the kernel there was", () => {
  const lab = model();
  lab.grid = gridOf([[1, 2], [3, 4]]);
  assert.deepEqual([lab.weights.rows, lab.weights.cols], [1, 3]);
  lab.grid = gridOf([[5, 6, 7]]);
  assert.equal(lab.weights.cells[0], 5);
});

test("the pixel: the middle at first, then where the pointer is, then where it is held", () => {
  const lab = model();
  assert.deepEqual(lab.cell, { row: 1, col: 1 });
  lab.hovered = { row: 0, col: 0 };
  assert.deepEqual(lab.cell, { row: 0, col: 0 });
  const pixel = lab.pixel();
  close(pixel.result.value, 0.2, "0 · −1 + 0 · 0 + 0.2 · 1");
  assert.equal(pixel.taps[0].padded, true);
  lab.scene.at = [0, 9];
  assert.deepEqual(lab.cell, { row: 0, col: 2 }, "a link's pixel outside the map becomes the nearest");
  assert.equal(lab.pixel().pinned, true);
  assert.equal(lab.pictureNumber(0, 1), "0.200");
  assert.equal(lab.mapNumber(0, 0), "0.200");
});

test("an edited kernel keeps its divisor and becomes the reader's own; a named one has its own again", () => {
  const lab = model();
  const named = lab.namedFields("box_3");
  assert.deepEqual(named, { kernel: "box_3", weights: [], params: [], divisor: null, offset: null, learned: "" });
  assert.equal(lab.divisor, 4);
  const edited = lab.editedFields(withCell(lab.grid, 0, 0, 5));
  assert.deepEqual(edited, { kernel: "custom", weights: [[5, 1], [1, 1]], params: [], divisor: 4, offset: null, learned: "" });
});

test("picture and map lie over each other: the output cell is centred on its window's anchor", () => {
  const picture = { width: 10, height: 8 };
  const laying = { stride: [2, 3], dilation: [2, 1], pads: [[1, 2], [0, 4]], flip: false, mode: "zeros", fill: 0 };
  const weights = { rows: 4, cols: 3 };
  const frames = framesOf(picture, weights, laying, [3, 4]);
  const box = windowOf(weights, laying, 1, 2);
  assert.deepEqual(box, { row: 1, col: 6, rows: 7, cols: 3 });
  close(frames.map.top + 1.5 * frames.map.pitchY, box.row + 2 * 1 + 0.5, "row");
  close(frames.map.left + 2.5 * frames.map.pitchX, box.col + 1 + 0.5, "column");
  assert.ok(frames.bounds.left <= 0 && frames.bounds.right >= 14 && frames.bounds.top <= -1 && frames.bounds.bottom >= 10);
});

test("the padded picture: fill values on the panel, mirrored pixels paler, the picture itself untouched", () => {
  const picture = { width: 2, height: 1, channels: 1, largest: 255, pixels: [10, 200] };
  const at = ({ rgba, width }, row, col) => [...rgba.subarray((row * width + col) * 4, (row * width + col) * 4 + 3)];
  const zeros = paddedPixels(picture, { pads: [[1, 0], [1, 0]], mode: "zeros" }, false);
  assert.deepEqual([zeros.width, zeros.height], [3, 2]);
  assert.deepEqual(at(zeros, 0, 0), [246, 247, 249]);
  assert.deepEqual(at(zeros, 1, 1), [10, 10, 10]);
  const mirrored = paddedPixels(picture, { pads: [[0, 0], [1, 0]], mode: "reflect" }, false);
  assert.ok(at(mirrored, 0, 0)[0] > 200, "the mirrored 200, paler");
  const pixels = new Uint32Array(1);
  paintColours(new Uint8Array([254, 0, 127]), pixels);
  assert.deepEqual([...new Uint8Array(pixels.buffer)], [255, 0, 128, 255]);
});

test("where windows lie elsewhere, what was pointed at stays where it is on the picture", () => {
  const laid = (stride, k, pad, dilation = 1) => ({ rows: k, cols: k, stride: [stride, stride], dilation: [dilation, dilation], pads: [[pad, pad], [pad, pad]], out: [40, 20] });
  const cell = { row: 12, col: 15 };
  assert.deepEqual(samePlace(cell, laid(1, 3, 1), laid(1, 3, 1)), cell);
  assert.deepEqual(samePlace(cell, laid(1, 3, 1), laid(1, 9, 4)), cell, "same padding keeps every anchor on its pixel");
  assert.deepEqual(samePlace(cell, laid(1, 3, 1), laid(1, 3, 2, 2)), cell);
  assert.deepEqual(samePlace(cell, laid(1, 3, 1), laid(2, 3, 1)), { row: 6, col: 8 });
  assert.deepEqual(samePlace(cell, laid(1, 3, 1), laid(1, 3, 0)), { row: 11, col: 14 });
  assert.deepEqual(samePlace(cell, laid(4, 3, 1), laid(1, 3, 1)), { row: 39, col: 19 }, "no farther than the last");
  const lab = labOf(fixture.cases[0]);
  lab.showNear();
  lab.hovered = { row: 1, col: 1 };
  const before = lab.laid;
  lab.scene = { ...lab.scene, padding: "full" };
  lab.showNear();
  assert.notDeepEqual(lab.laid.pads, before.pads);
  assert.deepEqual(lab.hovered, samePlace({ row: 1, col: 1 }, before, lab.laid));
});

test("runs of flags", () => {
  assert.deepEqual(runsOf([1, 1, 0, 1, 0, 0, 1]), [[0, 2], [3, 1], [6, 1]]);
  assert.deepEqual(runsOf([]), []);
});

test("numbers in the panel fit their cells, or give way to colours", () => {
  const taps = [{ value: 0.123, weight: -1, product: -0.123 }, { value: 0.001, weight: 2, product: 0.002 }, { value: 1, weight: 0, product: 0 }];
  assert.deepEqual(cellTexts(taps), [["0.12", "0.001", "1.00"], ["−1", "2", "0"], ["−0.12", "+0.002", "0"]]);
  const small = panelLayout(3, 3, 350, 90, 11, [4, 2, 5]);
  assert.ok(small.numbers >= 11);
  const last = small.blocks[2];
  assert.ok(last.x + 3 * last.cellWidth <= 350.5, "nothing is cut off");
  const high = panelLayout(3, 3, 350, 300, 11, [4, 2, 5]);
  high.blocks.forEach((block, i) => assert.ok(block.cellWidth >= [4, 3, 5][i] * 0.61 * high.numbers, "height to spare makes no cell narrow"));
  const large = panelLayout(15, 15, 350, 90, 11, [4, 2, 5]);
  assert.equal(large.numbers, 0);
  assert.ok(large.blocks[2].x + 15 * large.blocks[2].cellWidth <= 350 && 15 * large.blocks[0].cellHeight <= 90);
});

const TEXTS = { bias_word: "bias", offset: "offset", activation_relu: "ReLU" };
const said = (result, how) => sumPieces(result, { divisor: 1, offset: 0, bias: 0, activation: "none", names: ["R", "G", "B"], ...how }, TEXTS).map(([text]) => text).join("");

test("the sum is written out with what is done to it, and nothing that is not", () => {
  assert.equal(said({ sums: [-0.64], sum: -0.64, before: -0.64, value: -0.64 }, {}), "Σ = −0.64 + 0 (bias)");
  assert.equal(said({ sums: [4.5], sum: 4.5, before: 0.3, value: 0.3 }, { divisor: 9, bias: -0.2 }), "Σ = 4.5 ÷ 9 − 0.2 (bias) = 0.3");
  assert.equal(said({ sums: [-1], sum: -1, before: -0.5, value: 0 }, { offset: 0.5, activation: "relu" }), "Σ = −1 + 0.5 (offset) + 0 (bias) = −0.5 → ReLU → 0");
  assert.equal(said({ sums: [1, 2, -4], sum: -1, before: -1, value: -1 }, {}), "Σ = R 1 + G 2 + B −4 = −1 + 0 (bias)");
});

test("cells side by side have as many decimals, and no negative zero", () => {
  assert.deepEqual([0.5, -0.0001, -1.25, 12.345, 123.45, 12345].map(cellNumber), ["0.500", "0.000", "−1.250", "12.35", "123.5", "12345"]);
});

test("one remark at a time, a fault first", () => {
  const texts = new Proxy({}, { get: (_, name) => `${String(name)} {top}{bottom} {before}` });
  const lab = { fault: "", unmetCount: { rows: 0, cols: 0 }, scene: { ...SCENE }, laid: { rows: 3, cols: 3, pads: [[1, 1], [1, 1]], fill: 0 }, facts: { symmetric: true } };
  assert.ok(remarkFor(lab, texts).text.startsWith("remark_range"));
  assert.ok(remarkFor({ ...lab, scene: { ...SCENE, flip: true } }, texts).text.startsWith("remark_flip_same"));
  assert.equal(remarkFor({ ...lab, scene: { ...SCENE, mode: "reflect" } }, texts).text, "remark_mode {top}{bottom} 3 2");
  assert.ok(remarkFor({ ...lab, laid: { ...lab.laid, rows: 2, pads: [[0, 1], [1, 1]] } }, texts).text.startsWith("remark_even 01"));
  assert.ok(remarkFor({ ...lab, unmetCount: { rows: 1, cols: 0 } }, texts).text.startsWith("remark_unmet"));
  assert.deepEqual(remarkFor({ ...lab, fault: "wrong", unmetCount: { rows: 1, cols: 0 } }, texts), { text: "wrong", fault: true });
});

test("facts speak of rank and symmetry as they are", () => {
  const texts = { fact_sum: "sum {sum} gain {gain}", fact_range: "{low}…{high}", fact_separable: "separable", fact_rank: "rank {rank}", fact_rank_title: "{cost} {apart}", fact_symmetric: "same", fact_turned: "other" };
  const facts = { total: 1, low: 0, high: 1, rank: 1, symmetric: true, cost: 9, separable_cost: 6 };
  assert.deepEqual(factLines(facts, 9, texts).map((l) => l.text), ["sum 9 gain 1", "0…1", "separable", "same"]);
  assert.deepEqual(factLines({ ...facts, rank: 2, symmetric: false }, 9, texts).slice(2).map((l) => l.text), ["rank 2", "other"]);
});

test("a bank never has fewer than two kernels nor more than sixteen", () => {
  assert.deepEqual(toggled(["a", "b"], "a"), ["a", "b"]);
  assert.deepEqual(toggled(["a", "b", "c"], "b"), ["a", "c"]);
  const full = Array.from({ length: 16 }, (_, i) => `k${i}`);
  assert.equal(toggled(full, "x"), full);
  assert.deepEqual([2, 3, 4, 5, 9, 10, 16].map(tileColumns), [2, 2, 2, 3, 3, 4, 4]);
  assert.deepEqual([...thumbIndices([[-2, 0, 1]])], [0, 127, 191]);
});

test("the pixel under a pointer over a tile, and none beside the map", () => {
  assert.deepEqual(tileCell(50, 50, 100, 100, [10, 10]), { row: 5, col: 5 });
  assert.equal(tileCell(2, 50, 100, 50, [10, 10]), null);
});

test("a channel tells who listens, keeps the last value for who comes later, and forgets with the last", () => {
  const doc = {};
  const heard = [];
  const [one, two] = [{}, {}];
  publish(doc, "c", 1);
  subscribe(doc, "c", one, (v) => heard.push(["one", v]));
  subscribe(doc, "c", one, (v) => heard.push(["one again", v]));
  publish(doc, "c", 2);
  subscribe(doc, "c", two, (v) => heard.push(["two", v]));
  unsubscribe(doc, "c", one);
  unsubscribe(doc, "c", two);
  subscribe(doc, "c", {}, (v) => heard.push(["late", v]));
  assert.deepEqual(heard, [["one", 1], ["one again", 2], ["two", 2]]);
});

test("the lab asks beside the page, wherever the app is served", () => {
  const at = (protocol, pathname) => answersAddress("kernels", { protocol, host: "h:1", pathname });
  assert.equal(at("http:", "/kernels"), "ws://h:1/answers/kernels");
  assert.equal(at("https:", "/school/cnnviz/kernels/"), "wss://h:1/school/cnnviz/answers/kernels");
});
