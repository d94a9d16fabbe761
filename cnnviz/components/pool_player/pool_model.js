// What a pooling is set to, as values: a scene (core/scenes/pooling.py) goes in, the layer of shared/windows.js comes out.

import { resizedCells } from "../player/model.js";

export const POOL_LARGEST = { size: 32, kernel: 8, stride: 8, padding: 4, dilation: 4, out: 32, k: 16 };
const POOL_LEAST = { size: 1, kernel: 1, stride: 1, padding: 0, dilation: 1, out: 1 };
const REDUCE_OF = { max: "max", avg: "mean", lp: "lp" };

/** @returns {import("../shared/windows.js").Layer} */
export function poolLayerOf(/** @type {Object<string, any>} */ scene) {
  const wanted = { adaptive: scene.out, global: [1, 1] }[scene.windows];
  const axes = [0, 1].map((a) => (wanted ? { ...NO_AXIS, windows: wanted[a] } : {
    kernel: scene.kernel[a], stride: scene.stride[a], dilation: scene.dilation[a],
    before: scene.padding[2 * a], after: scene.padding[2 * a + 1],
  }));
  return {
    size: scene.size, axes, mode: "zeros", fill: fillShown(scene.kind), reduce: REDUCE_OF[scene.kind] ?? scene.kind,
    rounding: !wanted && scene.ceil ? "ceil" : "floor", countPad: scene.kind === "avg" ? scene.counted : true,
    norm: scene.norm, wholeNorm: !wanted, k: scene.k, seed: scene.expected ? null : scene.draw, halfPad: true,
  };
}

const NO_AXIS = { kernel: 1, stride: 1, dilation: 1, before: 0, after: 0 };

/** What a padding cell shows: what cannot win, what a mean adds, or nothing where it has no part. */
function fillShown(kind) {
  if (kind === "max") return -Infinity;
  return kind === "avg" || kind === "lp" ? 0 : null;
}

/** The scene with a setting changed on one axis or side, or on all (`which` −1); not checked. */
export function withPoolValue(/** @type {Object<string, any>} */ scene, name, which, value) {
  const values = scene[name].map((old, i) => (which === -1 || which === i ? value : old));
  const next = { ...scene, [name]: values };
  if (name === "kernel" && scene.tied) next.stride = values;
  if (name === "size" && scene.source === "hand") next.cells = resizedCells(scene.cells, values[0], values[1]);
  return next;
}

/** @type {import("../player/model.js").Model} */
export const POOL_MODEL = {
  least: POOL_LEAST, largest: POOL_LARGEST, layerOf: poolLayerOf, valuesOf: (scene, name) => scene[name], withValue: withPoolValue,
};

/** The scene after the stride was moved by hand is tied to the kernel no longer. */
export function tiedAfter(scene, name) {
  return name === "stride" && String(scene.stride) !== String(scene.kernel) ? { ...scene, tied: false } : scene;
}
