// Where the windows of a scene lie and what follows from that alone: padding, output size, formula, unmet pixels.
// As ui/kernels_live.py's `layer_facts` says it, from the same arithmetic, so that nothing waits for the server.

import { derivationOf, schemePadding } from "../shared/axis.js";
import { isPossible, visited } from "../shared/windows.js";
import { planFor } from "./lab_numbers.js";

/**
 * @typedef {import("./lab_numbers.js").Laying & {rows: number, cols: number, out: number[]}} Laid
 * @typedef {{laid: Laid, formula: (string | null)[][][], unmet: {rows?: Uint8Array, cols?: Uint8Array},
 *   unmetCount: {rows: number, cols: number}, plan: any}} Layout  what an answer of the server says of it, and the plan
 */

/** The padding of both axes as [before, after]: the reader's own per side, or what the word means. */
function padsOf(/** @type {any} */ { padding, pads, dilation }, kernel, size) {
  if (padding === "custom") return [[pads[0], pads[1]], [pads[2], pads[3]]];
  return kernel.map((k, i) => schemePadding(padding, { kernel: k, stride: 1, dilation: dilation[i], before: 0, after: 0 }, size[i]));
}

/**
 * How the scene lays a kernel of this size on the picture, or null where it cannot be laid: the server then says why.
 * @param {any} scene @param {{width: number, height: number}} picture @param {{rows: number, cols: number}} kernel
 * @returns {Layout | null}
 */
export function layoutOf(scene, picture, { rows, cols }) {
  const { stride, dilation, mode, flip } = scene;
  const size = [picture.height, picture.width];
  const pads = padsOf(scene, [rows, cols], size);
  const laid = { rows, cols, stride, dilation, pads, mode, fill: mode === "constant" ? scene.fill : 0, flip };
  const plan = planFor(/** @type {any} */ (picture), /** @type {any} */ ({ rows, cols }), laid);
  if (!isPossible(plan.layer)) return null;
  const formula = plan.layer.axes.map((axis, i) => derivationOf(axis, size[i]).terms.map(({ name, text }) => [name, text]));
  const unmet = visited(plan).map((met) => met.map((v) => 1 - v));
  const [downUnmet, rightUnmet] = unmet.map((line) => line.reduce((sum, v) => sum + v, 0));
  return {
    laid: { ...laid, out: plan.shape }, formula, plan,
    unmet: { rows: downUnmet ? unmet[0] : undefined, cols: rightUnmet ? unmet[1] : undefined },
    unmetCount: { rows: downUnmet, cols: rightUnmet },
  };
}

/** Which maps a scene shows: "one", three as a "colour" picture, or "tiles", which only the server makes. */
export function kindOf(/** @type {any} */ { many, channels, channel, view }, /** @type {{channels: number}} */ picture) {
  if (many) return "tiles";
  if (channels !== "each" || channel !== "all" || picture.channels !== 3) return "one";
  return view === "signed" || view === "absolute" ? "tiles" : "colour";
}
