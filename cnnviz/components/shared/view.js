// Where a viewer looks: pure geometry between what is shown and the screen; viewer.js draws with it.
//
// The world's unit is one input pixel, so that a picture and its feature map (whose cells lie `stride` apart) can
// share one view. Screen lengths are CSS pixels from the viewer's top left.

/**
 * @typedef {{x: number, y: number, zoom: number}} View  the world point in the middle; zoom 1 shows all there is
 * @typedef {{left: number, top: number, right: number, bottom: number}} Bounds  all there is, in the world
 * @typedef {{left: number, top: number, pitchX: number, pitchY: number}} Frame  where cell (0, 0) begins, a cell's size
 * @typedef {{width: number, height: number}} Screen
 * @typedef {{row: number, col: number}} Cell
 */

/** Screen pixels of one world unit at zoom 1. */
export function fitScale(/** @type {Bounds} */ bounds, /** @type {Screen} */ screen) {
  return Math.min(screen.width / (bounds.right - bounds.left), screen.height / (bounds.bottom - bounds.top));
}

/** Screen pixels of one world unit. */
export function scaleOf(/** @type {View} */ view, /** @type {Bounds} */ bounds, /** @type {Screen} */ screen) {
  return view.zoom * fitScale(bounds, screen);
}

/** The view that shows everything. @returns {View} */
export function wholeView(/** @type {Bounds} */ bounds) {
  return { x: (bounds.left + bounds.right) / 2, y: (bounds.top + bounds.bottom) / 2, zoom: 1 };
}

/** The zoom at which a world unit is `largest` screen pixels: nobody needs a closer look. */
export function closestZoom(/** @type {Bounds} */ bounds, /** @type {Screen} */ screen, largest = 88) {
  return Math.max(1, largest / fitScale(bounds, screen));
}

function clampAxis(centre, low, high, seen) {
  return seen >= high - low ? (low + high) / 2 : Math.min(high - seen / 2, Math.max(low + seen / 2, centre));
}

/** The nearest view that can be shown: not closer than `largest`, not farther than everything, never past the edge. */
export function clampView(/** @type {View} */ view, /** @type {Bounds} */ bounds, /** @type {Screen} */ screen, largest = 88) {
  const zoom = Math.min(closestZoom(bounds, screen, largest), Math.max(1, view.zoom));
  const scale = zoom * fitScale(bounds, screen);
  return {
    x: clampAxis(view.x, bounds.left, bounds.right, screen.width / scale),
    y: clampAxis(view.y, bounds.top, bounds.bottom, screen.height / scale),
    zoom,
  };
}

/** The world point under a screen point. */
export function worldAt(/** @type {View} */ view, /** @type {Bounds} */ bounds, /** @type {Screen} */ screen, px, py) {
  const scale = scaleOf(view, bounds, screen);
  return { x: view.x + (px - screen.width / 2) / scale, y: view.y + (py - screen.height / 2) / scale };
}

/** The view zoomed by `factor` so that the world point under (px, py) stays there, as far as the edges allow. */
export function zoomAt(/** @type {View} */ view, /** @type {Bounds} */ bounds, /** @type {Screen} */ screen, factor, px, py, largest = 88) {
  const point = worldAt(view, bounds, screen, px, py);
  const zoom = Math.min(closestZoom(bounds, screen, largest), Math.max(1, view.zoom * factor));
  const scale = zoom * fitScale(bounds, screen);
  const moved = { x: point.x - (px - screen.width / 2) / scale, y: point.y - (py - screen.height / 2) / scale, zoom };
  return clampView(moved, bounds, screen, largest);
}

/** The view after the content was dragged by (dx, dy) screen pixels. */
export function panBy(/** @type {View} */ view, /** @type {Bounds} */ bounds, /** @type {Screen} */ screen, dx, dy, largest = 88) {
  const scale = scaleOf(view, bounds, screen);
  return clampView({ x: view.x - dx / scale, y: view.y - dy / scale, zoom: view.zoom }, bounds, screen, largest);
}

/** The screen rectangle of a block of cells; numbers need not be whole, nor inside the content. */
export function boxOf(/** @type {View} */ view, /** @type {Bounds} */ bounds, /** @type {Screen} */ screen, /** @type {Frame} */ frame, row, col, rows = 1, cols = 1) {
  const scale = scaleOf(view, bounds, screen);
  return {
    x: (frame.left + col * frame.pitchX - view.x) * scale + screen.width / 2,
    y: (frame.top + row * frame.pitchY - view.y) * scale + screen.height / 2,
    width: cols * frame.pitchX * scale,
    height: rows * frame.pitchY * scale,
  };
}

/** The cell under a screen point, or null outside a content of `rows` x `cols`. @returns {Cell | null} */
export function cellAt(/** @type {View} */ view, /** @type {Bounds} */ bounds, /** @type {Screen} */ screen, /** @type {Frame} */ frame, rows, cols, px, py) {
  const point = worldAt(view, bounds, screen, px, py);
  const row = Math.floor((point.y - frame.top) / frame.pitchY);
  const col = Math.floor((point.x - frame.left) / frame.pitchX);
  return row >= 0 && row < rows && col >= 0 && col < cols ? { row, col } : null;
}

/** The cells that can be seen, in part or whole: rows row0..row1-1, columns col0..col1-1. */
export function visibleCells(/** @type {View} */ view, /** @type {Bounds} */ bounds, /** @type {Screen} */ screen, /** @type {Frame} */ frame, rows, cols) {
  const first = worldAt(view, bounds, screen, 0, 0);
  const last = worldAt(view, bounds, screen, screen.width, screen.height);
  const cut = (value, most) => Math.min(most, Math.max(0, value));
  return {
    row0: cut(Math.floor((first.y - frame.top) / frame.pitchY), rows),
    row1: cut(Math.ceil((last.y - frame.top) / frame.pitchY), rows),
    col0: cut(Math.floor((first.x - frame.left) / frame.pitchX), cols),
    col1: cut(Math.ceil((last.x - frame.left) / frame.pitchX), cols),
  };
}

/** The view moved just so far that a block of cells lies inside it (or, if too large, its middle in the middle). */
export function bringIntoView(/** @type {View} */ view, /** @type {Bounds} */ bounds, /** @type {Screen} */ screen, /** @type {Frame} */ frame, row, col, rows = 1, cols = 1, largest = 88) {
  const scale = scaleOf(view, bounds, screen);
  const axis = (centre, start, length, seen) => {
    if (length >= seen) return start + length / 2;
    return Math.min(start + seen / 2, Math.max(start + length - seen / 2, centre));
  };
  const x = axis(view.x, frame.left + col * frame.pitchX, cols * frame.pitchX, screen.width / scale);
  const y = axis(view.y, frame.top + row * frame.pitchY, rows * frame.pitchY, screen.height / scale);
  return clampView({ x, y, zoom: view.zoom }, bounds, screen, largest);
}

/** The type size at which a number of `length` characters fits a cell, or 0 when it would be too small to read. */
export function numberSize(cellWidth, cellHeight, length, smallest = 11, greatest = 20) {
  const size = Math.min(greatest, (cellWidth - 4) / (Math.max(length, 3) * 0.61), cellHeight * 0.5);
  return size >= smallest ? size : 0;
}
