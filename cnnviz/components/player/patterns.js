// Small inputs made of numbers, as core/patterns.py makes them: drawn at once while the reader drags the size.

import { torchRandint } from "../shared/torchrandom.js";

/** The ten digits, seven rows of five bits each. */
const DIGIT_ROWS = [
  [14, 17, 19, 21, 25, 17, 14], [4, 12, 4, 4, 4, 4, 14], [14, 17, 1, 2, 4, 8, 31], [14, 17, 1, 6, 1, 17, 14],
  [2, 6, 10, 18, 31, 2, 2], [31, 16, 30, 1, 1, 17, 14], [6, 8, 16, 30, 17, 17, 14], [31, 1, 2, 4, 8, 8, 8],
  [14, 17, 17, 14, 17, 17, 14], [14, 17, 17, 15, 1, 2, 12],
];

/** Each pattern as a function of place and size. @type {Object<string, (r: number, c: number, rows: number, columns: number, seed: number) => number>} */
const PATTERN_CELLS = {
  textbook: (r, c) => (((1 + c - r) % 4) + 4) % 4,
  count: (r, c, rows, columns) => r * columns + c,
  from_one: (r, c, rows, columns) => r * columns + c + 1,
  ramp: (r, c) => c,
  checker: (r, c) => (r + c + 1) % 2,
  cross: (r, c, rows, columns) => Number(r === Math.floor(rows / 2) || c === Math.floor(columns / 2)),
  edge: (r, c, rows, columns) => (c < Math.floor(columns / 2) ? 0 : 9),
  impulse: (r, c, rows, columns) => Number(r === Math.floor(rows / 2) && c === Math.floor(columns / 2)),
  ones: () => 1,
  digit: digitCell,
};

function digitCell(r, c, rows, columns, seed) {
  const scale = Math.max(1, Math.min(Math.floor(rows / 7), Math.floor(columns / 5)));
  const y = Math.floor((r - Math.floor((rows - 7 * scale) / 2)) / scale);
  const x = Math.floor((c - Math.floor((columns - 5 * scale) / 2)) / scale);
  if (y < 0 || y > 6 || x < 0 || x > 4) return 0;
  return (DIGIT_ROWS[seed % 10][y] >> (4 - x)) & 1;
}

/** The pattern `name`, row by row. `seed` matters to digit and random only. */
export function patternValues(name, rows, columns, seed = 0) {
  if (name === "random") return torchRandint(seed, -3, 4, rows * columns);
  const cell = PATTERN_CELLS[name];
  return Float64Array.from({ length: rows * columns }, (_, i) => cell(Math.floor(i / columns), i % columns, rows, columns, seed));
}

/**
 * A piece of a grey picture: each number the mean of `every` x `every` pixels, rounded, halves up; what would lie
 * outside repeats the last row and column. `unit` divides by 255.
 * @param {{data: Uint8Array, shape: number[]}} grey
 */
export function pieceValues(grey, [top, left], every, rows, columns, unit) {
  const [height, width] = grey.shape;
  const out = new Float64Array(rows * columns);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      let sum = 0;
      for (let y = 0; y < every; y++) {
        const line = Math.min(top + r * every + y, height - 1) * width;
        for (let x = 0; x < every; x++) sum += grey.data[line + Math.min(left + c * every + x, width - 1)];
      }
      const mean = Math.floor((2 * sum + every * every) / (2 * every * every));
      out[r * columns + c] = unit ? mean / 255 : mean;
    }
  }
  return out;
}
