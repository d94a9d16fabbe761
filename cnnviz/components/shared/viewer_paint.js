// How a viewer's canvas is painted, layer by layer: pixels, grid, numbers, marks, rulers. Called by viewer.js only.

import { hexRgb, houseColours, inkOn } from "./colours.js";
import { numberSize } from "./view.js";

/** @typedef {import("./viewer.js").Viewer} Viewer */
/** @typedef {{row0: number, row1: number, col0: number, col1: number}} Seen  the cells to be seen, ends excluded */

export function drawPixels(/** @type {Viewer} */ viewer, pen, /** @type {Seen} */ seen) {
  const [rows, cols] = [seen.row1 - seen.row0, seen.col1 - seen.col0];
  if (rows < 1 || cols < 1) return;
  const at = viewer.box(seen.row0, seen.col0, rows, cols);
  pen.imageSmoothingEnabled = at.width / cols < 2;
  pen.drawImage(viewer.buffer, seen.col0, seen.row0, cols, rows, at.x, at.y, at.width, at.height);
}

export function drawGrid(/** @type {Viewer} */ viewer, pen, /** @type {Seen} */ seen) {
  const cell = viewer.box(0, 0);
  const all = viewer.box(seen.row0, seen.col0, seen.row1 - seen.row0, seen.col1 - seen.col0);
  pen.strokeStyle = houseColours(viewer.dark).line;
  pen.lineWidth = 0.5;
  pen.beginPath();
  for (let y = all.y; y <= all.y + all.height + 0.5; y += cell.height) {
    pen.moveTo(all.x, y);
    pen.lineTo(all.x + all.width, y);
  }
  for (let x = all.x; x <= all.x + all.width + 0.5; x += cell.width) {
    pen.moveTo(x, all.y);
    pen.lineTo(x, all.y + all.height);
  }
  pen.stroke();
}

/** The numbers in the cells in one size of type, several lines where there are several (a colour's three parts). */
export function drawNumbers(/** @type {Viewer} */ viewer, pen, /** @type {Seen} */ seen) {
  const cell = viewer.box(0, 0);
  if (!numberSize(cell.width, cell.height, 4)) return;
  const texts = [];
  for (let row = seen.row0; row < seen.row1; row += 1) {
    for (let col = seen.col0; col < seen.col1; col += 1) {
      const text = viewer.content.numberAt(row, col);
      if (text !== null) texts.push({ row, col, lines: text.split("\n") });
    }
  }
  const longest = texts.reduce((most, { lines }) => Math.max(most, ...lines.map((line) => line.length)), 1);
  const count = texts.reduce((most, { lines }) => Math.max(most, lines.length), 1);
  const size = numberSize(cell.width, cell.height / Math.max(1, count * 0.62), longest, 9);
  if (!size) return;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.font = `${size}px ui-monospace, monospace`;
  for (const { row, col, lines } of texts) drawLines(viewer, pen, row, col, lines, size);
}

function drawLines(viewer, pen, row, col, lines, size) {
  const at = viewer.box(row, col);
  const pixel = (row * viewer.content.width + col) * 4;
  pen.fillStyle = inkOn(viewer.image.data.subarray(pixel, pixel + 3));
  lines.forEach((line, i) => {
    pen.fillText(line, at.x + at.width / 2, at.y + at.height / 2 + (i - (lines.length - 1) / 2) * size * 1.15);
  });
}

/** Row and column numbers on the outermost cells to be seen, so small that the cell's own number stays free. */
export function drawRulers(/** @type {Viewer} */ viewer, pen, /** @type {Seen} */ seen) {
  const size = Math.max(9, Math.min(12, viewer.cellSize / 4));
  const { firstRow = 0, firstCol = 0 } = viewer.content;
  pen.font = `${size}px ui-monospace, monospace`;
  pen.textAlign = "left";
  pen.textBaseline = "middle";
  const first = viewer.box(seen.row0, seen.col0);
  const [left, top] = [Math.max(0, first.x), Math.max(0, first.y)];
  for (let col = seen.col0; col < seen.col1; col += 1) {
    const at = viewer.box(0, col);
    drawLabel(viewer, pen, col + firstCol, at.x + at.width / 2, top + size * 0.62, size, 0.5);
  }
  for (let row = seen.row0; row < seen.row1; row += 1) {
    const at = viewer.box(row, 0);
    if (at.y + at.height / 2 > top + size * 1.4) drawLabel(viewer, pen, row + firstRow, left + 1, at.y + at.height / 2, size, 0);
  }
}

/** A number on a scrap of the panel colour; `anchor` 0 begins at x, 0.5 is centred there. */
function drawLabel(viewer, pen, number, x, y, size, anchor) {
  const house = houseColours(viewer.dark);
  const text = String(number).replace("-", "\u2212");
  const width = text.length * size * 0.61 + 3;
  pen.fillStyle = house.panel;
  pen.fillRect(x - width * anchor, y - size * 0.62, width, size * 1.24);
  pen.fillStyle = house.soft;
  pen.fillText(text, x - width * anchor + 1.5, y);
}

/** Outline, dashes or double line around a block of cells; shape says what colour says. */
export function drawMark(/** @type {Viewer} */ viewer, pen, /** @type {import("./viewer.js").Mark} */ mark) {
  const at = viewer.box(mark.row, mark.col, mark.rows ?? 1, mark.cols ?? 1);
  const ink = houseColours(viewer.dark)[mark.role];
  if (mark.style === "dashed") {
    drawOutline(pen, at, ink, 1, 0, [4, 3]);
    return;
  }
  const grow = Math.max(0, 7 - Math.min(at.width, at.height)) / 2; // one pixel of many must still be found
  const box = { x: at.x - grow, y: at.y - grow, width: at.width + 2 * grow, height: at.height + 2 * grow };
  drawOutline(pen, box, houseColours(viewer.dark).background, 5, 1); // seen on any picture
  drawOutline(pen, box, ink, 2.5, 1);
  if (mark.style === "double") drawOutline(pen, box, ink, 1.2, 4);
}

function drawOutline(pen, box, ink, width, out, dash = []) {
  pen.strokeStyle = ink;
  pen.lineWidth = width;
  pen.setLineDash(dash);
  pen.strokeRect(box.x - out, box.y - out, box.width + 2 * out, box.height + 2 * out);
  pen.setLineDash([]);
}

const HATCH_GAP = 6;

/** All hatched blocks at once: hundreds of lines of pixels may be hatched. */
export function drawHatches(/** @type {Viewer} */ viewer, pen, /** @type {import("./viewer.js").Mark[]} */ marks) {
  if (!marks.length) return;
  const house = houseColours(viewer.dark);
  const { width, height } = viewer.screen;
  pen.save();
  pen.beginPath();
  for (const mark of marks) {
    const at = viewer.box(mark.row, mark.col, mark.rows ?? 1, mark.cols ?? 1);
    pen.rect(at.x, at.y, at.width, at.height);
  }
  pen.clip();
  pen.fillStyle = `rgb(${hexRgb(house.panel).join(" ")} / 0.6)`;
  pen.fillRect(0, 0, width, height);
  pen.strokeStyle = house[marks[0].role];
  pen.lineWidth = 1;
  pen.beginPath();
  for (let sum = 0; sum <= width + height; sum += HATCH_GAP) { // x + y is the same along a stroke
    pen.moveTo(sum, 0);
    pen.lineTo(sum - height, height);
  }
  pen.stroke();
  pen.restore();
}
