// The theme as the parts see it: Streamlit's own colour decides, ours follow from it.

/**
 * Relative brightness of a CSS colour such as "#0f1014" or "rgb(15, 16, 20)", 0 black to 1 white.
 * @param {string} colour
 */
export function brightness(colour) {
  const hex = colour.trim().match(/^#([0-9a-f]{6})/i);
  const parts = hex
    ? [0, 2, 4].map((i) => parseInt(hex[1].slice(i, i + 2), 16))
    : (colour.match(/[\d.]+/g) ?? ["255", "255", "255"]).slice(0, 3).map(Number);
  return (0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]) / 255;
}

/**
 * Mark the part as dark or light, for shared.css, and say which it is.
 * @param {any} root the part's parentElement: a shadow root, or an element when styles are not isolated
 * @returns {boolean} true when dark
 */
export function applyTheme(root) {
  const host = root.host ?? root;
  const dark = brightness(getComputedStyle(host).getPropertyValue("--st-background-color") || "#ffffff") < 0.5;
  host.toggleAttribute("data-dark", dark);
  return dark;
}
