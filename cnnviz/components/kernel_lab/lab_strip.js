// The controls under and around the pictures: size, padding, stride, dilation, bias, flip, channels, views, scales.

import { numberText, typedNumber } from "../shared/numbers.js";
import { choice, node, numberBox, pairSlider, slider } from "./lab_dom.js";
import { resized } from "./lab_state.js";

/** @typedef {import("./kernel_lab.js").Lab} Lab */

const SIDES = ["top", "bottom", "left", "right"];

export class Strip {
  constructor(/** @type {Lab} */ lab) {
    this.lab = lab;
    this.strip = lab.part(".strip");
  }

  /** Build everything in the reader's language. */
  name() {
    const { lab } = this;
    const { texts } = lab;
    const option = (head, ids) => ids.map((id) => /** @type {[string, string]} */ ([id, texts[`${head}_${id}`]]));
    const pick = (field) => (value) => lab.change({ [field]: value });
    this.size = pairSlider({ label: texts.kernel_size, title: texts.kernel_size_title, low: 1, high: 31, texts, act: (pair, live) => this.resize(pair, live) });
    this.padding = choice(texts.padding, option("padding", ["same", "valid", "full", "custom"]), (value) => this.setPadding(value), texts.padding_title);
    this.mode = choice(texts.padding_mode, option("mode", ["zeros", "constant", "reflect", "replicate", "circular"]), pick("mode"), texts.padding_mode_title);
    this.fill = numberBox(texts.fill, typedNumber, (value) => lab.change({ fill: Math.max(-10, Math.min(10, value)) }));
    this.sides = SIDES.map((side, i) => numberBox(texts[side], (text) => (/^\d{1,2}$/.test(text.trim()) && Number(text) <= 64 ? Number(text) : NaN), (value) => this.setSide(i, value)));
    this.stride = pairSlider({ label: texts.stride, title: texts.stride_title, low: 1, high: 8, texts, act: (pair) => lab.change({ stride: pair }) });
    this.dilation = pairSlider({ label: texts.dilation, title: texts.dilation_title, low: 1, high: 8, texts, act: (pair) => lab.change({ dilation: pair }) });
    this.bias = slider({ label: texts.bias, title: texts.bias_title, low: -2, high: 2, step: 0.05, text: (v) => numberText(v), act: (value) => lab.change({ bias: value }) });
    this.flip = node("input", { type: "checkbox", onchange: () => lab.change({ flip: this.flip.checked }) });
    this.activation = choice(texts.activation, option("activation", ["none", "relu", "abs", "sigmoid", "tanh", "clip"]), pick("activation"), texts.activation_title);
    this.channels = choice(texts.channels, option("channels", ["grey", "each", "sum"]), pick("channels"), texts.channels_title);
    this.channel = choice(texts.channel, option("channel", ["all", "r", "g", "b"]), pick("channel"), texts.channel_title);
    this.view = choice(texts.view, option("view", ["signed", "absolute", "clip", "rescale"]), pick("view"), texts.view_title);
    this.scale = choice(texts.scale, option("scale", ["layer", "fixed", "input"]), pick("scale"), texts.scale_title);
    this.limit = numberBox(texts.limit, (text) => { const v = typedNumber(text); return v >= 0.001 && v <= 1e4 ? v : NaN; }, (value) => lab.change({ limit: value }));
    this.place(texts);
  }

  place(texts) {
    const { lab } = this;
    const box = this.sidesBox = node("span", { class: "sides", role: "group", "aria-label": texts.pads }, ...this.sides.map((s) => s.el));
    this.padding.el.append(box);
    this.mode.el.append(this.fill.el);
    const flip = node("label", { class: "control check", title: texts.flip_title }, node("span", { class: "name", text: texts.flip }), this.flip);
    const all = { size: this.size.el, padding: this.padding.el, mode: this.mode.el, stride: this.stride.el, dilation: this.dilation.el, bias: this.bias.el, flip, activation: this.activation.el };
    const part = { mode: "padding" };
    this.strip.replaceChildren(...Object.entries(all).filter(([name]) => lab.allows(part[name] ?? name)).map(([, el]) => el));
    lab.part(".under-picture .choices").replaceChildren(...(lab.allows("channels") ? [this.channels.el, this.channel.el] : []));
    lab.part(".under-map .choices").replaceChildren(
      ...(lab.allows("view") ? [this.view.el] : []), ...(lab.allows("scale") ? [this.scale.el, this.limit.el] : []));
  }

  show() {
    const { lab } = this;
    const { scene, texts } = lab;
    this.size.show([lab.grid.rows, lab.grid.cols]);
    this.padding.show(scene.padding);
    this.mode.show(scene.mode);
    this.fill.show(numberText(scene.fill));
    this.fill.el.hidden = scene.mode !== "constant";
    const pads = scene.padding === "custom" ? scene.pads : lab.laying.pads.flat();
    this.sides.forEach((side, i) => side.show(String(pads[i])));
    this.stride.show(scene.stride);
    this.dilation.show(scene.dilation);
    this.bias.show(scene.bias);
    this.flip.checked = scene.flip;
    this.activation.show(scene.activation);
    const colour = lab.picture?.channels === 3;
    this.channels.show(scene.channels);
    this.channels.select.disabled = !colour;
    this.channel.el.hidden = !(colour && scene.channels === "each");
    this.channel.show(scene.channel);
    this.view.show(scene.view);
    this.scale.show(scene.scale, ["layer", ...(lab.severalMaps ? ["map"] : []), "fixed", "input"].map((id) => [id, texts[id === "layer" && !lab.severalMaps ? "scale_map" : `scale_${id}`]]));
    this.scale.select.disabled = ["clip"].includes(scene.view);
    this.limit.el.hidden = scene.scale !== "fixed" || ["clip", "rescale"].includes(scene.view);
    this.limit.show(numberText(scene.limit));
    this.formula();
  }

  /** The output size with today's numbers, in the colours of what they are; one line where both axes agree. */
  formula() {
    const { lab } = this;
    const box = lab.part(".formula");
    box.hidden = !lab.allows("formula");
    if (!lab.formula) return;
    const same = JSON.stringify(lab.formula[0]) === JSON.stringify(lab.formula[1]);
    const lines = same ? [lab.formula[0]] : lab.formula;
    const heads = same ? [""] : [lab.texts.rows, lab.texts.columns];
    box.title = same ? lab.texts.both_axes : "";
    const key = JSON.stringify([lines, heads]);
    if (this.formulaKey === key) return;
    this.formulaKey = key;
    const role = { size: "input", output: "output", kernel_size: "kernel", dilation: "kernel" };
    box.replaceChildren(...lines.map((terms, i) => node("p", {}, node("span", { class: "soft head", text: heads[i] }),
      ...terms.map(([name, text]) => node("span", { class: role[name] ?? "", text })))));
  }

  resize([rows, cols], live) {
    this.lab.setSize(this.lab.generator, rows, cols, live, resized);
  }

  /** Going over to "custom" starts from the padding there is. */
  setPadding(value) {
    const { lab } = this;
    lab.change(value === "custom" ? { padding: value, pads: lab.laying.pads.flat().map((p) => Math.min(64, p)) } : { padding: value });
  }

  setSide(i, value) {
    const { lab } = this;
    const pads = lab.laying.pads.flat().map((p) => Math.min(64, p));
    lab.change({ padding: "custom", pads: pads.map((old, j) => (j === i ? value : old)) });
  }
}

