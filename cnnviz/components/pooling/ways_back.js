// The way back through pooling, in the browser: which pixel each window took, unpooling, and where a gradient goes.
// Held to PyTorch by fixtures (F.max_pool2d's indices, F.max_unpool2d, autograd).

import { planOf, stepAt } from "../shared/windows.js";

/** @typedef {import("../shared/windows.js").Plan} Plan */

/**
 * Max pooling with its switches: each output's value, and the flat index of the pixel it came from (−1 for none).
 * @returns {{values: Float64Array, indices: Int32Array}}
 */
export function switchesOf(/** @type {Plan} */ plan, /** @type {ArrayLike<number>} */ input) {
  const [rows, columns] = plan.shape;
  const found = { values: new Float64Array(rows * columns), indices: new Int32Array(rows * columns).fill(-1) };
  for (let i = 0; i < rows * columns; i += 1) {
    const step = stepAt(plan, input, null, 0, Math.floor(i / columns), i % columns);
    found.values[i] = step.total;
    for (const tap of step.taps) {
      if (tap.source >= 0 && tap.value === step.total && found.indices[i] < 0) found.indices[i] = tap.source;
    }
  }
  return found;
}

/** Every value back at its place; all other places are 0. Where several name one place, the last counts. */
export function unpooled(/** @type {ArrayLike<number>} */ values, /** @type {ArrayLike<number>} */ indices, count) {
  const out = new Float64Array(count);
  for (let i = 0; i < values.length; i += 1) if (indices[i] >= 0) out[indices[i]] = values[i];
  return out;
}

/** The gradient of the sum of all outputs, 1 for each, in the input: all of it to the maximum, or in equal shares. */
export function gradientOf(/** @type {Plan} */ plan, /** @type {ArrayLike<number>} */ input) {
  const [rows, columns] = plan.shape;
  const out = new Float64Array(plan.rows.size * plan.columns.size);
  if (plan.reduce === "max") {
    for (const at of switchesOf(plan, input).indices) if (at >= 0) out[at] += 1;
    return out;
  }
  for (let i = 0; i < rows * columns; i += 1) {
    const step = stepAt(plan, input, null, 0, Math.floor(i / columns), i % columns);
    for (const tap of step.taps) if (tap.source >= 0) out[tap.source] += tap.weight;
  }
  return out;
}

/** All of it for a layer with max and with mean. */
export function waysBack(/** @type {import("../shared/windows.js").Layer} */ layer, /** @type {ArrayLike<number>} */ input) {
  const [max, mean] = ["max", "mean"].map((reduce) => planOf({ ...layer, reduce: /** @type {any} */ (reduce), fill: 0 }));
  const { values, indices } = switchesOf(max, input);
  const count = layer.size[0] * layer.size[1];
  return {
    plan: max, values, indices, back: unpooled(values, indices, count), toMax: gradientOf(max, input), toMean: gradientOf(mean, input),
    kept: new Set(Array.from(indices).filter((i) => i >= 0)).size, count,
  };
}
