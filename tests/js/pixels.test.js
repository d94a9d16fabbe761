// The pixels page's arithmetic against torch: fixtures/pixels.json is written by tests/components/test_pixels_fixture.py.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { groupedText } from "../../cnnviz/components/shared/numbers.js";
import { convolution, fullyConnected, logShare, nextPower } from "../../cnnviz/components/pixels/cost.js";
import { landmarks, layoutCount, layoutIndexAt, layoutOffset, layoutStrides, stripStart } from "../../cnnviz/components/pixels/layout.js";
import { LocalScene } from "../../cnnviz/components/shared/local.js";
import { hexOf, mixedPixel, mixedRgba, pixelAt, pixelTexts, planeRgba, planesOf } from "../../cnnviz/components/shared/planes.js";
import { curvePoints, stepPoints } from "../../cnnviz/components/pixels/charts.js";
import { rulerStep } from "../../cnnviz/components/pixels/rulers.js";
import { signedIndices } from "../../cnnviz/components/pixels/signed.js";
import { gainOf, mixAfterGain, percentText, presetOf } from "../../cnnviz/components/pixels_channels/pixels_channels.js";
import { pixelNumber, pixelOfNumber } from "../../cnnviz/components/pixels_layout/flat.js";
import { byAxis, indexAfterKey } from "../../cnnviz/components/pixels_layout/pixels_layout.js";
import { centreOf, shareSeen, windowOf, zoomFor } from "../../cnnviz/components/pixels_numbers/pixels_numbers.js";
import { newEasel, painted, redone, resized, scaleOfCells, strokeCells, undone, withCell } from "../../cnnviz/components/pixels_paint/easel.js";
import { shiftAfterKey, shiftedPlane } from "../../cnnviz/components/pixels_shift/pixels_shift.js";
import { bytesText, nearZero, stageRows } from "../../cnnviz/components/pixels_values/pixels_values.js";
import { nextTab, tabScroll } from "../../cnnviz/components/views/views.js";

const fixture = JSON.parse(readFileSync(new URL("fixtures/pixels.json", import.meta.url), "utf8"));
const flatPicture = fixture.picture.flat(2);
const picture = planesOf({ data: Uint8Array.from(flatPicture), shape: [5, 4, 3], dtype: "uint8" });

test("strides and offsets of both layouts are torch's, for every number", () => {
  for (const { first, second, sizes, strides, memory } of fixture.layouts) {
    assert.deepEqual(layoutStrides(first, sizes), strides[0]);
    assert.deepEqual(layoutStrides(second, sizes), strides[1]);
    assert.equal(memory.length, layoutCount(sizes));
    memory.forEach((number, place) => {
      const index = layoutIndexAt(first, sizes, number); // each number is its own offset in the first layout
      assert.equal(layoutOffset(second, sizes, index), place);
      assert.deepEqual(layoutIndexAt(second, sizes, place), index);
    });
  }
});

test("strides are named slowest axis first, as torch prints them", () => {
  assert.deepEqual(Object.values(layoutStrides("nchw", { n: 2, c: 3, h: 3, w: 4 })), [36, 12, 4, 1]);
});

test("article 4's pixel (2, 1) of a picture 100 wide is number 101, and back", () => {
  assert.equal(pixelNumber(2, 1, 100), 101);
  assert.equal(pixelNumber(1, 100, 100), 100);
  for (const n of [1, 99, 100, 101, 200, 12345]) assert.equal(pixelNumber(...pixelOfNumber(n, 100), 100), n);
});

test("arrow keys walk through the tensor and stop at its ends", () => {
  const sizes = { n: 2, c: 3, h: 3, w: 4 };
  assert.deepEqual(indexAfterKey("ArrowRight", "nchw", sizes, byAxis("nchw", [0, 0, 0, 3])), byAxis("nchw", [0, 0, 1, 0]));
  assert.deepEqual(indexAfterKey("PageDown", "nchw", sizes, byAxis("nchw", [0, 2, 1, 1])), byAxis("nchw", [1, 0, 1, 1]));
  assert.deepEqual(indexAfterKey("ArrowLeft", "nchw", sizes, byAxis("nchw", [0, 0, 0, 0])), byAxis("nchw", [0, 0, 0, 0]));
  assert.equal(indexAfterKey("a", "nchw", sizes, byAxis("nchw", [0, 0, 0, 0])), null);
});

test("a strip shows the chosen cell in its middle, as far as the ends allow", () => {
  assert.equal(stripStart(0, 10, 72), 0);
  assert.equal(stripStart(40, 10, 72), 35);
  assert.equal(stripStart(71, 10, 72), 62);
  assert.deepEqual(landmarks(2, 100, 2), [1, 2, 3, 0, 99, 100]);
  assert.deepEqual(landmarks(50, 100, 1), [1, 0, 49, 50, 51, 0, 100]);
});

