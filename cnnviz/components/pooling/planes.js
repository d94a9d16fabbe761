// Grey planes on viewers: one scale for all that are compared, numbers once a cell is large enough.

import { mapPalette, NOT_A_NUMBER } from "../shared/colours.js";
import { numberText } from "../shared/numbers.js";

/** Numbers as indices of the grey palette: 0 is black, `white` is white; what is no number, or infinite, has its own. */
export function greyIndices(/** @type {ArrayLike<number>} */ values, /** @type {number} */ white) {
  const out = new Uint8Array(values.length);
  for (let i = 0; i < out.length; i += 1) {
    const share = values[i] / white;
    out[i] = Number.isFinite(share) ? Math.round(Math.max(0, Math.min(1, share)) * 254) : NOT_A_NUMBER;
  }
  return out;
}

/** The value that is white on every plane: 255, or the largest number where there is a larger one. */
export function whiteOf(/** @type {ArrayLike<number>[]} */ ...planes) {
  let most = 255;
  for (const plane of planes) for (let i = 0; i < plane.length; i += 1) if (Number.isFinite(plane[i])) most = Math.max(most, plane[i]);
  return most;
}

/** Mean, least and most of what is finite. */
export function summaryOf(/** @type {ArrayLike<number>} */ values) {
  let [sum, low, high, count] = [0, Infinity, -Infinity, 0];
  for (let i = 0; i < values.length; i += 1) {
    if (!Number.isFinite(values[i])) continue;
    sum += values[i];
    low = Math.min(low, values[i]);
    high = Math.max(high, values[i]);
    count += 1;
  }
  return { mean: sum / count, low, high };
}

/** Show a plane in grey. @param {{data: ArrayLike<number>, shape: number[]}} plane */
export function showGrey(viewer, plane, white, dark, place = {}) {
  const [height, width] = plane.shape;
  const content = {
    width, height, indices: greyIndices(plane.data, white), palette: mapPalette("grey", dark),
    numberAt: (row, col) => numberText(plane.data[row * width + col], 3), ...place,
  };
  const before = viewer.content;
  if (before && (before.width !== width || before.height !== height) && !place.bounds) viewer.view = undefined;
  viewer.show(content, dark);
}
