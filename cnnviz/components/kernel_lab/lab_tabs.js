// The tabs beside "this output pixel": all kernels, the generators, the bank, and what is often said wrongly.

import { mapPalette, paintIndices } from "../shared/colours.js";
import { fillText, numberText } from "../shared/numbers.js";
import { chip, choice, node, press, setText, slider } from "./lab_dom.js";

/** @typedef {import("./kernel_lab.js").Lab} Lab */

export const TABS = ["pixel", "gallery", "make", "bank", "notes"];
/** Panes that share a tab with another, which has a switch between the two. */
export const GUESTS = { learned: "gallery", descent: "make" };
const BANK_FEWEST = 2;
const BANK_MOST = 16;

/** A kernel as palette indices on its own signed scale: what its thumbnail is painted with. */
export function thumbIndices(/** @type {number[][]} */ matrix) {
  const flat = matrix.flat();
  const most = flat.reduce((top, v) => Math.max(top, Math.abs(v)), 0);
  return Uint8Array.from(flat, (v) => (most ? Math.round((v / most) * 127) + 127 : 127));
}

/** A small picture of a kernel, a pixel a cell; CSS makes it large. */
export function thumb(/** @type {number[][]} */ matrix, dark) {
  const canvas = node("canvas", { class: "thumb", width: matrix[0].length, height: matrix.length, "aria-hidden": "true" });
  const pen = canvas.getContext("2d");
  const image = pen.createImageData(matrix[0].length, matrix.length);
  paintIndices(thumbIndices(matrix), mapPalette("signed", dark), new Uint32Array(image.data.buffer));
  pen.putImageData(image, 0, 0);
  return canvas;
}

/** The bank with a kernel put in or taken out, or the same where that would leave too few or too many. */
export function toggled(/** @type {string[]} */ bank, id) {
  if (bank.includes(id)) return bank.length > BANK_FEWEST ? bank.filter((other) => other !== id) : bank;
  return bank.length < BANK_MOST ? [...bank, id] : bank;
}

export class Tabs {
  constructor(/** @type {Lab} */ lab, /** @type {Object<string, HTMLElement>} */ panes) {
    this.lab = lab;
    this.panes = panes;
    this.bar = lab.part(".tabs");
    this.box = lab.part(".tabpane");
    this.bar.onkeydown = (event) => this.key(event);
  }

  /** The row of tabs, anew for another language. */
  name() {
    const { texts } = this.lab;
    this.bar.setAttribute("aria-label", texts.tabs);
    this.buttons = TABS.filter((tab) => this.lab.allows({ gallery: "gallery", make: "generators", bank: "bank", pixel: "pixel" }[tab]))
      .map((tab) => node("button", {
        type: "button", role: "tab", text: texts[`tab_${tab}`], title: texts[`tab_${tab}_title`], data: { tab },
        "aria-controls": "lab-pane", onclick: () => this.lab.change({ tab }, { silent: true }),
      }));
    this.bar.replaceChildren(...this.buttons);
    this.made = {};
  }

  show() {
    const { lab } = this;
    const asked = GUESTS[lab.scene.tab] && !lab.allows(lab.scene.tab) ? GUESTS[lab.scene.tab] : lab.scene.tab;
    const open = this.buttons.some((b) => b.dataset.tab === (GUESTS[asked] ?? asked)) ? asked : this.buttons[0]?.dataset.tab;
    for (const button of this.buttons) {
      const on = button.dataset.tab === (GUESTS[open] ?? open);
      button.setAttribute("aria-selected", String(on));
      button.tabIndex = on ? 0 : -1;
    }
    if (open !== "descent") lab.descentPane.transport.pause();
    if (!open) return;
    const pane = this.panes[open] ?? this[open]();
    if (this.box.firstChild !== pane) this.box.replaceChildren(pane);
    this.refresh(open);
  }

