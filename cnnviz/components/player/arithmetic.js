// One output element written out, and the same connections read from the other ends: pieces of text with their roles.
// A piece that belongs to a tap carries its number, so that pointing at it can light up the grids.

import { exactText, inBrackets, numberText } from "../shared/numbers.js";

/**
 * @typedef {{text: string, role?: string, sub?: string, tap?: number, bold?: boolean, fold?: number}} Word
 * @typedef {{symbols: boolean, open: boolean, columns: number, kernelColumns: number, room: number,
 *   longest: {input: number, weight: number}, shares?: boolean}} Writing
 *   columns, kernelColumns: how wide input and kernel are, to turn flat indices into places; room: characters that fit;
 *   longest: characters of the longest numbers, so that as many terms are shown in every step
 */

const FOLD_TAIL = 2;
const FOLD_WORD = 9; // characters of "… 12 …" and what joins it

/** Which of `count` terms are shown: the first, how many are folded away, and where the rest begins. */
export function foldOf(count, open, room, each) {
  const fitting = Math.floor(room / each);
  if (open || count <= fitting) return { head: count, hidden: 0 };
  const head = Math.max(1, Math.min(count - FOLD_TAIL - 1, Math.floor((room - FOLD_WORD) / each) - FOLD_TAIL));
  return { head, hidden: count - head - FOLD_TAIL };
}

/** Whether a number is shown as it is, or rounded. */
export function isExact(value, digits) {
  return numberText(value, digits) === exactText(value);
}

/** The subscript of row and column, counted from 1 as articles do: 12, or 3,11 where it would be read wrongly. */
export function placeIndex(row, column) {
  return row < 9 && column < 9 ? `${row + 1}${column + 1}` : `${row + 1},${column + 1}`;
}

/** @param {import("../shared/windows.js").TapRecord} tap @param {Writing} writing @returns {Word[]} */
function tapWords(tap, number, writing, bare) {
  const lead = { tap: number, role: "input" };
  const value = writing.symbols && tap.source >= 0
    ? { ...lead, text: "x", sub: placeIndex(Math.floor(tap.source / writing.columns), tap.source % writing.columns) }
    : { ...lead, text: bare ? numberText(tap.value) : inBrackets(numberText(tap.value)) };
  if (tap.weight === null) return [value];
  const weight = writing.symbols && !writing.shares
    ? { tap: number, role: "kernel", text: "w", sub: placeIndex(Math.floor(tap.weightAt / writing.kernelColumns), tap.weightAt % writing.kernelColumns) }
    : { tap: number, role: "kernel", text: inBrackets(numberText(tap.weight)) };
  return [value, { text: "·", tap: number, role: "soft" }, weight];
}

/** Terms joined by `between`, the middle of long lines folded behind a word that can be clicked. @returns {Word[]} */
function joinedTerms(/** @type {Word[][]} */ terms, between, /** @type {Writing} */ { open, room }, each) {
  const { head, hidden } = foldOf(terms.length, open, room, each);
  const words = [];
  terms.forEach((term, i) => {
    if (hidden && i === head) words.push({ text: between }, { text: `… ${hidden} …`, fold: hidden });
    if (hidden && i >= head && i < head + hidden) return;
    if (i) words.push({ text: between });
    words.push(...term);
  });
  return words;
}

/** a₁·w₁ + a₂·w₂ + ... + b = y. @param {import("../shared/windows.js").StepRecord} step @returns {Word[]} */
export function stepWords(step, /** @type {Writing} */ writing, plan = null) {
  if (plan && plan.reduce !== "sum") return pooledWords(step, writing, plan);
  const terms = step.taps.map((tap, i) => tapWords(tap, i, writing, i === 0));
  const { input, weight } = writing.symbols ? { input: 2.5, weight: 2.5 } : writing.longest;
  const body = joinedTerms(terms, " + ", writing, input + weight + 4);
  const rounded = !writing.symbols && step.taps.some((tap) => !isExact(tap.value, 3) || !isExact(tap.weight ?? 0, 3));
  const exact = !rounded && isExact(step.bias, 3) && isExact(step.total, 6);
  const bias = writing.symbols ? "b" : inBrackets(numberText(step.bias));
  const equals = writing.symbols || exact ? " = " : " ≈ ";
  return [...body, { text: " + " }, { text: bias, role: "bias" }, { text: equals }, totalWord(step, writing)];
}

/** What stands before, between and after the terms of a pooling, and whether a term shows its share. */
function pooledFrame({ reduce, layer }, counted) {
  const { norm = 2 } = layer;
  const word = (text, role) => ({ text, ...(role && { role }) });
  if (reduce === "max") return { before: "max(", between: ", ", after: [word(")")] };
  if (reduce === "mean") return { before: "(", between: " + ", after: [word(") / "), word(String(counted), "kernel")] };
  if (reduce !== "lp") return { before: "", between: " + ", after: [], shares: true };
  const power = norm === 1 ? "" : norm === 2 ? "²" : `^${numberText(norm)}`;
  const root = norm === 1 ? ["", ""] : norm === 2 ? ["√(", ")"] : ["(", `)^(1/${numberText(norm)})`];
  return { before: root[0], between: " + ", after: [word(root[1])], power };
}

