// The reader's chain as rows [kind, out, kernel_size, stride, padding, dilation]: what may be changed, and how.

/** What a new layer looks like. */
export const FRESH = {
  conv: ["conv", 16, 3, 1, 1, 1], max: ["max", 0, 2, 2, 0, 1], avg: ["avg", 0, 2, 2, 0, 1], global: ["global", 0, 1, 1, 0, 1], linear: ["linear", 10, 1, 1, 0, 1],
};
/** Which of the numbers a kind has. */
export const USED = { conv: [1, 2, 3, 4, 5], max: [2, 3, 4, 5], avg: [2, 3, 4, 5], global: [], linear: [1] };

/** The bounds of number `column` (1 to 5) of a row: a pooling pads at most half its window. */
export function rowBounds(row, column, bounds) {
  const [low, high] = Object.values(bounds)[column - 1];
  if (column === 1) return [1, high];
  return column === 4 && (row[0] === "max" || row[0] === "avg") ? [low, Math.floor(row[2] / 2)] : [low, high];
}

/** The rows with one number changed, kept within its bounds; or the same rows when it is none. */
export function withNumber(rows, at, column, value, bounds) {
  if (!Number.isFinite(value)) return rows;
  const row = [...rows[at]];
  const [low, high] = rowBounds(row, column, bounds);
  row[column] = Math.max(low, Math.min(high, Math.round(value)));
  if (column === 2) row[4] = Math.min(row[4], rowBounds(row, 4, bounds)[1]);
  return rows.map((other, i) => (i === at ? row : other));
}

/** The rows with another kind of layer at a place. */
export function withKind(rows, at, kind) {
  return rows.map((row, i) => (i === at ? [...FRESH[kind]] : row));
}

/** The rows with one layer more behind `at`: like it where it convolves, else a convolution. */
export function withLayer(rows, at) {
  const like = rows[at] ?? FRESH.conv;
  return [...rows.slice(0, at + 1), [...like], ...rows.slice(at + 1)];
}

/** The rows without one layer; the last one stays. */
export function withoutLayer(rows, at) {
  return rows.length > 1 ? rows.filter((_, i) => i !== at) : rows;
}
