// A picture as large as a network's input: what Pillow makes of it (core/shapes_lab.py's `square`), number by number.

const BITS = 22; // Pillow's fixed point: 32 bits less 8 for the pixel and 2 to spare
const HALF = 2 ** (BITS - 1);

/** For each of `side` pixels, where its box begins among `edge`, and the weights of what lies in it. */
function boxes(edge, side) {
  const scale = edge / side;
  return Array.from({ length: side }, (_, i) => {
    const [centre, support] = [(i + 0.5) * scale, 0.5 * scale];
    const from = Math.max(0, Math.trunc(centre - support + 0.5));
    const to = Math.min(edge, Math.trunc(centre + support + 0.5));
    const inside = Array.from({ length: to - from }, (_, k) => {
      const at = (k + from - centre + 0.5) / scale;
      return at > -0.5 && at <= 0.5 ? 1 : 0;
    });
    const total = inside.reduce((a, b) => a + b, 0);
    return { from, weights: Int32Array.from(inside, (one) => Math.trunc(0.5 + (one / total) * 2 ** BITS)) };
  });
}

/** Rows of `edge` pixels each averaged down to `side` pixels, the picture turned over: (side, rows, 3). */
function averagedAcross(data, rows, edge, side) {
  const out = new Uint8Array(side * rows * 3);
  const all = boxes(edge, side);
  for (let r = 0; r < rows; r += 1) {
    for (let i = 0; i < side; i += 1) {
      const { from, weights } = all[i];
      let red = HALF; // whole numbers of 31 bits: no float is ever made
      let green = HALF;
      let blue = HALF;
      for (let k = 0, at = (r * edge + from) * 3; k < weights.length; k += 1, at += 3) {
        const weight = weights[k];
        red += data[at] * weight;
        green += data[at + 1] * weight;
        blue += data[at + 2] * weight;
      }
      const to = (i * rows + r) * 3;
      out[to] = red >> BITS;
      out[to + 1] = green >> BITS;
      out[to + 2] = blue >> BITS;
    }
  }
  return out;
}

/**
 * A square picture, (edge, edge, 3), averaged down or repeated up to (side, side, 3).
 * @param {Uint8Array} data @param {number} edge @param {number} side
 */
export function resizedSquare(data, edge, side) {
  if (side === edge) return data;
  if (side < edge) return averagedAcross(averagedAcross(data, edge, edge, side), side, edge, side);
  const out = new Uint8Array(side * side * 3);
  let place = edge / side / 2; // Pillow goes on by adding, and so meets the borders between pixels with the same rounding
  const source = Array.from({ length: side }, () => {
    const at = Math.trunc(place);
    place += edge / side;
    return at;
  });
  source.forEach((y, r) => source.forEach((x, c) => {
    for (let k = 0; k < 3; k += 1) out[(r * side + c) * 3 + k] = data[(y * edge + x) * 3 + k];
  }));
  return out;
}
