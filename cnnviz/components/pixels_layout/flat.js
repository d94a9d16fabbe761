// One plane as a row of numbers, everything counted from 1 as in a text for beginners: the pixel (2, 1) of a picture
// 100 wide is number 101.

import { fillText } from "../shared/numbers.js";
import { make } from "../shared/dom.js";
import { landmarks } from "../pixels/layout.js";

/** Which number of the row-major list a pixel is, all counted from 1. */
export function pixelNumber(row, column, width) {
  return (row - 1) * width + column;
}

/** The pixel that is this number of the list: the way back. */
export function pixelOfNumber(number, width) {
  return [Math.floor((number - 1) / width) + 1, ((number - 1) % width) + 1];
}

function gap() {
  return make("span", { className: "gap" }, "…");
}

/** The plane with its numbers; rows and columns in between are left out. */
export function flatPlane([row, column], width, pick) {
  const columns = landmarks(column, width, 3);
  const rows = landmarks(row, Math.max(row + 1, 4), 2);
  const head = [make("span", { className: "head" }), ...columns.map((c) => (c ? make("span", { className: "head" }, String(c)) : gap()))];
  const cells = rows.flatMap((r) => [
    r ? make("span", { className: "head" }, String(r)) : gap(),
    ...columns.map((c) => {
      if (!r || !c) return gap();
      const here = r === row && c === column;
      return make("div", { className: `cell${here ? " here" : ""}`, onclick: () => pick([r, c]) }, String(pixelNumber(r, c, width)));
    }),
  ]);
  const plane = make("div", { className: "flat" }, ...head, ...cells);
  plane.style.gridTemplateColumns = `repeat(${columns.length + 1}, auto)`;
  return plane;
}

/** The stretch of the list around the pixel, and the sum that finds it. */
export function flatMemory([row, column], width, texts, pick) {
  const number = pixelNumber(row, column, width);
  const numbers = landmarks(number, Math.max(number + 3, width * 2), 3);
  const wide = [...new Set([...numbers, ...landmarks(width, width * 2, 0).map((n) => n)])].filter(Boolean).sort((a, b) => a - b);
  const cells = wide.flatMap((n, i) => {
    const cell = make("div", { className: `cell${n === number ? " here" : ""}`, onclick: () => pick(pixelOfNumber(n, width)) }, String(n));
    cell.style.borderLeftWidth = (n - 1) % width === 0 ? "4px" : "1px";
    return i && n - wide[i - 1] > 1 ? [gap(), cell] : [cell];
  });
  const sum = make("p", { className: "mono big" }, fillText(texts.flat_formula, { row, column, width }), make("strong", { className: "kernel" }, String(number)));
  return [sum, make("div", { className: "run flat-run" }, ...cells), make("p", { className: "soft" }, fillText(texts.flat_zero, { row: row - 1, column: column - 1, width, offset: number - 1 }))];
}
