// A chain of layers worked out in the browser: core/chain.py and core/cost.py for the layers this page has, held to them
// by fixtures. Where a window lies is the formula's business (shared/axis.js).

import { derivationOf } from "../shared/axis.js";
import { fillText } from "../shared/numbers.js";
import { effectiveSize } from "../shared/windows.js";

/**
 * A layer as data. `needs`: the channels or features it was made for; `size`: what an adaptive pooling makes.
 * @typedef {{name: string, kind: string, out?: number, k?: number, s?: number, p?: number, d?: number, needs?: number,
 *   size?: number}} LayerData
 * @typedef {{number: number, name: string, kind: string, layer: LayerData, arrives: number[], shape: number[],
 *   formula: string, unvisited: number, parameters: number, macs: bigint, bytes: number}} ChainStage
 *   shapes are [C, H, W] or [features]; macs can outgrow a float64
 * @typedef {{number: number, name: string, arrives: number[], code: string, values: Object<string, any>}} ChainBreak
 */

const FLOAT = 4; // bytes of a number
const WORDS = { conv: "conv", linear: "fc", global: "global" };

/** The layers of a reader's rows, named by kind and number; the first fully connected one follows a flattening. @returns {LayerData[]} */
export function layersOfRows(/** @type {any[][]} */ rows) {
  const counts = {};
  const made = [];
  for (const [kind, out, k, s, p, d] of rows) {
    if (kind === "linear" && !counts.fc) made.push({ name: "flatten", kind: "flatten" });
    const word = WORDS[kind] ?? "pool";
    counts[word] = (counts[word] ?? 0) + 1;
    const name = `${word}${counts[word]}`;
    if (kind === "conv") made.push({ name, kind, out, k, s, p, d });
    else if (kind === "linear") made.push({ name, kind, out });
    else if (kind === "global") made.push({ name, kind: "global_avg_pool" });
    else made.push({ name, kind: `${kind}_pool`, k, s, p, d });
  }
  return made;
}

/** Whether a layer has windows that slide. */
function slides(/** @type {LayerData} */ { kind, k }) {
  return k !== undefined && (kind === "conv" || kind.endsWith("pool"));
}

/** The axis a sliding layer's windows lie on: both are alike. */
function axisOfLayer(/** @type {LayerData} */ { k, s, p, d }) {
  return { kernel: k, stride: s, dilation: d, before: p, after: p };
}

/** A shape as torch writes it, one picture in the batch. */
function torchShape(/** @type {number[]} */ shape) {
  return `(${[1, ...shape].join(", ")})`;
}

/** The rule a layer breaks with this input, or null. @returns {{code: string, values: Object<string, any>} | null} */
export function brokenRule(/** @type {LayerData} */ layer, /** @type {number[]} */ shape) {
  const wantsPicture = slides(layer) || layer.kind.startsWith("global") || layer.kind.startsWith("adaptive");
  if (wantsPicture && shape.length !== 3) {
    return { code: "layer_axes", values: { kind: layer.kind, shape: torchShape(shape), axes: slides(layer) ? 2 : 1 } };
  }
  if (layer.kind === "conv" && layer.needs && layer.needs !== shape[0]) {
    return { code: "in_channels_differ", values: { channels: shape[0], in_channels: layer.needs } };
  }
  if (layer.kind === "linear" && layer.needs && layer.needs !== shape[0]) {
    return { code: "in_features_differ", values: { shape: torchShape(shape), features: shape[0], in_features: layer.needs } };
  }
  if (!slides(layer) || derivationOf(axisOfLayer(layer), shape[1]).fits) return null;
  const effective = effectiveSize(axisOfLayer(layer));
  return { code: "kernel_exceeds_input", values: { kernel_size: layer.k, effective, dilation: layer.d, padded: shape[1] + 2 * layer.p, axis: 0 } };
}

/** The shape a layer makes of one it can take. @returns {number[]} */
function shapeAfter(/** @type {LayerData} */ layer, shape, output) {
  if (slides(layer)) return [layer.kind === "conv" ? layer.out : shape[0], output, output];
  if (layer.kind === "flatten") return [shape.reduce((a, b) => a * b, 1)];
  if (layer.kind === "linear") return [layer.out];
  if (layer.kind.startsWith("adaptive")) return [shape[0], layer.size, layer.size];
  return layer.kind.startsWith("global") ? [shape[0], 1, 1] : shape;
}

