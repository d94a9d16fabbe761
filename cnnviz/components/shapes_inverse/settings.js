// The output-size formula backwards in the browser: core/inverse.py within the page's bounds, held to it by a fixture.

import { pixelsRead } from "../shared/axis.js";
import { roomOn, windowsOn } from "../shared/windows.js";

/**
 * One answer: what is left over after the last whole stride, and how many pixels no window reads.
 * @typedef {{kernel: number, stride: number, before: number, after: number, dilation: number, rest: number, unread: number}} Setting
 */

/** The paddings (before, after) that are tried: alike on both sides, or one cell more after. */
function triedPairs(/** @type {number} */ most) {
  const even = Array.from({ length: most + 1 }, (_, p) => [p, p]);
  return [...even, ...even.slice(0, -1).map(([p]) => [p, p + 1])];
}

/**
 * Every setting within the bounds that makes `wanted` from `size`, plain ones first.
 * @param {{kernel: number, stride: number, pad: number, dilation: number}} bounds
 * @returns {Setting[]}
 */
export function settingsFor(/** @type {number} */ size, /** @type {number} */ wanted, /** @type {string} */ op, bounds) {
  const rounding = op === "ceil" ? "ceil" : "floor";
  const found = [];
  for (let kernel = 1; kernel <= bounds.kernel; kernel += 1) {
    const pairs = triedPairs(bounds.pad).filter(([, after]) => op === "conv" || after <= kernel >> 1);
    for (let dilation = 1; dilation <= (kernel === 1 ? 1 : bounds.dilation); dilation += 1) { // one tap has no holes
      for (let stride = 1; stride <= bounds.stride; stride += 1) {
        for (const [before, after] of pairs) {
          const axis = { kernel, stride, before, after, dilation };
          if (windowsOn(axis, size, rounding) !== wanted) continue;
          found.push({ ...axis, rest: ((roomOn(axis, size) % stride) + stride) % stride, unread: size - pixelsRead(axis, size, rounding) });
        }
      }
    }
  }
  return found.sort(byPlainness);
}

/** No dilation, small stride, nothing left over, equal sides: each before the next. */
function byPlainness(/** @type {Setting} */ a, /** @type {Setting} */ b) {
  const key = (one) => [one.dilation, one.stride, Number(one.rest > 0), Number(one.before !== one.after), one.kernel, one.before];
  const [mine, theirs] = [key(a), key(b)];
  const at = mine.findIndex((value, i) => value !== theirs[i]);
  return at < 0 ? 0 : mine[at] - theirs[at];
}
