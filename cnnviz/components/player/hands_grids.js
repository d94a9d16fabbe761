// What the reader's hands do on input and kernel: choosing, painting, typing, pinning, wired to the change they make.

import { KernelGrid } from "../shared/kernel_grid.js";
import { exactText, fillText, typedNumber } from "../shared/numbers.js";
import { torchConvStart } from "../shared/torchrandom.js";
import { isPossible } from "../shared/windows.js";
import { setAttribute } from "./dom.js";
import { CellEditor } from "./editor.js";
import { layerOf, sidesOf, sparedKernel, withCell, withWeight } from "./model.js";
import { PiecePicker } from "./piece.js";
import { GridPointer, inputTip, isReadable } from "./pointer.js";

/** A kernel of the preset at the size the kernel has: fixed rows, or made for any size. */
export function presetKernel(preset, [rows, columns], seed) {
  if (preset.rows) return preset.rows;
  const fill = (cell) => Array.from({ length: rows }, (_, r) => Array.from({ length: columns }, (__, c) => cell(r, c)));
  if (preset.id === "ones") return fill(() => 1);
  if (preset.id === "mean") return fill(() => 1 / (rows * columns));
  if (preset.id === "identity") return fill((r, c) => Number(r === Math.floor((rows - 1) / 2) && c === Math.floor((columns - 1) / 2)));
  const { weights } = torchConvStart(seed, rows, columns);
  return fill((r, c) => weights[r * columns + c]);
}

export function wireSource(player) {
  const { parts } = player;
  parts.source.onchange = () => {
    const source = parts.source.value;
    player.painting = source === "hand";
    const cells = source === "hand" ? cellRows(player) : [];
    player.change({ ...player.scene, source, cells }, "start");
    showPicker(player, source === "picture");
  };
  parts.seedField.oninput = () => {
    const seed = Number(parts.seedField.value);
    if (Number.isInteger(seed) && seed >= 0 && seed <= 9999 && parts.seedField.value !== "") player.change({ ...player.scene, seed });
  };
  parts.redraw.onclick = () => player.change({ ...player.scene, seed: (player.scene.seed + 1) % 10000 });
  parts.brush.onclick = () => {
    player.painting = !player.painting;
    player.grids.input.canvas.classList.toggle("is-painted", player.painting);
    player.ask(2);
  };
  player.brushNumber = 1;
  parts.brushField.value = "1";
  parts.brushField.oninput = () => {
    const value = typedNumber(parts.brushField.value);
    setAttribute(parts.brushField, "aria-invalid", Math.abs(value) <= 9999 ? null : "true");
    if (Math.abs(value) <= 9999) player.brushNumber = value;
  };
  player.piecePicker = new PiecePicker(parts.picker, {
    change: (fields) => player.change({ ...player.scene, ...fields }, "start"),
    close: () => { showPicker(player, false); parts.choose.focus(); },
  });
  parts.choose.onclick = () => showPicker(player, parts.picker.hidden);
  parts.notice.querySelector("button").onclick = () => { parts.notice.hidden = true; };
}

export function showPicker(player, shown) {
  player.piecePicker.open(shown);
  setAttribute(player.parts.choose, "aria-expanded", String(shown));
  player.ask(2);
}

/** The input as it is now, as rows: what painting starts from. */
function cellRows({ worked, scene }) {
  return Array.from({ length: scene.size[0] }, (_, r) => Array.from(worked.input.subarray(r * scene.size[1], (r + 1) * scene.size[1])));
}

export function wireKernel(player) {
  const { parts } = player;
  const place = ({ row, col }) => {
    const [rows, columns] = sidesOf(player.scene.kernel);
    return player.scene.flip ? { row: rows - 1 - row, column: columns - 1 - col } : { row, column: col };
  };
  const put = (kernel, touched) => {
    const free = { ...player.scene, kernel, spare: sparedKernel(kernel, null) };
    const next = isPossible(layerOf(free)) ? free : { ...free, dilation: [1, 1] };
    if (isPossible(layerOf(next))) player.change(next, touched);
  };
  player.kernelGrid = new KernelGrid(parts.kernelHolder, {
    edit: (row, col, value) => {
      if (!(Math.abs(value) <= 9999)) return;
      const at = place({ row, col });
      const next = withWeight(player.scene, at.row, at.column, value);
      player.change({ ...next, spare: sparedKernel(next.kernel, next.spare) });
    },
    start: () => { player.hands.dragged = true; },
    hover: (cell) => player.look(cell ? { kind: "w", ...place(cell) } : null),
    paste: (text) => pasteKernel(text, put),
    name: (row, col, text) => {
      const at = place({ row, col });
      return fillText(player.texts.weight_name, { row: at.row, column: at.column, value: text });
    },
  });
  const own = parts.kernelHolder.onkeydown;
  parts.kernelHolder.onkeydown = (event) => {
    // A remote's keys step; Escape lets go; the rest is the grid's.
    if (!["PageDown", "PageUp"].includes(event.key)) own(event);
  };
  const press = parts.kernelHolder.onpointerdown;
  parts.kernelHolder.onpointerdown = (event) => {
    player.hands.dragged = false;
    press(event);
  };
  // A click that did not drag holds the weight; the grid has the pointer, so it knows the cell.
  parts.kernelHolder.onclick = () => {
    if (player.hands.dragged || player.kernelGrid.input) return;
    const { row, col } = player.kernelGrid.place;
    player.hold({ kind: "w", ...place({ row, col }) });
  };
  parts.preset.onchange = () => {
    const preset = player.header.kernels.find((k) => k.id === parts.preset.value);
    if (!preset) return;
    if (preset.id === "random_start") player.hands.kernelSeed = (player.hands.kernelSeed + 1) % 10000;
    player.scene = { ...player.scene, kernelSeed: player.hands.kernelSeed };
    put(presetKernel(preset, sidesOf(player.scene.kernel), player.hands.kernelSeed), preset.id === "random_start" ? "random_start" : "kernel");
  };
  parts.flip.onchange = () => player.change({ ...player.scene, flip: parts.flip.checked }, "flip");
}

