// What the reader's hands do on input and output: choosing, painting, typing, pinning, wired to the change they make.

import { exactText, typedNumber } from "../shared/numbers.js";
import { setAttribute } from "./dom.js";
import { CellEditor } from "./editor.js";
import { withCell } from "./model.js";
import { PiecePicker } from "./piece.js";
import { GridPointer, inputTip, isReadable } from "./pointer.js";

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