/** max(a, b), (a + b) / 2, √(|a|² + |b|²), a·share + b·share = y. @returns {Word[]} */
function pooledWords(step, /** @type {Writing} */ writing, plan) {
  const taps = step.taps.map((tap, i) => ({ tap, i })).filter(({ tap }) => plan.reduce === "max" || tap.weight !== 0 || isShared(plan, tap));
  const frame = pooledFrame(plan, taps.length);
  const terms = taps.map(({ tap, i }, n) => {
    const [value, dot, weight] = tapWords({ ...tap, weight: frame.shares ? tap.weight : null }, i, { ...writing, shares: true }, n === 0 || plan.reduce !== "mean" && !frame.shares);
    if (frame.shares) return [value, dot, weight];
    if (frame.power === undefined) return [value];
    const scale = Math.abs(tap.weight - 1) < 1e-12 ? [] : [{ text: `${numberText(tap.weight)}·`, role: "kernel", tap: i }];
    return [...scale, { text: "|", tap: i }, value, { text: `|${frame.power}`, tap: i }];
  });
  const each = (writing.symbols ? 2.5 : writing.longest.input) + frame.between.length + (frame.shares ? 6 : frame.power === undefined ? 0 : 3);
  const exact = writing.symbols || (isExact(step.total, 6) && step.taps.every((tap) => isExact(tap.value, 3)));
  const body = joinedTerms(terms, frame.between, writing, each);
  return [{ text: frame.before }, ...body, ...frame.after, { text: exact ? " = " : " ≈ " }, totalWord(step, writing)];
}

/** Whether a tap without a share still stands in the line: a pixel that was not taken. */
function isShared({ reduce }, tap) {
  return reduce !== "mean" && reduce !== "lp" && tap.source >= 0;
}

function totalWord(step, /** @type {Writing} */ writing) {
  if (writing.symbols) return { text: "y", sub: placeIndex(step.at[0], step.at[1]), role: "output", bold: true };
  return { text: numberText(step.total, 6), role: "output", bold: true };
}

/** The name of an output element: by place as in code, or as a letter. */
function outputWord({ row, column }, number, /** @type {Writing} */ writing) {
  const word = { role: "output", tap: number };
  return writing.symbols ? { ...word, text: "y", sub: placeIndex(row, column) } : { ...word, text: `[${row}, ${column}]` };
}

/**
 * Every output an input cell feeds: [0, 0]: 3·w ...
 * @param {{row: number, column: number, weightAt: number, weight: number, shared?: boolean}[]} fed @returns {Word[]}
 */
export function feedWords(fed, value, /** @type {Writing} */ writing) {
  const terms = fed.map((f, i) => {
    const w = writing.symbols && !f.shared
      ? { text: "w", sub: placeIndex(Math.floor(f.weightAt / writing.kernelColumns), f.weightAt % writing.kernelColumns) }
      : { text: inBrackets(numberText(f.weight)) };
    return [
      outputWord(f, i, writing), { text: ": ", role: "soft", tap: i },
      { text: numberText(value), role: "input", tap: i }, { text: "·", role: "soft", tap: i }, { ...w, role: "kernel", tap: i },
    ];
  });
  return joinedTerms(terms, "   ", writing, relationLength(writing));
}

/** Characters of "[10, 10]: 3·(−4)" and the space after it, at most. */
function relationLength({ symbols, longest }) {
  return symbols ? 13 : 14 + longest.input + longest.weight;
}

/**
 * Every product a weight makes: [0, 0]: 3·2 ...
 * @param {{row: number, column: number, source: number}[]} products @returns {Word[]}
 */
export function productWords(products, weight, /** @type {ArrayLike<number>} */ input, fill, /** @type {Writing} */ writing) {
  const terms = products.map((p, i) => {
    const x = writing.symbols && p.source >= 0
      ? { text: "x", sub: placeIndex(Math.floor(p.source / writing.columns), p.source % writing.columns) }
      : { text: numberText(p.source < 0 ? fill : input[p.source]) };
    return [
      outputWord(p, i, writing), { text: ": ", role: "soft", tap: i },
      { ...x, role: "input", tap: i }, { text: "·", role: "soft", tap: i },
      { text: inBrackets(numberText(weight)), role: "kernel", tap: i },
    ];
  });
  return joinedTerms(terms, "   ", writing, relationLength(writing));
}

/** Characters of the longest number, in the brackets a negative one needs. */
export function longestText(/** @type {ArrayLike<number>} */ values) {
  let most = 1;
  for (let i = 0; i < values.length; i++) most = Math.max(most, numberText(values[i]).length + (values[i] < 0 ? 2 : 0));
  return most;
}

/** The line as a sentence for a screen reader. */
export function spokenWords(/** @type {Word[]} */ words) {
  return words.map((word) => word.text + (word.sub ?? "")).join("");
}

/** The shortest decimal that names this float32: 0.1 for torch's 0.10000000149. */
export function float32Text(value) {
  for (let digits = 1; digits < 10; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return exactText(Number(text));
  }
  return exactText(value);
}
