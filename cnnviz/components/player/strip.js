// The line of arithmetic on the page: words become spans, reused from step to step.

import { newElement, setAttribute, setText } from "./dom.js";

/** @param {HTMLElement} holder @param {import("./arithmetic.js").Word[]} words */
export function renderWords(holder, words) {
  const doc = holder.ownerDocument;
  while (holder.children.length > words.length) holder.lastElementChild.remove();
  words.forEach((word, i) => {
    const wanted = word.fold ? "BUTTON" : "SPAN";
    let span = /** @type {any} */ (holder.children[i]);
    if (!span || span.tagName !== wanted) {
      const made = newElement(doc, wanted.toLowerCase());
      if (word.fold) made.type = "button";
      if (span) span.replaceWith(made);
      else holder.append(made);
      span = made;
    }
    renderWord(span, word);
  });
}

function renderWord(span, /** @type {import("./arithmetic.js").Word} */ word) {
  const className = `${word.role ?? "sign"}${word.bold ? " bold" : ""}${word.fold ? " fold" : ""}`;
  if (span.className !== className) span.className = className;
  setAttribute(span, "data-tap", word.tap ?? null);
  if (!word.sub) {
    setText(span, word.text);
    return;
  }
  if (span.textContent === word.text + word.sub && span.children.length === 1) return;
  span.textContent = word.text;
  span.append(newElement(span.ownerDocument, "sub", "", word.sub));
}
