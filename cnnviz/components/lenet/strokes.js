// A drawing as strokes, packed as core/ink.py says: a fixture written there holds the two to each other.

export const INK_SIDE = 256;
export const INK_LONGEST = 3000;
const INK_STEP = 7;
const SPARSE = 4; // a pen that has moved less than this has not moved

/** @typedef {{points: [number, number][], thickness: number, eraser: boolean}} Stroke */

/** @returns {string} */
export function packStrokes(/** @type {Stroke[]} */ strokes) {
  const bytes = [];
  for (const { points, thickness, eraser } of strokes) {
    bytes.push((eraser ? 128 : 0) | thickness, points.length & 255, points.length >> 8);
    points.forEach(([x, y], i) => {
      if (i === 0) return bytes.push(x, y);
      const [dx, dy] = [x - points[i - 1][0], y - points[i - 1][1]];
      if (Math.max(Math.abs(dx), Math.abs(dy)) <= INK_STEP) return bytes.push(((dx + 8) << 4) | (dy + 8));
      return bytes.push(0, x, y);
    });
  }
  if (!bytes.length) return "-";
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** @returns {Stroke[]} */
export function unpackStrokes(/** @type {string} */ text) {
  if (text === "-" || !text) return [];
  const raw = Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const strokes = [];
  for (let at = 0; at < raw.length;) {
    const stroke = { thickness: raw[at] & 127, eraser: raw[at] > 127, points: [[raw[at + 3], raw[at + 4]]] };
    const count = raw[at + 1] | (raw[at + 2] << 8);
    at += 5;
    while (stroke.points.length < count && at < raw.length) {
      const [x, y] = stroke.points.at(-1);
      if (raw[at]) stroke.points.push([x + (raw[at] >> 4) - 8, y + (raw[at] & 15) - 8]);
      else stroke.points.push([raw[at + 1], raw[at + 2]]);
      at += raw[at] ? 1 : 3;
    }
    strokes.push(stroke);
  }
  return strokes;
}

/** A point of the sheet, within it. @returns {[number, number]} */
export function inkPoint(x, y) {
  const cut = (value) => Math.max(0, Math.min(INK_SIDE - 1, Math.round(value)));
  return [cut(x), cut(y)];
}

/** Lead the stroke on to (x, y), in steps of one byte; returns whether the pen moved. */
export function leadStroke(/** @type {Stroke} */ stroke, x, y) {
  const [lastX, lastY] = stroke.points.at(-1);
  const [toX, toY] = inkPoint(x, y);
  const far = Math.max(Math.abs(toX - lastX), Math.abs(toY - lastY));
  if (far < SPARSE) return false;
  const pieces = far <= 4 * INK_STEP ? Math.ceil(far / INK_STEP) : 1;
  for (let i = 1; i <= pieces; i += 1) {
    stroke.points.push([Math.round(lastX + ((toX - lastX) * i) / pieces), Math.round(lastY + ((toY - lastY) * i) / pieces)]);
  }
  return true;
}
