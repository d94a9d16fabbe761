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

/** The numbers in the cells, several lines where the content gives several (a colour's three parts). */
export function drawNumbers(/** @type {Viewer} */ viewer, pen, /** @type {Seen} */ seen) {
  const cell = viewer.box(0, 0);
  if (!numberSize(cell.width, cell.height, 4)) return;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  for (let row = seen.row0; row < seen.row1; row += 1) {
    for (let col = seen.col0; col < seen.col1; col += 1) {
      const text = viewer.content.numberAt(row, col);
      if (text !== null) drawLines(viewer, pen, row, col, text.split("\n"));
    }
  }
}

function drawLines(viewer, pen, row, col, lines) {
  const at = viewer.box(row, col);
  const longest = Math.max(...lines.map((line) => line.length));
  const size = numberSize(at.width, at.height / Math.max(1, lines.length * 0.62), longest, 9);
  if (!size) return;
  const pixel = (row * viewer.content.width + col) * 4;
  pen.font = `${size}px ui-monospace, monospace`;
  pen.fillStyle = inkOn(viewer.image.data.subarray(pixel, pixel + 3));
  lines.forEach((line, i) => {
    pen.fillText(line, at.x + at.width / 2, at.y + at.height / 2 + (i - (lines.length - 1) / 2) * size * 1.15);
  });
}

/** Row and column numbers along the edges. */
export function drawRulers(/** @type {Viewer} */ viewer, pen, /** @type {Seen} */ seen) {
  const house = houseColours(viewer.dark);
  const { width, height } = viewer.screen;
  const size = Math.max(10, Math.min(13, viewer.cellSize / 3));
  const [tall, wide] = [size + 5, (size + 5) * 1.8];
  pen.globalAlpha = 0.92;
  pen.fillStyle = house.panel;
  pen.fillRect(0, 0, width, tall);
  pen.fillRect(0, 0, wide, height);
  pen.globalAlpha = 1;
  pen.font = `${size}px ui-monospace, monospace`;
  pen.fillStyle = house.soft;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  const { firstRow = 0, firstCol = 0 } = viewer.content;
  for (let col = seen.col0; col < seen.col1; col += 1) {
    const x = viewer.box(0, col).x + viewer.box(0, col).width / 2;
    if (x > wide + size / 2) pen.fillText(String(col + firstCol).replace("-", "−"), x, tall / 2);
  }
  for (let row = seen.row0; row < seen.row1; row += 1) {
    const y = viewer.box(row, 0).y + viewer.box(row, 0).height / 2;
    if (y > tall + size / 2) pen.fillText(String(row + firstRow).replace("-", "−"), wide / 2, y);
  }
}

/** Outline, dashes, double line or hatch around a block of cells; shape says what colour says. */
export function drawMark(/** @type {Viewer} */ viewer, pen, /** @type {import("./viewer.js").Mark} */ mark) {
  const at = viewer.box(mark.row, mark.col, mark.rows ?? 1, mark.cols ?? 1);
  const ink = houseColours(viewer.dark)[mark.role];
  if (mark.style === "hatch") drawHatch(viewer, pen, at, ink);
  else if (mark.style === "dashed") drawOutline(pen, at, ink, 1, 0, [4, 3]);
  else {
    const grow = Math.max(0, 7 - Math.min(at.width, at.height)) / 2; // one pixel of many must still be found
    const box = { x: at.x - grow, y: at.y - grow, width: at.width + 2 * grow, height: at.height + 2 * grow };
    drawOutline(pen, box, houseColours(viewer.dark).background, 5, 1); // seen on any picture
    drawOutline(pen, box, ink, 2.5, 1);
    if (mark.style === "double") drawOutline(pen, box, ink, 1.2, 4);
  }
}

function drawOutline(pen, box, ink, width, out, dash = []) {
  pen.strokeStyle = ink;
  pen.lineWidth = width;
  pen.setLineDash(dash);
  pen.strokeRect(box.x - out, box.y - out, box.width + 2 * out, box.height + 2 * out);
  pen.setLineDash([]);
}

const HATCH_GAP = 6;

function drawHatch(viewer, pen, at, ink) {
  const { width, height } = viewer.screen;
  const [left, top] = [Math.max(0, at.x), Math.max(0, at.y)];
  const right = Math.min(width, at.x + Math.max(1, at.width));
  const bottom = Math.min(height, at.y + Math.max(1, at.height));
  if (right <= left || bottom <= top) return;
  pen.save();
  pen.beginPath();
  pen.rect(left, top, right - left, bottom - top);
  pen.clip();
  pen.fillStyle = `rgb(${hexRgb(houseColours(viewer.dark).panel).join(" ")} / 0.55)`;
  pen.fillRect(left, top, right - left, bottom - top);
  pen.strokeStyle = ink;
  pen.lineWidth = 1;
  pen.beginPath();
  // x + y is constant along a stroke, so neighbouring blocks continue each other's strokes
  for (let sum = Math.ceil((left + top) / HATCH_GAP) * HATCH_GAP; sum <= right + bottom; sum += HATCH_GAP) {
    pen.moveTo(sum - top, top);
    pen.lineTo(sum - bottom, bottom);
  }
  pen.stroke();
  pen.restore();
}
