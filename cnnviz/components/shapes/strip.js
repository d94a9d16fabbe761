// A strip of pixels with all windows on it and the outputs they become, drawn into an SVG.

import { effectiveSize } from "../shared/windows.js";
import { boxPath, hatchPattern, linePath, svgPart, svgText } from "./svg.js";

/**
 * @typedef {import("../shared/axis.js").Strip} Strip
 * @typedef {{unit: number, from: number, cellY: number, cellHeight: number, rows: number, rowHeight: number, windowY: number,
 *   outputY: number, stairs: boolean, left: number}} StripPlace  lengths in CSS pixels; left: room for the rows' names
 */

const LEAST_ROW = 13;
const MOST_ROW = 1.8; // of the type's size

/**
 * Where everything of a strip lies in a box: windows as stairs where there is room, else on as few rows as keep them apart.
 * @param {{from: number, to: number, count: number, effective: number, stride: number}} strip
 * @param {{width: number, height: number, type: number, left?: number}} box type: the size of normal type
 * @returns {StripPlace}
 */
export function placeStrip(strip, box) {
  const left = 1 + (box.left ?? 0);
  const unit = Math.min(box.type * 5.6, (box.width - left - 1) / Math.max(1, strip.to - strip.from));
  const cellHeight = Math.min(Math.max(unit, box.type * 1.3), box.type * 2.6, box.height * 0.3);
  const room = Math.max(8, box.height - 2 * cellHeight - box.type * 1.4);
  const apart = Math.ceil((strip.effective + 0.25) / strip.stride);
  const stairs = strip.count * LEAST_ROW <= room;
  const rows = Math.max(1, stairs ? strip.count : Math.min(strip.count, apart));
  const rowHeight = Math.min(MOST_ROW * box.type, room / rows);
  const windowY = 1 + cellHeight + box.type * 0.5;
  return { left, unit, from: strip.from, cellY: 1, cellHeight, rows, rowHeight, windowY, outputY: windowY + rows * rowHeight + box.type * 0.4, stairs };
}

/** The x of a position's left edge. */
export function stripX(/** @type {StripPlace} */ place, position) {
  return place.left + (position - place.from) * place.unit;
}

/** The window under a point, or −1. */
export function windowAt(/** @type {Strip} */ strip, /** @type {StripPlace} */ place, x, y) {
  const position = (x - place.left) / place.unit + place.from;
  const row = Math.floor((y - place.windowY) / place.rowHeight);
  const effective = effectiveSize(strip.axis);
  let best = -1;
  let nearest = Infinity;
  strip.starts.forEach((start, o) => {
    if (row >= 0 && row < place.rows && o % place.rows !== row) return;
    const away = Math.abs(position - (start + effective / 2));
    if (away < nearest && away <= Math.max(effective, strip.axis.stride) / 2 + 0.5) [best, nearest] = [o, away];
  });
  return best;
}

/** What a position is: a pixel, padding, or beyond the padding (where only a rounded-up or ghost window reaches). */
export function kindOf(/** @type {Strip} */ strip, position) {
  if (position >= 0 && position < strip.size) return "pixel";
  return position < strip.size + strip.axis.after && position >= -strip.axis.before ? "padding" : "beyond";
}

/** A place for the strip alone, its windows as thin lines beneath: for several strips under each other on one scale. @returns {StripPlace} */
export function placeLine(/** @type {Strip} */ strip, /** @type {{from: number, to: number, width: number, height: number, type: number}} */ box) {
  const unit = Math.min(box.type * 2.6, (box.width - 2) / Math.max(1, box.to - box.from));
  const rows = Math.max(1, Math.min(strip.starts.length, Math.ceil((effectiveSize(strip.axis) + 0.25) / strip.axis.stride)));
  const cellHeight = Math.min(box.height * 0.55, box.type * 1.6);
  const rowHeight = Math.min(box.type * 0.5, (box.height - cellHeight - 4) / rows);
  return { left: 1, unit, from: box.from, cellY: 1, cellHeight, rows, rowHeight, windowY: cellHeight + 3, outputY: box.height, stairs: false };
}

