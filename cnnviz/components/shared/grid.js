// A grid of numbered cells on a canvas: fits its box, says which cell the pointer is on, and repaints only what changed.
// With cells too small for numbers it can be brought near; it then follows the cells it is told to keep in sight.

import { numberText } from "./numbers.js";
import { growCanvas, setBoxSize } from "./grid_size.js";
import { paintBase, paintEmpty, paintMark } from "./grid_paint.js";

/**
 * @typedef {{
 *   rows: number, columns: number, values: ArrayLike<number>, limit: number,
 *   grey?: number, padding?: Uint8Array | null, unvisited?: Uint8Array | null, inner?: number[] | null,
 *   texts?: string[]
 * }} GridContent
 *   values row by row; limit: end of the diverging scale, 0 leaves cells plain; grey: the value that is white;
 *   padding, unvisited: a flag a cell; inner: [top, left, bottom, right] of the pixels inside the padding
 * @typedef {{row: number, column: number, style: string, label?: string, shift?: number[]}} GridMark
 */

const WIDEST_GLYPH = 0.61; // of a monospaced digit, in ems

/** The largest type at which every text fits a cell, or 0 where it would be smaller than `least`. */
export function typeFor(cell, longest, least) {
  const wanted = Math.min(cell * (cell >= 34 ? 0.38 : cell >= 22 ? 0.46 : 0.56), Math.max(22, cell * 0.33));
  const size = Math.floor(Math.min(wanted, (cell - 6) / (WIDEST_GLYPH * Math.max(1, longest))) * 2) / 2;
  return size >= least ? size : 0;
}

/** The side of a square cell so that the grid fits its box, at most `largest`. */
export function cellFor(rows, columns, width, height, largest) {
  return Math.max(2, Math.min(largest, Math.floor(Math.min((width - 1) / columns, (height - 1) / rows))));
}

/** How far to move a view of length `seen` so that it shows [first, last), one more cell on each side if it can. */
export function followed(offset, first, last, seen, whole, margin) {
  if (whole <= seen) return 0;
  let next = Math.min(offset, first - margin);
  next = Math.max(next, Math.min(last + margin - seen, first));
  return Math.max(0, Math.min(whole - seen, next));
}

export class NumberGrid {
  /**
   * @param {HTMLCanvasElement} canvas alone in an element that clips it to the grid
   * @param {{largest: number, near: number, least: number, easy: number}} sizes in CSS pixels: of a cell at most, of a
   *   cell brought near at least, of the type at least, and of type that is easy to read
   */
  constructor(canvas, sizes) {
    this.canvas = canvas;
    this.sizes = sizes;
    this.clip = /** @type {HTMLElement} */ (canvas.parentElement);
    this.base = canvas.ownerDocument.createElement("canvas");
    this.fills = canvas.ownerDocument.createElement("canvas");
    /** @type {GridContent | null} */ this.content = null;
    /** @type {GridMark[]} */ this.marks = [];
    this.shown = Infinity;
    this.cell = 0;
    this.type = 0;
    this.dark = false;
    this.family = "monospace";
    this.room = [0, 0];
    this.near = false;
    this.isTiny = false; // whether numbers in the whole grid's cells are hard to read, or not there
    this.offset = [0, 0];
    this.baseIsOld = true;
  }

  /** New numbers; the base is painted again at the next draw. */
  show(/** @type {GridContent} */ content) {
    this.content = content;
    this.baseIsOld = true;
  }

  /** The room the grid may fill. */
  fit(width, height, dark, family) {
    if (this.room[0] === width && this.room[1] === height && this.dark === dark && this.family === family) return;
    Object.assign(this, { room: [width, height], dark, family, baseIsOld: true, measured: null });
  }

  /** Look from near, so that numbers can be read, or at the whole. */
  bringNear(near) {
    Object.assign(this, { near, baseIsOld: true, measured: null });
  }

