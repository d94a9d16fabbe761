// Both axes at once: the padded input as a grid with one window on it, and the grid of outputs, drawn into an SVG.

import { effectiveSize } from "../shared/windows.js";
import { kindOf } from "./strip.js";
import { boxPath, hatchPattern, svgPart, svgText } from "./svg.js";

/**
 * @typedef {import("../shared/axis.js").Strip} GridAxis
 * @typedef {{unit: number, left: number, top: number, outLeft: number, outTop: number}} GridPlace
 */

/** Where the two grids lie: side by side, or under each other where the box is taller than wide. @returns {GridPlace} */
export function placeGrids(/** @type {GridAxis[]} */ [rows, columns], box) {
  const [high, wide] = [rows.to - rows.from, columns.to - columns.from];
  const [outHigh, outWide] = [Math.max(1, rows.starts.length), Math.max(1, columns.starts.length)];
  const gap = box.type * 2.5;
  const beside = Math.min((box.width - gap - 4) / (wide + outWide), (box.height - 4) / Math.max(high, outHigh));
  const under = Math.min((box.width - 4) / Math.max(wide, outWide), (box.height - gap - 4) / (high + outHigh));
  const unit = Math.min(box.type * 2.6, Math.max(beside, under));
  if (beside >= under) return { unit, left: 2, top: 2, outLeft: 2 + wide * unit + gap, outTop: 2 };
  return { unit, left: 2, top: 2, outLeft: 2, outTop: 2 + high * unit + gap };
}

/** The window nearest to a point of the input grid, or the output under it: [row, column], or null where there is none. */
export function windowUnder(/** @type {GridAxis[]} */ axes, /** @type {GridPlace} */ place, x, y) {
  const [rows, columns] = axes;
  if (!rows.starts.length || !columns.starts.length) return null;
  const out = [Math.floor((y - place.outTop) / place.unit), Math.floor((x - place.outLeft) / place.unit)];
  if (out.every((o, i) => o >= 0 && o < axes[i].starts.length)) return out;
  const at = [(y - place.top) / place.unit + rows.from, (x - place.left) / place.unit + columns.from];
  return axes.map((axis, i) => nearestWindow(axis, at[i]));
}

/** The window of an axis whose middle is nearest to a position. */
export function nearestWindow(/** @type {GridAxis} */ axis, position) {
  const first = axis.starts[0] + effectiveSize(axis.axis) / 2;
  return Math.max(0, Math.min(axis.starts.length - 1, Math.round((position - first) / axis.axis.stride)));
}

/** Draw both grids; `chosen` is [row, column] of the window. */
export function drawGrids(svg, /** @type {GridAxis[]} */ axes, /** @type {GridPlace} */ place, type, chosen, term = "") {
  const [rows, columns] = axes;
  const paths = { pixel: "", padding: "", beyond: "", dropped: "" };
  const x = (column) => place.left + (column - columns.from) * place.unit;
  const y = (row) => place.top + (row - rows.from) * place.unit;
  for (let r = rows.from; r < rows.to; r += 1) {
    for (let c = columns.from; c < columns.to; c += 1) {
      const kinds = [kindOf(rows, r), kindOf(columns, c)];
      const kind = kinds.includes("beyond") ? "beyond" : kinds.includes("padding") ? "padding" : "pixel";
      const box = boxPath(x(c), y(r), place.unit, place.unit, kind === "padding" ? 1 : 0.5);
      paths[kind] += box;
      if (kind === "pixel" && (rows.dropped.has(r) || columns.dropped.has(c))) paths.dropped += box;
    }
  }
  const lit = (names) => (names.includes(term) ? " lit" : "");
  const parts = [
    hatchPattern("hatch"),
    svgPart("path", { d: paths.beyond, class: "cell-beyond" }),
    svgPart("path", { d: paths.padding, class: `cell-padding${lit(["before", "after"])}` }),
    svgPart("path", { d: paths.pixel, class: `cell-pixel${lit(["size"])}` }),
    svgPart("path", { d: paths.dropped, class: "cell-dropped", fill: "url(#hatch)" }),
  ];
  let outputs = "";
  rows.starts.forEach((_, r) => columns.starts.forEach((__, c) => {
    outputs += boxPath(place.outLeft + c * place.unit, place.outTop + r * place.unit, place.unit, place.unit, 0.5);
  }));
  parts.push(svgPart("path", { d: outputs, class: `cell-output${lit(["output"])}` }));
  if (rows.starts.length && columns.starts.length) parts.push(...chosenOnGrid(axes, place, type, chosen, x, y, lit));
  svg.replaceChildren(...parts);
}

function chosenOnGrid([rows, columns], place, type, [row, column], x, y, lit) {
  let taps = "";
  const texts = [];
  const size = Math.min(type * 0.8, place.unit * 0.42);
  const [top, left] = [rows.starts[row], columns.starts[column]];
  for (let i = 0; i < rows.axis.kernel; i += 1) {
    for (let j = 0; j < columns.axis.kernel; j += 1) {
      const [r, c] = [top + i * rows.axis.dilation, left + j * columns.axis.dilation];
      taps += boxPath(x(c), y(r), place.unit, place.unit, 1.5);
      if (size >= 8) texts.push(svgText(x(c + 0.5), y(r + 0.5), `${i},${j}`, "tap-number", size));
    }
  }
  const span = boxPath(x(left), y(top), effectiveSize(columns.axis) * place.unit, effectiveSize(rows.axis) * place.unit);
  const out = boxPath(place.outLeft + column * place.unit, place.outTop + row * place.unit, place.unit, place.unit);
  return [
    svgPart("path", { d: taps, class: `window-taps${lit(["kernel_size", "dilation"])}` }), ...texts,
    svgPart("path", { d: span, class: "mark-window" }), svgPart("path", { d: out, class: "mark-output" }),
  ];
}
