// The convolution as the step player takes it: its settings, its kernel in the middle, its words. Another operation
// (pool_player/pooling.js) gives the same things and gets the same player.

import { numberText, typedNumber } from "../shared/numbers.js";
import { isPossible } from "../shared/windows.js";
import { BiasKnob, isUniform, PaddingWords, turnedWith } from "./controls.js";
import { setAttribute, setHidden, setOptions, setText, setValue } from "./dom.js";
import { wireKernel } from "./kernel.js";
import { CONVOLUTION_MODEL, isPointSymmetric, layerOf, presetPadding, sidesOf, sparedKernel } from "./model.js";
import { floorSentence, formulaWords, headings, noteOn } from "./notes.js";
import { largestOf } from "./stage.js";

/**
 * @typedef {{
 *   model: import("./model.js").Model, knobs: string[],
 *   weightsOf: (scene: any) => Float64Array | null, biasOf: (scene: any) => number,
 *   adopted: (scene: any) => any, turnedWith: (scene: any, name: string, which: number, value: number, word: string) => any,
 *   limits: (scene: any, worked: any) => {input: number, output: number, grey: number, outputGrey?: number},
 *   tint: (player: any, name: string, grid: any) => void, wire: (player: any) => void,
 *   holds: (player: any, target: any) => boolean, writeTexts: (player: any) => void, writeSettings: (player: any) => void,
 *   hideable: (player: any, knob: (name: string) => any) => Object<string, any[]>,
 *   headings: (scene: any, plan: any, texts: any) => {input: string, kernel: string, output: string},
 *   formula: (player: any) => any[], leftOver: (player: any) => string, note: (player: any) => string,
 *   showMiddle: (player: any) => void, markMiddle: (player: any, used: number[]) => void,
 *   tables: (player: any) => [number, number, (row: number, column: number) => number | null], leave: (player: any) => void
 * }} Operation
 *   adopted: the scene with what the browser keeps beside it; limits: where the grids' colour scales end, and the values
 *   that are white in a picture and in its output (0: none); holds: whether an element keeps the pointer while it is pressed;
 *   showMiddle, markMiddle, tables: the grid between input and output, the parts of it in use, and it as a table
 */

/** @type {Operation} */
export const CONVOLUTION = {
  model: CONVOLUTION_MODEL,
  knobs: ["size", "kernel", "stride", "padding", "dilation"],
  weightsOf: (scene) => Float64Array.from(scene.kernel.flat()),
  biasOf: (scene) => scene.bias,
  adopted: (scene) => ({ ...scene, spare: sparedKernel(scene.kernel, null) }),
  turnedWith,
  limits: (scene, { output }) => ({ input: 0, output: largestOf(output), grey: greyOf(scene) }),
  tint: tintInput,
  wire: wireConvolution,
  holds: (player, target) => player.parts.kernelHolder.contains(target),
  writeTexts: writeConvolutionTexts,
  writeSettings: writeConvolutionSettings,
  hideable: ({ parts, root }, knob) => ({
    kernel: [root.querySelector(".preset")], flip: [root.querySelector(".flip")], bias: [knob("bias")],
    padding: [knob("padding"), root.querySelector(".padding-more")],
  }),
  headings,
  formula: ({ worked, texts }) => formulaWords(worked.plan.layer, texts),
  leftOver: ({ worked, texts }) => floorSentence(worked.plan.layer, texts),
  note: ({ touched, scene, worked, texts }) => noteOn(touched, scene, worked.plan, texts),
  showMiddle: showKernel,
  markMiddle: markKernel,
  tables: ({ scene }) => [...sidesOf(scene.kernel), (row, column) => scene.kernel[row][column]],
  leave: ({ kernelGrid }) => kernelGrid.destroy(),
};

/** The value that is white where the input is a piece of a picture, else 0. */
export function greyOf(scene) {
  return scene.source === "picture" ? (scene.unit ? 1 : 255) : 0;
}

/** Numbers are enough where they can be read; where they cannot, the input's cells are coloured like the output's. */
function tintInput(player, name, grid) {
  grid.ready();
  if (name === "input" && !grid.content.grey) grid.content.limit = grid.type ? 0 : largestOf(player.worked.input);
}

