// What stands in a cell of the kernel grid, and how large: as many digits as the cell has room for.

import { numberText } from "./numbers.js";

/** The type size in a cell of this size, 0 where nothing could be read. */
export function gridTypeSize(cellWidth, cellHeight, length, smallest) {
  const size = Math.min(cellHeight * 0.44, (cellWidth - 3) / (Math.max(length, 2) * 0.62), 1.5 * smallest + 4);
  return size >= smallest * 0.8 ? size : 0;
}

/** What a cell of this size says and in which type: three digits or, where only that fits and it hides no number, two. */
export function cellText(value, cellWidth, cellHeight, smallest) {
  const texts = [3, 2].map((digits) => numberText(value, digits)).filter((text) => text !== "0" || value === 0);
  const sizes = texts.map((text) => gridTypeSize(cellWidth, cellHeight, text.length, smallest));
  const fitting = sizes.findIndex((size) => size > 0);
  return fitting < 0 ? { text: "", size: 0 } : { text: texts[fitting], size: sizes[fitting] };
}
