// A whole picture pooled within a frame, while a hand is on a slider: the numbers of shared/windows.js, by shorter ways.
// Maximum, mean and norm go first along the rows, then along the columns; kinds that sort count how often each grey level
// is met under a window. What no shorter way is known for goes window by window. Held to PyTorch by a fixture.

import { drawnTap } from "../shared/reduce.js";
import { forward } from "../shared/windows.js";

/** @typedef {import("../shared/windows.js").Plan} Plan */
/** @typedef {import("../shared/windows.js").AxisTable} AxisTable */
/** @typedef {(levels: Levels, layer: import("../shared/windows.js").Layer) => number} Pick */

const LEVELS = 256;
const WORDS = LEVELS / 32;

/** What the layer makes of a plane, row by row. */
export function pooledPlane(/** @type {Plan} */ plan, /** @type {ArrayLike<number>} */ input) {
  if (plan.reduce === "max") return bySides(plan, input, Math.max, -Infinity);
  if (plan.reduce === "mean") return shareOut(plan, bySides(plan, input, add, 0), (count) => 1 / count);
  if (plan.reduce === "lp") return normPlane(plan, input);
  if (plan.reduce === "stochastic") return drawnPlane(plan, input);
  const pick = PICKS[plan.reduce];
  return pick && input instanceof Uint8Array ? byLevels(plan, input, pick) : forward(plan, input, null, 0);
}

const add = (a, b) => a + b;

/** Every window's pixels put together by `join`, an axis at a time: 2k instead of k² a window. */
function bySides(/** @type {Plan} */ { rows, columns }, input, join, start) {
  const along = new Float64Array(rows.size * columns.count).fill(start);
  for (let y = 0; y < rows.size; y += 1) {
    for (let c = 0; c < columns.count; c += 1) {
      let value = start;
      for (let j = 0; j < columns.taps[c]; j += 1) {
        const x = columns.source[c * columns.kernel + j];
        if (x >= 0) value = join(value, input[y * columns.size + x]);
      }
      along[y * columns.count + c] = value;
    }
  }
  const out = new Float64Array(rows.count * columns.count).fill(start);
  for (let r = 0; r < rows.count; r += 1) {
    for (let i = 0; i < rows.taps[r]; i += 1) {
      const y = rows.source[r * rows.kernel + i];
      if (y < 0) continue;
      for (let c = 0; c < columns.count; c += 1) {
        const at = r * columns.count + c;
        out[at] = join(out[at], along[y * columns.count + c]);
      }
    }
  }
  return out;
}

/** Sums times their share; what counts lies in counted rows and counted columns. A window that counts nothing is NaN. */
function shareOut(/** @type {Plan} */ { rows, columns }, sums, /** @type {(count: number) => number} */ shareOf) {
  const [down, across] = [countedOf(rows), countedOf(columns)];
  return sums.map((sum, at) => {
    const count = down[Math.floor(at / columns.count)] * across[at % columns.count];
    return count === 0 ? NaN : sum * shareOf(count);
  });
}

/** How many taps of each window of an axis are counted. */
function countedOf(/** @type {AxisTable} */ { count, kernel, counted }) {
  return Int32Array.from({ length: count }, (_, o) => counted.subarray(o * kernel, (o + 1) * kernel).reduce(add, 0));
}

/** The p-norm; it stands for the whole kernel also where the window is cut off, unless the layer says otherwise. */
function normPlane(/** @type {Plan} */ plan, input) {
  const { norm = 2, wholeNorm } = plan.layer;
  const powers = Float64Array.from(input, (value) => Math.abs(value) ** norm);
  const whole = plan.rows.kernel * plan.columns.kernel;
  const sums = shareOut(plan, bySides(plan, powers, add, 0), (count) => (wholeNorm === false ? 1 : whole / count));
  return sums.map((sum) => sum ** (1 / norm));
}

/**
 * How often each grey level is met under one window, in words of 32 levels: whole words are skipped on the way to a
 * rank. Windows that overlap share most of their pixels, so only what leaves and what enters is counted.
 */
class Levels {
  constructor() {
    this.met = new Int32Array(LEVELS);
    this.marks = new Int32Array(WORDS); // a bit for each level that is met
    this.counts = new Int32Array(WORDS);
    this.sums = new Float64Array(WORDS);
    this.clear();
  }

  /** Count a level `by` times more: 1 for a pixel that enters, −1 for one that leaves. */
  count(level, by) {
    const word = level >> 5;
    this.met[level] += by;
    if (this.met[level] > 0) this.marks[word] |= 1 << (level & 31);
    else this.marks[word] &= ~(1 << (level & 31));
    this.counts[word] += by;
    this.sums[word] += by * level;
    this.total += by;
    this.sum += by * level;
  }

  /** The next level above `level` that is met, or −1; begin with −1. */
  above(level) {
    let word = (level + 1) >> 5;
    let bits = word < WORDS ? this.marks[word] & (-1 << ((level + 1) & 31)) : 0;
    while (bits === 0 && word < WORDS - 1) bits = this.marks[word += 1];
    return bits === 0 ? -1 : word * 32 + 31 - Math.clz32(bits & -bits);
  }

