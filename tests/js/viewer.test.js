// Geometry of the picture viewer, and what it paints into a pixel buffer.

import assert from "node:assert/strict";
import { test } from "node:test";
import {
  bringIntoView, boxOf, cellAt, clampView, closestZoom, fitScale, numberSize, panBy, scaleOf, visibleCells, wholeView, worldAt, zoomAt,
} from "../../cnnviz/components/shared/view.js";
import { fillPixels, wheelFactor } from "../../cnnviz/components/shared/viewer.js";
import { mapPalette } from "../../cnnviz/components/shared/colours.js";

const bounds = { left: -2, top: -2, right: 302, bottom: 202 };
const screen = { width: 380, height: 380 };
const frame = { left: 0, top: 0, pitchX: 1, pitchY: 1 };
const near = (a, b, what) => assert.ok(Math.abs(a - b) < 1e-9, `${what}: ${a} is not ${b}`);

test("zoom 1 shows everything, in the middle", () => {
  assert.deepEqual(wholeView(bounds), { x: 150, y: 100, zoom: 1 });
  near(fitScale(bounds, screen), 380 / 304, "the wider side decides");
  const box = boxOf(wholeView(bounds), bounds, screen, frame, -2, -2, 204, 304);
  near(box.x, 0, "left");
  near(box.width, 380, "width");
  near(box.y, (380 - 204 * 1.25) / 2, "top and bottom are left free alike");
});

test("the cell under the pointer is the cell drawn there, at any zoom", () => {
  let view = wholeView(bounds);
  for (let i = 0; i < 60; i += 1) {
    const [px, py] = [(i * 97) % 380, (i * 61) % 380];
    view = zoomAt(view, bounds, screen, i % 3 ? 1.3 : 0.6, px, py);
    const cell = cellAt(view, bounds, screen, frame, 200, 300, px, py);
    if (!cell) continue;
    const box = boxOf(view, bounds, screen, frame, cell.row, cell.col);
    assert.ok(box.x <= px + 1e-6 && px <= box.x + box.width + 1e-6, `column ${cell.col} at ${px}`);
    assert.ok(box.y <= py + 1e-6 && py <= box.y + box.height + 1e-6, `row ${cell.row} at ${py}`);
  }
});

test("outside the content there is no cell", () => {
  const view = wholeView(bounds);
  assert.equal(cellAt(view, bounds, screen, frame, 200, 300, 0, 190), null);
  assert.deepEqual(cellAt(view, bounds, screen, frame, 200, 300, 190, 190), { row: 100, col: 150 });
});

test("zooming keeps the point under the pointer", () => {
  const view = zoomAt(wholeView(bounds), bounds, screen, 4, 200, 180);
  const [before, after] = [wholeView(bounds), view].map((v) => worldAt(v, bounds, screen, 200, 180));
  near(after.x, before.x, "x");
  near(after.y, before.y, "y");
  near(view.zoom, 4, "zoom");
});

test("no view goes past the edge, closer than readable cells, or farther than everything", () => {
  for (const wild of [{ x: -1e6, y: 1e6, zoom: 1e9 }, { x: 1e6, y: -1e6, zoom: 3 }, { x: 0, y: 0, zoom: 0.01 }]) {
    const view = clampView(wild, bounds, screen);
    assert.ok(view.zoom >= 1 && view.zoom <= closestZoom(bounds, screen));
    const first = worldAt(view, bounds, screen, 0, 0);
    const last = worldAt(view, bounds, screen, 380, 380);
    assert.ok(first.x >= bounds.left - 1e-9 && last.x <= bounds.right + 1e-9, `${first.x}..${last.x}`);
    assert.deepEqual(clampView(view, bounds, screen), view, "clamping again changes nothing");
  }
  near(scaleOf(clampView({ x: 0, y: 0, zoom: 1e9 }, bounds, screen), bounds, screen), 88, "the closest look");
});

test("dragging moves the content with the pointer", () => {
  const view = zoomAt(wholeView(bounds), bounds, screen, 8, 190, 190);
  const grabbed = worldAt(view, bounds, screen, 100, 100);
  const after = worldAt(panBy(view, bounds, screen, 30, -20), bounds, screen, 130, 80);
  near(after.x, grabbed.x, "x");
  near(after.y, grabbed.y, "y");
});

test("a map of stride 2 lies over the picture it came from", () => {
  const strided = { left: 0.5, top: 0.5, pitchX: 2, pitchY: 2 };
  const view = zoomAt(wholeView(bounds), bounds, screen, 5, 190, 190);
  const onMap = boxOf(view, bounds, screen, strided, 10, 20);
  const onPicture = boxOf(view, bounds, screen, frame, 20.5, 40.5, 2, 2);
  near(onMap.x, onPicture.x, "x");
  near(onMap.width, onPicture.width, "width");
});

test("visible cells are those on the screen, no more than there are", () => {
  assert.deepEqual(visibleCells(wholeView(bounds), bounds, screen, frame, 200, 300), { row0: 0, row1: 200, col0: 0, col1: 300 });
  const view = clampView({ x: 150, y: 100, zoom: 1e9 }, bounds, screen);
  const seen = visibleCells(view, bounds, screen, frame, 200, 300);
  assert.ok(seen.col1 - seen.col0 <= 6 && seen.col0 <= 150 && seen.col1 > 150, JSON.stringify(seen));
});

test("a cell that left the view is brought back, one inside moves nothing", () => {
  const view = clampView({ x: 50, y: 50, zoom: 40 }, bounds, screen);
  assert.deepEqual(bringIntoView(view, bounds, screen, frame, 50, 50), view);
  const moved = bringIntoView(view, bounds, screen, frame, 50, 90);
  const box = boxOf(moved, bounds, screen, frame, 50, 90);
  near(box.x + box.width, 380, "it stops at the edge it came from");
});

test("numbers appear only where they can be read", () => {
  assert.equal(numberSize(20, 20, 5), 0);
  assert.ok(numberSize(60, 60, 5) >= 11);
  assert.ok(numberSize(200, 200, 1) <= 20);
});

test("the wheel zooms in upwards, alike for lines and pixels, and never leaps", () => {
  assert.ok(wheelFactor({ deltaY: -100 }) > 1);
  near(wheelFactor({ deltaY: -100 }) * wheelFactor({ deltaY: 100 }), 1, "there and back");
  near(wheelFactor({ deltaY: 3, deltaMode: 1 }), wheelFactor({ deltaY: 48 }), "lines");
  assert.ok(wheelFactor({ deltaY: 1e6 }) > 0.1);
});

test("a content is painted from colours or from palette indices", () => {
  const image = { data: new Uint8ClampedArray(8) };
  fillPixels({ width: 2, height: 1, indices: new Uint8Array([127, 254]), palette: mapPalette("signed", false) }, image);
  assert.deepEqual([...image.data], [255, 255, 255, 255, 178, 24, 43, 255]);
  fillPixels({ width: 2, height: 1, rgba: new Uint8ClampedArray([1, 2, 3, 255, 4, 5, 6, 255]) }, image);
  assert.deepEqual([...image.data], [1, 2, 3, 255, 4, 5, 6, 255]);
});
