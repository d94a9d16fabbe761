// What the reader does to the kernel, as pure functions: edits, sizes, steps, and the way back.

/**
 * @typedef {{rows: number, cols: number, cells: Float64Array}} Grid  a kernel as it stands in the grid, row by row
 * @typedef {{kernel: string, params: number[], divisor: number | null, offset: number | null, grid: Grid, learned?: string}} Moment
 */

/** @returns {Grid} */
export function gridOf(/** @type {number[][]} */ matrix) {
  return { rows: matrix.length, cols: matrix[0].length, cells: Float64Array.from(matrix.flat()) };
}

/** The kernel as the scene holds it: rows of numbers. */
export function matrixOf(/** @type {Grid} */ grid) {
  return Array.from({ length: grid.rows }, (_, r) => Array.from(grid.cells.subarray(r * grid.cols, (r + 1) * grid.cols)));
}

/** The same kernel with one weight changed; numbers keep to what a scene accepts. @returns {Grid} */
export function withCell(/** @type {Grid} */ grid, row, col, value) {
  const cells = grid.cells.slice();
  cells[row * grid.cols + col] = tidy(Math.max(-1e6, Math.min(1e6, value)));
  return { ...grid, cells };
}

/** A number without the dust of adding steps: 0.30000000000000004 is 0.3. */
export function tidy(value) {
  return Number(value.toPrecision(12)) + 0;
}

/** The cell that lies on the output's own pixel: (k − 1) / 2, rounded down where there is no middle. */
export function anchorOf(rows, cols) {
  return { row: Math.floor((rows - 1) / 2), col: Math.floor((cols - 1) / 2) };
}

/** The kernel cut, or grown with zeros, to another size; its anchor cell stays the anchor cell. @returns {Grid} */
export function resized(/** @type {Grid} */ grid, rows, cols) {
  const [from, to] = [anchorOf(grid.rows, grid.cols), anchorOf(rows, cols)];
  const cells = new Float64Array(rows * cols);
  for (let r = 0; r < rows; r += 1) {
    for (let c = 0; c < cols; c += 1) {
      const [y, x] = [r - to.row + from.row, c - to.col + from.col];
      if (y >= 0 && y < grid.rows && x >= 0 && x < grid.cols) cells[r * cols + c] = grid.cells[y * grid.cols + x];
    }
  }
  return { rows, cols, cells };
}

/** The largest weight, sign aside. */
export function largestOf(/** @type {Grid} */ grid) {
  return grid.cells.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
}

/** How far one notch of a wheel, an arrow key or five pixels of dragging go: a tenth of the kernel's magnitude. */
export function stepOf(/** @type {Grid} */ grid) {
  const most = largestOf(grid) || 1;
  return 10 ** (Math.floor(Math.log10(most) + 1e-9) - 1);
}

/** The kernel divided by its sum; one that sums to 0 by the sum of its positive weights; null where all are 0. */
export function normalised(/** @type {Grid} */ grid, divisor) {
  const sum = grid.cells.reduce((total, v) => total + v, 0);
  const absolute = grid.cells.reduce((total, v) => total + Math.abs(v), 0);
  const positive = grid.cells.reduce((total, v) => total + Math.max(0, v), 0);
  if (!absolute) return null;
  const wanted = Math.abs(sum) > 1e-9 * absolute ? sum : positive;
  return tidy(wanted) === tidy(divisor) ? null : tidy(wanted);
}

export class History {
  constructor() {
    /** @type {Moment[]} */ this.past = [];
    /** @type {Moment[]} */ this.future = [];
  }

  /** Note how things were before a change; what was undone can then no longer be done again. */
  note(/** @type {Moment} */ moment) {
    this.past.push(moment);
    if (this.past.length > 200) this.past.shift();
    this.future = [];
  }

  /** The moment before, or null; `now` can be done again. */
  back(/** @type {Moment} */ now) {
    if (!this.past.length) return null;
    this.future.push(now);
    return this.past.pop();
  }

  /** The moment that was undone, or null. */
  forth(/** @type {Moment} */ now) {
    if (!this.future.length) return null;
    this.past.push(now);
    return this.future.pop();
  }
}

/** The scene fields that say this moment. A named kernel carries no weights. */
export function fieldsOf(/** @type {Moment} */ moment) {
  const own = moment.kernel === "custom";
  return {
    kernel: moment.kernel, weights: own ? matrixOf(moment.grid) : [], params: moment.params,
    divisor: moment.divisor, offset: moment.offset, learned: own ? moment.learned ?? "" : "",
  };
}
