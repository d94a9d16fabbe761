// The numbers behind what the pointer touches: planes of the picture, one output pixel, where things lie.
//
// Windows and padding come from shared/windows.js; everything is float64, compared at rest with PyTorch's float32.

import { numberText } from "../shared/numbers.js";
import { planOf } from "../shared/windows.js";
import { anchorOf } from "./lab_state.js";

/**
 * @typedef {{width: number, height: number, channels: number, pixels: ArrayLike<number>, largest: number}} PixelsOf
 * @typedef {{rows: number, cols: number, cells: ArrayLike<number>}} Weights
 * @typedef {{stride: number[], dilation: number[], pads: number[][], mode: string, fill: number, flip: boolean}} Laying
 */

const LUMA_PARTS = [0.299, 0.587, 0.114];
export const CHANNEL_NAMES = ["r", "g", "b"];

/**
 * The planes the kernel is laid on, as core/kernel_lab.py takes them, in float64: "grey" gives one, "each" and "sum"
 * one a channel (a sum of channels is the sum over their planes).
 * @param {PixelsOf} picture @returns {Float64Array[]}
 */
export function planesOf(picture, channels) {
  const { pixels, largest, channels: count } = picture;
  const area = picture.width * picture.height;
  const plane = (pick) => Float64Array.from({ length: area }, (_, i) => pick(i * count) / largest);
  if (count === 1) return [plane((at) => pixels[at])];
  if (channels !== "grey") return [0, 1, 2].map((c) => plane((at) => pixels[at + c]));
  return [plane((at) => LUMA_PARTS[0] * pixels[at] + LUMA_PARTS[1] * pixels[at + 1] + LUMA_PARTS[2] * pixels[at + 2])];
}

/** The layer worked out for this picture and kernel. */
export function planFor(/** @type {PixelsOf} */ picture, /** @type {Weights} */ weights, /** @type {Laying} */ laying) {
  const axis = (i, kernel) => ({
    kernel, stride: laying.stride[i], dilation: laying.dilation[i], before: laying.pads[i][0], after: laying.pads[i][1],
  });
  return planOf({
    size: [picture.height, picture.width], axes: [axis(0, weights.rows), axis(1, weights.cols)],
    mode: laying.mode, fill: laying.mode === "constant" ? laying.fill : 0, flip: laying.flip,
  });
}

/** Σ weight · value over the window of output (row, col) on one plane, as it stands before divisor and bias. */
export function windowSum(plan, plane, cells, row, col) {
  const { rows, columns } = plan;
  const fill = plan.layer.fill;
  let sum = 0;
  for (let i = 0; i < rows.kernel; i += 1) {
    const y = rows.source[row * rows.kernel + i];
    const line = rows.weight[i] * columns.kernel;
    for (let j = 0; j < columns.kernel; j += 1) {
      const x = columns.source[col * columns.kernel + j];
      sum += (y < 0 || x < 0 ? fill : plane[y * columns.size + x]) * cells[line + columns.weight[j]];
    }
  }
  return sum;
}

/** The value after bias as the layer hands it on. */
export function activate(name, x) {
  if (name === "relu") return Math.max(0, x);
  if (name === "abs") return Math.abs(x);
  if (name === "sigmoid") return 1 / (1 + Math.exp(-x));
  if (name === "tanh") return Math.tanh(x);
  return name === "clip" ? Math.min(1, Math.max(0, x)) : x;
}

/**
 * One output pixel, from its products to its value. `sums` holds one Σ a plane that is added.
 * @param {{plan: any, planes: Float64Array[], cells: ArrayLike<number>, divisor: number, offset: number, bias: number,
 *   activation: string}} lab
 * @param {number[]} used  which planes are added up
 */
export function outputAt(lab, used, row, col) {
  const sums = used.map((c) => windowSum(lab.plan, lab.planes[c], lab.cells, row, col));
  const sum = sums.reduce((total, v) => total + v, 0);
  const before = sum / lab.divisor + lab.offset + lab.bias;
  return { sums, sum, before, value: activate(lab.activation, before) };
}