function wireConvolution(player) {
  const { parts, root } = player;
  const on = {
    touched: (name) => { player.touched = name; },
    bias: (bias) => player.change({ ...player.scene, bias }, "bias"),
  };
  wireKernel(player);
  player.biasKnob = new BiasKnob(root.querySelector("[data-knob=bias]"), on);
  player.paddingWords = new PaddingWords(parts.words, (word) => {
    const padding = presetPadding(player.scene, word);
    if (!padding) return;
    player.word = word;
    player.linked.padding = isUniform(padding);
    player.change({ ...player.scene, padding }, "padding");
  });
  parts.mode.onchange = () => {
    const next = { ...player.scene, mode: parts.mode.value };
    // A mode that cannot show so much padding gets as much as it can.
    const cut = isPossible(layerOf(next)) ? next : { ...next, padding: next.padding.map((p, i) => Math.min(p, next.size[i >> 1] - (next.mode === "reflect" ? 1 : 0))) };
    if (isPossible(layerOf(cut))) player.change(cut, "padding");
    else parts.mode.value = player.scene.mode;
  };
  parts.fillField.oninput = () => {
    const fill = typedNumber(parts.fillField.value);
    setAttribute(parts.fillField, "aria-invalid", Math.abs(fill) <= 999 ? null : "true");
    if (Math.abs(fill) <= 999) player.change({ ...player.scene, fill }, "padding");
  };
  parts.fillField.onblur = () => { setAttribute(parts.fillField, "aria-invalid", null); parts.fillField.value = numberText(player.scene.fill, 7); };
}

function writeConvolutionTexts({ parts, texts, header }) {
  setOptions(parts.mode, header.modes.map((name) => [name, texts[`mode_${name}`]]));
  setOptions(parts.preset, [["", texts.kernel_own], ...header.kernels.map((k) => [k.id, texts[`kernel_${k.id}`]])]);
  for (const [part, key] of [["mode", "mode"], ["fillField", "fill"], ["preset", "preset"]]) setAttribute(parts[part], "aria-label", texts[key]);
  for (const [part, key] of [["flipLabel", "flip"], ["presetLabel", "preset"], ["modeLabel", "mode"]]) setText(parts[part], texts[key]);
  parts.flip.parentElement.title = texts.flip_why;
}

function writeConvolutionSettings(player) {
  const { parts, texts, scene, header } = player;
  player.biasKnob.show(scene, texts);
  player.paddingWords.show(scene, texts);
  setValue(parts.mode, scene.mode);
  setHidden(parts.fill, scene.mode !== "constant");
  if (!player.isHeld(parts.fillField)) setValue(parts.fillField, numberText(scene.fill, 7));
  const own = JSON.stringify(scene.kernel);
  setValue(parts.preset, header.kernels.find((k) => k.rows && JSON.stringify(k.rows) === own)?.id ?? "");
  if (parts.flip.checked !== scene.flip) parts.flip.checked = scene.flip;
  setHidden(parts.agree, !isPointSymmetric(scene.kernel));
  setText(parts.agree, texts.agree);
}

/** The kernel as the window uses it: turned round when it is flipped. */
function showKernel(player) {
  const { scene } = player;
  const [rows, cols] = sidesOf(scene.kernel);
  const cells = scene.kernel.flat();
  const room = player.kernelRoom ?? 150;
  const cell = Math.min(player.largestCell ?? 44, Math.floor(room / Math.max(rows, cols)));
  Object.assign(player.parts.kernelHolder.style, { width: `${cell * cols + 1}px`, height: `${cell * rows + 1}px` });
  const look = JSON.stringify([cells, rows, cell, scene.flip, player.dark, player.texts.weight_name]);
  if (look === player.kernelLook) return;
  player.kernelLook = look;
  const step = cells.every(Number.isInteger) ? 1 : 0.1;
  player.kernelGrid.show({ rows, cols, cells: scene.flip ? cells.reverse() : cells, step, dark: player.dark });
}

/** Light up the weights in use, where they stand in the kernel as it is shown. */
function markKernel(player, weights) {
  const last = player.worked.weights.length - 1;
  const used = new Set(weights.map((at) => (player.scene.flip ? last - at : at)));
  player.kernelGrid.cells?.forEach((cell, i) => {
    cell.classList.toggle("used", used.has(i) && player.focus.kind === "x");
    cell.classList.toggle("tap", used.has(i) && player.focus.kind !== "x");
  });
}