/** A matrix pasted from a spreadsheet: rows of numbers parted by tabs, commas or blanks. */
export function pastedMatrix(text) {
  const lines = text.trim().split(/\r?\n/).map((line) => line.trim().split(line.includes("\t") ? "\t" : /[;,\s]+/).map(typedNumber));
  const fits = lines.length <= 11 && lines.every((line) => line.length === lines[0].length && line.length <= 11 && line.every((v) => Math.abs(v) <= 9999));
  return fits ? lines : null;
}

function pasteKernel(text, put) {
  const matrix = pastedMatrix(text);
  if (matrix) put(matrix, "kernel");
}

export function wireGrids(player) {
  const { grids, root, parts } = player;
  const offset = () => player.worked.plan.layer.axes.map((axis) => axis.before);
  const pixel = ({ row, column }) => ({ row: row - offset()[0], column: column - offset()[1] });
  const isPixel = (cell) => {
    const { row, column } = pixel(cell);
    return row >= 0 && column >= 0 && row < player.scene.size[0] && column < player.scene.size[1];
  };
  const valueAt = (cell) => player.worked.cells.values[cell.row * grids.input.content.columns + cell.column];
  const write = (cell, value) => {
    const { row, column } = pixel(cell);
    player.change(withCell(player.scene, row, column, value, player.grey), "start");
  };
  const [inputTipEl, outputTipEl] = root.querySelectorAll(".tip");
  player.editor = new CellEditor(root.querySelector(".input-box .edit"), {
    read: (row, column) => valueAt({ row, column }),
    write: (row, column, value) => write({ row, column }, value),
    place: (row, column) => [...grids.input.placeOf(row, column), grids.input.cell],
    label: (row, column) => inputTip(player.worked, { row, column, value: valueAt({ row, column }) }, player.texts),
    next: (row, column, by) => {
      const [rows, columns] = player.scene.size;
      const at = (row - offset()[0]) * columns + (column - offset()[1]) + by;
      return at < 0 || at >= rows * columns ? null : { row: Math.floor(at / columns) + offset()[0], column: (at % columns) + offset()[1] };
    },
    done: (cell) => player.inputPointer.resume(cell),
  });
  player.inputPointer = new GridPointer(grids.input, inputTipEl, {
    look: (cell) => player.look(cell && !player.editor.isOpen ? { kind: "x", ...cell } : null),
    pin: (cell) => player.hold({ kind: "x", ...cell }),
    describe: (cell) => (isReadable(grids.input, cell, valueAt(cell)) ? "" : inputTip(player.worked, { ...cell, value: valueAt(cell) }, player.texts)),
    paints: () => player.painting,
    paint: (cell) => { if (isPixel(cell)) write(cell, player.brushNumber); },
    type: (cell, first) => { if (isPixel(cell)) player.editor.open(cell.row, cell.column, first); },
    moved: () => player.ask(0),
    said: () => player.later(),
    start: () => ({ row: offset()[0], column: offset()[1] }),
  });
  player.outputPointer = new GridPointer(grids.output, outputTipEl, {
    look: (cell) => player.look(cell ? { kind: "y", ...cell } : null),
    pin: (cell) => player.hold({ kind: "y", ...cell }),
    describe: (cell) => {
      const value = player.worked.output[cell.row * grids.output.content.columns + cell.column];
      return isReadable(grids.output, cell, value) ? "" : `[${cell.row}, ${cell.column}] ${exactText(value)}`;
    },
    moved: () => player.ask(0),
    said: () => player.later(),
    start: () => ({ row: player.current.row, column: player.current.column }),
  });
  for (const name of ["input", "output"]) {
    parts[`${name}Near`].onclick = () => {
      grids[name].bringNear(!grids[name].near);
      player.ask(2);
    };
  }
}
