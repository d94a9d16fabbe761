// What a pooling window becomes, in the browser: core/pooling.py and core/pool_kinds.py, held to them by fixtures.
// Every kind gives each tap its weight and its product, and the window its result; padding has a weight only where a
// mean counts it.

/**
 * @typedef {{values: Float64Array, inside: Uint8Array, counted: Uint8Array, weights: Float64Array,
 *   products: Float64Array}} Room  the taps of one window: filled for one after the other
 */

/** Room for windows of up to `most` taps. @returns {Room} */
export function gatherRoom(most) {
  return {
    values: new Float64Array(most), inside: new Uint8Array(most), counted: new Uint8Array(most),
    weights: new Float64Array(most), products: new Float64Array(most),
  };
}

/**
 * Weigh the first `n` taps of `room` and return what the window becomes; `number` is the output's place.
 * @param {import("./windows.js").Plan} plan @param {Room} room
 */
export function weighWindow({ reduce, layer, draws }, room, n, number) {
  if (reduce === "max") return largestTap(room, n);
  if (reduce === "mean") return weighted(room, n, () => 1, (value) => value);
  if (reduce === "lp") return normOf(room, n, layer);
  room.weights.fill(0, 0, n);
  const pixels = insideTaps(room, n);
  if (pixels.length) SHARES[reduce](room, pixels, layer, draws ? draws[number] : null, n);
  else room.weights.fill(NaN, 0, n);
  let sum = 0;
  for (let i = 0; i < n; i++) sum += room.products[i] = room.weights[i] * room.values[i];
  return sum;
}

function largestTap(/** @type {Room} */ { values, weights, products }, n) {
  let most = -Infinity;
  for (let i = 0; i < n; i++) {
    weights[i] = NaN;
    products[i] = values[i];
    most = Math.max(most, values[i]);
  }
  return most;
}

/** The counted taps' numbers, each times `scale` over how many they are, added up; a window without any is NaN. */
function weighted(/** @type {Room} */ { values, counted, weights, products }, n, scaleOf, power) {
  let count = 0;
  for (let i = 0; i < n; i++) count += counted[i];
  const share = count === 0 ? NaN : scaleOf(count) / count;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    weights[i] = counted[i] || count === 0 ? share : 0;
    products[i] = weights[i] * power(values[i]);
    sum += products[i];
  }
  return sum;
}

/** The p-norm; it stands for the whole kernel also where the window is cut off, unless the layer says otherwise. */
function normOf(/** @type {Room} */ room, n, { norm = 2, wholeNorm }) {
  const whole = room.values.length;
  return weighted(room, n, (count) => (wholeNorm === false ? count : whole), (value) => Math.abs(value) ** norm) ** (1 / norm);
}

/** The pixels of a window, in reading order. */
function insideTaps(/** @type {Room} */ { inside }, n) {
  const taps = [];
  for (let i = 0; i < n; i++) if (inside[i]) taps.push(i);
  return taps;
}

/** Taps smallest first; equals stay in reading order. */
function sortedTaps(/** @type {Room} */ { values }, /** @type {number[]} */ taps) {
  return taps.sort((a, b) => values[a] - values[b] || a - b);
}

/** The share of each tap, by the kinds that pick or weigh pixels. */
const SHARES = {
  median(room, pixels) {
    const [{ weights }, order] = [room, sortedTaps(room, pixels)];
    weights[order[(order.length - 1) >> 1]] += 0.5;
    weights[order[order.length >> 1]] += 0.5;
  },
  k_max(room, pixels, { k }) {
    const taken = sortedTaps(room, pixels).slice(-Math.min(k, pixels.length));
    for (const i of taken) room.weights[i] = 1 / taken.length;
  },
  stochastic(room, pixels, layer, draw, n) {
    const chance = chances(room, pixels.length, n);
    if (draw === null) room.weights.set(chance);
    else room.weights[drawnTap(chance, draw)] = 1;
  },
  k_means(room, pixels) {
    const [{ values, weights }, order] = [room, sortedTaps(room, pixels)];
    const members = largerGroup(order.map((i) => values[i]));
    for (let at = members[0]; at < members[1]; at++) weights[order[at]] = 1 / (members[1] - members[0]);
  },
};

/** Each positive value as a part of their sum; all pixels alike where none is positive. */
function chances(/** @type {Room} */ { values, inside }, pixels, n) {
  const chance = new Float64Array(n);
  let total = 0;
  for (let i = 0; i < n; i++) total += chance[i] = inside[i] ? Math.max(0, values[i]) : 0;
  for (let i = 0; i < n; i++) chance[i] = total > 0 ? chance[i] / total : inside[i] / pixels;
  return chance;
}

/** The tap a number of [0, 1) falls on. */
export function drawnTap(/** @type {Float64Array} */ chance, draw) {
  let total = 0;
  for (let i = 0; i < chance.length; i++) total += chance[i];
  let [passed, sum, last] = [0, 0, 0];
  for (let i = 0; i < chance.length; i++) {
    sum += chance[i];
    if (sum <= draw * total) passed += 1;
    if (chance[i] > 0) last = i;
  }
  return Math.min(passed, last);
}

/**
 * The larger of two groups that lie as tightly as they can, as [first, past the last] of sorted numbers: one cut. Of
 * equal groups the one with larger values.
 */
export function largerGroup(/** @type {number[]} */ sorted) {
  const count = sorted.length;
  if (count === 1) return [0, 1];
  const whole = sorted.reduce((sum, v) => sum + v, 0);
  let [best, cut, sum] = [-Infinity, 1, 0];
  for (let below = 1; below < count; below++) {
    sum += sorted[below - 1];
    const tightness = sum ** 2 / below + (whole - sum) ** 2 / (count - below);
    if (tightness > best) [best, cut] = [tightness, below];
  }
  return cut > count - cut ? [0, cut] : [cut, count];
}
