// What the grids show: the numbers of input and output as grid contents, and which cells belong to what is looked at.

import { numberText } from "../shared/numbers.js";
import { feeds, productsOf, sourceIndex, spanOfWindow, stepAt, visited, windowsOn } from "../shared/windows.js";

/**
 * What is looked at: an output element (y), a cell of the padded input (x), or a weight (w, its flat index's place).
 * @typedef {{kind: "x" | "y" | "w", row: number, column: number}} Focus
 * @typedef {{plan: import("../shared/windows.js").Plan, input: Float64Array, weights: Float64Array | null, bias: number,
 *   output: Float64Array, fill: number}} Worked  a layer with its numbers
 */

/**
 * The padded input's cells, and those that a last window hanging over the end reaches. Positions count from the first
 * pixel, cells from the first cell of the padding.
 */
export function paddedSides(/** @type {import("../shared/windows.js").Layer} */ layer) {
  return layer.axes.map((axis, i) => {
    const size = layer.size[i];
    if (axis.windows) return size;
    const last = spanOfWindow(axis, size, windowsOn(axis, size, layer.rounding) - 1);
    return axis.before + Math.max(size + axis.after, layer.rounding ? last.start + (last.taps - 1) * last.apart + 1 : 0);
  });
}

/**
 * The input with its padding, as grid content.
 * @param {Worked} worked @param {{grey: number, input?: number}} look grey: the value that is white, or 0 for plain cells; input: where
 *   the colour scale of plain cells ends
 */
export function inputContent({ plan, input, fill }, look) {
  const { layer } = plan;
  const [rows, columns] = paddedSides(layer);
  const [top, left] = layer.axes.map((axis) => axis.before);
  const [height, width] = layer.size;
  const values = new Array(rows * columns);
  const padding = rows * columns > height * width ? new Uint8Array(rows * columns) : null;
  const hatched = new Uint8Array(rows * columns);
  const [rowsMet, columnsMet] = metCells(plan);
  let any = 0;
  for (let r = 0; r < rows; r++) {
    const y = sourceIndex(r - top, height, layer.mode);
    for (let c = 0; c < columns; c++) {
      const x = sourceIndex(c - left, width, layer.mode);
      const i = r * columns + c;
      const hangs = r >= top + height + layer.axes[0].after || c >= left + width + layer.axes[1].after;
      values[i] = hangs && layer.axes.every((axis) => !axis.windows) ? null : y < 0 || x < 0 ? fill : input[y * width + x];
      if (padding && (r < top || r >= top + height || c < left || c >= left + width)) padding[i] = 1;
      if (!rowsMet[r] || !columnsMet[c]) any = hatched[i] = 1;
    }
  }
  const inner = padding ? [top, left, top + height, left + width] : null;
  return { rows, columns, values, padding, inner, unvisited: any ? hatched : null, limit: look.input ?? 0, grey: look.grey };
}

/** For each axis of the padded input, which cells a window meets; a pixel also where the padding shows it again. */
function metCells(/** @type {import("../shared/windows.js").Plan} */ plan) {
  const sides = paddedSides(plan.layer);
  return [plan.rows, plan.columns].map((table, a) => {
    const { before } = plan.layer.axes[a];
    const met = new Uint8Array(sides[a]);
    for (const position of table.position) if (position + before >= 0 && position + before < sides[a]) met[position + before] = 1;
    visited(plan)[a].forEach((seen, i) => { met[before + i] = seen; });
    return met;
  });
}

/** The feature map as grid content. */
export function outputContent(/** @type {Worked} */ { plan, output, limits }) {
  return { rows: plan.shape[0], columns: plan.shape[1], values: output, limit: limits.output, grey: limits.outputGrey ?? 0 };
}

/** The largest size among numbers: the end of their colour scale. */
export function largestOf(/** @type {ArrayLike<number>} */ values) {
  let most = 0;
  for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i])) most = Math.max(most, Math.abs(values[i]));
  return most;
}

