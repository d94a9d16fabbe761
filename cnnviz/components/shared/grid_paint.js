// How a grid of numbered cells looks: fills, lines, dashes around the padding, hatching, numbers and marks.
// Everything is painted in CSS pixels; the canvas is scaled once for the screen.

import { cellStrength, hexRgb, houseColours, signedRgb } from "./colours.js";
import { growCanvas } from "./grid_size.js";

const PALE = new Map();

/** A colour as one 32-bit pixel of an ImageData. */
function pixelOf(/** @type {ArrayLike<number>} */ [red, green, blue]) {
  return ((255 << 24) | (blue << 16) | (green << 8) | red) >>> 0;
}

/** 255 pale colours of the diverging scale, −limit to +limit, as CSS text and as pixels, made once a theme. */
export function paleScale(/** @type {boolean} */ dark) {
  if (!PALE.has(dark)) {
    const rgb = Array.from({ length: 255 }, (_, i) => signedRgb((i - 127) / 127, dark, cellStrength(dark)));
    PALE.set(dark, { pixels: Uint32Array.from(rgb, pixelOf), css: rgb.map((c) => `rgb(${c.join(",")})`) });
  }
  return PALE.get(dark);
}

/** The place of a value on that scale. */
export function paleIndex(value, limit) {
  if (!(limit > 0) || Number.isNaN(value)) return 127;
  return Math.round(Math.max(-1, Math.min(1, value / limit)) * 127) + 127;
}

/** How bright a value is where `white` is white, 0 to 255. */
export function greyPart(value, white) {
  return Math.round(Math.max(0, Math.min(1, value / white)) * 255);
}

/**
 * The fills of a grid as a small picture, one pixel a cell: enlarged without smoothing it is all cells at once.
 * @param {import("./grid.js").NumberGrid} grid
 */
function fillPicture(grid) {
  const { content, dark } = grid;
  const { rows, columns, values, limit, padding, grey } = content;
  const image = new ImageData(columns, rows);
  const pixels = new Uint32Array(image.data.buffer);
  const scale = paleScale(dark).pixels;
  const panel = pixelOf(hexRgb(houseColours(dark).panel));
  for (let i = 0; i < pixels.length; i++) {
    if (padding && padding[i]) pixels[i] = panel;
    else pixels[i] = grey ? greyPart(values[i], grey) * 0x10101 + 0xff000000 : scale[paleIndex(values[i], limit)];
  }
  growCanvas(grid.fills, columns, rows);
  grid.fills.getContext("2d").putImageData(image, 0, 0);
  return grid.fills;
}

/** Straight lines between the cells of a block, in one stroke. */
function strokeLines(pen, cell, [top, left, bottom, right]) {
  pen.beginPath();
  for (let r = top; r <= bottom; r++) {
    pen.moveTo(left * cell, r * cell + 0.5);
    pen.lineTo(right * cell + 1, r * cell + 0.5);
  }
  for (let c = left; c <= right; c++) {
    pen.moveTo(c * cell + 0.5, top * cell);
    pen.lineTo(c * cell + 0.5, bottom * cell + 1);
  }
  pen.stroke();
}

/** The whole grid without its marks. @param {import("./grid.js").NumberGrid} grid */
export function paintBase(grid, /** @type {CanvasRenderingContext2D} */ pen) {
  const { content, cell, dark } = grid;
  const { rows, columns } = content;
  const house = houseColours(dark);
  pen.fillStyle = house.background;
  pen.fillRect(0, 0, columns * cell + 1, rows * cell + 1);
  pen.imageSmoothingEnabled = false;
  pen.drawImage(fillPicture(grid), 0, 0, columns, rows, 0, 0, columns * cell, rows * cell);
  const inner = content.inner ?? [0, 0, rows, columns];
  pen.lineWidth = 1;
  if (content.inner && cell >= 8) {
    pen.strokeStyle = house.soft;
    pen.setLineDash(cell >= 16 ? [3, 3] : [1, 3]);
    strokeLines(pen, cell, [0, 0, rows, columns]);
    pen.setLineDash([]);
  }
  pen.strokeStyle = house.line;
  if (cell >= 5) strokeLines(pen, cell, inner);
  if (content.inner) {
    pen.strokeStyle = house.soft;
    pen.strokeRect(inner[1] * cell + 0.5, inner[0] * cell + 0.5, (inner[3] - inner[1]) * cell, (inner[2] - inner[0]) * cell);
  }
  paintHatching(grid, pen);
  if (!grid.type) return;
  prepareType(grid, pen, false);
  for (let i = 0; i < rows * columns; i++) paintNumber(grid, pen, i, false);
}

