// The picture with its padding as pixels to be drawn: what the windows meet, padding paler.

import { hexRgb, houseColours } from "../shared/colours.js";
import { sourceIndex } from "../shared/windows.js";

/** @typedef {import("./lab_numbers.js").PixelsOf} PixelsOf */
/** @typedef {import("./lab_numbers.js").Laying} Laying */

/** The pixel that each padded position of an axis shows, −1 for a fill value. */
export function sourcesOf(size, before, after, mode) {
  return Int32Array.from({ length: size + before + after }, (_, i) => sourceIndex(i - before, size, mode));
}

/** A colour part moved towards the ground: padding that mirrors the picture must not look like the picture. */
function paler(part, ground) {
  return part * 0.45 + ground * 0.55;
}

/**
 * RGBA of the padded picture. Fill values lie on the panel colour; mirrored pixels are paler than those inside.
 * @param {PixelsOf} picture @param {Laying} laying @param {boolean} dark
 */
export function paddedPixels(picture, laying, dark) {
  const [[top, bottom], [left, right]] = laying.pads;
  const ys = sourcesOf(picture.height, top, bottom, laying.mode);
  const xs = sourcesOf(picture.width, left, right, laying.mode);
  const [width, height] = [xs.length, ys.length];
  const rgba = new Uint8ClampedArray(width * height * 4);
  const ground = hexRgb(houseColours(dark).panel);
  const { pixels, channels } = picture;
  const scale = 255 / picture.largest;
  for (let y = 0; y < height; y += 1) {
    const rowInside = y >= top && y < top + picture.height;
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * 4;
      const inside = rowInside && x >= left && x < left + picture.width;
      const from = ys[y] < 0 || xs[x] < 0 ? -1 : (ys[y] * picture.width + xs[x]) * channels;
      for (let c = 0; c < 3; c += 1) {
        const part = from < 0 ? ground[c] : pixels[from + (channels === 3 ? c : 0)] * scale;
        rgba[at + c] = from < 0 || inside ? part : paler(part, ground[c]);
      }
      rgba[at + 3] = 255;
    }
  }
  return { rgba, width, height };
}

const LIGHT = Uint8ClampedArray.from({ length: 256 }, (_, i) => Math.floor((Math.min(i, 254) / 254) * 255 + 0.5));

/** Write three maps of palette indices as one colour picture into `pixels`, 32 bits each: index 254 is full light. */
export function paintColours(/** @type {Uint8Array} */ indices, /** @type {Uint32Array} */ pixels) {
  const area = pixels.length;
  const opaque = 0xff000000;
  for (let i = 0; i < area; i += 1) {
    pixels[i] = opaque | (LIGHT[indices[2 * area + i]] << 16) | (LIGHT[indices[area + i]] << 8) | LIGHT[indices[i]];
  }
}
