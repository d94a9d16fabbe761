// Maps of signed numbers on a viewer: colours from one scale, and the numbers themselves once the cells are large enough.

import { mapPalette } from "../shared/colours.js";
import { numberText } from "../shared/numbers.js";

/**
 * Numbers as palette indices: 127 is 0, 0 is −limit, 254 is +limit, 255 is no number. Nothing here is cut: a limit is
 * the largest size there is.
 * @param {ArrayLike<number>} values
 * @param {number} limit
 */
export function signedIndices(values, limit) {
  const out = new Uint8Array(values.length);
  const scale = limit > 0 ? 127 / limit : 0;
  for (let i = 0; i < out.length; i += 1) {
    const value = values[i];
    out[i] = Number.isFinite(value) ? 127 + Math.max(-127, Math.min(127, Math.round(value * scale))) : 255;
  }
  return out;
}

/**
 * @param {import("../shared/viewer.js").Viewer} viewer
 * @param {{data: ArrayLike<number>, shape: number[]}} map (H, W)
 * @param {number} limit
 * @param {boolean} dark
 * @param {Object<string, any>} [place] frame and bounds, where a map's cells are not a unit of the shared view
 */
export function showSigned(viewer, map, limit, dark, place = {}) {
  const [height, width] = map.shape;
  const numberAt = (row, col) => numberText(map.data[row * width + col], 3);
  const [indices, palette] = [signedIndices(map.data, limit), mapPalette("signed", dark)];
  viewer.show({ width, height, indices, palette, numberAt, ...place }, dark);
}

/** Draw the colour bar of a signed scale into a canvas. */
export function drawSignedBar(/** @type {HTMLCanvasElement} */ canvas, /** @type {boolean} */ dark) {
  canvas.width = 255;
  canvas.height = 1;
  const pen = canvas.getContext("2d");
  const image = pen.createImageData(255, 1);
  new Uint32Array(image.data.buffer).set(mapPalette("signed", dark).subarray(0, 255));
  pen.putImageData(image, 0, 0);
}
