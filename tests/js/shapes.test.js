// The shapes page's arithmetic against torch and core: fixtures/shapes.json is written by tests/components/test_shapes_fixture.py.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { axisOf, derivationOf, schemeOf, stripOf, usageOn } from "../../cnnviz/components/shared/axis.js";
import { lettersOf, roundingSentence, roundingWords } from "../../cnnviz/components/shapes/formula.js";
import { nearestWindow, placeGrids, windowUnder } from "../../cnnviz/components/shapes/grid.js";
import { highest, turnedKnob } from "../../cnnviz/components/shapes/knobs.js";
import { kindOf, placeLine, placeStrip, stripX, windowAt } from "../../cnnviz/components/shapes/strip.js";
import { boxPath, linePath } from "../../cnnviz/components/shapes/svg.js";
import { bytesWords } from "../../cnnviz/components/shapes/units.js";
import { remarkOf, windowAfterKey } from "../../cnnviz/components/shapes_axis/shapes_axis.js";
import { boxRole, placeBoxes } from "../../cnnviz/components/shapes_chain/boxes.js";
import { rowBounds, withKind, withLayer, withNumber, withoutLayer } from "../../cnnviz/components/shapes_chain/chain_rows.js";
import { fieldInterval, halfText, recurrence, unitNear, unitShown } from "../../cnnviz/components/shapes_field/field.js";
import { gradientIndices } from "../../cnnviz/components/shapes_field/shapes_field.js";
import { paddedPicture, shownRow } from "../../cnnviz/components/shapes_fill/shapes_fill.js";
import { keptSize, linesSeen, schemeRemarks } from "../../cnnviz/components/shapes_padding/shapes_padding.js";
import { sideRows } from "../../cnnviz/components/shapes_stack/shapes_stack.js";
import { usageFacts, usageIndices } from "../../cnnviz/components/shapes_usage/shapes_usage.js";

const fixture = JSON.parse(readFileSync(new URL("fixtures/shapes.json", import.meta.url), "utf8"));
const SCENE = { op: "conv", two: false, size: [8, 8], kernel: [3, 3], stride: [2, 2], dilation: [1, 1], pad: [0, 0, 0, 0], mode: "zeros" };
const LIMITS = { size: 128, kernel: 15, stride: 8, dilation: 8, pad: 16, grid: 24 };

test("the formula is core's, term by term, and the size torch's", () => {
  for (const { axis, size, rounding, output, terms, names, remainder, quotient, clipped, unvisited } of fixture.axes) {
    const found = derivationOf(axis, size, rounding);
    assert.equal(found.fits ? found.output : 0, output);
    assert.equal(found.remainder, remainder);
    assert.equal(found.quotient, quotient[0] / quotient[1]);
    if (!output) continue;
    assert.deepEqual(found.terms.map((term) => term.text), terms);
    assert.deepEqual(found.terms.map((term) => term.name), names);
    assert.deepEqual([found.clipped, found.unvisited], [clipped, unvisited]);
  }
});

test("how often each pixel is used is the gradient torch gives", () => {
  for (const { axis, size, rounding, mode, usage } of fixture.axes) {
    if (usage) assert.deepEqual(Array.from(usageOn(axis, size, rounding, mode)), usage);
  }
});

test("every way to pad drops and invents what core says", () => {
  for (const { axis, size, schemes } of fixture.schemes) {
    for (const [name, padding, output, dropped, invented, refused] of schemes) {
      const found = schemeOf(name, axis, size);
      assert.deepEqual(found.padding, padding, name);
      assert.equal(Math.max(0, found.output), output, name);
      assert.equal(found.refused, refused, name);
      if (output) assert.deepEqual([found.dropped, found.invented], [dropped, invented], name);
    }
  }
});

test("a row with its edge shows what torch pads, or refuses where torch refuses", () => {
  for (const { mode, size, edge, fill, row } of fixture.fill) {
    const shown = shownRow(mode, size, edge, fill);
    assert.deepEqual(shown && shown.map((cell) => cell.value), row, `${mode} ${size} ${edge}`);
  }
});