/**
 * The patch of one plane under the window of (row, col), with the weights that meet it (turned by a flip) and the
 * products, in reading order of the picture.
 */
export function patchAt(plan, plane, cells, row, col) {
  const { rows, columns, layer } = plan;
  const taps = [];
  for (let i = 0; i < rows.kernel; i += 1) {
    const y = row * rows.kernel + i;
    for (let j = 0; j < columns.kernel; j += 1) {
      const x = col * columns.kernel + j;
      const inside = rows.source[y] >= 0 && columns.source[x] >= 0;
      const value = inside ? plane[rows.source[y] * columns.size + columns.source[x]] : layer.fill;
      const weight = cells[rows.weight[i] * columns.kernel + columns.weight[j]];
      const padded = rows.position[y] < 0 || rows.position[y] >= rows.size || columns.position[x] < 0 || columns.position[x] >= columns.size;
      taps.push({ row: rows.position[y], col: columns.position[x], value, weight, product: value * weight, padded });
    }
  }
  return taps;
}

/** Where picture and map lie in the world (its unit is a pixel): output cells sit over their window's anchor. */
export function framesOf(/** @type {PixelsOf} */ picture, /** @type {Weights} */ weights, /** @type {Laying} */ laying, out) {
  const anchor = anchorOf(weights.rows, weights.cols);
  const [[top, bottom], [left, right]] = laying.pads;
  const map = {
    left: -left + laying.dilation[1] * anchor.col + 0.5 - laying.stride[1] / 2,
    top: -top + laying.dilation[0] * anchor.row + 0.5 - laying.stride[0] / 2,
    pitchX: laying.stride[1], pitchY: laying.stride[0],
  };
  const bounds = {
    left: Math.min(-left, map.left), top: Math.min(-top, map.top),
    right: Math.max(picture.width + right, map.left + out[1] * map.pitchX),
    bottom: Math.max(picture.height + bottom, map.top + out[0] * map.pitchY),
  };
  return { map, picture: { left: -left, top: -top, pitchX: 1, pitchY: 1 }, bounds };
}

/** The pixels the window of output (row, col) spans, padding included: row, col, rows, cols in picture pixels. */
export function windowOf(/** @type {Weights} */ weights, /** @type {Laying} */ laying, row, col) {
  return {
    row: row * laying.stride[0] - laying.pads[0][0], col: col * laying.stride[1] - laying.pads[1][0],
    rows: laying.dilation[0] * (weights.rows - 1) + 1, cols: laying.dilation[1] * (weights.cols - 1) + 1,
  };
}

/**
 * The output pixel of another layout whose window lies nearest to where this one's lay on the picture.
 * @param {{row: number, col: number}} cell @param {any} from @param {any} to  layouts: Laying with rows, cols and out
 */
export function samePlace({ row, col }, from, to) {
  const [was, is] = [anchorOf(from.rows, from.cols), anchorOf(to.rows, to.cols)];
  const [down, right] = [[row, was.row, is.row], [col, was.col, is.col]].map(([at, before, now], i) => {
    const pixel = at * from.stride[i] - from.pads[i][0] + before * from.dilation[i];
    const there = Math.round((pixel + to.pads[i][0] - now * to.dilation[i]) / to.stride[i]);
    return Math.max(0, Math.min(to.out[i] - 1, there));
  });
  return { row: down, col: right };
}

/** Neighbouring positions that are 1, as [start, length] runs. */
export function runsOf(/** @type {ArrayLike<number>} */ flags) {
  const runs = [];
  for (let i = 0; i < flags.length; i += 1) {
    if (!flags[i]) continue;
    if (i > 0 && flags[i - 1]) runs[runs.length - 1][1] += 1;
    else runs.push([i, 1]);
  }
  return runs;
}

/** A number as cells side by side show it: as many decimals for all, so that columns can be compared. */
export function cellNumber(value) {
  const size = Math.abs(value);
  if (size >= 1000) return numberText(value, 3);
  const text = value.toFixed(size < 10 ? 3 : size < 100 ? 2 : 1).replace("-", "\u2212");
  return /^\u22120\.0*$/.test(text) ? text.slice(1) : text;
}
