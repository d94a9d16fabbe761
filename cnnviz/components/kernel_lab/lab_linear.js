// The whole map in the browser, while a weight is dragged: the server's map takes its place when the hand rests.
//
// Convolution is linear: changing one weight by d adds d times the picture, as that tap sees it, to the map. So a
// change costs one pass over the map for each weight that changed, however large the kernel.

import { activate } from "./lab_numbers.js";
import { sourcesOf } from "./lab_pixels.js";

/** @typedef {import("./lab_numbers.js").Laying} Laying */
/** @typedef {{view: string, scale: string, limit: number}} Look  as in the scene: what is shown, on which scale */

export const TOP_INDEX = 254; // palette indices run from 0 to this, as in core/kernel_lab.py
const AT_ONCE = 81; // passes a change may take; a larger kernel catches up over its first few, which the server answers
const MOST_PASSES = 2000; // float32 sums drift; after so many passes they are built anew

/** One plane with its padding, float32. @returns {{data: Float32Array, width: number}} */
export function paddedPlane(/** @type {ArrayLike<number>} */ plane, width, height, /** @type {Laying} */ laying, fill) {
  const [[top, bottom], [left, right]] = laying.pads;
  const ys = sourcesOf(height, top, bottom, laying.mode);
  const xs = sourcesOf(width, left, right, laying.mode);
  const data = new Float32Array(ys.length * xs.length);
  for (let y = 0, at = 0; y < ys.length; y += 1) {
    for (let x = 0; x < xs.length; x += 1, at += 1) data[at] = ys[y] < 0 || xs[x] < 0 ? fill : plane[ys[y] * width + xs[x]];
  }
  return { data, width: xs.length };
}

/** Add `by` times what one tap sees of a padded plane: row 0 of the map meets the plane's `row`, column 0 its `col`. */
function addShifted(sums, start, [rows, cols], plane, row, col, [down, right], by) {
  const { data, width } = plane;
  for (let i = 0; i < rows; i += 1) {
    let from = (row + i * down) * width + col;
    const end = start + (i + 1) * cols;
    for (let at = end - cols; at < end; at += 1, from += right) sums[at] += by * data[from];
  }
}

/** The sums of window times kernel over some planes, kept up to date with a kernel of fixed size. */
export class LinearMaps {
  /**
   * @param {ArrayLike<number>[]} planes  one a map @param {{width: number, height: number}} picture
   * @param {Laying & {rows: number, cols: number, out: number[]}} laying  @param {number} fill
   */
  constructor(planes, picture, laying, fill) {
    this.laying = laying;
    this.planes = planes.map((plane) => paddedPlane(plane, picture.width, picture.height, laying, fill));
    this.area = laying.out[0] * laying.out[1];
    this.clear();
  }

  clear() {
    this.sums = new Float32Array(this.area * this.planes.length);
    this.held = new Float64Array(this.laying.rows * this.laying.cols);
    this.passes = 0;
  }

  /** Bring the sums up to these weights, reading order; false while that would take too many passes at once. */
  follow(/** @type {ArrayLike<number>} */ cells) {
    if (this.passes > MOST_PASSES) this.clear();
    const { rows, cols, out, stride, dilation, flip } = this.laying;
    let left = rows * cols > AT_ONCE ? Math.ceil(AT_ONCE / 2 / this.planes.length) : AT_ONCE;
    for (let k = 0; k < rows * cols; k += 1) {
      const by = cells[k] - this.held[k];
      if (by === 0) continue;
      if (left === 0) return false;
      left -= 1;
      const tap = flip ? rows * cols - 1 - k : k; // a flip turns the kernel by 180 degrees
      const [row, col] = [Math.floor(tap / cols) * dilation[0], (tap % cols) * dilation[1]];
      this.planes.forEach((plane, i) => addShifted(this.sums, i * this.area, out, plane, row, col, stride, by));
      this.held[k] = cells[k];
      this.passes += 1;
    }
    return true;
  }
}

/** Divisor, what is added, activation and absolute value, in place of the sums; float32 of the same length. */
function finished(sums, { divisor, added, activation, view }, room) {
  const gain = 1 / divisor;
  const values = room?.length === sums.length ? room : new Float32Array(sums.length);
  for (let i = 0; i < sums.length; i += 1) values[i] = sums[i] * gain + added;
  if (activation !== "none") for (let i = 0; i < values.length; i += 1) values[i] = activate(activation, values[i]);
  if (view === "absolute") for (let i = 0; i < values.length; i += 1) values[i] = Math.abs(values[i]);
  return values;
}