test("a padded picture has the picture in its middle and the mode around it", () => {
  const pixels = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]; // 2 x 2 x 3
  const red = (mode, row, column) => paddedPicture(pixels, 2, 1, mode, 200)[(row * 4 + column) * 4];
  assert.deepEqual([red("zeros", 1, 1), red("zeros", 1, 2), red("zeros", 2, 1), red("zeros", 2, 2)], [1, 4, 7, 10]);
  assert.deepEqual(["zeros", "constant", "reflect", "replicate", "circular"].map((mode) => red(mode, 0, 0)), [0, 200, 10, 1, 10]);
});

test("the field of a unit lies where core says, and the unit over its middle is found again", () => {
  for (const { row, unit, interval } of fixture.fields) {
    assert.deepEqual(fieldInterval(row, unit), interval);
    const middle = row.start + unit * row.jump - 0.5;
    if (Number.isInteger(middle)) assert.equal(unitNear(row, middle), unit);
  }
});

test("a strip has core's windows, and a ghost only where rounding down leaves something out", () => {
  for (const { size, axis, taps } of fixture.strips) {
    const strip = stripOf(axis, size);
    assert.deepEqual(strip.starts, taps.map(([first]) => first));
  }
  const strip = stripOf(axisOf(SCENE, 1), 8);
  assert.deepEqual([strip.ghost, [...strip.dropped], strip.from, strip.to], [6, [7], 0, 9]);
  assert.equal(stripOf(axisOf(SCENE, 1), 7).ghost, null);
  const none = stripOf({ ...axisOf(SCENE, 1), kernel: 5, before: 1, after: 1 }, 2);
  assert.deepEqual([none.starts, none.ghost, none.from, none.to], [[], -1, -1, 4], "the window that does not fit is shown");
  assert.deepEqual([kindOf(strip, -1), kindOf(strip, 0), kindOf(strip, 8)], ["beyond", "pixel", "beyond"]);
});

test("windows stand as stairs where there is room, and never overlap on a row", () => {
  const box = { width: 900, height: 250, type: 14 };
  const few = placeStrip({ from: 0, to: 9, count: 4, effective: 3, stride: 2 }, box);
  assert.ok(few.stairs && few.rows === 4);
  const many = placeStrip({ from: 0, to: 100, count: 49, effective: 3, stride: 2 }, box);
  assert.ok(!many.stairs && many.rows * 2 >= 3 && many.outputY + many.cellHeight <= 250);
  assert.ok(stripX(many, 100) <= 900);
  const strip = stripOf(axisOf(SCENE, 1), 8);
  assert.equal(windowAt(strip, few, stripX(few, 3.5), few.windowY + 1.5 * few.rowHeight), 1);
  assert.equal(windowAt(strip, few, stripX(few, 5.5), few.cellY + 1), 2);
  const line = placeLine(strip, { from: -2, to: 10, width: 500, height: 40, type: 14 });
  assert.ok(line.windowY + line.rows * line.rowHeight <= 40);
});

test("what rounding to the nearest would say stands only where it differs", () => {
  const texts = { floored: "{room}/{stride} gives {output}", nearest: ", not {nearest}", exact: "{output}" };
  const said = (n, s) => roundingSentence(derivationOf({ ...axisOf(SCENE, 1), stride: s }, n), s, "floor", texts);
  assert.equal(said(8, 2), "5/2 gives 3, not 4");
  assert.equal(said(7, 3), "4/3 gives 2", "4/3 is rounded down by both");
  assert.equal(said(7, 2), "3");
});

test("on two axes a point finds the nearest window, or the output under it", () => {
  const axes = [stripOf(axisOf(SCENE, 0), 8), stripOf(axisOf(SCENE, 1), 8)];
  const place = placeGrids(axes, { width: 800, height: 230, type: 14 });
  assert.deepEqual(windowUnder(axes, place, place.left + 1, place.top + 1), [0, 0]);
  assert.deepEqual(windowUnder(axes, place, place.outLeft + 2.5 * place.unit, place.outTop + 0.5 * place.unit), [0, 2]);
  assert.equal(nearestWindow(axes[0], 99), 2);
  const none = [stripOf({ ...axisOf(SCENE, 0), kernel: 15 }, 3), axes[1]];
  assert.equal(windowUnder(none, place, 5, 5), null);
});