/** Everything that belongs to what is looked at: the step, or what a cell feeds, or a weight's products. */
export function connections(/** @type {Worked} */ worked, /** @type {Focus} */ focus) {
  const { plan, input, weights, bias } = worked;
  if (focus.kind === "y") return { step: stepAt(plan, input, weights, bias, focus.row, focus.column) };
  if (focus.kind === "w") return { products: productsOf(plan, focus.row * plan.columns.kernel + focus.column) };
  const [top, left] = plan.layer.axes.map((axis) => axis.before);
  const fed = feeds(plan, focus.row - top, focus.column - left);
  return { fed: fed.map((f) => (weights ? { ...f, weight: weights[f.weightAt] } : { ...f, weight: shareOf(worked, f), shared: true })) };
}

/** What part a pooling's tap has in its output: 1 or 0 where one is taken. */
function shareOf({ plan, input }, { row, column, weightAt }) {
  const step = stepAt(plan, input, null, 0, row, column);
  const at = step.taps.findIndex((tap) => tap.weightAt === weightAt);
  return step.taps[at].weight ?? Number(at === winnerOf(step));
}

/** The tap that max pooling took: the first of equals, never padding; −1 where there is none. */
export function winnerOf(/** @type {import("../shared/windows.js").StepRecord} */ step) {
  return step.taps.findIndex((t) => t.source >= 0 && t.value === step.total && t.value > -Infinity);
}

/**
 * The marks on input and output for a focus; `tap` is the term the reader points at, or -1. `kernel` lists the flat
 * indices of the weights in use.
 * @param {Worked} worked @param {Focus} focus
 */
export function marksOf(worked, focus, linked, tap, at) {
  const { layer } = worked.plan;
  const [top, left] = layer.axes.map((axis) => axis.before);
  const [rows, columns] = paddedSides(layer);
  const cell = (row, column, style, more = {}) => ({ row, column, style, ...more });
  const inside = (mark) => mark.row < rows && mark.column < columns;
  if (focus.kind === "y") {
    const { taps } = linked.step;
    const strong = taps[tap];
    const marks = taps.map((t, i) => cell(t.row + top, t.column + left, i === tap ? "tap" : "window"));
    const winner = worked.plan.reduce === "max" ? winnerOf(linked.step) : -1;
    if (winner >= 0) marks.push(cell(taps[winner].row + top, taps[winner].column + left, "winner"));
    return {
      input: marks.filter(inside), output: [cell(focus.row, focus.column, "current")],
      kernel: strong ? [strong.weightAt] : [],
    };
  }
  const current = cell(at[0], at[1], "cursor");
  if (focus.kind === "x") {
    const fed = linked.fed.map((f, i) => cell(f.row, f.column, i === tap ? "current" : "fed", { label: `·${numberText(f.weight, 2)}` }));
    const weights = tap >= 0 && linked.fed[tap] ? [linked.fed[tap].weightAt] : linked.fed.map((f) => f.weightAt);
    return { input: [cell(focus.row, focus.column, "pointed")], output: [current, ...fed], kernel: weights };
  }
  const met = linked.products.map((p, i) => cell(p.meets[0] + top, p.meets[1] + left, i === tap ? "tap" : "window"));
  const one = linked.products[tap];
  return {
    input: met.filter(inside), output: one ? [cell(one.row, one.column, "current")] : [current],
    kernel: [focus.row * worked.plan.columns.kernel + focus.column],
  };
}

/** The rows and columns that the marks cover: [top, left, bottom, right], or null. */
export function spanOf(/** @type {import("../shared/grid.js").GridMark[]} */ marks) {
  if (!marks.length) return null;
  const rows = marks.map((m) => m.row);
  const columns = marks.map((m) => m.column);
  return [Math.min(...rows), Math.min(...columns), Math.max(...rows) + 1, Math.max(...columns) + 1];
}

/** A pin as the link writes it, and back. */
export function pinText(/** @type {Focus | null} */ focus) {
  return focus ? `${focus.kind}${focus.row}.${focus.column}` : "";
}

/** @returns {Focus | null} */
export function pinFocus(text, /** @type {Worked} */ { plan, weights }) {
  const hasWeights = weights !== null;
  const found = /^([xyw])(\d+)\.(\d+)$/.exec(text ?? "");
  if (!found || (found[1] === "w" && hasWeights === false)) return null;
  const focus = { kind: found[1], row: Number(found[2]), column: Number(found[3]) };
  const [rows, columns] = { x: paddedSides(plan.layer), y: plan.shape, w: [plan.rows.kernel, plan.columns.kernel] }[focus.kind];
  return focus.row < rows && focus.column < columns ? /** @type {Focus} */ (focus) : null;
}