/** Draw the strip; `chosen` is a window or −1, `term` the part of the formula that is pointed at, or "". */
export function drawStrip(svg, /** @type {Strip} */ strip, /** @type {StripPlace} */ place, type, chosen = -1, term = "") {
  const parts = [hatchPattern("hatch"), ...cells(strip, place, type, term), ...windows(strip, place, type, term)];
  parts.push(...outputs(strip, place, type, term), ...pointed(strip, place, type, term));
  if (chosen >= 0 && chosen < strip.starts.length) parts.push(...chosenWindow(strip, place, chosen));
  svg.replaceChildren(...parts);
}

/** Draw the strip and its windows only. */
export function drawLine(svg, /** @type {Strip} */ strip, /** @type {StripPlace} */ place, type) {
  svg.replaceChildren(hatchPattern("hatch"), ...cells(strip, place, type, ""), ...windows(strip, place, type, ""));
}

/** The names of the three rows, at their left. */
export function rowNames(/** @type {StripPlace} */ place, type, /** @type {string[]} */ [input, windowsName, output]) {
  const at = (y, text, role) => {
    const name = svgText(0, y, text, `row-name ${role}`, type * 0.92);
    name.setAttribute("text-anchor", "start");
    return name;
  };
  return [
    at(place.cellY + place.cellHeight / 2, input, "fill-input"), at(place.windowY + Math.min(place.rows * place.rowHeight, place.rowHeight) / 2, windowsName, "fill-kernel"),
    at(place.outputY + place.cellHeight / 2, output, "fill-output"),
  ];
}

function cells(strip, place, type, term) {
  const paths = { pixel: "", padding: "", beyond: "", dropped: "" };
  const texts = [];
  const size = Math.min(type * 0.9, place.unit * 0.5);
  for (let p = strip.from; p < strip.to; p += 1) {
    const kind = kindOf(strip, p);
    const box = boxPath(stripX(place, p), place.cellY, place.unit, place.cellHeight, kind === "padding" ? 1 : 0.5);
    paths[kind] += box;
    if (strip.dropped.has(p)) paths.dropped += box;
    if (kind === "pixel" && size >= 8) texts.push(svgText(stripX(place, p + 0.5), place.cellY + place.cellHeight / 2, String(p), strip.dropped.has(p) ? "cell-number on-hatch" : "cell-number", size));
  }
  const lit = (kind) => ((term === "size" && kind === "pixel") || (kind === "padding" && (term === "before" || term === "after")) ? " lit" : "");
  return [
    svgPart("path", { d: paths.beyond, class: "cell-beyond" }),
    svgPart("path", { d: paths.padding, class: `cell-padding${lit("padding")}` }),
    svgPart("path", { d: paths.pixel, class: `cell-pixel${lit("pixel")}` }),
    svgPart("path", { d: paths.dropped, class: "cell-dropped", fill: "url(#hatch)" }),
    ...texts,
  ];
}

/** Every window: a thin bar over what it spans, a block on every tap; the one left out is dotted. */
function windows(strip, place, type, term) {
  const effective = effectiveSize(strip.axis);
  const height = Math.max(3, Math.min(place.rowHeight - 3, type * 1.25));
  let [spans, taps] = ["", ""];
  const texts = [];
  const draw = (start, row, o) => {
    const y = place.windowY + row * place.rowHeight + (place.rowHeight - height) / 2;
    spans += boxPath(stripX(place, start), y + height * 0.35, place.unit * effective, height * 0.3);
    for (let k = 0; k < strip.axis.kernel; k += 1) taps += boxPath(stripX(place, start + k * strip.axis.dilation), y, place.unit, height, Math.min(1, place.unit * 0.12));
    const size = Math.min(type * 0.8, place.unit * 0.6);
    if (o >= 0 && size >= 8 && height >= size) {
      for (let k = 0; k < strip.axis.kernel; k += 1) texts.push(svgText(stripX(place, start + k * strip.axis.dilation + 0.5), y + height / 2, String(k), "tap-number", size));
    }
  };
  strip.starts.forEach((start, o) => draw(start, o % place.rows, o));
  const strong = term === "kernel_size" || term === "dilation" ? " lit" : "";
  const parts = [svgPart("path", { d: spans, class: "window-span" }), svgPart("path", { d: taps, class: `window-taps${strong}` }), ...texts];
  if (strip.ghost !== null) parts.unshift(ghostWindow(strip, place, effective, height));
  return parts;
}