test("parameters of layers are those torch counts", () => {
  for (const { layer, units, parameters } of fixture.costs) {
    const conv = convolution(...layer);
    const counted = [conv, fullyConnected(conv.inputs, units), fullyConnected(conv.inputs, conv.outputs)];
    assert.deepEqual(counted.map((cost) => cost.parameters), parameters);
  }
});

test("bars are logarithmic and end at a power of ten", () => {
  assert.equal(nextPower(1000), 1000);
  assert.equal(nextPower(1001), 10000);
  assert.equal(logShare(100, 10000), 0.5);
  assert.ok(logShare(1, 10000) > 0);
  assert.equal(groupedText(1000100), "1\u202f000\u202f100");
});

test("a mix is torch's 1 × 1 convolution, pixel by pixel, and is shown as it shows it", () => {
  for (const { mix, values, shown, outside } of fixture.mixes) {
    const { rgba, below, above } = mixedRgba(picture, mix);
    assert.ok(Math.abs(below - outside[0]) < 1e-12 && Math.abs(above - outside[1]) < 1e-12);
    values.forEach((row, r) => row.forEach((expected, c) => {
      const got = mixedPixel(pixelAt(picture, r, c), 255, mix);
      got.forEach((value, o) => assert.ok(Math.abs(value - expected[o]) < 1e-12));
      [...rgba.subarray((r * 4 + c) * 4, (r * 4 + c) * 4 + 3)].forEach((level, channel) => {
        const exact = 255 * expected[expected.length === 1 ? 0 : channel];
        const half = exact > 0 && exact < 255 && Math.abs(exact - Math.floor(exact) - 0.5) < 1e-9; // there the last bit of a sum decides
        assert.ok(half ? Math.abs(level - exact) <= 0.5 + 1e-9 : level === shown[r][c][channel]);
      });
    }));
  }
});

test("a slider is a gain on its own plane, or a weight when there is one plane out", () => {
  const identity = [[1, 0, 0], [0, 1, 0], [0, 0, 1]];
  assert.deepEqual(mixAfterGain(identity, 1, 0.5), [[1, 0, 0], [0, 0.5, 0], [0, 0, 1]]);
  assert.deepEqual(mixAfterGain([[0.299, 0.587, 0.114]], 2, 1), [[0.299, 0.587, 1]]);
  assert.equal(gainOf(identity, 2), 1);
  assert.equal(gainOf([[0.299, 0.587, 0.114]], 1), 0.587);
  assert.equal(presetOf({ identity, grey: [[0.299, 0.587, 0.114]] }, [[0.299, 0.587, 0.114]]), "grey");
  assert.equal(presetOf({ identity }, [[1, 1, 1]]), "");
  assert.equal(percentText(0), "0 %");
  assert.equal(percentText(0.125), "12 %");
  assert.equal(percentText(1e-6), "< 0.01 %");
});

test("a plane is drawn in grey, a grey picture as itself, 16 bits as 8", () => {
  assert.deepEqual([...planeRgba(picture, 1).subarray(0, 4)], [flatPicture[1], flatPicture[1], flatPicture[1], 255]);
  const deep = planesOf({ data: Uint16Array.from([0, 65535, 257]), shape: [1, 3], dtype: "uint16" });
  assert.deepEqual([...planeRgba(deep)].filter((_, i) => i % 4 === 0), [0, 255, 1]);
  assert.equal(deep.channels, 1);
});

test("a pixel is written as it is, on 0 to 1, or as a colour", () => {
  assert.deepEqual(pixelTexts([190, 150, 124], 255, "bytes"), ["190", "150", "124"]);
  assert.deepEqual(pixelTexts([255, 51, 0], 255, "unit"), ["1.000", "0.200", "0.000"]);
  assert.deepEqual(pixelTexts([190, 150, 124], 255, "hex"), ["#be967c"]);
  assert.equal(hexOf([65535], 65535), "#ffffff");
});

test("shifting is torch's, lost or coming back", () => {
  const plane = fixture.picture.flatMap((row) => row.map((pixel) => pixel[0]));
  for (const { down, right, circular, plane: expected } of fixture.shifts) {
    assert.deepEqual([...shiftedPlane(plane, 5, 4, down, right, circular)], expected);
  }
  assert.deepEqual(shiftAfterKey("ArrowLeft", -16, 3, 16), { dx: -16, dy: 3 });
  assert.deepEqual(shiftAfterKey("ArrowDown", 0, 3, 16), { dx: 0, dy: 4 });
  assert.equal(shiftAfterKey("x", 0, 0, 16), null);
});

test("signed maps: 0 in the middle, ±limit at the ends, nothing where there is no number", () => {
  assert.deepEqual([...signedIndices([0, 5, -5, 2.5, NaN], 5)], [127, 254, 0, 191, 255]);
  assert.deepEqual([...signedIndices([0, 0], 0)], [127, 127]);
});