function rangeOf(values) {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < values.length; i += 1) {
    const v = values[i];
    if (v < low) low = v;
    if (v > high) high = v;
  }
  return { low, high };
}

/** The numbers at the ends of the colour bar, as core/kernel_lab.py `scales` gives them for one map. */
export function barScale(/** @type {Float32Array} */ values, /** @type {Look} */ { view, scale, limit }) {
  if (view === "clip") return { low: 0, high: 1 };
  const asks = view === "rescale" || !(scale === "fixed" || scale === "input");
  const { low, high } = asks ? rangeOf(values) : { low: 0, high: 0 };
  if (view === "rescale") return { low, high };
  const top = scale === "fixed" ? limit : scale === "input" ? 1 : Math.max(-low, high);
  return { low: view === "absolute" ? 0 : -top, high: top };
}

/** Palette indices of numbers on a scale (core/kernel_lab.py `indices`), and the share that lies beyond it. */
export function indicesOf(/** @type {Float32Array} */ values, view, { low, high }) {
  const indices = new Uint8Array(values.length);
  const span = high - low;
  if (span <= 0) return { indices: indices.fill(view === "signed" ? 127 : 0), beyond: 0 };
  const gain = TOP_INDEX / span;
  const lifted = 0.5 - low * gain;
  let outside = 0;
  for (let i = 0; i < values.length; i += 1) {
    const share = values[i] * gain + lifted;
    if (share < 0.5) {
      outside += 1;
      indices[i] = share < 0 ? 0 : share;
    } else if (share > TOP_INDEX + 0.5) {
      outside += 1;
      indices[i] = TOP_INDEX;
    } else indices[i] = share;
  }
  return { indices, beyond: outside / values.length };
}

/** What the lab shows for a scene whose windows lie as in its last answer, or null where only the server can say. */
export class NearMaps {
  /** @returns {any} in the form of LabModel's `maps` */
  show(/** @type {import("./lab_model.js").LabModel} */ lab) {
    const { scene, laid, grid, maps, picture } = lab;
    if (!picture || !maps || maps.kind === "tiles" || !lab.gridKnown || lab.answeredLaying !== layingKey(scene)) return null;
    if (grid.rows !== laid.rows || grid.cols !== laid.cols) return null;
    const linear = this.linear(lab);
    if (!linear.follow(grid.cells)) return null;
    const how = { divisor: lab.divisor, added: lab.offset + scene.bias, activation: scene.activation, view: scene.view };
    this.values = finished(linear.sums, how, this.values);
    const scale = barScale(this.values, scene);
    const { indices, beyond } = indicesOf(this.values, scene.view, scale);
    const openEnded = scene.view === "clip" || (scene.view !== "rescale" && (scene.scale === "fixed" || scene.scale === "input"));
    return { ...maps, key: "", indices, scales: [scale], beyond: openEnded ? beyond : 0 };
  }

  linear(lab) {
    const { laid, picture, scene } = lab;
    const key = JSON.stringify([picture.digest, lab.answeredLaying, laid.rows, laid.cols, laid.pads]);
    if (key !== this.key) {
      this.key = key;
      const { used } = lab.channelsUsed();
      const own = lab.planes;
      const summed = scene.channels === "sum" && own.length > 1;
      const planes = summed ? [own[0].map((v, i) => v + own[1][i] + own[2][i])]
        : lab.maps.kind === "colour" ? own : used.map((c) => own[c]);
      const fill = scene.mode === "constant" ? scene.fill * (summed ? own.length : 1) : 0;
      this.kept = new LinearMaps(planes, picture, laid, fill);
    }
    return this.kept;
  }
}

/** The settings that say where windows lie and which maps there are; all others are worked out from the sums. */
export function layingKey(scene) {
  const { picture, channels, channel, many, stride, dilation, padding, pads, mode, fill, flip, view } = scene;
  const apart = channels === "each" && (view === "signed" || view === "absolute");
  return JSON.stringify([picture, channels, channel, many, stride, dilation, padding, pads, mode, fill, flip, apart]);
}
