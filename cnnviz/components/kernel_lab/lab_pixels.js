// The picture with its padding as pixels to be drawn: what the windows meet, padding paler.

import { hexRgb, houseColours } from "../shared/colours.js";
import { sourceIndex } from "../shared/windows.js";

/** @typedef {import("./lab_numbers.js").PixelsOf} PixelsOf */
/** @typedef {import("./lab_numbers.js").Laying} Laying */

const OPAQUE = 0xff000000;

/** The pixel that each padded position of an axis shows, −1 for a fill value. */
export function sourcesOf(size, before, after, mode) {
  return Int32Array.from({ length: size + before + after }, (_, i) => sourceIndex(i - before, size, mode));
}

/** @type {WeakMap<object, Uint32Array>} */
const COLOURS = new WeakMap();

/** A picture's pixels in 32 bits each, made once. */
function coloursOf(/** @type {PixelsOf} */ picture) {
  if (!COLOURS.has(picture)) COLOURS.set(picture, inColours(picture));
  return COLOURS.get(picture);
}

function inColours({ width, height, channels, pixels, largest }) {
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  const scale = 255 / largest;
  for (let i = 0, from = 0; i < rgba.length; i += 4, from += channels) {
    for (let c = 0; c < 3; c += 1) rgba[i + c] = pixels[from + (channels === 3 ? c : 0)] * scale;
  }
  return new Uint32Array(rgba.buffer);
}

/** A colour moved towards the ground: padding that mirrors the picture must not look like the picture. */
function paler(colour, [red, green, blue]) {
  const part = (shift, ground) => Math.round(((colour >>> shift) & 255) * 0.45 + ground * 0.55) << shift;
  return (OPAQUE | part(0, red) | part(8, green) | part(16, blue)) >>> 0;
}

/**
 * RGBA of the padded picture. Fill values lie on the panel colour; mirrored pixels are paler than those inside.
 * @param {PixelsOf} picture @param {Laying} laying @param {boolean} dark
 */
export function paddedPixels(picture, laying, dark) {
  const [[top, bottom], [left, right]] = laying.pads;
  const ys = sourcesOf(picture.height, top, bottom, laying.mode);
  const xs = sourcesOf(picture.width, left, right, laying.mode);
  const ground = hexRgb(houseColours(dark).panel);
  const colours = coloursOf(picture);
  const pixels = new Uint32Array(ys.length * xs.length).fill((OPAQUE | ground[0] | (ground[1] << 8) | (ground[2] << 16)) >>> 0);
  ys.forEach((source, y) => {
    if (source < 0) return;
    const own = colours.subarray(source * picture.width, (source + 1) * picture.width);
    const row = pixels.subarray(y * xs.length, (y + 1) * xs.length);
    const inside = y >= top && y < top + picture.height;
    if (inside) row.set(own, left);
    for (let x = 0; x < xs.length; x += 1) {
      if (inside && x === left) x += picture.width;
      if (x < xs.length && xs[x] >= 0) row[x] = paler(own[xs[x]], ground);
    }
  });
  return { rgba: new Uint8ClampedArray(pixels.buffer), width: xs.length, height: ys.length };
}

const LIGHT = Uint8ClampedArray.from({ length: 256 }, (_, i) => Math.floor((Math.min(i, 254) / 254) * 255 + 0.5));

/** Write three maps of palette indices as one colour picture into `pixels`, 32 bits each: index 254 is full light. */
export function paintColours(/** @type {Uint8Array} */ indices, /** @type {Uint32Array} */ pixels) {
  const area = pixels.length;
  for (let i = 0; i < area; i += 1) {
    pixels[i] = OPAQUE | (LIGHT[indices[2 * area + i]] << 16) | (LIGHT[indices[area + i]] << 8) | LIGHT[indices[i]];
  }
}
