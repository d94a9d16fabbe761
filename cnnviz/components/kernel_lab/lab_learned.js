// The kernels our networks learned: network, layer, filter, input channel, and beside each the textbook's kernel it is
// most like. The server sends those shown together (ui/kernels_learned.py); the chosen one goes into the grid.

import { fillText, numberText } from "../shared/numbers.js";
import { choice, node, press, setText } from "./lab_dom.js";
import { gridOf } from "./lab_state.js";
import { thumb } from "./lab_tabs.js";

/** @typedef {import("./kernel_lab.js").Lab} Lab */
/** @typedef {{network: string, layer: string, out: number, channel: number}} Place */

/** A kernel's id as a link has it. */
export function learnedId(/** @type {Place} */ { network, layer, out, channel }) {
  return `${network}.${layer}.${out}.${channel}`;
}

/** The place an id names, or null. @returns {Place | null} */
export function learnedPlace(/** @type {string} */ id) {
  const found = /^([a-z0-9-]+)\.([a-z0-9_]+)\.(\d{1,4})\.(\d{1,4})$/.exec(id);
  return found && { network: found[1], layer: found[2], out: Number(found[3]), channel: Number(found[4]) };
}

/** What to ask for so that this place is among the answer: a small layer comes whole. */
export function filterKey(/** @type {Place} */ { network, layer, out }, whole) {
  return `${network}.${layer}.${whole ? 0 : out}`;
}

/** Kernel number `i` of a stack (N, rows, cols), as rows of numbers. */
export function kernelAt(/** @type {{data: Float64Array, shape: number[]}} */ stack, i) {
  const [, rows, cols] = stack.shape;
  const from = i * rows * cols;
  return Array.from({ length: rows }, (_, r) => Array.from(stack.data.subarray(from + r * cols, from + (r + 1) * cols)));
}

/** A correlation in words: "Sobel x +0.93", with the sign always there. */
export function alikeText(/** @type {string} */ name, /** @type {number} */ correlation) {
  const size = Math.abs(correlation).toFixed(2);
  return `${name} ${correlation < 0 ? "\u2212" : "+"}${size}`;
}

export class LearnedPane {
  constructor(/** @type {Lab} */ lab) {
    this.lab = lab;
    this.el = node("div", { class: "learnedpane" });
    /** @type {Place | null} */ this.at = null;
    /** @type {any} */ this.answer = null;
    this.asking = "";
  }

  name() {
    const { lab } = this;
    const { texts, library } = lab;
    const go = (fields) => this.go({ ...this.at, ...fields });
    this.network = choice(texts.learned_network, library.networks.map((n) => [n.id, n.name]), (id) => go({ network: id, layer: library.networks.find((n) => n.id === id).layers[0].id, out: 0, channel: 0 }));
    this.layer = choice(texts.learned_layer, [["", ""]], (id) => go({ layer: id, out: 0, channel: 0 }));
    this.out = choice(texts.learned_out, [["0", "0"]], (text) => go({ out: Number(text) }), texts.learned_out_title);
    this.channel = choice(texts.learned_in, [["0", "0"]], (text) => go({ channel: Number(text) }), texts.learned_in_title);
    this.about = node("p", { class: "line", title: texts.learned_about_title });
    this.cards = node("div", { class: "likes" });
    this.cardsKey = "";
    this.el.replaceChildren(node("div", { class: "choices" }, this.network.el, this.layer.el, this.out.el, this.channel.el), this.cards);
  }

  /** The layer looked at, as the library lists it. */
  get listed() {
    const network = this.lab.library.networks.find((n) => n.id === this.at?.network);
    return network?.layers.find((l) => l.id === this.at.layer);
  }

  /** The pane is looked at: the scene's own kernel is the one to show, else the one looked at last, else the first. */
  refresh() {
    const { lab } = this;
    const own = lab.scene.learned;
    if (own && own !== this.followed) this.at = learnedPlace(own);
    this.followed = own;
    const first = lab.library.networks[0];
    if (!this.listed) this.at = first ? { network: first.id, layer: first.layers[0].id, out: 0, channel: 0 } : null;
    if (this.at) this.show();
  }

  show() {
    const { texts, library } = this.lab;
    const { at, listed } = this;
    const numbers = (count) => Array.from({ length: count }, (_, i) => /** @type {[string, string]} */ ([String(i), String(i)]));
    this.network.show(at.network);
    this.layer.show(at.layer, library.networks.find((n) => n.id === at.network).layers.map((l) => [l.id, l.id]));
    this.out.show(String(at.out), numbers(listed.filters));
    this.channel.show(String(at.channel), numbers(listed.channels));
    setText(this.about, fillText(texts[listed.whole ? "learned_about" : "learned_about_filter"], { filters: listed.filters, channels: listed.channels, rows: listed.rows, cols: listed.cols, out: at.out }));
    const key = filterKey(at, listed.whole);
    if (this.answer?.key !== key) this.ask(key);
    else this.showCards();
  }

  ask(key) {
    if (this.asking === key) return;
    this.asking = key;
    this.lab.change({}, { extra: { filter: key } });
  }

  /** What the page said last; only an answer to what is asked for is of use. */
  take({ header, arrays }) {
    if (!header.filter || header.filter.key !== this.asking) return;
    this.asking = "";
    this.answer = { ...header.filter, kernels: arrays.filter };
    if (!this.at || !this.lab.texts) return;
    this.showCards();
    if (this.landing) this.land();
  }

  /** To another kernel: it goes into the grid, at once or when it is here. */
  go(/** @type {Place} */ at) {
    this.at = at;
    this.landing = true;
    this.show();
    if (this.answer?.key === filterKey(at, this.listed.whole)) this.land();
  }

  land() {
    const { at, answer } = this;
    this.landing = false;
    const i = answer.places.findIndex(([out, channel]) => out === at.out && channel === at.channel);
    if (i < 0) return;
    this.followed = learnedId(at);
    this.lab.takeWeights(gridOf(kernelAt(answer.kernels, i)), this.followed);
  }

  showCards() {
    const { answer, at, lab } = this;
    const key = `${answer.key} ${lab.builtFor}`;
    if (key !== this.cardsKey) {
      this.cardsKey = key;
      this.buttons = answer.places.map((place, i) => this.card(place, i));
      this.cards.replaceChildren(...this.buttons);
    }
    const own = lab.scene.learned;
    answer.places.forEach(([out, channel], i) => press(this.buttons[i], own === learnedId({ ...at, out, channel })));
  }

  card([out, channel], i) {
    const { lab, answer, at } = this;
    const matrix = kernelAt(answer.kernels, i);
    const [id, correlation] = answer.alike[i] ?? [];
    const record = lab.records.get(id);
    const words = record ? alikeText(record.name, correlation) : lab.texts.learned_nothing;
    const place = `[${out}, ${channel}]`;
    const pictures = [thumb(matrix, lab.dark), ...(record ? [thumb(correlation < 0 ? record.matrix.map((row) => row.map((v) => -v)) : record.matrix, lab.dark)] : [])];
    return node("button", {
      type: "button", class: "card like", title: `${at.layer}.weight${place}: ${words}\n${matrix.map((row) => row.map((v) => numberText(v)).join("  ")).join("\n")}`,
      onclick: () => this.go({ ...this.at, out, channel }),
    }, ...pictures, node("span", { class: "words" }, node("span", { class: "soft", text: place }), " ", node("span", { text: words })));
  }
}
