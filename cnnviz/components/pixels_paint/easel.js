// The numbers on the easel and everything that can be done to them; pure, so that a test can paint.

export const MOST_HISTORY = 100;

/**
 * @typedef {number[][]} Cells
 * @typedef {{cells: Cells, past: Cells[], future: Cells[]}} Easel
 */

/** @returns {Easel} */
export function newEasel(/** @type {Cells} */ cells) {
  return { cells, past: [], future: [] };
}

/** Other numbers, and the way back to those before; the same numbers are no step. @returns {Easel} */
export function painted(/** @type {Easel} */ easel, /** @type {Cells} */ cells) {
  if (JSON.stringify(cells) === JSON.stringify(easel.cells)) return easel;
  return { cells, past: [...easel.past, easel.cells].slice(-MOST_HISTORY), future: [] };
}

/** @returns {Easel} */
export function undone(/** @type {Easel} */ easel) {
  if (!easel.past.length) return easel;
  return { cells: easel.past[easel.past.length - 1], past: easel.past.slice(0, -1), future: [easel.cells, ...easel.future] };
}

/** @returns {Easel} */
export function redone(/** @type {Easel} */ easel) {
  if (!easel.future.length) return easel;
  return { cells: easel.future[0], past: [...easel.past, easel.cells], future: easel.future.slice(1) };
}

/** The cells with one changed. @returns {Cells} */
export function withCell(/** @type {Cells} */ cells, row, col, value) {
  return cells.map((line, r) => (r === row ? line.map((v, c) => (c === col ? value : v)) : line));
}

/** The cells on a square of `side`, from the top left: cut off, or with zeros added. @returns {Cells} */
export function resized(/** @type {Cells} */ cells, side) {
  return Array.from({ length: side }, (_, r) => Array.from({ length: side }, (_, c) => cells[r]?.[c] ?? 0));
}

/** Every cell between two cells on the straight line, so that a quick stroke leaves no gaps. */
export function strokeCells(from, to) {
  const steps = Math.max(Math.abs(to.row - from.row), Math.abs(to.col - from.col), 1);
  return Array.from({ length: steps + 1 }, (_, i) => ({
    row: Math.round(from.row + ((to.row - from.row) * i) / steps),
    col: Math.round(from.col + ((to.col - from.col) * i) / steps),
  }));
}

/** What the colours stand for: from 0 or −top to top, top being the first of 1, 9, 255, 999 that holds every number. */
export function scaleOfCells(/** @type {Cells} */ cells) {
  const all = cells.flat();
  const largest = Math.max(...all.map(Math.abs));
  const top = [1, 9, 255, 999].find((n) => n >= largest) ?? largest;
  return { top, signed: all.some((v) => v < 0) };
}
