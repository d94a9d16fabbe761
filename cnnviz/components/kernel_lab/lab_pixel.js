// The tab "this output pixel": the drawing, the sum in words, PyTorch's own value beside it, the tables.

import { exactText, fillText, numberText } from "../shared/numbers.js";
import { CHANNEL_NAMES } from "./lab_numbers.js";
import { iconButton, node, press, setText } from "./lab_dom.js";
import { drawPanel } from "./lab_panel.js";

/** @typedef {import("./kernel_lab.js").Lab} Lab */

/**
 * How the value comes about, as pieces of one line: [text, role] pairs. What does nothing is left out, the bias stays.
 * @param {{sums: number[], sum: number, before: number, value: number}} result
 */
export function sumPieces(result, { divisor, offset, bias, activation, names }, texts) {
  const n = (v) => numberText(v, 3);
  const signed = (v) => (v < 0 ? ` ${n(v).replace("\u2212", "\u2212 ")}` : ` + ${n(v)}`);
  const pieces = [["Σ = ", "soft"]];
  if (result.sums.length > 1) {
    pieces.push([result.sums.map((v, i) => `${names[i]} ${n(v)}`).join(" + ") + " = ", "soft"]);
  }
  const last = divisor === 1 && offset === 0 && bias === 0 && activation === "none";
  pieces.push([n(result.sum), last ? "output" : "ink"]);
  if (divisor !== 1) pieces.push([` ÷ ${n(divisor)}`, "kernel"]);
  if (offset !== 0) pieces.push([`${signed(offset)} (${texts.offset})`, "soft"]);
  pieces.push([`${signed(bias)} (${texts.bias_word})`, "soft"]);
  if (last) return pieces;
  pieces.push([" = ", "soft"], [n(result.before), activation === "none" ? "output" : "ink"]);
  if (activation !== "none") pieces.push([` → ${texts[`activation_${activation}`]} → `, "soft"], [n(result.value), "output"]);
  return pieces;
}

export class PixelTab {
  constructor(/** @type {Lab} */ lab) {
    this.lab = lab;
    this.sizes = new Map();
    this.drawn = new Map();
    this.watch = new ResizeObserver((seen) => {
      for (const { target } of seen) { this.sizes.delete(target); this.drawn.delete(target); }
      this.lab.showPixel();
    });
    this.canvas = node("canvas", { class: "products", "aria-hidden": "true" });
    this.sum = node("p", { class: "sum" });
    this.proof = node("p", { class: "proof" });
    this.channels = node("span", { class: "seg", role: "group" });
    this.step = node("button", { type: "button", class: "chip", onclick: () => lab.stepThrough() });
    this.larger = iconButton("larger", "", () => this.open());
    this.tables = node("details", { class: "tables", ontoggle: () => this.fillTables() });
    this.summary = node("summary");
    this.tableBox = node("div", { class: "tablebox" });
    this.tables.append(this.summary, this.tableBox);
    this.el = node("div", { class: "pixel" }, this.canvas, node("div", { class: "row" }, this.sum, this.channels),
      node("div", { class: "row" }, this.proof, this.step, this.larger), this.tables);
    this.dialog = lab.part("dialog.large");
    this.largeCanvas = node("canvas");
    this.largeSum = node("p", { class: "sum" });
    this.closer = iconButton("close", "", () => this.dialog.close());
    this.dialog.replaceChildren(this.closer, this.largeCanvas, this.largeSum);
  }

  /** Names in the reader's language. */
  name() {
    const { texts } = this.lab;
    setText(this.step, texts.step_through);
    this.step.title = texts.step_through_title;
    for (const button of [this.larger, this.closer]) {
      button.title = button === this.larger ? texts.larger : texts.close;
      button.setAttribute("aria-label", button.title);
    }
    setText(this.summary, texts.as_tables);
    this.channels.setAttribute("aria-label", texts.channel_shown);
    this.dialog.setAttribute("aria-label", texts.tab_pixel);
  }