/** Choosing a font costs more than writing with it: once for all numbers of a kind. */
export function prepareType(grid, pen, bold) {
  pen.font = `${bold ? "700" : "400"} ${grid.type}px ${grid.family}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
}

/** Diagonal strokes over what no window visits: said without colour. */
function paintHatching(grid, pen) {
  const { content, cell, dark } = grid;
  if (!content.unvisited) return;
  const tile = grid.canvas.ownerDocument.createElement("canvas");
  tile.width = tile.height = 6;
  const brush = tile.getContext("2d");
  brush.strokeStyle = houseColours(dark).soft;
  brush.beginPath();
  for (const shift of [-6, 0, 6]) {
    brush.moveTo(shift - 1, 7);
    brush.lineTo(shift + 7, -1);
  }
  brush.stroke();
  pen.fillStyle = pen.createPattern(tile, "repeat");
  content.unvisited.forEach((hatched, i) => {
    if (hatched) pen.fillRect((i % content.columns) * cell + 1, Math.floor(i / content.columns) * cell + 1, cell - 1, cell - 1);
  });
}

/** The fill of one cell as CSS. */
function cellFill(grid, i) {
  const { content, dark } = grid;
  if (content.padding?.[i]) return houseColours(dark).panel;
  if (!content.grey) return paleScale(dark).css[paleIndex(content.values[i], content.limit)];
  const part = greyPart(content.values[i], content.grey);
  return `rgb(${part},${part},${part})`;
}

/** The ink that reads on a cell. */
function cellInk(grid, i) {
  const { content, dark } = grid;
  const house = houseColours(dark);
  if (content.grey && !content.padding?.[i]) return content.values[i] / content.grey > 0.48 ? "#16181d" : "#ffffff";
  return content.padding?.[i] || content.unvisited?.[i] ? house.soft : house.ink;
}

/** One cell's number, in the type that was prepared. Hatched cells get a plain ground behind it. */
export function paintNumber(grid, pen, i, bold) {
  const { content, cell, type } = grid;
  const text = content.texts[i];
  if (!text) return;
  const x = (i % content.columns) * cell + cell / 2 + 0.5;
  const y = Math.floor(i / content.columns) * cell + cell / 2 + 0.5;
  if (content.unvisited?.[i]) {
    pen.fillStyle = cellFill(grid, i);
    const wide = Math.min(cell - 3, text.length * type * 0.62 + 4);
    pen.fillRect(x - wide / 2, y - type * 0.6, wide, type * 1.2);
  }
  pen.fillStyle = bold && !content.grey ? houseColours(grid.dark).ink : cellInk(grid, i);
  pen.fillText(text, x, y + type * 0.06);
}

/** Cells whose number has not come yet: empty from flat index `shown` on. */
export function paintEmpty(grid, pen, shown) {
  const { content, cell, dark } = grid;
  const { rows, columns } = content;
  const house = houseColours(dark);
  const row = Math.floor(shown / columns);
  const column = shown % columns;
  pen.fillStyle = house.background;
  pen.strokeStyle = house.line;
  pen.lineWidth = 1;
  for (const [top, left, bottom] of [[row, column, row + 1], [row + (column ? 1 : 0), 0, rows]]) {
    if (top >= bottom || top >= rows) continue;
    pen.fillRect(left * cell + 1, top * cell + 1, (columns - left) * cell, (bottom - top) * cell);
    if (cell >= 5) strokeLines(pen, cell, [top, left, bottom, columns]);
  }
}

const MARK_STYLES = {
  window: { ink: "kernel", width: 2, bold: true },
  tap: { ink: "kernel", width: 3, bold: true, wash: 0.28 },
  current: { ink: "output", width: 2, bold: true, double: true },
  fed: { ink: "output", width: 2, bold: false },
  pointed: { ink: "input", width: 3, bold: true },
  winner: { ink: "output", width: 2, bold: true, double: true },
  cursor: { ink: "ink", width: 2, bold: false, dash: [4, 2] },
};

/**
 * One marked cell. While it glides (`mark.shift`, in cells), only its outline is away from its place.
 * @param {import("./grid.js").GridMark} mark
 */
export function paintMark(grid, pen, mark, shown) {
  const { content, cell, dark } = grid;
  const house = houseColours(dark);
  const style = MARK_STYLES[mark.style];
  const i = mark.row * content.columns + mark.column;
  const [x, y] = [mark.column * cell, mark.row * cell];
  if (i < shown && style.bold && grid.type) {
    pen.fillStyle = cellFill(grid, i);
    pen.fillRect(x + 1, y + 1, cell - 1, cell - 1);
    prepareType(grid, pen, true);
    paintNumber(grid, pen, i, true);
  }
  if (style.wash || cell < 10) {
    pen.globalAlpha = style.wash ?? 0.5;
    pen.fillStyle = house[style.ink];
    pen.fillRect(x + 1, y + 1, cell - 1, cell - 1);
    pen.globalAlpha = 1;
  }
  const [dx, dy] = mark.shift ?? [0, 0];
  const inset = style.width / 2;
  pen.strokeStyle = house[style.ink];
  pen.lineWidth = cell < 10 ? 1 : style.width;
  pen.setLineDash(style.dash ?? []);
  pen.strokeRect(x + dx * cell + inset, y + dy * cell + inset, cell + 1 - style.width, cell + 1 - style.width);
  if (style.double && cell >= 14) {
    pen.lineWidth = 1;
    pen.strokeRect(x + dx * cell + 4, y + dy * cell + 4, cell - 7, cell - 7);
  }
  pen.setLineDash([]);
  if (mark.label && cell >= 30) paintLabel(grid, pen, mark, x, y);
}

/** A small word in the corner of a marked cell: the weight an output used. */
function paintLabel(grid, pen, mark, x, y) {
  pen.font = `600 ${Math.max(10, Math.round(grid.cell * 0.24))}px ${grid.family}`;
  pen.textAlign = "left";
  pen.textBaseline = "top";
  pen.fillStyle = houseColours(grid.dark).kernel;
  pen.fillText(mark.label, x + 4, y + 4);
}
