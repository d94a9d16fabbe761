// The output size worked out, term by term, as core/arithmetic.py writes it, and what its floor leaves over.

import { planOf, roomOn, visited, windowsOn } from "../shared/windows.js";

/** @typedef {{text: string, role?: string}} Piece  role: a name of the house palette */

/** One axis's formula with today's numbers, in pieces that carry the colour of what they count. @returns {Piece[]} */
export function sizeFormula(/** @type {import("../shared/windows.js").AxisSpec} */ axis, size) {
  const sign = (text) => ({ text });
  return [
    sign("⌊("), { text: String(size), role: "input" }, sign(" + "), { text: String(axis.before), role: "padding" },
    sign(" + "), { text: String(axis.after), role: "padding" }, sign(" − "), { text: String(axis.dilation), role: "dilation" },
    sign("·("), { text: String(axis.kernel), role: "kernel" }, sign("−1) − 1) / "), { text: String(axis.stride), role: "stride" },
    sign("⌋ + 1 = "), { text: String(windowsOn(axis, size)), role: "output" },
  ];
}

/** The same in letters. @returns {Piece[]} */
export function sizeSymbols() {
  const sign = (text) => ({ text });
  return [
    sign("⌊("), { text: "n", role: "input" }, sign(" + "), { text: "p₁", role: "padding" }, sign(" + "),
    { text: "p₂", role: "padding" }, sign(" − "), { text: "d", role: "dilation" }, sign("·("), { text: "k", role: "kernel" },
    sign("−1) − 1) / "), { text: "s", role: "stride" }, sign("⌋ + 1 = "), { text: "o", role: "output" },
  ];
}

/**
 * What the division leaves over on one axis.
 * @returns {{numerator: number, stride: number, quotient: string, floor: number, rest: number, unvisited: number}}
 */
export function leftOver(/** @type {import("../shared/windows.js").Layer} */ layer, which) {
  const axis = layer.axes[which];
  const numerator = roomOn(axis, layer.size[which]);
  const rest = numerator % axis.stride;
  const unvisited = visited(planOf(layer))[which].reduce((sum, met) => sum + 1 - met, 0);
  const quotient = String(Number((numerator / axis.stride).toFixed(3)));
  return { numerator, stride: axis.stride, quotient, floor: Math.floor(numerator / axis.stride), rest, unvisited };
}

/** Pixels of the whole input that no window meets. */
export function unvisitedPixels(/** @type {import("../shared/windows.js").Layer} */ layer) {
  const [rows, columns] = visited(planOf(layer)).map((line) => line.reduce((sum, met) => sum + met, 0));
  return layer.size[0] * layer.size[1] - rows * columns;
}