test("the words for rounding say what happened", () => {
  const key = (n, change = {}, rounding = "floor") => {
    const axis = { ...axisOf(SCENE, 1), ...change };
    return roundingWords(derivationOf(axis, n, rounding), axis.stride, rounding).key;
  };
  assert.equal(key(8), "floored");
  assert.equal(key(7), "exact");
  assert.equal(key(7, { stride: 1 }), "by_one");
  assert.equal(key(2), "none");
  assert.equal(key(8, {}, "ceil"), "ceiled");
  assert.equal(key(5, { kernel: 2, stride: 3, before: 1, after: 1 }, "ceil"), "clipped");
  assert.equal(roundingWords(derivationOf(axisOf(SCENE, 1), 8), 2, "floor").values.nearest, 4);
  assert.equal(lettersOf(derivationOf(axisOf(SCENE, 1), 8).terms), "⌊(n + p₁ + p₂ − d·(k−1) − 1) / s⌋ + 1 = o");
});

test("one slider moves both axes unless they are set apart, and a pooling pads at most half", () => {
  assert.deepEqual(turnedKnob(SCENE, LIMITS, "kernel", 1, 5, true), { kernel: [5, 5] });
  assert.deepEqual(turnedKnob({ ...SCENE, two: true }, LIMITS, "kernel", 1, 5, true), { kernel: [3, 5] });
  assert.deepEqual(turnedKnob(SCENE, LIMITS, "pad", 2, 4, true), { pad: [4, 4, 4, 4] });
  assert.deepEqual(turnedKnob(SCENE, LIMITS, "pad", 3, 4, false), { pad: [0, 4, 0, 4] });
  const pool = { ...SCENE, op: "pool", kernel: [5, 5], pad: [2, 2, 2, 2] };
  assert.deepEqual(turnedKnob(pool, LIMITS, "kernel", 1, 3, true), { kernel: [3, 3], pad: [1, 1, 1, 1] });
  assert.equal(highest(pool, LIMITS, "pad", 2), 2);
  assert.equal(highest({ ...SCENE, two: true }, LIMITS, "size", 0), 24);
});

test("remarks: the article's own case first, then what is special", () => {
  const examples = [["rounds", { size: [8, 8], kernel: [3, 3], stride: [2, 2] }]];
  assert.equal(remarkOf(SCENE, examples), "example_rounds");
  assert.equal(remarkOf({ ...SCENE, size: [9, 9] }, examples), "remark_stride");
  assert.equal(remarkOf({ ...SCENE, stride: [4, 4] }, examples), "remark_gaps");
  assert.equal(remarkOf({ ...SCENE, stride: [1, 1] }, examples), "remark_plain");
  assert.equal(remarkOf({ ...SCENE, size: [9, 9], dilation: [2, 2] }, examples), "remark_dilation");
  assert.equal(remarkOf({ ...SCENE, size: [9, 9], op: "ceil" }, examples), "remark_ceil");
});

test("arrow keys stay among the windows", () => {
  assert.deepEqual(windowAfterKey("ArrowRight", [0, 2], [3, 3]), [0, 2]);
  assert.deepEqual(windowAfterKey("ArrowDown", [0, 2], [3, 3]), [1, 2]);
  assert.deepEqual(windowAfterKey("End", [0, 0], [3, 4]), [2, 3]);
  assert.equal(windowAfterKey("x", [0, 0], [3, 4]), null);
  assert.equal(windowAfterKey("End", [0, 0], [0, 4]), null);
});