  /** Sizes of cell, type and clip for the content; the texts of the cells where they can be read. */
  measure() {
    const { rows, columns } = this.content;
    const { least, easy, largest } = this.sizes;
    const whole = cellFor(rows, columns, ...this.room, largest);
    const [longest, type] = this.readable(whole);
    this.isTiny = type < easy;
    const near = this.near && this.isTiny;
    this.cell = near ? Math.max(this.sizes.near, Math.ceil(WIDEST_GLYPH * longest * easy + 6)) : whole;
    this.type = near ? Math.max(easy, typeFor(this.cell, longest, least)) : type;
    this.size = [columns, rows].map((count, i) => Math.min(count * this.cell + 1, near ? this.room[i] : Infinity));
    if (!near) this.offset = [0, 0];
  }

  /** The longest text and the type at which all fit a cell, in three digits or, where that helps, in two. */
  readable(cell) {
    let longest = 0;
    for (const digits of [3, 2]) {
      const texts = Array.from(this.content.values, (value) => (value === null ? "" : numberText(value, digits)));
      longest = texts.reduce((most, text) => Math.max(most, text.length), 0);
      this.content.texts = texts;
      const type = typeFor(cell, longest, this.sizes.least);
      if (type || cell < this.sizes.least) return [longest, type];
    }
    return [longest, 0];
  }

  /** Sizes known, before anything is painted: for who wants to follow cells or place something over them. */
  ready() {
    if (!this.baseIsOld || this.measured === this.content) return;
    this.measure();
    this.measured = this.content;
  }

  /** Keep these rows and columns in sight. */
  follow(top, left, bottom, right) {
    if (!this.near || !this.cell || !this.size) return;
    const { rows, columns } = this.content;
    const { cell } = this;
    this.offset = [
      followed(this.offset[0], left * cell, right * cell, this.size[0], columns * cell + 1, cell),
      followed(this.offset[1], top * cell, bottom * cell, this.size[1], rows * cell + 1, cell),
    ];
  }

  /** Move the near view by pixels. */
  pan(dx, dy) {
    const { rows, columns } = this.content;
    const whole = [columns * this.cell + 1, rows * this.cell + 1];
    this.offset = this.offset.map((o, i) => Math.max(0, Math.min(whole[i] - this.size[i], o + [dx, dy][i])));
  }

  /** The cell under a pointer, or null. */
  cellAt(/** @type {{clientX: number, clientY: number}} */ event) {
    const box = this.canvas.getBoundingClientRect();
    const column = Math.floor((event.clientX - box.left + this.offset[0]) / this.cell);
    const row = Math.floor((event.clientY - box.top + this.offset[1]) / this.cell);
    const { rows, columns } = this.content;
    return row >= 0 && column >= 0 && row < rows && column < columns ? { row, column } : null;
  }

  /** Where a cell is, in CSS pixels from the canvas's corner. */
  placeOf(row, column) {
    return [column * this.cell - this.offset[0], row * this.cell - this.offset[1]];
  }

  draw() {
    if (!this.content || !this.room[0]) return;
    const scale = this.canvas.ownerDocument.defaultView?.devicePixelRatio || 1;
    if (this.baseIsOld || this.scale !== scale) this.paintAll(scale);
    const pen = this.canvas.getContext("2d");
    const [w, h] = this.size.map((side) => Math.round(side * scale));
    growCanvas(this.canvas, Math.max(w, Math.round(this.room[0] * scale)), Math.max(h, Math.round(this.room[1] * scale)), scale);
    setBoxSize(this.clip, ...this.size);
    pen.setTransform(1, 0, 0, 1, 0, 0);
    const [x, y] = this.offset.map((o) => Math.round(o * scale));
    pen.drawImage(this.base, x, y, w, h, 0, 0, w, h);
    pen.setTransform(scale, 0, 0, scale, -x, -y);
    const cells = this.content.rows * this.content.columns;
    if (this.shown < cells) paintEmpty(this, pen, this.shown);
    for (const mark of this.marks) paintMark(this, pen, mark, this.shown);
  }

  paintAll(scale) {
    this.ready();
    this.measured = null;
    const { rows, columns } = this.content;
    const [width, height] = [columns * this.cell + 1, rows * this.cell + 1].map((side) => Math.round(side * scale));
    growCanvas(this.base, width, height);
    const pen = this.base.getContext("2d", { alpha: false });
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    paintBase(this, pen);
    this.scale = scale;
    this.baseIsOld = false;
  }
}
