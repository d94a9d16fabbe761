// The whole map in the browser, for every setting that can be laid on the picture: the server's map takes its place
// when the hand rests. lab_layout.js says where windows lie, lab_linear.js what they add up to; here the sums become
// the numbers and colours that are shown, as core/kernel_lab.py makes them.

import { kindOf, layoutOf } from "./lab_layout.js";
import { LinearMaps, paddedPlane } from "./lab_linear.js";
import { activate } from "./lab_numbers.js";

/** @typedef {{view: string, scale: string, limit: number}} Look  as in the scene: what is shown, on which scale */

export const TOP_INDEX = 254; // palette indices run from 0 to this, as in core/kernel_lab.py
const LEAST_SPAN = 1e-36; // as there: a shorter scale's numbers are all but 0

/** Divisor, what is added, activation and absolute value, in place of the sums; float32 of the same length. */
function finished(sums, { divisor, added, activation, view }, room) {
  const gain = 1 / divisor;
  const values = room?.length === sums.length ? room : new Float32Array(sums.length);
  for (let i = 0; i < sums.length; i += 1) values[i] = sums[i] * gain + added;
  if (activation !== "none") for (let i = 0; i < values.length; i += 1) values[i] = activate(activation, values[i]);
  if (view === "absolute") for (let i = 0; i < values.length; i += 1) values[i] = Math.abs(values[i]);
  return values;
}

function rangeOf(values) {
  let low = values[0];
  let high = low;
  for (let i = 1; i < values.length; i += 1) {
    const v = values[i];
    if (v < low) low = v;
    else if (v > high) high = v;
  }
  return { low, high };
}

/** Whether the scale has ends of its own, beyond which numbers may lie. */
function isOpenEnded(/** @type {Look} */ { view, scale }) {
  return view === "clip" || (view !== "rescale" && (scale === "fixed" || scale === "input"));
}

/** The numbers at the ends of the colour bar, as core/kernel_lab.py `scales` gives them for one map. */
export function barScale(/** @type {Float32Array} */ values, /** @type {Look} */ look) {
  const { view, scale, limit } = look;
  if (view === "clip") return { low: 0, high: 1 };
  const { low, high } = isOpenEnded(look) ? { low: 0, high: 0 } : rangeOf(values);
  if (view === "rescale") return { low, high };
  const top = scale === "fixed" ? limit : scale === "input" ? 1 : Math.max(-low, high);
  return { low: view === "absolute" ? 0 : -top, high: top };
}

/** Palette indices of numbers on a scale (core/kernel_lab.py `indices`), and the share that lies beyond it. */
export function indicesOf(/** @type {Float32Array} */ values, view, { low, high }) {
  const indices = new Uint8Array(values.length);
  const span = high - low;
  if (span < LEAST_SPAN) return { indices: indices.fill(view === "signed" ? 127 : 0), beyond: 0 };
  const gain = TOP_INDEX / span;
  const lifted = 0.5 - low * gain;
  let outside = 0;
  for (let i = 0; i < values.length; i += 1) {
    const share = values[i] * gain + lifted;
    if (share < 0.5) {
      outside += 1;
      indices[i] = share < 0 ? 0 : share;
    } else if (share > TOP_INDEX + 0.5) {
      outside += 1;
      indices[i] = TOP_INDEX;
    } else indices[i] = share;
  }
  return { indices, beyond: outside / values.length };
}

/** A value that is made anew only when what it is made of has another key. */
class Kept {
  get(/** @type {string} */ key, /** @type {() => any} */ make) {
    if (key !== this.key) Object.assign(this, { key, value: make() });
    return this.value;
  }
}

/** What the lab shows for its scene and grid, or null where only the server can say. */
export class NearMaps {
  constructor() {
    Object.assign(this, { layouts: new Kept(), planes: new Kept(), padded: new Kept(), sums: new Kept() });
  }

  /** @returns {{layout: import("./lab_layout.js").Layout, maps: any} | null}  maps in the form of LabModel's */
  show(/** @type {import("./lab_model.js").LabModel} */ lab) {
    const { scene, grid, picture } = lab;
    if (!lab.pictureKnown || !lab.maps || !lab.gridKnown) return null;
    const kind = kindOf(scene, picture);
    const layout = kind === "tiles" ? null : this.layout(lab);
    if (!layout) return null;
    const linear = this.linear(lab, kind, layout.laid);
    if (!linear.follow(grid.cells)) return null;
    const how = { divisor: lab.divisor, added: lab.offset + scene.bias, activation: scene.activation, view: scene.view };
    this.values = finished(linear.sums, how, this.values);
    const scale = barScale(this.values, scene);
    const { indices, beyond } = indicesOf(this.values, scene.view, scale);
    const shape = [linear.planes.length, ...layout.laid.out];
    return { layout, maps: { key: "", kind, indices, shape, scales: [scale], beyond: isOpenEnded(scene) ? beyond : 0 } };
  }

  layout({ scene, grid, picture }) {
    const { stride, dilation, padding, pads, mode, fill, flip } = scene;
    const key = JSON.stringify([picture.width, picture.height, grid.rows, grid.cols, stride, dilation, padding, pads, mode, fill, flip]);
    return this.layouts.get(key, () => layoutOf(scene, picture, grid));
  }

  /** The sums for these maps, from what of it has stayed the same: the planes, their padding, the windows. */
  linear(lab, kind, /** @type {import("./lab_layout.js").Laid} */ laid) {
    const { picture, scene } = lab;
    const { used } = lab.channelsUsed();
    const summed = scene.channels === "sum" && lab.planes.length > 1;
    const which = summed ? "sum" : kind === "colour" ? "all" : used[0];
    const planesKey = JSON.stringify([picture.digest, scene.channels, which]);
    const paddedKey = planesKey + JSON.stringify([laid.pads, laid.mode, laid.fill]);
    const planes = () => this.planes.get(planesKey, () => planesFor(lab.planes, which));
    // each channel of a sum is padded with the fill value
    const meets = { ...laid, fill: summed ? laid.fill * lab.planes.length : laid.fill };
    const padded = () => this.padded.get(paddedKey, () => planes().map((plane) => paddedPlane(plane, picture.width, picture.height, meets)));
    return this.sums.get(paddedKey + JSON.stringify(laid), () => new LinearMaps(padded(), laid));
  }
}

/** The planes of the maps in float32: one, each, or their sum. @returns {Float32Array[]} */
function planesFor(/** @type {Float64Array[]} */ own, /** @type {"sum" | "all" | number} */ which) {
  if (which === "all") return own.map((plane) => Float32Array.from(plane));
  if (which !== "sum") return [Float32Array.from(own[which])];
  const sum = own[0].slice();
  for (const plane of own.slice(1)) for (let i = 0; i < sum.length; i += 1) sum[i] += plane[i];
  return [Float32Array.from(sum)];
}