test("same is refused with a stride, uneven with an even kernel", () => {
  const remarks = (change) => {
    const axis = { ...axisOf(SCENE, 1), ...change };
    return schemeRemarks("same", axis, schemeOf("same", axis, 8));
  };
  assert.deepEqual(remarks({}), ["same", "same_refused"]);
  assert.deepEqual(remarks({ stride: 1, kernel: 4 }), ["same", "same_uneven"]);
  assert.deepEqual(remarks({ stride: 1 }), ["same"]);
  const kept = [[3, 1], [3, 2], [4, 1], [4, 3]].map(([kernel, dilation]) => keptSize(8, { kernel, dilation }));
  assert.deepEqual(kept, ["8 − 3 + 2·(3 − 1)/2 + 1 = 8", "8 + 2·2 − 2·(3 − 1) = 8", "8 + 1 + 2 − 1·(4 − 1) = 8", "8 + 4 + 5 − 3·(4 − 1) = 8"]);
  assert.deepEqual([linesSeen(6, -1), linesSeen(6, 0), linesSeen(6, 9)], [6, 1, 6]);
});

test("the border effect: corners once, the centre nine times; outputs that touch padding", () => {
  const plain = usageFacts({ ...SCENE, stride: [1, 1] });
  assert.deepEqual([plain.corner, plain.edge, plain.centre, plain.outputs, plain.touching, plain.never], [1, 3, 9, 36, 0, 0]);
  const padded = usageFacts({ ...SCENE, stride: [1, 1], pad: [1, 1, 1, 1] });
  assert.deepEqual([padded.corner, padded.outputs, padded.touching], [4, 64, 28]);
  assert.equal(usageFacts(SCENE).never, 15);
  assert.deepEqual(Array.from(usageIndices(Int32Array.of(0, 3), Int32Array.of(1, 3), 9)), [0, 0, 85, 254]);
});

test("the reader's rows keep their bounds", () => {
  const bounds = { out: [0, 4096], kernel_size: [1, 31], stride: [1, 16], padding: [0, 15], dilation: [1, 8] };
  const rows = [["conv", 16, 3, 1, 1, 1], ["max", 0, 4, 2, 2, 1]];
  assert.equal(withNumber(rows, 0, 2, 99, bounds)[0][2], 31);
  assert.deepEqual(withNumber(rows, 1, 2, 2, bounds)[1], ["max", 0, 2, 2, 1, 1]);
  assert.equal(withNumber(rows, 0, 2, NaN, bounds), rows);
  assert.deepEqual(rowBounds(rows[1], 4, bounds), [0, 2]);
  assert.equal(withKind(rows, 0, "linear")[0][0], "linear");
  assert.equal(withLayer(rows, 0).length, 3);
  assert.equal(withoutLayer([rows[0]], 0).length, 1);
});

test("boxes are to scale", () => {
  const places = placeBoxes([[3, 32, 32], [16, 16, 16], [10]], { width: 300, height: 128 });
  assert.deepEqual(places.map(([, , , height]) => height), [128, 64, 4]);
  assert.ok(places[1][2] > places[0][2]);
  assert.deepEqual(["input", "max_pool", "conv", "linear", "relu"].map(boxRole), ["input-box", "pool", "weights", "weights", "other"]);
});

test("the recurrence with its numbers", () => {
  const row = { size: 7, jump: 2, start: 1.5, extent: 2, stride: 1, shift: -0.5, from: [3, 2, 2.5] };
  assert.deepEqual(recurrence(row).map(([, numbers]) => numbers), ["3 + 2·2 = 7", "2·1 = 2", "2.5 − 0.5·2 = 1.5"]);
  assert.equal(halfText(-0.5), "−0.5");
  assert.deepEqual([unitShown({ units: 7 }, -1), unitShown({ units: 7 }, 99)], [3, 6]);
  assert.deepEqual(Array.from(gradientIndices([0, 0.5, 1])), [0, 127, 254]);
});

test("small things: paths, bytes, the side view", () => {
  assert.equal(boxPath(1, 2, 10, 10, 1), "M2 3h8v8h-8z");
  assert.equal(linePath(0, 0, 1.239, 2), "M0 0L1.24 2");
  assert.deepEqual([0, 1023, 2048, 115000].map(bytesWords), ["0 B", "1023 B", "2 KiB", "112 KiB"]);
  assert.deepEqual([sideRows(1, 5), sideRows(2, 3)], [[5, 1], [5, 3, 1]]);
});
