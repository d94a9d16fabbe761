// The output-size formula on the screen: each term a button in the colour of what it counts; pointing at it shows where.

import { make, say } from "../shared/dom.js";
import { fillText, numberText } from "../shared/numbers.js";

/** Which colour a term has. */
export const TERM_ROLES = { size: "input", before: "padding", after: "padding", dilation: "kernel", kernel_size: "kernel", stride: "stride", output: "output" };

/**
 * A line of the formula; the terms are made once and only their texts change, so that focus stays.
 * @param {HTMLElement} line
 * @param {import("../shared/axis.js").Term[]} terms
 * @param {Object<string, string>} words what each term is called
 * @param {(term: string) => void} point called with a term's name, or "" when it is left
 */
export function showTerms(line, terms, words, point) {
  if (line.childElementCount !== terms.length) {
    line.replaceChildren(...terms.map(({ name }) => (name ? make("button", { type: "button", className: `term ${TERM_ROLES[name]}` }) : make("span", {}))));
  }
  terms.forEach((term, i) => {
    const el = /** @type {any} */ (line.children[i]);
    say(el, term.text);
    if (!term.name) return;
    const label = `${words[term.name]}: ${term.letter} = ${term.text}`;
    el.title = label;
    if (el.getAttribute("aria-label") !== label) el.setAttribute("aria-label", label);
    el.onpointerenter = el.onfocus = el.onclick = () => point(term.name);
    el.onpointerleave = el.onblur = () => point("");
  });
}

/** The formula in letters. */
export function lettersOf(/** @type {import("../shared/axis.js").Term[]} */ terms) {
  return terms.map((term) => term.letter).join("");
}

/**
 * In words what the division leaves and what becomes of it: the key of a text and its holes.
 * @param {ReturnType<import("../shared/axis.js").derivationOf>} found
 * @returns {{key: string, values: Object<string, string | number>}}
 */
export function roundingWords(found, stride, rounding) {
  const values = {
    room: found.numerator, stride, quotient: numberText(found.quotient, 4), floor: found.floor, ceil: found.ceil,
    rest: found.remainder, output: found.output, nearest: Math.round(found.quotient) + 1,
  };
  if (!found.fits) return { key: "none", values };
  if (found.clipped) return { key: "clipped", values };
  if (found.remainder === 0) return { key: stride === 1 ? "by_one" : "exact", values };
  return { key: rounding === "ceil" ? "ceiled" : "floored", values };
}

/** The sentence of `roundingWords` in the reader's language; what rounding to the nearest would say, where it differs. */
export function roundingSentence(found, stride, rounding, texts) {
  const { key, values } = roundingWords(found, stride, rounding);
  const more = key === "floored" && values.nearest !== values.output ? fillText(texts.nearest, values) : "";
  return fillText(texts[key], values) + more;
}
