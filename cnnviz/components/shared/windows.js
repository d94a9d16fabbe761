// Where windows lie and what they add up to, in the browser: the mechanism of core/windows.py, held to it by fixtures.
// One axis at a time; convolution and pooling differ only in what a layer says it does with its taps (`reduce`), and
// an adaptive axis only in where its windows lie: it names how many there are, and they share the input out.

import { gatherRoom, weighWindow } from "./reduce.js";
import { torchRand } from "./torchrandom.js";

/**
 * @typedef {{kernel: number, stride: number, dilation: number, before: number, after: number, windows?: number}} AxisSpec
 *   windows: how many share the input out (core's AdaptiveAxis); the other numbers then say nothing
 * @typedef {"sum" | "max" | "mean" | "lp" | "median" | "k_max" | "stochastic" | "k_means"} Reduce
 * @typedef {{
 *   size: number[], axes: AxisSpec[], mode?: string, fill?: number, rounding?: string,
 *   reduce?: Reduce, flip?: boolean, countPad?: boolean, norm?: number, wholeNorm?: boolean, k?: number,
 *   seed?: number | null, halfPad?: boolean
 * }} Layer  size and axes are [rows, columns]; one dimension is a grid of one row. wholeNorm: a p-norm stands for the
 *   whole kernel also where its window is cut off; seed: of "stochastic", null for its expectation; halfPad: whether
 *   padding is at most half the kernel, as torch asks of a pooling
 * @typedef {{
 *   row: number, column: number, source: number, weightAt: number,
 *   value: number, weight: number | null, product: number
 * }} TapRecord  source is the pixel's flat index, -1 where a fill value is met; row and column may lie in the padding
 * @typedef {{at: number[], taps: TapRecord[], bias: number, total: number}} StepRecord
 */

const OUTSIDE = -(2 ** 30); // the position of a tap that a shorter window does not have

/** Which input pixel a position shows: itself inside, by the mode outside, -1 for a fill value. */
export function sourceIndex(position, size, mode = "zeros") {
  if (position >= 0 && position < size) return position;
  if (mode === "replicate") return position < 0 ? 0 : size - 1;
  if (mode === "circular") return ((position % size) + size) % size;
  if (mode === "reflect") return position < 0 ? -position : 2 * (size - 1) - position;
  return -1;
}

/** Positions a window spans, holes of the dilation included. */
export function effectiveSize(/** @type {AxisSpec} */ axis) {
  return axis.dilation * (axis.kernel - 1) + 1;
}

/** How far the first window can still move inside the padded input; negative if it does not fit. */
export function roomOn(/** @type {AxisSpec} */ axis, size) {
  return size + axis.before + axis.after - effectiveSize(axis);
}

/** Number of windows on an axis; 0 or less where not even one fits. */
export function windowsOn(/** @type {AxisSpec} */ axis, size, rounding = "floor") {
  if (axis.windows) return axis.windows;
  const steps = roomOn(axis, size) / axis.stride;
  if (rounding === "floor") return Math.floor(steps) + 1;
  const count = Math.ceil(steps) + 1;
  return rounding === "ceil" && (count - 1) * axis.stride >= size + axis.before ? count - 1 : count;
}

/** The most padding a mode can show on one side of an axis. */
export function widestPadding(size, mode) {
  if (mode === "reflect") return size - 1;
  return mode === "circular" ? size : Infinity;
}

/** Whether the layer has at least one output element and its padding can be shown. */
export function isPossible(/** @type {Layer} */ layer) {
  return layer.axes.every((axis, i) => {
    const size = layer.size[i];
    const widest = layer.halfPad ? Math.floor(axis.kernel / 2) : widestPadding(size, layer.mode);
    return windowsOn(axis, size, layer.rounding) >= 1 && (axis.windows || (axis.before <= widest && axis.after <= widest));
  });
}

/** Where window `o` begins, how many taps it has and how far apart they lie. */
export function spanOfWindow(/** @type {AxisSpec} */ axis, size, o) {
  if (!axis.windows) return { start: o * axis.stride - axis.before, taps: axis.kernel, apart: axis.dilation };
  const start = Math.floor((o * size) / axis.windows);
  return { start, taps: Math.ceil(((o + 1) * size) / axis.windows) - start, apart: 1 };
}

