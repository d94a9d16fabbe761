// Receptive fields in the browser: core/receptive_field.py for a chain of layers, and where a unit's field lies.

/**
 * What the units of one layer see on an axis, and the pieces of the recurrence that made it from the layer before.
 * @typedef {{name: string, size: number, jump: number, start: number, units: number, extent: number, stride: number,
 *   shift: number, from: number[]}} FieldRow  start: the first pixel is centred at 0.5
 */

/** The fields of the layers up to the first that gives rows and columns up, or sees all of them. @returns {FieldRow[]} */
export function fieldRows(/** @type {import("../shapes/layers.js").ChainStage[]} */ stages) {
  const rows = [];
  let from = [1, 1, 0.5];
  for (const { name, kind, layer, shape } of stages) {
    if (shape.length !== 3 || kind.startsWith("global") || kind.startsWith("adaptive")) break;
    const { k = 1, s = 1, p = 0, d = 1 } = layer;
    const [extent, shift] = [d * (k - 1), (d * (k - 1)) / 2 - p];
    const [size, jump, start] = [from[0] + extent * from[1], s * from[1], from[2] + shift * from[1]];
    rows.push({ name, size, jump, start, units: shape[1], extent, stride: s, shift, from });
    from = [size, jump, start];
  }
  return rows;
}

/** Under which name the gradient of a scene's unit is sent: all that it follows from. */
export function gradientName(/** @type {Object<string, any>} */ scene, /** @type {number} */ place) {
  const rows = scene.net === "own" ? scene.rows.map((row) => row.join(",")).join(";") : "";
  return ["gradient", scene.net, rows, place, scene.weights, scene.weights === "random" ? scene.seed : 0].join("|");
}

/** The unit whose field's middle is nearest to a pixel. */
export function unitNear(/** @type {FieldRow} */ row, /** @type {number} */ pixel) {
  const nearest = Math.round((pixel + 0.5 - row.start) / row.jump);
  return Math.max(0, Math.min(row.units - 1, nearest));
}

/** First and last pixel of a unit's field, not clipped: negative before the input. */
export function fieldInterval(/** @type {FieldRow} */ row, /** @type {number} */ unit) {
  const middle = row.start - 0.5 + unit * row.jump;
  return [Math.ceil(middle - (row.size - 1) / 2), Math.floor(middle + (row.size - 1) / 2)];
}

/** The unit that is shown: the reader's, or the one in the middle (−1), inside the layer's units. */
export function unitShown(/** @type {FieldRow} */ row, /** @type {number} */ unit) {
  return unit < 0 ? Math.floor(row.units / 2) : Math.min(unit, row.units - 1);
}

/** A number of the recurrence as text: halves as .5, a real minus sign. */
export function halfText(/** @type {number} */ value) {
  return String(Math.round(value * 1000) / 1000).replace("-", "−");
}

/** The three lines of the recurrence with today's numbers: [letters, numbers] each. */
export function recurrence(row) {
  const [size, jump, start] = row.from;
  const shift = row.shift < 0 ? ` − ${halfText(-row.shift)}·${halfText(jump)}` : ` + ${halfText(row.shift)}·${halfText(jump)}`;
  return [
    ["r′ = r + d(k−1)·j", `${size} + ${row.extent}·${halfText(jump)} = ${row.size}`],
    ["j′ = j·s", `${halfText(jump)}·${row.stride} = ${halfText(row.jump)}`],
    ["start′ = start + (d(k−1)/2 − p)·j", `${halfText(start)}${shift} = ${halfText(row.start)}`],
  ];
}