test("the window is found again from what the scene says of it", () => {
  const bounds = { left: 0, top: 0, right: 300, bottom: 200 };
  const screen = { width: 900, height: 400 };
  assert.deepEqual(centreOf({ row: -1, col: -1 }, 300, 200), { row: 100, col: 150 });
  assert.deepEqual(centreOf({ row: 999, col: 7 }, 300, 200), { row: 199, col: 7 });
  for (const span of [12, 30, 100]) {
    const view = { x: 150.5, y: 100.5, zoom: zoomFor(span, bounds, screen) };
    assert.deepEqual(windowOf(view, bounds, screen), { row: 100, col: 150, span });
  }
  const whole = shareSeen({ x: 150, y: 100, zoom: 1 }, bounds, screen);
  assert.deepEqual(whole, { left: 0, top: 0, width: 1, height: 1 });
});

test("the easel: a stroke without gaps, one step back, one forward", () => {
  const blank = Array.from({ length: 8 }, () => Array(8).fill(0));
  const one = painted(newEasel(blank), withCell(blank, 2, 3, 9));
  assert.equal(one.cells[2][3], 9);
  assert.equal(blank[2][3], 0);
  assert.equal(painted(one, withCell(one.cells, 2, 3, 9)), one);
  assert.deepEqual(undone(one).cells, blank);
  assert.deepEqual(redone(undone(one)).cells, one.cells);
  assert.equal(undone(newEasel(blank)).cells, blank);
  assert.deepEqual(strokeCells({ row: 0, col: 0 }, { row: 0, col: 3 }).map((c) => c.col), [0, 1, 2, 3]);
  assert.deepEqual(resized(one.cells, 12)[2][3], 9);
  assert.equal(resized(one.cells, 12)[11][11], 0);
});

test("the easel's colours say what they stand for", () => {
  assert.deepEqual(scaleOfCells([[0, 1]]), { top: 1, signed: false });
  assert.deepEqual(scaleOfCells([[0, 128]]), { top: 255, signed: false });
  assert.deepEqual(scaleOfCells([[-3, 1]]), { top: 9, signed: true });
});

test("what the reader does is not undone by an answer that is late", () => {
  const scene = new LocalScene();
  scene.take({ dx: 0, dy: 0 });
  scene.change({ dx: 1 }, 0);
  scene.change({ dx: 2 }, 10);
  assert.equal(scene.take({ dx: 1, dy: 5 }, 20), true);
  assert.deepEqual(scene.fields, { dx: 2, dy: 5 });
  scene.take({ dx: 2, dy: 5 }, 30);
  scene.take({ dx: 7, dy: 5 }, 40); // the echo has come: from here on the server's word counts
  assert.equal(scene.fields.dx, 7);
  scene.change({ dx: 3 }, 50);
  scene.take({ dx: 7, dy: 5 }, 9000); // an answer that never came is not waited for
  assert.equal(scene.fields.dx, 7);
});

test("words of the value view", () => {
  assert.equal(bytesText(270000), "270 kB");
  assert.equal(bytesText(1080000), "1.08 MB");
  assert.equal(nearZero(-3e-8), "≈ 0");
  assert.equal(nearZero(0.5), "0.5");
  const rows = stageRows({ minimum: "min" }, { minimum: 0, maximum: 231, mean: 112.3, std: 43.2, bytes: 4 }, [1, 2]);
  assert.deepEqual(rows.map((row) => row[1]), ["0", "231", "112.3", "43.2", "4 B", "1  2"]);
});

test("charts: steps touch the top at the fullest bin, curves break where there is nothing", () => {
  assert.deepEqual(stepPoints([1, 2], 2, 10, 8), [[0, 4], [5, 4], [5, 0], [10, 0]]);
  assert.deepEqual(curvePoints([1, null, 0], 0, 10, 4), [[0, 0], null, [10, 4]]);
});

test("tabs go round by arrow keys", () => {
  assert.equal(nextTab("ArrowRight", 6, 7), 0);
  assert.equal(nextTab("ArrowLeft", 0, 7), 6);
  assert.equal(nextTab("End", 0, 7), 6);
  assert.equal(nextTab("x", 0, 7), -1);
});

test("a ruler writes as many numbers as have room", () => {
  assert.equal(rulerStep(80, 36), 1);
  assert.equal(rulerStep(20, 36), 2);
  assert.equal(rulerStep(1.3, 36), 50);
});

test("the chosen tab is scrolled into sight, and no farther", () => {
  assert.equal(tabScroll(100, 80, 400, 0), 0);
  assert.equal(tabScroll(500, 80, 400, 0), 196);
  assert.equal(tabScroll(20, 80, 400, 200), 4);
});
