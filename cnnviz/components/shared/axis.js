// One axis worked out in the browser: what core/arithmetic.py and core/padding_schemes.py say, held to them by fixtures.
// Where a window lies comes from windows.js alone.

import { effectiveSize, planOf, roomOn, spanOfWindow, windowsOn } from "./windows.js";

/**
 * @typedef {import("./windows.js").AxisSpec} AxisSpec
 * @typedef {{name: string | null, text: string, letter: string}} Term  name null: the signs between
 */

/** The axis `which` (0 rows, 1 columns) of the page's scene. @returns {AxisSpec} */
export function axisOf(scene, which) {
  const [kernel, stride, dilation] = [scene.kernel[which], scene.stride[which], scene.dilation[which]];
  return { kernel, stride, dilation, before: scene.pad[2 * which], after: scene.pad[2 * which + 1] };
}

/** How the last window is treated: only pooling can round up. */
export function roundingOf(/** @type {string} */ op) {
  return op === "ceil" ? "ceil" : "floor";
}

/** The table of one axis's windows: count, and for each tap its position and the pixel it reads. */
export function axisPlan(/** @type {AxisSpec} */ axis, size, rounding = "floor", mode = "zeros") {
  const one = { kernel: 1, stride: 1, dilation: 1, before: 0, after: 0 };
  return planOf({ size: [1, size], axes: [one, axis], rounding, mode }).columns;
}

/** How often the windows of an axis use each of its pixels. */
export function usageOn(/** @type {AxisSpec} */ axis, size, rounding = "floor", mode = "zeros") {
  const used = new Int32Array(size);
  for (const source of axisPlan(axis, size, rounding, mode).source) if (source >= 0 && source < size) used[source] += 1;
  return used;
}

/** How many pixels of an axis any window reads: counted quickly, for hundreds of axes in a frame. */
export function pixelsRead(/** @type {AxisSpec} */ axis, size, rounding = "floor") {
  const met = new Uint8Array(size);
  const windows = windowsOn(axis, size, rounding);
  for (let o = 0; o < windows; o += 1) {
    const { start, taps, apart } = spanOfWindow(axis, size, o);
    for (let k = 0, p = start; k < taps; k += 1, p += apart) if (p >= 0 && p < size) met[p] = 1;
  }
  return met.reduce((sum, one) => sum + one, 0);
}

/**
 * How the size of an output axis comes about, term by term.
 * @returns {{terms: Term[], fits: boolean, numerator: number, quotient: number, remainder: number, floor: number,
 *   ceil: number, output: number, clipped: boolean, unvisited: number}}
 */
export function derivationOf(/** @type {AxisSpec} */ axis, size, rounding = "floor") {
  const numerator = roomOn(axis, size);
  const quotient = numerator / axis.stride;
  const output = windowsOn(axis, size, rounding);
  const rounds = rounding === "floor" ? Math.floor(quotient) : Math.ceil(quotient);
  const clipped = output < rounds + 1;
  const fits = output >= 1;
  return {
    terms: windowTerms(axis, size, rounding, clipped, fits ? String(output) : "?"),
    fits, numerator, quotient, output, clipped,
    remainder: ((numerator % axis.stride) + axis.stride) % axis.stride,
    floor: Math.floor(quotient), ceil: Math.ceil(quotient) + 0,
    get unvisited() { // counted only where it is asked for: lists of formulas do not
      return fits ? size - pixelsRead(axis, size, rounding) : size;
    },
  };
}

function windowTerms(axis, size, rounding, clipped, output) {
  const [left, right] = rounding === "floor" ? ["⌊", "⌋"] : ["⌈", "⌉"];
  const sign = (text) => ({ name: null, text, letter: text });
  const number = (name, value, letter) => ({ name, text: String(value), letter });
  return [
    sign(`${left}(`), number("size", size, "n"), sign(" + "), number("before", axis.before, "p₁"), sign(" + "),
    number("after", axis.after, "p₂"), sign(" − "), number("dilation", axis.dilation, "d"), sign("·("),
    number("kernel_size", axis.kernel, "k"), sign("−1) − 1) / "), number("stride", axis.stride, "s"),
    sign(`${right} + ${clipped ? "1 − 1" : "1"} = `), number("output", output, "o"),
  ];
}

export const SCHEMES = ["valid", "same", "same_upper", "same_lower", "full"];

/** The padding [before, after] a word means: core/padding.py's `parse` and `resolve`. */
export function schemePadding(/** @type {string} */ name, /** @type {AxisSpec} */ axis, size) {
  const reach = effectiveSize(axis) - 1;
  if (name === "valid") return [0, 0];
  if (name === "full") return [reach, reach];
  if (name === "same") return [Math.floor(reach / 2), Math.ceil(reach / 2)];
  const needed = Math.max(0, (Math.ceil(size / axis.stride) - 1) * axis.stride + reach + 1 - size);
  const [small, large] = [Math.floor(needed / 2), Math.ceil(needed / 2)];
  return name === "same_upper" ? [small, large] : [large, small];
}

/**
 * What one way to pad makes of the input: output size (0: no window fits), pixels dropped, positions invented.
 * @returns {{name: string, padding: number[], output: number, dropped: number[], invented: number[], refused: boolean}}
 */
export function schemeOf(/** @type {string} */ name, /** @type {AxisSpec} */ axis, size) {
  const padding = name === "custom" ? [axis.before, axis.after] : schemePadding(name, axis, size);
  const plan = axisPlan({ ...axis, before: padding[0], after: padding[1] }, size);
  const read = new Set(plan.position);
  const dropped = Array.from({ length: size }, (_, i) => i).filter((i) => !read.has(i));
  const invented = [...read].filter((p) => p < 0 || p >= size).sort((a, b) => a - b);
  return { name, padding, output: plan.count, dropped, invented, refused: name === "same" && axis.stride > 1 };
}

/**
 * A strip ready to be drawn: positions `from` to `to` (excluded), which pixels no window reads, where windows begin.
 * `ghost` is where the window would begin that rounding down leaves out, or the first one where none fits.
 * @typedef {{size: number, axis: AxisSpec, from: number, to: number, dropped: Set<number>, starts: number[], ghost: number | null}} Strip
 * @returns {Strip}
 */
export function stripOf(/** @type {AxisSpec} */ axis, size, rounding = "floor") {
  const plan = axisPlan(axis, size, rounding);
  const used = usageOn(axis, size, rounding);
  const starts = Array.from({ length: plan.count }, (_, o) => plan.position[o * axis.kernel]);
  const end = plan.count ? starts[plan.count - 1] + effectiveSize(axis) : effectiveSize(axis) - axis.before;
  const dropped = new Set(Array.from(used, (n, i) => (n === 0 && plan.count ? i : -1)).filter((i) => i >= 0));
  const { remainder, fits } = derivationOf(axis, size, rounding);
  const left = fits ? starts[plan.count - 1] + axis.stride : 0 - axis.before; // where the first one stands that does not fit
  const ghost = !fits || (remainder > 0 && rounding === "floor") ? left : null;
  const ghostEnd = ghost === null ? 0 : ghost + effectiveSize(axis);
  return { size, axis, from: 0 - axis.before, to: Math.max(size + axis.after, end, ghostEnd), dropped, starts, ghost };
}