/**
 * Everything known about one axis: `position[o * kernel + k]` and `source[...]` of tap k of window o, which weight tap
 * k meets (`weight[k]`, turned round by a flip), and how many taps window o has (`taps[o]`, at most `kernel`).
 * @typedef {{size: number, count: number, kernel: number, position: Int32Array, source: Int32Array, weight: Int32Array,
 *   counted: Uint8Array, taps: Int32Array}} AxisTable
 */

/** @returns {AxisTable} */
function axisTable(/** @type {Layer} */ layer, which) {
  const axis = layer.axes[which];
  const size = layer.size[which];
  const count = Math.max(0, windowsOn(axis, size, layer.rounding));
  const spans = Array.from({ length: count }, (_, o) => spanOfWindow(axis, size, o));
  const kernel = spans.reduce((most, span) => Math.max(most, span.taps), axis.windows ? 1 : axis.kernel);
  const table = {
    size, count, kernel, weight: Int32Array.from({ length: kernel }, (_, k) => (layer.flip ? kernel - 1 - k : k)),
    counted: new Uint8Array(count * kernel), position: new Int32Array(count * kernel).fill(OUTSIDE),
    source: new Int32Array(count * kernel).fill(-1), taps: Int32Array.from(spans, (span) => span.taps),
  };
  spans.forEach(({ start, taps, apart }, o) => {
    for (let k = 0; k < taps; k++) {
      const p = start + k * apart;
      const i = o * kernel + k;
      table.position[i] = p;
      table.source[i] = sourceIndex(p, size, layer.mode);
      // Pixels are counted; padding if the mean includes it; what hangs over the end never.
      table.counted[i] = Number(layer.countPad === false ? p >= 0 && p < size : p < size + (axis.after ?? 0));
    }
  });
  return table;
}

/**
 * A layer worked out: its tables per axis and its output shape.
 * @typedef {{layer: Layer, reduce: Reduce, rows: AxisTable, columns: AxisTable, shape: number[],
 *   draws: Float64Array | null}} Plan  draws: a number of [0, 1) for each output of a stochastic pooling
 * @returns {Plan}
 */
export function planOf(/** @type {Layer} */ layer) {
  const rows = axisTable(layer, 0);
  const columns = axisTable(layer, 1);
  const isDrawn = layer.reduce === "stochastic" && typeof layer.seed === "number";
  const draws = isDrawn ? torchRand(layer.seed, rows.count * columns.count) : null;
  return { layer, reduce: layer.reduce ?? "sum", rows, columns, shape: [rows.count, columns.count], draws };
}

/** What a fill position shows: nothing that could win, or the fill value. */
function fillOf(/** @type {Plan} */ plan) {
  return plan.reduce === "max" ? -Infinity : plan.layer.fill ?? 0;
}

/** The numbers under a window side by side, for what weighs them all at once; returns how many there are. */
function gather(/** @type {Plan} */ { rows, columns }, input, fill, row, column, room) {
  let n = 0;
  for (let i = 0; i < rows.taps[row]; i++) {
    const y = row * rows.kernel + i;
    for (let j = 0; j < columns.taps[column]; j++, n++) {
      const x = column * columns.kernel + j;
      room.inside[n] = Number(rows.source[y] >= 0 && columns.source[x] >= 0);
      room.counted[n] = rows.counted[y] & columns.counted[x];
      room.values[n] = room.inside[n] ? input[rows.source[y] * columns.size + columns.source[x]] : fill;
    }
  }
  return n;
}

/**
 * How output element (row, column) comes about; `weights` is null where a layer has none (pooling).
 * @param {Plan} plan @param {ArrayLike<number>} input @param {ArrayLike<number> | null} weights @returns {StepRecord}
 */
