// What the step player is set to, as values: a scene (core/scenes/convolution.py) goes in, numbers and limits come out.
// What an operation's settings are is told by a Model; the limits of all of them are found in the same way.
// Limits are found by trying: a setting may be reached exactly when the layer it makes has an output.

import { isPossible } from "../shared/windows.js";
import { patternValues, pieceValues } from "./patterns.js";

/**
 * @typedef {Object<string, any>} SceneState  the fields of ConvolutionScene, or of another page's scene with a player
 * @typedef {{
 *   least: Object<string, number>, largest: Object<string, number>,
 *   layerOf: (scene: SceneState) => import("../shared/windows.js").Layer,
 *   valuesOf: (scene: SceneState, name: string) => number[],
 *   withValue: (scene: SceneState, name: string, which: number, value: number) => SceneState
 * }} Model  least and largest by a setting's name; valuesOf: two for rows and columns, four for sides; withValue:
 *   changed on one of them, or on all (`which` -1), not checked
 */

export const LARGEST = { size: 32, kernel: 11, stride: 8, padding: 12, dilation: 8 };
const LEAST = { size: 1, kernel: 1, stride: 1, padding: 0, dilation: 1 };
const KERNEL_ROOM = LARGEST.kernel;

/** The rows and columns of a matrix. */
export function sidesOf(/** @type {number[][]} */ matrix) {
  return [matrix.length, matrix[0].length];
}

/** The input's numbers, row by row; `grey` is the picture a piece is taken from, once it is there. */
export function inputOf(/** @type {SceneState} */ scene, grey) {
  const [rows, columns] = scene.size;
  if (scene.source === "hand") return Float64Array.from(scene.cells.flat());
  if (scene.source !== "picture") return patternValues(scene.source, rows, columns, scene.seed);
  return grey ? pieceValues(grey, scene.piece, scene.every, rows, columns, scene.unit) : new Float64Array(rows * columns);
}

/** @returns {import("../shared/windows.js").Layer} */
export function layerOf(/** @type {SceneState} */ scene) {
  const kernel = sidesOf(scene.kernel);
  const axes = [0, 1].map((a) => ({
    kernel: kernel[a], stride: scene.stride[a], dilation: scene.dilation[a],
    before: scene.padding[2 * a], after: scene.padding[2 * a + 1],
  }));
  const fill = scene.mode === "constant" ? scene.fill : 0;
  return { size: scene.size, axes, mode: scene.mode, fill, flip: scene.flip, reduce: "sum" };
}

/** The values of a setting: two for rows and columns, four for the sides of the padding. */
export function valuesOf(/** @type {SceneState} */ scene, name) {
  return name === "kernel" ? sidesOf(scene.kernel) : scene[name];
}

/** The scene with a setting changed on one axis or side, or on all (`which` -1); not checked. */
export function withValue(/** @type {SceneState} */ scene, name, which, value) {
  const values = valuesOf(scene, name).map((old, i) => (which === -1 || which === i ? value : old));
  if (name === "kernel") return { ...scene, kernel: resizedKernel(scene.kernel, values[0], values[1], scene.spare) };
  const next = { ...scene, [name]: values };
  if (name === "size" && scene.source === "hand") next.cells = resizedCells(scene.cells, values[0], values[1]);
  return next;
}

/** @type {Model} */
export const CONVOLUTION_MODEL = { least: LEAST, largest: LARGEST, layerOf, valuesOf, withValue };

/** The lowest and highest value a setting can reach from where it is, without passing an impossible one. */
export function limitsOf(/** @type {Model} */ model, /** @type {SceneState} */ scene, name, which) {
  const possible = (value) => isPossible(model.layerOf(model.withValue(scene, name, which, value)));
  const now = model.valuesOf(scene, name)[Math.max(0, which)];
  let [low, high] = [now, now];
  while (low > model.least[name] && possible(low - 1)) low--;
  while (high < model.largest[name] && possible(high + 1)) high++;
  return [low, high];
}

/** The scene with a setting turned to `value`, or as near to it as can be reached. */
export function turned(/** @type {Model} */ model, /** @type {SceneState} */ scene, name, which, value) {
  const [low, high] = limitsOf(model, scene, name, which);
  const next = model.withValue(scene, name, which, Math.max(low, Math.min(high, Math.round(value))));
  return isPossible(model.layerOf(next)) ? next : scene;
}

/** The padding a word stands for, or null where it cannot be reached. "same" is torch's: the odd cell goes after. */
export function presetPadding(/** @type {SceneState} */ scene, word) {
  const padding = sidesOf(scene.kernel).flatMap((k, a) => {
    const reach = scene.dilation[a] * (k - 1);
    const before = { valid: 0, same: Math.floor(reach / 2), full: reach }[word];
    return [before, word === "same" ? reach - before : before];
  });
  const fits = padding.every((p) => p <= LARGEST.padding) && isPossible(layerOf({ ...scene, padding }));
  return fits ? padding : null;
}

/**
 * A kernel of another size. Its middle stays; a kernel of equal weights stays one (a mean stays a mean); weights that
 * come back after shrinking are the old ones, because `spare` keeps them.
 */
export function resizedKernel(/** @type {number[][]} */ kernel, rows, columns, spare) {
  const [oldRows, oldColumns] = sidesOf(kernel);
  const all = kernel.flat();
  if (all.every((w) => w === all[0]) && all.length > 1) {
    const mean = Math.abs(all[0] * all.length - 1) < 1e-5;
    return filled(rows, columns, () => (mean ? 1 / (rows * columns) : all[0]));
  }
  const [top, left] = [shiftOf(rows) - shiftOf(oldRows), shiftOf(columns) - shiftOf(oldColumns)];
  return filled(rows, columns, (r, c) => kernel[r + top]?.[c + left]
    ?? spare?.[r + shiftOf(rows)]?.[c + shiftOf(columns)] ?? 0);
}

/** The kernel laid into the room of the largest, over what was there. */
export function sparedKernel(/** @type {number[][]} */ kernel, spare) {
  const [rows, columns] = sidesOf(kernel);
  return filled(KERNEL_ROOM, KERNEL_ROOM, (r, c) => kernel[r - shiftOf(rows)]?.[c - shiftOf(columns)] ?? spare?.[r]?.[c] ?? 0);
}

/** Where a kernel of this side starts in the room of the largest: middles lie on one another, even ones one before. */
function shiftOf(side) {
  return Math.floor((KERNEL_ROOM - side) / 2);
}

function filled(rows, columns, cell) {
  return Array.from({ length: rows }, (_, r) => Array.from({ length: columns }, (__, c) => cell(r, c)));
}

export function resizedCells(cells, rows, columns) {
  return filled(rows, columns, (r, c) => cells[r]?.[c] ?? 0);
}

/** The scene with one weight changed. */
export function withWeight(/** @type {SceneState} */ scene, row, column, value) {
  return { ...scene, kernel: scene.kernel.map((line, r) => (r === row ? line.map((w, c) => (c === column ? value : w)) : line)) };
}

/** The scene with one input cell changed: from then on the input is painted by hand. */
export function withCell(/** @type {SceneState} */ scene, row, column, value, grey) {
  const values = inputOf(scene, grey);
  const [rows, columns] = scene.size;
  const cells = filled(rows, columns, (r, c) => (r === row && c === column ? value : values[r * columns + c]));
  return { ...scene, source: "hand", cells };
}

/** Whether turning the kernel by 180 degrees leaves it as it is. */
export function isPointSymmetric(/** @type {number[][]} */ kernel) {
  const all = kernel.flat();
  return all.every((w, i) => w === all[all.length - 1 - i]);
}
