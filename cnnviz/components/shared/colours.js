// The colours of numbers in the browser: the same mixtures as figures/palette.py (a fixture written there holds them).

/**
 * @typedef {[number, number, number]} Rgb  three numbers of 0..255
 */

/** The house palette by theme; role names as in figures/palette.py. */
export const HOUSE = {
  light: {
    input: "#0b57d0", kernel: "#b05a00", output: "#00796b", negative: "#2166ac", positive: "#b2182b",
    ink: "#16181d", soft: "#5b6270", line: "#d9dde4", panel: "#f6f7f9", background: "#ffffff",
  },
  dark: {
    input: "#7db0ff", kernel: "#ffb45c", output: "#4dd0c0", negative: "#2166ac", positive: "#b2182b",
    ink: "#eceef2", soft: "#a3abb9", line: "#333945", panel: "#171a21", background: "#0f1014",
  },
};

/** The palette of a theme. */
export function houseColours(/** @type {boolean} */ dark) {
  return dark ? HOUSE.dark : HOUSE.light;
}

/** @returns {Rgb} */
export function hexRgb(/** @type {string} */ hex) {
  return [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
}

export function rgbHex(/** @type {ArrayLike<number>} */ rgb) {
  return "#" + Array.from(rgb, (part) => part.toString(16).padStart(2, "0")).join("");
}

/** Halves go to the even neighbour, as numpy rounds. */
function roundEven(value) {
  const down = Math.floor(value);
  const rest = value - down;
  return rest < 0.5 || (rest === 0.5 && down % 2 === 0) ? down : down + 1;
}

/**
 * The diverging scale: −1 is the full negative colour, 0 the background, +1 the full positive one.
 * Beyond ±1 the end colour stays; what is not a number takes the line colour.
 * @returns {Rgb}
 */
export function signedRgb(/** @type {number} */ share, /** @type {boolean} */ dark, strength = 1) {
  const house = houseColours(dark);
  if (!Number.isFinite(share)) return hexRgb(house.line);
  const way = Math.max(-1, Math.min(1, share)) * strength;
  const ground = hexRgb(house.background);
  const end = hexRgb(way > 0 ? house.positive : house.negative);
  return ground.map((part, i) => roundEven(part + Math.abs(way) * (end[i] - part)));
}

/** How far towards the full colour the cell behind a number goes: far enough to see, pale enough to read on. */
export function cellStrength(/** @type {boolean} */ dark) {
  return dark ? 0.55 : 0.45;
}

/** The fill behind a number, `#rrggbb`: the diverging scale, pale enough that the theme's ink reads on it. */
export function signedCell(/** @type {number} */ value, /** @type {number} */ limit, /** @type {boolean} */ dark) {
  return rgbHex(signedRgb(limit > 0 ? value / limit : 0, dark, cellStrength(dark)));
}

/** Grey from black at 0 to white at 1. @returns {Rgb} */
export function greyRgb(/** @type {number} */ share) {
  const part = Math.floor(Math.max(0, Math.min(1, share)) * 255 + 0.5);
  return [part, part, part];
}

export const NOT_A_NUMBER = 255; // the palette index that no number has

/**
 * The 256 colours of a map sent as palette indices, as pixels for an ImageData.
 * "signed": index 127 is 0, 0 is −limit, 254 is +limit. "absolute": 0 is 0, 254 is the limit, on the positive half.
 * "grey": 0 is black, 254 white. Index 255 is what is not a number.
 * @param {"signed" | "absolute" | "grey"} kind
 * @param {boolean} dark
 * @returns {Uint32Array}
 */
export function mapPalette(kind, dark) {
  const bytes = new Uint8ClampedArray(256 * 4);
  for (let i = 0; i < 256; i += 1) {
    const share = i === NOT_A_NUMBER ? NaN : kind === "signed" ? (i - 127) / 127 : i / 254;
    bytes.set(kind === "grey" && i !== NOT_A_NUMBER ? greyRgb(share) : signedRgb(share, dark), i * 4);
    bytes[i * 4 + 3] = 255;
  }
  return new Uint32Array(bytes.buffer);
}

/** Write the colours of `indices` into `pixels`, one 32-bit pixel each. */
export function paintIndices(/** @type {Uint8Array} */ indices, /** @type {Uint32Array} */ palette, /** @type {Uint32Array} */ pixels) {
  for (let i = 0; i < indices.length; i += 1) pixels[i] = palette[indices[i]];
}

/** WCAG 2.2 relative luminance of a colour. */
export function luminance(/** @type {ArrayLike<number>} */ rgb) {
  const [r, g, b] = Array.from(rgb, (part) => {
    const v = part / 255;
    return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** WCAG 2.2 contrast ratio of two colours, 1 to 21. */
export function contrastRatio(/** @type {ArrayLike<number>} */ one, /** @type {ArrayLike<number>} */ other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

const INKS = [HOUSE.light.ink, HOUSE.dark.ink];

/** The ink, of the two themes', that reads better on this colour. */
export function inkOn(/** @type {ArrayLike<number>} */ rgb) {
  return contrastRatio(hexRgb(INKS[0]), rgb) >= contrastRatio(hexRgb(INKS[1]), rgb) ? INKS[0] : INKS[1];
}
