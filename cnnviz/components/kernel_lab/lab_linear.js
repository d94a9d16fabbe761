// The sums of a kernel's windows over whole planes, kept up to date in the browser while the kernel changes.
//
// Convolution is linear: changing one weight by d adds d times the picture, as that tap sees it, to the map. So a
// change costs one pass over the map for each weight that changed, however large the kernel; a map from scratch is a
// change from a kernel of zeros. Weights that changed side by side are passed together, nine at a time.

import { sourcesOf } from "./lab_pixels.js";

/** @typedef {import("./lab_layout.js").Laid} Laid */
/** @typedef {{data: Float32Array, width: number}} Padded */

const MOST_PRODUCTS = 81 * 512 * 512; // what a change may take; the server answers the others
const MOST_CHANGES = 2000; // float32 sums drift; after so many changed weights they are built anew
const DUST = 1e-12; // of a weight: the server's cosine need not be the browser's in the last digit
const BEYOND = 64; // zeros behind a plane, for reads that a weight of 0 follows

/** One plane with its padding, float32. @returns {Padded} */
export function paddedPlane(/** @type {Float32Array} */ plane, width, height, /** @type {Laid} */ { pads, mode, fill }) {
  const [[top, bottom], [left, right]] = pads;
  const ys = sourcesOf(height, top, bottom, mode);
  const xs = sourcesOf(width, left, right, mode);
  const across = xs.length;
  const data = new Float32Array(ys.length * across + BEYOND);
  ys.forEach((source, y) => {
    const row = data.subarray(y * across, (y + 1) * across);
    if (source < 0) row.fill(fill);
    else {
      row.set(plane.subarray(source * width, (source + 1) * width), left);
      for (let x = 0; x < left; x += 1) row[x] = xs[x] < 0 ? fill : row[left + xs[x]];
      for (let x = left + width; x < across; x += 1) row[x] = xs[x] < 0 ? fill : row[left + xs[x]];
    }
  });
  return { data, width: across };
}

/**
 * Add to one map what three runs of three neighbouring taps see of a padded plane.
 * @param {Float32Array} sums @param {number} start  of the map @param {Laid} laid @param {Padded} plane
 * @param {{at: Int32Array, by: Float64Array}} nine  where in the plane each run meets the first output; nine numbers
 */
function addNine(sums, start, { out: [rows, cols], stride: [down, right], dilation: [, apart] }, { data, width }, { at, by }) {
  for (let i = 0; i < rows; i += 1) {
    const first = i * down * width;
    const from = start + i * cols;
    if (right > 1) addStrided(sums, from, from + cols, data, first, right, apart, at, by);
    else for (let phase = 0; phase < apart; phase += 1) addSliding(sums, from + phase, from + cols, data, first + phase, apart, at, by);
  }
}

function addStrided(sums, from, end, data, first, right, apart, [p, q, r], by) {
  const a0 = by[0], a1 = by[1], a2 = by[2], b0 = by[3], b1 = by[4], b2 = by[5], c0 = by[6], c1 = by[7], c2 = by[8];
  for (let to = from, f = first; to < end; to += 1, f += right) {
    sums[to] += a0 * data[f + p] + a1 * data[f + p + apart] + a2 * data[f + p + 2 * apart]
      + b0 * data[f + q] + b1 * data[f + q + apart] + b2 * data[f + q + 2 * apart]
      + c0 * data[f + r] + c1 * data[f + r + apart] + c2 * data[f + r + 2 * apart];
  }
}

/** With stride 1 the output `apart` further on reads two of three numbers again: they stay in registers. */
function addSliding(sums, from, end, data, first, apart, [p, q, r], by) {
  const a0 = by[0], a1 = by[1], a2 = by[2], b0 = by[3], b1 = by[4], b2 = by[5], c0 = by[6], c1 = by[7], c2 = by[8];
  let x0 = data[first + p], y0 = data[first + q], z0 = data[first + r];
  let x1 = data[first + p + apart], y1 = data[first + q + apart], z1 = data[first + r + apart];
  for (let to = from, f = first + 2 * apart; to < end; to += apart, f += apart) {
    const x2 = data[f + p], y2 = data[f + q], z2 = data[f + r];
    sums[to] += a0 * x0 + a1 * x1 + a2 * x2 + b0 * y0 + b1 * y1 + b2 * y2 + c0 * z0 + c1 * z1 + c2 * z2;
    x0 = x1; x1 = x2; y0 = y1; y1 = y2; z0 = z1; z1 = z2;
  }
}

