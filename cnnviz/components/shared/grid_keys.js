// What a key means in an editable grid of numbers: another value, or another cell. Pure; kernel_grid.js asks.

/** How many steps a key means, or 0: arrows go one, with Shift ten, with Alt a tenth. */
export function keySteps(/** @type {{key: string, shiftKey?: boolean, altKey?: boolean}} */ event) {
  const way = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
  return way * (event.shiftKey ? 10 : event.altKey ? 0.1 : 1);
}

/** The cell a key moves to from `at`, or null: left and right go on at the ends of rows, Ctrl + arrows keep to lines. */
export function keyMove(/** @type {{key: string, ctrlKey?: boolean, metaKey?: boolean}} */ event, at, rows, cols) {
  const last = rows * cols - 1;
  const go = (index) => Math.max(0, Math.min(last, index));
  const ctrl = event.ctrlKey || event.metaKey;
  const row = Math.floor(at / cols);
  if (event.key === "ArrowRight") return go(at + 1);
  if (event.key === "ArrowLeft") return go(at - 1);
  if (event.key === "PageDown" || (ctrl && event.key === "ArrowDown")) return go(row < rows - 1 ? at + cols : at);
  if (event.key === "PageUp" || (ctrl && event.key === "ArrowUp")) return go(row > 0 ? at - cols : at);
  if (event.key === "Home") return ctrl ? 0 : row * cols;
  if (event.key === "End") return ctrl ? last : row * cols + cols - 1;
  return null;
}

/** `value` moved by `notches` steps: onto the ladder of whole steps, without the dust of adding decimals. */
export function movedBy(value, notches, step) {
  const fine = Math.abs(notches) < 1 ? step / 10 : step;
  return notches === 0 ? value : Number((Math.round((value + notches * step) / fine) * fine).toPrecision(12)) + 0;
}
