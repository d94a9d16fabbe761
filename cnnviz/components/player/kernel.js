// What the reader's hands do on the kernel: dragging, typing, pasting, choosing and holding weights.

import { KernelGrid } from "../shared/kernel_grid.js";
import { fillText, typedNumber } from "../shared/numbers.js";
import { torchConvStart } from "../shared/torchrandom.js";
import { isPossible } from "../shared/windows.js";
import { layerOf, sidesOf, sparedKernel, withWeight } from "./model.js";

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

export function wireKernel(player) {
  const { parts } = player;
  const seeds = { kernel: -1 };
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
    if (preset.id === "random_start") seeds.kernel = (seeds.kernel + 1) % 10000;
    player.scene = { ...player.scene, kernelSeed: seeds.kernel };
    put(presetKernel(preset, sidesOf(player.scene.kernel), seeds.kernel), preset.id === "random_start" ? "random_start" : "kernel");
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