function ghostWindow(strip, place, effective, height) {
  const row = strip.starts.length % place.rows;
  const y = place.stairs ? place.windowY + strip.starts.length * place.rowHeight : place.windowY + row * place.rowHeight;
  const room = Math.min(y + (place.rowHeight - height) / 2, place.outputY - height);
  return svgPart("path", { d: boxPath(stripX(place, strip.ghost), room, place.unit * effective, height, 1), class: "window-ghost" });
}

/** The middle of a window on the strip. */
export function windowCentre(/** @type {Strip} */ strip, /** @type {StripPlace} */ place, window) {
  return stripX(place, strip.starts[window] + effectiveSize(strip.axis) / 2);
}

function outputs(strip, place, type, term) {
  let boxes = "";
  const texts = [];
  const wide = Math.min(place.unit, place.unit * strip.axis.stride);
  const size = Math.min(type * 0.9, wide * 0.5);
  strip.starts.forEach((_, o) => {
    const x = windowCentre(strip, place, o);
    boxes += boxPath(x - wide / 2, place.outputY, wide, place.cellHeight, 0.5);
    if (size >= 8) texts.push(svgText(x, place.outputY + place.cellHeight / 2, String(o), "cell-number", size));
  });
  return [svgPart("path", { d: boxes, class: `cell-output${term === "output" ? " lit" : ""}` }), ...texts];
}

/** What a term counts, shown on the strip: one stride, one dilation, the first window's taps. */
function pointed(strip, place, type, term) {
  const y = place.windowY - type * 0.25;
  if (term === "stride" && strip.starts.length > 1) {
    const [a, b] = [stripX(place, strip.starts[0]), stripX(place, strip.starts[1])];
    return [svgPart("path", { d: linePath(a, y, b, y) + linePath(b - 5, y - 4, b, y) + linePath(b - 5, y + 4, b, y), class: "mark-stride" })];
  }
  if (term === "dilation" && strip.axis.kernel > 1 && strip.starts.length) {
    const [a, b] = [strip.starts[0] + 0.5, strip.starts[0] + strip.axis.dilation + 0.5].map((p) => stripX(place, p));
    return [svgPart("path", { d: linePath(a, y, b, y) + linePath(a, y - 4, a, y + 4) + linePath(b, y - 4, b, y + 4), class: "mark-stride" })];
  }
  if (term === "before" || term === "after") {
    const [low, high] = term === "before" ? [-strip.axis.before, 0] : [strip.size, strip.size + strip.axis.after];
    return [svgPart("path", { d: boxPath(stripX(place, low), place.cellY, (high - low) * place.unit, place.cellHeight), class: "mark-padding" })];
  }
  return [];
}

function chosenWindow(strip, place, chosen) {
  const taps = Array.from({ length: strip.axis.kernel }, (_, k) => strip.starts[chosen] + k * strip.axis.dilation);
  const x = windowCentre(strip, place, chosen);
  const wide = Math.min(place.unit, place.unit * strip.axis.stride);
  const lines = taps.map((p) => boxPath(stripX(place, p), place.cellY, place.unit, place.cellHeight, 1)).join("");
  const row = place.windowY + (chosen % place.rows) * place.rowHeight;
  const span = boxPath(stripX(place, strip.starts[chosen]), row, place.unit * effectiveSize(strip.axis), place.rowHeight, 0.5);
  return [
    svgPart("path", { d: lines + span, class: "mark-window" }),
    svgPart("path", { d: linePath(x, row + place.rowHeight, x, place.outputY), class: "mark-way" }),
    svgPart("path", { d: boxPath(x - wide / 2, place.outputY, wide, place.cellHeight), class: "mark-output" }),
  ];
}