  key(event) {
    const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!way) return;
    const at = this.buttons.findIndex((b) => b.tabIndex === 0);
    const next = this.buttons[(at + way + this.buttons.length) % this.buttons.length];
    event.preventDefault();
    event.stopPropagation();
    next.click();
    next.focus();
  }

  /** Bring marks and values of an open pane up to date. */
  refresh(open) {
    const { scene } = this.lab;
    if (open === "gallery") for (const b of this.made.cards) press(b, b.dataset.id === scene.kernel);
    if (open === "bank") this.refreshBank();
    if (open === "make") this.refreshMake();
    if (open === "learned") this.lab.learnedPane.refresh();
    if (open === "descent") this.lab.descentPane.refresh();
  }

  /** The switch between a pane and its guest, or nothing where a link took the guest away. */
  between(guest, open) {
    const { lab } = this;
    if (!lab.allows(guest)) return [];
    const one = (tab) => {
      const button = node("button", { type: "button", text: lab.texts[`pane_${tab}`], title: lab.texts[`pane_${tab}_title`], data: { pane: tab }, onclick: () => this.cross(tab) });
      press(button, tab === open);
      return button;
    };
    return [node("div", { class: "seg panes", role: "group", "aria-label": lab.texts.panes }, one(GUESTS[guest]), one(guest))];
  }

  /** To the other pane of the tab; the focus stays on the switch. */
  cross(tab) {
    this.lab.change({ tab }, { silent: true });
    this.box.querySelector(`[data-pane="${tab}"]`)?.focus();
  }

  learned() {
    return (this.made.learned ??= node("div", { class: "learned" }, node("div", { class: "row start" }, ...this.between("learned", "learned"), this.lab.learnedPane.about), this.lab.learnedPane.el));
  }

  descent() {
    return (this.made.descent ??= node("div", { class: "descent" }, node("div", { class: "row start" }, ...this.between("descent", "descent"), this.lab.descentPane.buttons), this.lab.descentPane.el));
  }

  gallery() {
    if (this.made.gallery) return this.made.gallery;
    const { lab } = this;
    this.made.cards = [];
    const card = (record) => {
      const button = node("button", { type: "button", class: "card", data: { id: record.id }, title: `${record.line}\n${record.source}`, onclick: () => lab.choose(record.id) },
        thumb(record.matrix, lab.dark), node("span", {}, node("strong", { text: record.name }), " ", node("span", { class: "line", text: record.line })));
      this.made.cards.push(button);
      return button;
    };
    const kids = lab.library.families.flatMap((family) => [
      node("h3", { text: family.name }), ...lab.library.presets.filter((p) => p.family === family.id).map(card),
    ]);
    return (this.made.gallery = node("div", { class: "gallery" }, ...this.between("learned", "gallery"), ...kids));
  }

  make() {
    if (this.made.make) return this.made.make;
    const { lab } = this;
    const formulas = lab.library.generators.map((g) => [g.id, g.name]);
    this.made.maker = choice(lab.texts.make_formula, [["", lab.texts.make_none], ...formulas], (id) => id && lab.choose(id));
    this.made.sliders = node("div", { class: "sliders" });
    this.made.makeLine = node("p", { class: "line" });
    return (this.made.make = node("div", { class: "make" }, node("div", { class: "row start" }, ...this.between("descent", "make"), this.made.maker.select), this.made.makeLine, this.made.sliders));
  }

  refreshMake() {
    const { lab, made } = this;
    const generator = lab.library.generators.find((g) => g.id === lab.scene.kernel);
    made.maker.show(generator?.id ?? "");
    setText(made.makeLine, generator?.line ?? lab.texts.make_hint);
    if (made.shown !== (generator?.id ?? "")) {
      made.shown = generator?.id ?? "";
      made.inputs = (generator?.parameters ?? []).map((p, i) => slider({
        label: p.label, low: p.low, high: p.high, step: p.step, text: (v) => numberText(v) + p.unit,
        act: (value, live) => lab.setParameters(generator, lab.parameters(generator).map((old, j) => (j === i ? value : old)), live),
      }));
      made.sliders.replaceChildren(...made.inputs.map((s) => s.el));
    }
    lab.parameters(generator).forEach((value, i) => made.inputs[i].show(value));
  }

  bank() {
    if (this.made.bank) return this.made.bank;
    const { lab } = this;
    const { texts } = lab;
    this.made.bankSwitch = chip(texts.bank_show, () => lab.change({ many: !lab.scene.many }));
    this.made.bankCount = node("span", { class: "soft" });
    const sets = lab.library.sets.map((set) => chip(set.name, () => lab.change({ bank: set.ids, many: true })));
    const every = [...lab.library.presets, ...lab.library.generators];
    this.made.members = [...every, { id: "custom", name: texts.custom }].map((record) => {
      const button = chip(record.name, () => lab.change({ bank: toggled(lab.scene.bank, record.id), many: true }), record.line ?? "");
      button.dataset.id = record.id;
      return button;
    });
    return (this.made.bank = node("div", { class: "bank" },
      node("p", { class: "line", text: texts.bank_line }),
      node("div", { class: "chips small" }, this.made.bankSwitch, this.made.bankCount, ...sets),
      node("h3", { text: texts.bank_members }),
      node("div", { class: "chips small" }, ...this.made.members)));
  }

  refreshBank() {
    const { scene, texts } = this.lab;
    press(this.made.bankSwitch, scene.many);
    setText(this.made.bankCount, fillText(texts.bank_count, { count: scene.bank.length, most: BANK_MOST }));
    for (const b of this.made.members) {
      const inside = scene.bank.includes(b.dataset.id);
      press(b, inside);
      b.disabled = toggled(scene.bank, b.dataset.id) === scene.bank;
    }
  }

  notes() {
    if (this.made.notes) return this.made.notes;
    const { texts, library } = this.lab;
    const items = library.notes.map((note) => {
      const item = node("li", {}, node("strong", { text: note.claim }), " ", node("span", { text: note.truth }));
      if (note.scene) item.append(" ", node("button", { type: "button", class: "textual", text: texts.show_me, onclick: () => this.lab.apply(note.scene) }));
      return item;
    });
    return (this.made.notes = node("ul", { class: "notes" }, ...items));
  }
}
