// The rows of sliders: one for all axes, or after the chain is opened one for each. A slider keeps its whole track on the
// screen; the part it cannot reach now is hatched, so that its thumb stays where it is while another slider moves.

import { numberText, typedNumber } from "../shared/numbers.js";
import { newElement, setAttribute, setHidden, setText, setValue } from "./dom.js";
import { CONVOLUTION_MODEL, limitsOf, presetPadding, turned } from "./model.js";

const BIAS_REACH = 10;
const CHAIN = "M6.5 9.5l3-3M7 4.6l1.2-1.2a2.5 2.5 0 0 1 3.6 3.6L10.6 8.2M9 11.4l-1.2 1.2a2.5 2.5 0 0 1-3.6-3.6L5.4 7.8";

/** Where the reachable part of a track lies: [share before it, share of it], of the way the thumb can go. */
export function reachOf(lowest, largest, low, high) {
  const whole = Math.max(1, largest - lowest);
  return [(low - lowest) / whole, (high - low) / whole];
}

/** Whether a setting has one value for all its axes or sides. */
export function isUniform(values) {
  return values.every((value) => value === values[0]);
}

export class Knob {
  /**
   * @param {HTMLElement} row
   * @param {{turn: (name: string, which: number, value: number) => void, link: (name: string, linked: boolean) => void,
   *   touched: (name: string) => void}} on
   * @param {import("./model.js").Model} model
   */
  constructor(row, on, model) {
    this.row = row;
    this.on = on;
    this.model = model;
    this.name = row.dataset.knob;
    this.linked = null;
    this.fields = [];
    const doc = row.ownerDocument;
    this.label = newElement(doc, "span", "knob-label");
    this.body = newElement(doc, "div", "knob-body");
    row.replaceChildren(this.label, this.body, this.makeChain(doc));
  }

  makeChain(doc) {
    this.chain = newElement(doc, "button", "chain plain-button");
    this.chain.type = "button";
    const svg = doc.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 16 16");
    svg.setAttribute("aria-hidden", "true");
    const path = doc.createElementNS("http://www.w3.org/2000/svg", "path");
    for (const [name, value] of Object.entries({ d: CHAIN, fill: "none", stroke: "currentColor", "stroke-width": "1.4" })) path.setAttribute(name, value);
    svg.append(path);
    this.chain.append(svg);
    this.chain.onclick = () => this.on.link(this.name, !this.linked);
    return this.chain;
  }

  /** Build the fields: one slider, a slider for each axis, or a number where there are many or little room. */
  build(linked, count, texts) {
    this.linked = linked;
    const doc = this.row.ownerDocument;
    const which = linked ? [-1] : Array.from({ length: count }, (_, i) => i);
    this.fields = which.map((w) => (!linked && (count === 4 || this.name === "size") ? this.makeNumber(doc, w) : this.makeSlider(doc, w)));
    this.body.replaceChildren(...this.fields.map((field) => field.box));
    this.textKey = "";
    this.relabel(texts);
  }

  makeSlider(doc, which) {
    const box = newElement(doc, "div", "slider");
    const short = which === -1 ? null : newElement(doc, "span", "short");
    const track = newElement(doc, "div", "track");
    const input = newElement(doc, "input");
    input.type = "range";
    input.step = "1";
    const shown = newElement(doc, "output");
    track.append(input);
    box.append(...(short ? [short] : []), track, shown);
    input.oninput = () => this.moved(which, Number(input.value));
    return { which, box, input, shown, short, track };
  }

  makeNumber(doc, which) {
    const box = newElement(doc, "label", "side");
    const short = newElement(doc, "span", "short");
    const input = newElement(doc, "input");
    input.type = "number";
    input.step = "1";
    box.append(short, input);
    input.oninput = () => { if (input.value !== "") this.moved(which, Number(input.value)); };
    input.onblur = () => setValue(input, this.values[which]);
    return { which, box, input, short };
  }

  moved(which, value) {
    this.on.touched(this.name);
    this.on.turn(this.name, which, value);
  }

  relabel(texts) {
    if (this.textKey === texts) return;
    this.textKey = texts;
    setText(this.label, texts[this.name]);
    const sides = this.fields.length === 4 ? ["top", "bottom", "left", "right"] : ["rows", "columns"];
    for (const field of this.fields) {
      const side = field.which === -1 ? "" : sides[field.which];
      if (field.short) setText(field.short, texts[`short_${side}`]);
      const label = side ? `${texts[this.name]}, ${texts[side]}` : texts[this.name];
      setAttribute(field.input, "aria-label", label);
      if (side) field.box.title = label;
    }
    if (this.chain) {
      this.chain.title = this.linked ? texts.unlink : texts.link;
      setAttribute(this.chain, "aria-label", `${texts[this.name]}: ${this.chain.title}`);
      setAttribute(this.chain, "aria-pressed", String(this.linked));
    }
  }

