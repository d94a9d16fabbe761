// The view "tested": confusion matrix and surest errors on the whole test set, measured when the weights were made.

import { cellStrength, inkOn, rgbHex, signedRgb } from "../shared/colours.js";
import { fixedText } from "../shared/numbers.js";
import { make, say } from "../shared/dom.js";
import { figureRow, nth, showPicture } from "./figures.js";

const ERRORS_SHOWN = 24; // of the errors on the card, the surest first: as many as are seen without scrolling

/** Per cent with two places. */
export function percent(share) {
  return `${fixedText(share * 100, 2)} %`;
}

/** How strongly a cell of the matrix is coloured: by the share of its row, errors on a scale of their own. */
export function cellShare(counts, row, col) {
  const total = counts[row].reduce((a, b) => a + b, 0) || 1;
  const share = counts[row][col] / total;
  return row === col ? -share : Math.min(1, Math.sqrt(share) * 2);
}

export class TestedPane {
  constructor(app) {
    this.app = app;
    this.says = make("p");
    this.seeds = make("p", { className: "soft small" });
    this.table = make("table", { className: "confusion mono" });
    this.cell = make("p", { className: "note", attrs: { "aria-live": "polite" } });
    this.head = make("h3");
    this.row = make("div", { className: "errors" });
    this.held = [];
    this.missing = make("p", { className: "small" });
    this.list = make("p", { className: "soft small misses" });
    const left = make("div", { className: "column tablebox", tabIndex: 0, attrs: { role: "group" } }, this.table, this.cell);
    this.left = left;
    const right = make("div", { className: "column grow scroll", tabIndex: 0, attrs: { role: "group" } }, this.head, this.missing, this.row, this.list);
    this.right = right;
    this.elements = [this.says, this.seeds, make("div", { className: "matrix" }, left, right)];
  }

  show() {
    const { app } = this;
    const { header } = app;
    if (!header.card) return;
    const { card } = header;
    const { mean, spread } = card.test_accuracy;
    const total = card.confusion.flat().reduce((a, b) => a + b, 0);
    say(this.says, app.text("says_tested", { accuracy: percent(mean), spread: percent(spread), seeds: card.seeds.length, total, date: card.date }));
    const stuck = card.seeds.filter((one) => one.stuck).length;
    const rows = card.seeds.map((one) => `${one.seed}: ${percent(one.accuracy)}`).join(" · ");
    say(this.seeds, `${app.text("seeds_line", { rows, kept: card.kept_seed, command: card.command })}${stuck ? ` ${app.text("stuck", { stuck })}` : ""}${card.lossy ? ` ${app.texts.lossy}` : ""}`);
    const key = `${header.net.id} ${app.lang} ${app.dark}`;
    if (key !== this.key) this.build(card.confusion, header);
    this.key = key;
    say(this.head, app.text("errors_head", { count: Math.min(ERRORS_SHOWN, header.errors.length) }));
    this.left.setAttribute("aria-label", app.texts.confusion_caption);
    this.right.setAttribute("aria-label", this.head.textContent);
    this.errors(header, app.arrays.errors);
  }

  build(counts, { net }) {
    const { app } = this;
    const names = net.classes.map((name) => app.className(name));
    const heads = make("tr", {}, make("th", { scope: "col" }, app.texts.true_class), ...names.map((name) => make("th", { scope: "col", title: name }, name.slice(0, 4))));
    const lines = counts.map((row, r) => make("tr", {}, make("th", { scope: "row" }, names[r]), ...row.map((count, c) => {
      const cell = make("td", {}, String(count));
      const share = cellShare(counts, r, c);
      const colour = signedRgb(share, app.dark, cellStrength(app.dark) + 0.15);
      cell.style.background = rgbHex(colour);
      cell.style.color = inkOn(colour);
      cell.onpointerenter = () => say(this.cell, app.text("confused", { count, label: names[r], answer: names[c] }));
      return cell;
    })));
    this.table.replaceChildren(make("caption", { className: "sr-only" }, app.texts.confusion_caption), make("thead", {}, heads), make("tbody", {}, ...lines));
    say(this.cell, app.texts.confusion_caption);
  }

  errors(header, images) {
    const { app } = this;
    const name = (i) => app.className(header.net.classes[i]);
    const words = (one) => app.text("error", { label: name(one.label), answer: name(one.predicted), sure: fixedText(one.sure, 2) });
    const count = images ? Math.min(ERRORS_SHOWN, header.errors.length) : 0;
    figureRow(this.row, this.held, count);
    for (let i = 0; i < count; i += 1) showPicture(this.held[i], nth(images, i), words(header.errors[i]), app.dark);
    say(this.missing, images ? "" : app.texts.no_pictures);
    this.missing.hidden = Boolean(images);
    say(this.list, images ? "" : header.errors.slice(0, ERRORS_SHOWN).map((one) => app.text("error_at", { index: one.index, words: words(one) })).join("\n"));
  }
}
