// What is said of a pooling beside its numbers: headings, the size worked out, where adaptive windows lie, one note.

import { fillText, numberText } from "../shared/numbers.js";
import { roomOn, spanOfWindow, windowsOn } from "../shared/windows.js";
import { unvisitedPixels } from "../player/formula.js";
import { amountText, joinSentences } from "../player/notes.js";

const MOST_NAMED = 8; // adaptive windows whose pixels are written out on an axis

/** The headings of the three grids. */
export function poolHeadings(scene, plan, texts) {
  const size = (sides) => sides.join(" × ");
  const amount = scene.windows === "sliding" ? amountText(scene.padding) : "";
  const input = fillText(amount ? texts.caption_padded : texts.caption_input, { size: size(scene.size), padding: amount });
  const kernel = fillText(texts.caption_window, { size: size([plan.rows.kernel, plan.columns.kernel]) });
  return { input, kernel, output: fillText(texts.caption_output, { size: size(plan.shape) }) };
}

/** One axis's size worked out, as core/arithmetic.py writes it. */
export function poolSizeWords(/** @type {import("../shared/windows.js").AxisSpec} */ axis, size, rounding) {
  const [left, right] = rounding === "ceil" ? "⌈⌉" : "⌊⌋";
  const moves = roomOn(axis, size) / axis.stride;
  const clipped = windowsOn(axis, size, rounding) < (rounding === "ceil" ? Math.ceil(moves) : Math.floor(moves)) + 1;
  const sign = (text) => ({ text });
  return [
    sign(`${left}(`), { text: String(size), role: "input" }, sign(" + "), { text: String(axis.before) }, sign(" + "),
    { text: String(axis.after) }, sign(" − "), { text: String(axis.dilation) }, sign("·("),
    { text: String(axis.kernel), role: "kernel" }, sign("−1) − 1) / "), { text: String(axis.stride) },
    sign(`${right} + ${clipped ? "1 − 1" : "1"} = `), { text: String(windowsOn(axis, size, rounding)), role: "output", bold: true },
  ];
}

/** Where the windows of an adaptive axis lie: "0–1 · 1–3 · 3–4". */
export function sharedOut(/** @type {import("../shared/windows.js").AxisSpec} */ axis, size) {
  const named = Math.min(axis.windows, MOST_NAMED);
  const texts = Array.from({ length: named }, (_, o) => {
    const { start, taps } = spanOfWindow(axis, size, o);
    return taps === 1 ? String(start) : `${start}–${start + taps - 1}`;
  });
  return texts.join(" · ") + (named < axis.windows ? " · …" : "");
}

/** The lines of the formula as words: one where both axes agree. */
export function poolFormulaWords(/** @type {import("../shared/windows.js").Layer} */ layer, texts) {
  const lines = layer.axes.map((axis, i) => (axis.windows
    ? [{ text: `${layer.size[i]} → ` }, { text: String(axis.windows), role: "output", bold: true }, { text: `: ${sharedOut(axis, layer.size[i])}` }]
    : poolSizeWords(axis, layer.size[i], layer.rounding)));
  const flat = lines.map((line) => line.map((word) => word.text).join(""));
  if (flat[0] === flat[1]) return lines[0];
  const name = (which) => ({ text: `${texts[which ? "short_columns" : "short_rows"]} `, role: "axis" });
  return [name(0), ...lines[0], { text: "\n" }, name(1), ...lines[1]];
}

/** What rounding does to the last window, and what no window reads. */
export function poolRestSentence(scene, /** @type {import("../shared/windows.js").Layer} */ layer, texts) {
  if (scene.windows === "adaptive") return texts.adaptive_rule;
  if (scene.windows === "global") return texts.global_rule;
  const pixels = unvisitedPixels(layer);
  const lost = pixels ? fillText(texts[pixels === 1 ? "unvisited_one" : "unvisited"], { count: pixels }) : "";
  const rests = layer.axes.map((axis, i) => ({ numerator: roomOn(axis, layer.size[i]), stride: axis.stride }));
  const uneven = rests.find((rest) => rest.numerator % rest.stride);
  if (!uneven) return joinSentences(rests.every((rest) => rest.stride === 1) ? texts.stride_one : texts.divides, lost);
  const quotient = uneven.numerator / uneven.stride;
  const values = { ...uneven, quotient: numberText(quotient, 4), floor: Math.floor(quotient), ceil: Math.ceil(quotient) };
  return joinSentences(fillText(texts[layer.rounding === "ceil" ? "ceiled" : "floored"], values), lost);
}

/** The articles' listing: 1, 2, … 16 and the maximum of 2 x 2. */
function isArticle({ source, kind, size, kernel, stride, padding }) {
  return source === "from_one" && kind === "max" && String([size, kernel, stride, padding]) === "4,4,2,2,2,2,0,0,0,0";
}

/** Which note fits what was touched last. */
export function poolNoteKey(name, scene) {
  const overlaps = scene.stride.some((s, i) => s < scene.kernel[i]);
  if (scene.windows !== "sliding" && ["windows", "out", "size", "start"].includes(name)) return scene.windows;
  if (name === "start" && isArticle(scene)) return "article";
  if (name === "padding" || name === "counted") return { max: "padding_max", avg: scene.counted ? "counted" : "not_counted", lp: "padding_lp" }[scene.kind] ?? "padding_none";
  if (name === "stride" || name === "tied") return overlaps ? "overlap" : "stride";
  if (name === "ceil") return scene.ceil ? "ceil" : "floor";
  if (name === "dilation") return scene.dilation.every((d) => d === 1) ? "kind_" + scene.kind : scene.kind === "max" ? "dilation" : "dilation_own";
  if (scene.kind === "stochastic") return scene.expected ? "stochastic_expected" : "kind_stochastic";
  return `kind_${scene.kind}`;
}