  /** Follow the scene. */
  show(scene, linked, texts) {
    this.values = this.model.valuesOf(scene, this.name);
    if (this.linked !== linked) this.build(linked, this.values.length, texts);
    this.relabel(texts);
    for (const field of this.fields) {
      const value = this.values[Math.max(0, field.which)];
      const [low, high] = limitsOf(this.model, scene, this.name, field.which);
      setAttribute(field.input, "min", low);
      setAttribute(field.input, "max", high);
      if (field.input.type === "number") {
        const { value: text } = field.input;
        if (text === "" ? !isFocused(field.input) : Number(text) !== value) setValue(field.input, value);
        continue;
      }
      setValue(field.input, value);
      setText(field.shown, String(value));
      this.place(field, low, high);
    }
  }

  /** The slider covers the reachable part of its track only; thumbs keep their places. */
  place({ input, track }, low, high) {
    const [before, part] = reachOf(this.model.least[this.name], this.model.largest[this.name], low, high);
    const style = `margin-left:calc((100% - var(--thumb))*${before.toFixed(4)});width:calc(var(--thumb) + (100% - var(--thumb))*${part.toFixed(4)})`;
    if (input.getAttribute("style") !== style) input.setAttribute("style", style);
    track.classList.toggle("is-blocked", before > 0 || part < 1);
  }
}

function isFocused(element) {
  return element.getRootNode().activeElement === element;
}

/** The bias: a slider for the hand, a number for the exact value. */
export class BiasKnob {
  constructor(row, on) {
    const doc = row.ownerDocument;
    this.label = newElement(doc, "span", "knob-label");
    const body = newElement(doc, "div", "knob-body");
    const box = newElement(doc, "div", "slider");
    const track = newElement(doc, "div", "track");
    this.slider = newElement(doc, "input");
    Object.assign(this.slider, { type: "range", min: String(-BIAS_REACH), max: String(BIAS_REACH), step: "0.5" });
    this.number = newElement(doc, "input", "exact");
    Object.assign(this.number, { type: "text", inputMode: "text", size: 4, autocomplete: "off" });
    track.append(this.slider);
    box.append(track);
    body.append(box, this.number);
    row.replaceChildren(this.label, body);
    this.slider.oninput = () => { on.touched("bias"); on.bias(Number(this.slider.value)); };
    this.number.oninput = () => {
      const value = typedNumber(this.number.value);
      setAttribute(this.number, "aria-invalid", Number.isNaN(value) || Math.abs(value) > 999 ? "true" : null);
      if (Number.isNaN(value) || Math.abs(value) > 999) return;
      on.touched("bias");
      on.bias(value);
    };
    this.number.onblur = () => { setAttribute(this.number, "aria-invalid", null); this.show(this.scene, this.texts); };
  }

  show(scene, texts) {
    this.scene = scene;
    this.texts = texts;
    setText(this.label, texts.bias);
    setAttribute(this.slider, "aria-label", texts.bias);
    setAttribute(this.number, "aria-label", texts.bias_number);
    setValue(this.slider, Math.max(-BIAS_REACH, Math.min(BIAS_REACH, scene.bias)));
    if (!isFocused(this.number)) setValue(this.number, numberText(scene.bias, 7));
  }
}

/** valid, same, full: buttons that name an amount of padding. */
export class PaddingWords {
  constructor(group, choose) {
    this.buttons = ["valid", "same", "full"].map((word) => {
      const button = newElement(group.ownerDocument, "button");
      button.type = "button";
      button.onclick = () => choose(word);
      group.append(button);
      return { word, button };
    });
    this.group = group;
  }

  show(scene, texts) {
    setAttribute(this.group, "aria-label", texts.padding_words);
    const now = scene.padding.join();
    for (const { word, button } of this.buttons) {
      const padding = presetPadding(scene, word);
      setText(button, texts[word]);
      button.title = texts[`${word}_why`];
      if (button.disabled !== (padding === null)) button.disabled = padding === null;
      setAttribute(button, "aria-pressed", String(padding !== null && padding.join() === now));
    }
  }
}

/** The scene after a slider moved; a padding that follows a word ("same") follows the kernel too. */
export function turnedWith(scene, name, which, value, word) {
  const next = turned(CONVOLUTION_MODEL, scene, name, which, value);
  if (!word || name === "padding" || name === "size") return next;
  const padding = presetPadding(next, word);
  return padding ? { ...next, padding } : next;
}

/** Hide what a link took away. */
export function hideParts(parts, hidden) {
  for (const [name, elements] of Object.entries(parts)) {
    for (const element of elements) setHidden(element, hidden.includes(name));
  }
}
