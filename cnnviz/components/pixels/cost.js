// What a layer costs in parameters: the formulas of core/locality.py in the browser, held to it by a fixture.

/** A fully connected layer: a weight from every input to every output, a bias an output. */
export function fullyConnected(/** @type {number} */ inputs, /** @type {number} */ outputs) {
  return { inputs, outputs, weights: inputs * outputs, biases: outputs, parameters: inputs * outputs + outputs };
}

/** A convolution with padding "same": `filters` kernels for every channel, shared by all places. */
export function convolution(channels, height, width, filters, kernel) {
  const weights = filters * channels * kernel * kernel;
  return { inputs: channels * height * width, outputs: filters * height * width, weights, biases: filters, parameters: weights + filters };
}

/** How long a bar on a logarithmic scale is, as a share: 1 at `most`, a sliver at 1. */
export function logShare(/** @type {number} */ value, /** @type {number} */ most) {
  return most <= 1 ? 1 : Math.max(0.004, Math.log10(Math.max(value, 1)) / Math.log10(most));
}

/** The whole power of ten at or above a number: where a logarithmic axis ends. */
export function nextPower(/** @type {number} */ value) {
  return 10 ** Math.ceil(Math.log10(Math.max(value, 10)) - 1e-12);
}
