// The room the player has on the page: measured when it changes, never in a frame.

const WIDE_REM = 57; // from here on input, kernel and output stand side by side
const LEAST_REM = 31;
const MOST_REM = 66;

/** The height that is left from `top` to the window's end, in whole pixels. */
export function stageHeight(top, windowHeight, rem, belowRem, leastRem = LEAST_REM) {
  return Math.round(Math.max(leastRem * rem, Math.min(MOST_REM * rem, windowHeight - top - belowRem * rem)));
}

/** Where an element starts on the page, however far the page is scrolled. */
function pageTop(root) {
  let top = root.getBoundingClientRect().top;
  const host = root.getRootNode().host ?? root;
  for (let el = host.parentElement; el; el = el.parentElement) top += el.scrollTop;
  return top;
}

/** Fit stage and grids to the window. */
export function measureRoom(player) {
  const { root, parts, header } = player;
  if (root.hidden || !root.isConnected || !header) return;
  const doc = root.ownerDocument;
  const rem = parseFloat(getComputedStyle(doc.documentElement).fontSize) || 15;
  const windowHeight = doc.defaultView.innerHeight;
  const wide = root.clientWidth >= WIDE_REM * rem;
  root.classList.toggle("is-wide", wide);
  root.style.setProperty("--stage-height", wide ? `${stageHeight(pageTop(root), windowHeight, rem, header.below, header.least)}px` : "auto");
  const family = getComputedStyle(root).getPropertyValue("--st-code-font").trim() || "monospace";
  // A tall window has room for large cells, the same in both grids.
  const shared = wide ? Math.min(parts.inputBox.clientHeight, parts.outputBox.clientHeight) / 5 : 0;
  const largest = Math.round(Math.max((header.present ? 6 : 4.4) * rem, shared));
  for (const name of ["input", "output"]) {
    const box = parts[`${name}Box`];
    const grid = player.grids[name];
    Object.assign(grid.sizes, { largest, near: Math.round(2 * rem), least: header.present ? 14 : 9.5, easy: header.present ? 15 : 12 });
    grid.fit(box.clientWidth, wide ? box.clientHeight : Math.round(windowHeight * 0.62), player.dark, family);
  }
  // Two lines of the strip, in characters, with room for "+ bias = result" and for breaking between terms.
  const perLine = parts.stripWords.clientWidth / (0.61 * parseFloat(getComputedStyle(parts.stripWords).fontSize));
  player.stripRoom = Math.max(24, Math.floor(2 * perLine) - 34);
  player.kernelRoom = parts.kernelBox.clientWidth;
  player.largestCell = Math.round(2.94 * rem);
  if (player.scene) player.ask(2);
}
