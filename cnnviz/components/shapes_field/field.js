// Receptive fields in the browser: where a unit's field lies, from the size, jump and start that core worked out.

/** @typedef {{size: number, jump: number, start: number, units: number}} FieldRow  start: the first pixel is centred at 0.5 */

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