const weightsOf = ({ kind, k, out }, shape) => (kind === "conv" ? k * k * shape[0] * out : kind === "linear" ? shape[0] * out : 0);

/** One layer at work. @returns {ChainStage} */
function stageOf(/** @type {LayerData} */ layer, number, arrives) {
  const found = slides(layer) ? derivationOf(axisOfLayer(layer), arrives[1]) : null;
  const shape = shapeAfter(layer, arrives, found?.output);
  const weights = weightsOf(layer, arrives);
  const places = layer.kind === "conv" ? shape[1] * shape[2] : 1;
  return {
    number, name: layer.name, kind: layer.kind, layer, arrives, shape,
    formula: found ? found.terms.map((term) => term.text).join("") : "", unvisited: found?.unvisited ?? 0,
    parameters: weights ? weights + layer.out : 0, macs: BigInt(weights) * BigInt(places),
    bytes: FLOAT * shape.reduce((a, b) => a * b, 1),
  };
}

/**
 * The stages that work on an input [C, H, W], and where the chain breaks.
 * @returns {{input: number[], stages: ChainStage[], broken: ChainBreak | null}}
 */
export function chainOf(/** @type {LayerData[]} */ layers, /** @type {number[]} */ input) {
  const stages = [];
  let shape = input;
  for (const [i, layer] of layers.entries()) {
    const rule = brokenRule(layer, shape);
    if (rule) return { input, stages, broken: { number: i + 1, name: layer.name, arrives: shape, ...rule } };
    stages.push(stageOf(layer, i + 1, shape));
    shape = stages[i].shape;
  }
  return { input, stages, broken: null };
}

/** Sums over the stages that work; `peak`: memory needed at once when nothing is kept for the way back. */
export function totalsOf(/** @type {{input: number[], stages: ChainStage[]}} */ { input, stages }) {
  const held = [FLOAT * input.reduce((a, b) => a * b, 1), ...stages.map((stage) => stage.bytes)];
  const parameters = stages.reduce((sum, stage) => sum + stage.parameters, 0);
  return {
    parameters, macs: stages.reduce((sum, stage) => sum + stage.macs, 0n), bytes: held.slice(1).reduce((a, b) => a + b, 0),
    peak: Math.max(held[0], ...stages.map((_, i) => held[i] + held[i + 1])), weights: FLOAT * parameters,
  };
}

/** Why the chain breaks, in words: `rules` are the sentences of the rules, `breaks` names the layer around them. */
export function breakSentence(/** @type {ChainBreak} */ broken, /** @type {Object<string, string>} */ rules, /** @type {string} */ breaks) {
  return fillText(breaks, { number: broken.number, name: broken.name, rule: fillText(rules[broken.code], broken.values) });
}

/** Kernel, stride, padding and dilation in a few signs, what is not there left out. */
export function settingText(/** @type {LayerData} */ layer) {
  if (!slides(layer)) return "";
  return [`k${layer.k}`, `s${layer.s}`, `p${layer.p}`, ...(layer.d > 1 ? [`d${layer.d}`] : [])].join(" ");
}

/** How the parameters of a layer come about: F·F·D·K + K for a convolution, as a course writes it. */
export function weightsText(/** @type {ChainStage} */ { kind, layer, arrives, parameters }) {
  if (kind === "conv") return `${layer.k}·${layer.k}·${arrives[0]}·${layer.out} + ${layer.out} = ${parameters}`;
  return kind === "linear" ? `${arrives[0]}·${layer.out} + ${layer.out} = ${parameters}` : "";
}

/**
 * The layers of the page's scene: the reader's own, or a network as its authors made it.
 * @param {Object<string, any>} scene @param {Object<string, {layers: LayerData[]}>} nets
 */
export function layersOfScene(scene, nets) {
  return scene.net === "own" ? layersOfRows(scene.rows) : nets[scene.net].layers;
}