  /** The sum of the `count` smallest. */
  smallest(count) {
    let [sum, left, word] = [0, count, 0];
    while (word < WORDS && this.counts[word] <= left) {
      left -= this.counts[word];
      sum += this.sums[word];
      word += 1;
    }
    for (let level = this.above(word * 32 - 1); left > 0; level = this.above(level)) {
      const taken = Math.min(left, this.met[level]);
      sum += taken * level;
      left -= taken;
    }
    return sum;
  }

  clear() {
    for (const array of [this.met, this.marks, this.counts, this.sums]) array.fill(0);
    [this.total, this.sum] = [0, 0];
  }
}

/** @type {Object<string, Pick>} */
const PICKS = {
  median(levels) {
    const [low, high] = [(levels.total - 1) >> 1, levels.total >> 1];
    return (levels.smallest(high + 1) - levels.smallest(low)) / (high - low + 1);
  },
  k_max(levels, { k }) {
    const taken = Math.min(k, levels.total);
    return (levels.sum - levels.smallest(levels.total - taken)) / taken;
  },
  k_means: largerGroupsMean,
};

/** The mean of the larger of two groups that lie as tightly as they can; of equal groups, of the one with larger values. */
function largerGroupsMean(/** @type {Levels} */ levels) {
  const { total, sum: whole, met, marks } = levels;
  let [best, cut, low, below, sum] = [-Infinity, 0, 0, 0, 0];
  for (let word = 0; word < WORDS; word += 1) {
    for (let bits = marks[word]; bits !== 0; bits &= bits - 1) { // the lowest bit is seen to and goes
      const level = word * 32 + 31 - Math.clz32(bits & -bits);
      below += met[level];
      sum += met[level] * level;
      if (below === total) break;
      const tightness = (sum * sum) / below + ((whole - sum) * (whole - sum)) / (total - below);
      if (tightness > best) [best, cut, low] = [tightness, below, sum];
    }
  }
  return cut > total - cut ? low / cut : (whole - low) / (total - cut); // all alike: no cut, and the mean of all
}

/** Every window by the grey levels it meets; one that meets no pixel is NaN. */
function byLevels(/** @type {Plan} */ { rows, columns, layer }, input, /** @type {Pick} */ pick) {
  const [out, levels, moves] = [new Float64Array(rows.count * columns.count), new Levels(), movesOf(columns)];
  for (let r = 0; r < rows.count; r += 1) {
    const lines = sourcesOf(rows, r).map((y) => y * columns.size);
    levels.clear();
    for (let c = 0; c < columns.count; c += 1) {
      for (const line of lines) {
        for (const x of moves[c].enter) levels.count(input[line + x], 1);
        for (const x of moves[c].leave) levels.count(input[line + x], -1);
      }
      out[r * columns.count + c] = levels.total ? pick(levels, layer) : NaN;
    }
  }
  return out;
}

/** The pixels of an axis that window `o` reads. */
function sourcesOf(/** @type {AxisTable} */ { kernel, source, taps }, o) {
  return Array.from(source.subarray(o * kernel, o * kernel + taps[o])).filter((at) => at >= 0);
}

/** What each window of an axis reads that the one before it did not, and the other way round. */
function movesOf(/** @type {AxisTable} */ table) {
  const read = Array.from({ length: table.count }, (_, o) => sourcesOf(table, o));
  const without = (one, other) => one.filter((at) => !other.includes(at));
  return read.map((now, o) => ({ enter: without(now, read[o - 1] ?? []), leave: without(read[o - 1] ?? [], now) }));
}

/** Stochastic pooling: a pixel drawn from each window, or each weighed by its chance. */
function drawnPlane(/** @type {Plan} */ { rows, columns, draws }, input) {
  const [down, across] = [rows, columns].map((table) => Array.from({ length: table.count }, (_, o) => sourcesOf(table, o)));
  const room = { values: new Float64Array(rows.kernel * columns.kernel), chance: new Float64Array(rows.kernel * columns.kernel) };
  return Float64Array.from({ length: rows.count * columns.count }, (_, at) => {
    const n = gatherPixels(room.values, input, columns.size, down[Math.floor(at / columns.count)], across[at % columns.count]);
    const chance = chancesOf(room, n);
    if (n === 0) return NaN;
    if (draws) return room.values[drawnTap(chance, draws[at])];
    let sum = 0;
    for (let i = 0; i < n; i += 1) sum += chance[i] * room.values[i];
    return sum;
  });
}

function gatherPixels(values, input, width, /** @type {number[]} */ lines, /** @type {number[]} */ places) {
  let n = 0;
  for (const y of lines) for (const x of places) values[n++] = input[y * width + x];
  return n;
}

/** Each positive value as a part of their sum; all pixels alike where none is positive. */
function chancesOf({ values, chance }, n) {
  let total = 0;
  for (let i = 0; i < n; i += 1) total += chance[i] = Math.max(0, values[i]);
  for (let i = 0; i < n; i += 1) chance[i] = total > 0 ? chance[i] / total : 1 / n;
  return n === chance.length ? chance : chance.subarray(0, n);
}