  open() {
    this.dialog.showModal();
    this.show();
  }

  /** Everything about the pixel that is pointed at or pinned. */
  show() {
    const { lab } = this;
    const pixel = lab.pixel();
    if (!pixel) return;
    const { type } = this.measure(this.canvas);
    this.draw(this.canvas, pixel, type * 0.83);
    this.say(this.sum, pixel);
    if (this.dialog.open) {
      this.draw(this.largeCanvas, pixel, type, type * 2.4);
      this.say(this.largeSum, pixel);
    }
    this.showChannels(pixel);
    this.showProof(pixel);
    if (this.tables.open) lab.atRest(() => this.fillTables());
  }

  /** A canvas on the page, asked once a size: asking makes the browser lay the page out. */
  measure(canvas) {
    if (!this.sizes.has(canvas)) {
      this.watch.observe(canvas);
      const { clientWidth: width, clientHeight: height } = canvas;
      this.sizes.set(canvas, { width, height, type: parseFloat(getComputedStyle(canvas).fontSize) || 14 });
    }
    return this.sizes.get(canvas);
  }

  draw(canvas, pixel, smallest, greatest) {
    const size = this.measure(canvas);
    const key = JSON.stringify([pixel.taps, pixel.cols, size, this.lab.dark]);
    if (!size.width || this.drawn.get(canvas) === key) return;
    this.drawn.set(canvas, key);
    drawPanel(canvas, size, pixel, this.lab.dark, smallest, greatest);
  }

  say(line, pixel) {
    const pieces = sumPieces(pixel.result, pixel, this.lab.texts);
    while (line.children.length < pieces.length) line.append(node("span"));
    while (line.children.length > pieces.length) line.lastChild.remove();
    pieces.forEach(([text, role], i) => {
      setText(line.children[i], text);
      line.children[i].className = role;
    });
  }

  showChannels(pixel) {
    const several = pixel.choices.length > 1;
    this.channels.hidden = !several;
    if (!several) return;
    if (this.channels.children.length !== pixel.choices.length) {
      this.channels.replaceChildren(...pixel.choices.map((c) => node("button", {
        type: "button", text: CHANNEL_NAMES[c].toUpperCase(), onclick: () => this.lab.inspect(c),
      })));
    }
    pixel.choices.forEach((c, i) => press(this.channels.children[i], c === pixel.channel));
  }

  /** PyTorch's float32 value of the pinned pixel, and how far ours is from it. */
  showProof(pixel) {
    const { texts, proof } = this.lab;
    if (!pixel.pinned) setText(this.proof, texts.pin_hint);
    else if (!proof || proof.row !== pixel.row || proof.col !== pixel.col || !this.lab.settled) setText(this.proof, texts.proof_waits);
    else {
      const value = proof.values[proof.values.length > 1 ? pixel.channel : 0];
      const difference = Math.abs(value - pixel.result.value);
      setText(this.proof, fillText(texts.proof, { value: exactText(Number(value.toPrecision(9))), difference: difference === 0 ? "0" : numberText(difference, 2) }));
    }
  }

  /** The same numbers as tables, for readers who do not see the drawing. */
  fillTables() {
    const { lab } = this;
    const pixel = this.tables.open ? lab.pixel() : null;
    if (!pixel) return;
    const table = (caption, pick) => {
      const body = node("tbody");
      for (let r = 0; r < pixel.rows; r += 1) {
        const line = node("tr");
        for (let c = 0; c < pixel.cols; c += 1) line.append(node("td", { text: numberText(pick(pixel.taps[r * pixel.cols + c]), 5) }));
        body.append(line);
      }
      return node("table", {}, node("caption", { text: caption }), body);
    };
    const { texts } = lab;
    this.tableBox.replaceChildren(
      table(texts.table_patch, (tap) => tap.value), table(texts.table_kernel, (tap) => tap.weight),
      table(texts.table_products, (tap) => tap.product));
  }
}
