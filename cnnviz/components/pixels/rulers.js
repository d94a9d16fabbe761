// Row and column numbers beside a viewer, not on it: every number of the picture stays in sight.

import { houseColours } from "../shared/colours.js";
import { sharpPen } from "./charts.js";

/** Every how many cells a number is written so that neighbours do not touch: 1, 2, 5, 10, 20, 50 ... */
export function rulerStep(/** @type {number} */ cell, /** @type {number} */ room) {
  for (let ten = 1; ; ten *= 10) {
    const step = [1, 2, 5].find((n) => n * ten * cell >= room);
    if (step) return step * ten;
  }
}

/**
 * Draw both rulers for the cells that are seen.
 * @param {import("../shared/viewer.js").Viewer} viewer
 * @param {HTMLCanvasElement} top
 * @param {HTMLCanvasElement} left
 * @param {{row0: number, row1: number, col0: number, col1: number}} seen
 */
export function drawRuler(viewer, top, left, seen) {
  const size = parseFloat(getComputedStyle(top).fontSize);
  const ink = houseColours(viewer.dark).soft;
  const begin = (canvas) => {
    const made = sharpPen(canvas);
    made.pen.font = `${size}px ui-monospace, monospace`;
    made.pen.fillStyle = ink;
    made.pen.textBaseline = "middle";
    return made;
  };
  const cell = viewer.box(0, 0);
  const across = begin(top);
  const every = rulerStep(cell.width, size * 3);
  across.pen.textAlign = "center";
  for (let col = Math.ceil(seen.col0 / every) * every; col < seen.col1; col += every) {
    const x = viewer.box(0, col).x + cell.width / 2;
    if (x > size * 0.8 && x < across.width - size * 0.8) across.pen.fillText(String(col), x, across.height / 2);
  }
  const down = begin(left);
  const each = rulerStep(cell.height, size * 1.8);
  down.pen.textAlign = "right";
  for (let row = Math.ceil(seen.row0 / each) * each; row < seen.row1; row += each) {
    const y = viewer.box(row, 0).y + cell.height / 2;
    if (y > size * 0.4 && y < down.height - size * 0.4) down.pen.fillText(String(row), down.width - 6, y);
  }
}
