// What is said beside the numbers: captions, what the floor leaves over, one note on what was touched last, and for
// readers who do not see the grids a sentence at rest and a table for each grid.

import { exactText, fillText, numberText } from "../shared/numbers.js";
import { leftOver, sizeFormula, unvisitedPixels } from "./formula.js";
import { isPointSymmetric, presetPadding, sidesOf } from "./model.js";
import { newElement } from "./dom.js";

const sizeText = (sides) => sides.join(" × ");

/** The padding's amount as short as it can be said; "" where there is none. */
export function amountText([top, bottom, left, right]) {
  if (!top && !bottom && !left && !right) return "";
  if (top === bottom && left === right) return top === left ? String(top) : `${top} × ${left}`;
  return `(${top}, ${bottom}) × (${left}, ${right})`;
}

/** The headings of the three grids. */
export function headings(scene, plan, texts) {
  const amount = amountText(scene.padding);
  const input = fillText(amount ? texts.caption_padded : texts.caption_input, { size: sizeText(scene.size), padding: amount });
  const kernel = fillText(scene.flip ? texts.caption_turned : texts.caption_kernel, { size: sizeText(sidesOf(scene.kernel)) });
  return { input, kernel, output: fillText(texts.caption_output, { size: sizeText(plan.shape) }) };
}

/** The formula's lines: one where both axes agree. @returns {{which: number, pieces: import("./formula.js").Piece[]}[]} */
export function formulaLines(/** @type {import("../shared/windows.js").Layer} */ layer) {
  const lines = layer.axes.map((axis, which) => ({ which, pieces: sizeFormula(axis, layer.size[which]) }));
  const [rows, columns] = lines.map((line) => line.pieces.map((piece) => piece.text).join(""));
  return rows === columns ? [{ which: -1, pieces: lines[0].pieces }] : lines;
}

/** The formula's lines as words: one line where both axes agree, else one each with its name. */
export function formulaWords(/** @type {import("../shared/windows.js").Layer} */ layer, texts) {
  return formulaLines(layer).flatMap(({ which, pieces }, i) => [
    ...(i ? [{ text: "\n" }] : []),
    ...(which === -1 ? [] : [{ text: `${texts[which ? "short_columns" : "short_rows"]} `, role: "axis" }]),
    ...pieces.map((piece) => ({ ...piece, bold: piece.role === "output" })),
  ]);
}

/** Sentences one after another; Chinese ones need no space between them. */
export function joinSentences(...sentences) {
  return sentences.filter(Boolean).reduce((text, next) => text + (text === "" || text.endsWith("。") ? "" : " ") + next, "");
}

/** What the division leaves over, in a sentence. */
export function floorSentence(/** @type {import("../shared/windows.js").Layer} */ layer, texts) {
  const pixels = unvisitedPixels(layer);
  const lost = pixels ? fillText(texts[pixels === 1 ? "unvisited_one" : "unvisited"], { count: pixels }) : "";
  const rests = layer.axes.map((_, which) => leftOver(layer, which));
  const uneven = rests.find((rest) => rest.rest);
  if (uneven) return joinSentences(fillText(texts.floored, uneven), lost || texts.rest_in_padding);
  return joinSentences(rests.every((rest) => rest.stride === 1) ? texts.stride_one : texts.divides, lost);
}

/** One thing worth knowing about the setting that was touched last. */
export function noteOn(name, scene, plan, texts) {
  const [rows, columns] = sidesOf(scene.kernel);
  const products = rows * columns;
  const values = {
    products, skipped: scene.stride[0] - 1, stride: scene.stride[0], span: plan.layer.axes.map((a) => a.dilation * (a.kernel - 1) + 1).join(" × "),
    size: sizeText(scene.size), out: sizeText(plan.shape), bias: numberText(scene.bias, 7), seed: scene.kernelSeed ?? 0,
    bound: numberText(1 / Math.sqrt(products), 3), amount: amountText(scene.padding) || "0", value: numberText(scene.mode === "constant" ? scene.fill : 0),
  };
  return fillText(texts[`note_${noteKey(name, scene, plan)}`] ?? "", values);
}

/** Which note fits. */
export function noteKey(name, scene, plan) {
  const [rows, columns] = sidesOf(scene.kernel);
  if (name === "flip") return isPointSymmetric(scene.kernel) ? "flip_same" : scene.flip ? "flip_on" : "flip_off";
  if (name === "stride") return scene.stride.every((s) => s === 1) ? "stride_one" : halves(scene, plan) ? "stride" : "stride_nearly";
  if (name === "dilation") return scene.dilation.every((d) => d === 1) ? "dilation_one" : "dilation";
  if (name === "kernel") return rows % 2 && columns % 2 ? "kernel_odd" : "kernel_even";
  if (name === "padding") {
    if (scene.mode !== "zeros" && scene.mode !== "constant") return `mode_${scene.mode}`;
    const grows = plan.shape.some((n, i) => n > scene.size[i]);
    return grows ? "padding_grows" : isSame(scene) && scene.stride.some((s) => s > 1) ? "same_strided" : "padding";
  }
  if (name === "random_start") return "random_start";
  return name === "bias" ? "bias" : "start";
}

function halves(scene, plan) {
  return plan.shape.every((n, i) => n * scene.stride[i] === scene.size[i]);
}

function isSame(scene) {
  return presetPadding(scene, "same")?.join() === scene.padding.join();
}

/** The number torch gave, and how far ours is from it. */
export function torchSentence(value, total, float32, texts) {
  const difference = Math.abs(total - value);
  return fillText(texts.torch, { value: float32(value), difference: difference === 0 ? "0" : numberText(difference, 2) });
}

/** A table of a grid for a screen reader, with row and column numbers. */
export function gridTable(doc, caption, rows, columns, textAt) {
  const table = newElement(doc, "table");
  table.append(newElement(doc, "caption", "", caption));
  const head = newElement(doc, "tr");
  head.append(newElement(doc, "td"));
  for (let c = 0; c < columns; c++) head.append(scoped(doc, "col", c));
  table.append(head);
  for (let r = 0; r < rows; r++) {
    const line = newElement(doc, "tr");
    line.append(scoped(doc, "row", r));
    for (let c = 0; c < columns; c++) line.append(newElement(doc, "td", "", textAt(r, c)));
    table.append(line);
  }
  return table;
}

function scoped(doc, scope, number) {
  const cell = newElement(doc, "th", "", String(number));
  cell.scope = scope;
  return cell;
}

/** A value for a table: exact. */
export function tableText(value) {
  return value === null ? "" : exactText(value);
}