export function stepAt(plan, input, weights, bias, row, column) {
  const { rows, columns, reduce } = plan;
  const fill = fillOf(plan);
  const room = gatherRoom(rows.kernel * columns.kernel);
  const n = gather(plan, input, fill, row, column, room);
  const pooled = weights ? 0 : weighWindow(plan, room, n, row * columns.count + column);
  const taps = [];
  let sum = 0;
  for (let i = 0; i < rows.taps[row]; i++) {
    const y = row * rows.kernel + i;
    for (let j = 0; j < columns.taps[column]; j++) {
      const x = column * columns.kernel + j;
      const at = taps.length;
      const source = room.inside[at] ? rows.source[y] * columns.size + columns.source[x] : -1;
      const value = room.values[at];
      const weightAt = rows.weight[i] * columns.kernel + columns.weight[j];
      const weight = weights ? weights[weightAt] : reduce === "max" ? null : room.weights[at];
      const product = weights ? weight * value : room.products[at];
      sum += product;
      taps.push({ row: rows.position[y], column: columns.position[x], source, weightAt, value, weight, product });
    }
  }
  return { at: [row, column], taps, bias, total: weights ? sum + bias : pooled };
}

/**
 * The whole output, row by row, into `out` (made if missing). Convolution takes the short way, without tap records.
 * @param {Plan} plan @param {ArrayLike<number>} input @param {ArrayLike<number> | null} weights
 */
export function forward(plan, input, weights, bias, out = new Float64Array(plan.shape[0] * plan.shape[1])) {
  const { rows, columns, shape } = plan;
  const fill = fillOf(plan);
  const room = weights ? null : gatherRoom(rows.kernel * columns.kernel);
  for (let r = 0; r < shape[0]; r++) {
    for (let c = 0; c < shape[1]; c++) {
      if (!weights) {
        const n = gather(plan, input, fill, r, c, room);
        out[r * shape[1] + c] = weighWindow(plan, room, n, r * shape[1] + c);
        continue;
      }
      let sum = 0;
      for (let i = 0; i < rows.kernel; i++) {
        const y = rows.source[r * rows.kernel + i];
        const line = rows.weight[i] * columns.kernel;
        for (let j = 0; j < columns.kernel; j++) {
          const x = columns.source[c * columns.kernel + j];
          sum += (y < 0 || x < 0 ? fill : input[y * columns.size + x]) * weights[line + columns.weight[j]];
        }
      }
      out[r * shape[1] + c] = sum + bias;
    }
  }
  return out;
}

/** Which (window, tap) pairs of an axis meet this position; a pixel is met also where the padding shows it again. */
function meetings(/** @type {AxisTable} */ table, position) {
  const inside = position >= 0 && position < table.size;
  const met = []; // a tap that a shorter window lacks has a position no cell has, and no source
  for (let i = 0; i < table.position.length; i++) {
    if ((inside ? table.source[i] : table.position[i]) === position) {
      met.push({ window: Math.floor(i / table.kernel), tap: i % table.kernel, position: table.position[i] });
    }
  }
  return met;
}

/**
 * Every output the cell at (row, column) feeds, and the weight each uses. The cell may lie in the padding.
 * @param {Plan} plan @returns {{row: number, column: number, weightAt: number}[]}
 */
export function feeds(plan, row, column) {
  const { rows, columns } = plan;
  const across = meetings(columns, column);
  return meetings(rows, row).flatMap((y) => across.map((x) => ({
    row: y.window, column: x.window, weightAt: rows.weight[y.tap] * columns.kernel + columns.weight[x.tap],
  })));
}

/**
 * Every product the weight at flat index `weightAt` makes: the output it goes to and the position it meets there.
 * @param {Plan} plan @returns {{row: number, column: number, meets: number[], source: number}[]}
 */
export function productsOf(plan, weightAt) {
  const { rows, columns, shape } = plan;
  const i = rows.weight.indexOf(Math.floor(weightAt / columns.kernel));
  const j = columns.weight.indexOf(weightAt % columns.kernel);
  const found = [];
  for (let r = 0; r < shape[0]; r++) {
    for (let c = 0; c < shape[1]; c++) {
      const [y, x] = [r * rows.kernel + i, c * columns.kernel + j];
      const source = rows.source[y] < 0 || columns.source[x] < 0 ? -1 : rows.source[y] * columns.size + columns.source[x];
      found.push({ row: r, column: c, meets: [rows.position[y], columns.position[x]], source });
    }
  }
  return found;
}

/**
 * For each axis, which pixels are met by a window (1) and which by none (0).
 * @param {Plan} plan
 */
export function visited({ rows, columns }) {
  return [rows, columns].map((table) => {
    const met = new Uint8Array(table.size);
    for (const source of table.source) if (source >= 0) met[source] = 1;
    return met;
  });
}