/** The same for a single tap. */
function addOne(sums, start, /** @type {Laid} */ { out: [rows, cols], stride: [down, right] }, /** @type {Padded} */ { data, width }, at0, by) {
  for (let i = 0; i < rows; i += 1) {
    const end = start + (i + 1) * cols;
    for (let at = end - cols, f = i * down * width + at0; at < end; at += 1, f += right) sums[at] += by * data[f];
  }
}

/** The sums of window times kernel over some planes, kept up to date with a kernel of fixed size. */
export class LinearMaps {
  /** @param {Padded[]} planes  one a map, all of a size @param {Laid} laid */
  constructor(planes, laid) {
    Object.assign(this, { planes, laid });
    this.area = laid.out[0] * laid.out[1];
    this.clear();
  }

  clear() {
    const count = this.laid.rows * this.laid.cols;
    this.sums = new Float32Array(this.area * this.planes.length);
    this.held = new Float64Array(count);
    this.asked = new Float64Array(count);
    this.changes = 0;
  }

  /** Which weights differ from those the sums hold, and how many of them were asked for only now. */
  changed(/** @type {ArrayLike<number>} */ cells) {
    const found = [];
    let fresh = 0;
    for (let k = 0; k < this.held.length; k += 1) {
      if (Math.abs(cells[k] - this.held[k]) > DUST * Math.abs(cells[k])) found.push(k);
      if (cells[k] !== this.asked[k]) fresh += 1;
      this.asked[k] = cells[k];
    }
    return { found, fresh };
  }

  /**
   * Bring the sums up to these weights, reading order; false while that would take too long. Of a large kernel whose
   * weights change one at a time a part is caught up with, so that it can be followed after a few changes.
   */
  follow(/** @type {ArrayLike<number>} */ cells) {
    if (this.changes > MOST_CHANGES) this.clear();
    const { found, fresh } = this.changed(cells);
    const most = Math.floor(MOST_PRODUCTS / (this.area * this.planes.length));
    const now = found.length <= most ? found : fresh <= most / 2 ? found.slice(0, most / 2) : [];
    this.add(now, cells);
    return now.length === found.length;
  }

  /** Add what these weights changed by. */
  add(/** @type {number[]} */ changed, cells) {
    const { rows, cols, dilation, flip } = this.laid;
    const last = rows * cols - 1; // a flip turns the kernel by 180 degrees
    const by = new Float64Array(last + 1);
    const taps = changed.map((k) => {
      by[flip ? last - k : k] = cells[k] - this.held[k];
      this.held[k] = cells[k];
      return flip ? last - k : k;
    }).sort((a, b) => a - b);
    this.changes += changed.length;
    const nines = taps.length < 3 ? [] : runsOfNine(taps, cols, by);
    this.planes.forEach((plane, i) => {
      const place = (tap) => Math.floor(tap / cols) * dilation[0] * plane.width + (tap % cols) * dilation[1];
      const start = i * this.area;
      if (taps.length < 3) for (const tap of taps) addOne(this.sums, start, this.laid, plane, place(tap), by[tap]);
      for (const nine of nines) addNine(this.sums, start, this.laid, plane, { at: nine.taps.map(place), by: nine.by });
    });
  }
}

/**
 * Taps in threes side by side in a row of the kernel, three threes a pass; what fills up has the weight 0.
 * @param {number[]} taps  in order @param {number} cols @param {Float64Array} by  what each tap changed by
 */
function runsOfNine(taps, cols, by) {
  const threes = [];
  let end = -1;
  for (const tap of taps) {
    if (tap < end) continue;
    end = Math.min(tap + 3, (Math.floor(tap / cols) + 1) * cols);
    threes.push({ tap, end });
  }
  return Array.from({ length: Math.ceil(threes.length / 3) }, (_, n) => {
    const nine = { taps: new Int32Array(3), by: new Float64Array(9) };
    threes.slice(3 * n, 3 * n + 3).forEach(({ tap, end: stop }, i) => {
      nine.taps[i] = tap;
      nine.by.set(by.subarray(tap, stop), 3 * i);
    });
    return nine;
  });
}
