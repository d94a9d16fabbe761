// The planes of a picture in the browser: its numbers as written, its colours, and 1 × 1 mixes of them.

/**
 * A picture's numbers as they were in the file.
 * @typedef {{data: ArrayLike<number>, height: number, width: number, channels: number, white: number}} Planes
 *   interleaved, `channels` numbers a pixel; `white` is 255 or 65535
 */

/** @returns {Planes} from an array of payload.js: (H, W) or (H, W, 3), uint8 or uint16 */
export function planesOf(/** @type {{data: any, shape: number[], dtype: string}} */ array) {
  const [height, width, channels = 1] = array.shape;
  return { data: array.data, height, width, channels, white: array.dtype === "uint16" ? 65535 : 255 };
}

/** The numbers of one pixel, one for grey, three for RGB. */
export function pixelAt(/** @type {Planes} */ p, row, col) {
  const at = (row * p.width + col) * p.channels;
  return Array.from({ length: p.channels }, (_, c) => p.data[at + c]);
}

/** Colours for the screen: the whole picture, or one plane in grey. @returns {Uint8ClampedArray} RGBA */
export function planeRgba(/** @type {Planes} */ p, plane = -1) {
  const count = p.width * p.height;
  const out = new Uint8ClampedArray(count * 4);
  const scale = 255 / p.white;
  for (let i = 0; i < count; i += 1) {
    for (let c = 0; c < 3; c += 1) {
      const from = plane >= 0 ? Math.min(plane, p.channels - 1) : p.channels === 1 ? 0 : c;
      out[i * 4 + c] = p.data[i * p.channels + from] * scale;
    }
    out[i * 4 + 3] = 255;
  }
  return out;
}

/**
 * One mixed pixel, unclipped, on the scale 0..1: out plane o is the sum over the in planes of mix[o][c] · pixel[c].
 * @param {number[]} pixel the numbers as written
 */
export function mixedPixel(pixel, white, /** @type {number[][]} */ mix) {
  return mix.map((row) => row.reduce((sum, weight, c) => sum + weight * (pixel[c] / white), 0));
}

/**
 * The mix as the screen shows it, and how many of its numbers the screen cannot show.
 * @param {Planes} p
 * @param {number[][]} mix rows are out planes (1 or 3), columns in planes
 */
export function mixedRgba(p, mix) {
  const count = p.width * p.height;
  const rgba = new Uint8ClampedArray(count * 4).fill(255);
  let [below, above] = [0, 0];
  for (let i = 0; i < count; i += 1) {
    for (let o = 0; o < mix.length; o += 1) {
      let sum = 0;
      for (let c = 0; c < p.channels; c += 1) sum += mix[o][c] * p.data[i * p.channels + c];
      const share = sum / p.white;
      // A hair beyond the ends is rounding of weights such as 0.299, not a number that is lost.
      if (share < -1e-6) below += 1;
      else if (share > 1 + 1e-6) above += 1;
      const shade = share * 255;
      if (mix.length === 1) rgba.fill(shade, i * 4, i * 4 + 3);
      else rgba[i * 4 + o] = shade;
    }
  }
  const numbers = count * mix.length;
  return { rgba, below: below / numbers, above: above / numbers };
}

/** A pixel's numbers as the reader wants them: as written, on 0..1 with three decimals, or as a colour. */
export function pixelTexts(/** @type {number[]} */ pixel, white, /** @type {"bytes" | "unit" | "hex"} */ write) {
  if (write === "unit") return pixel.map((v) => (v / white).toFixed(3));
  if (write === "hex") return [hexOf(pixel, white)];
  return pixel.map(String);
}

/** The colour as #rrggbb; a grey as three equal parts, 16 bits rounded to 8. */
export function hexOf(/** @type {number[]} */ pixel, white) {
  const parts = pixel.length === 1 ? [pixel[0], pixel[0], pixel[0]] : pixel;
  return "#" + parts.map((v) => Math.round((v * 255) / white).toString(16).padStart(2, "0")).join("");
}
