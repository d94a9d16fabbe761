// The view "why": a map over the picture of what the answer rests on, after one of several definitions.

import { houseColours } from "../shared/colours.js";
import { numberText } from "../shared/numbers.js";
import { choices, make, say } from "../shared/dom.js";
import { drawSignedBar } from "../pixels/signed.js";
import { nth, pictureFigure, showPicture } from "./figures.js";
import { picker } from "./picker.js";
import { largestSize, paintSigned } from "./unitpanel.js";

/** The numbers of a measurement, ready for a text. */
export function shownFacts(facts) {
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, numberText(value, 4)]));
}

/** The text that a method needs beside its facts for this network, or "". */
export function remarkOn(method, layers) {
  return method === "lrp" && layers.at(-1).kind === "radial" ? "lrp_distance" : "";
}

export class WhyPane {
  constructor(app) {
    this.app = app;
    this.methods = make("div", { className: "chips", attrs: { role: "group" } });
    this.targets = picker((target) => app.change({ target: Number(target) }));
    this.says = make("p");
    this.picture = pictureFigure();
    this.heat = pictureFigure();
    this.bar = make("canvas", { className: "scale", attrs: { "aria-hidden": "true" } });
    this.low = make("span", { className: "mono small" });
    this.high = make("span", { className: "mono small" });
    const scale = make("div", { className: "line" }, this.low, this.bar, this.high);
    this.facts = make("p", { className: "soft" });
    this.warn = make("p", { className: "soft small" });
    this.pictures = make("div", { className: "two" }, this.picture.el, this.heat.el);
    this.elements = [make("div", { className: "line" }, this.methods, this.targets.el), this.says, this.pictures, scale, this.facts, this.warn];
  }

  controls() {
    const { app } = this;
    const { scene, texts, header } = app;
    this.methods.setAttribute("aria-label", texts.methods_label);
    choices(this.methods, app.fixed.methods.map((method) => [method, texts[`method_${method}`]]), scene.method, (method) => app.change({ method }));
    const classes = header.net.classes.map((name, i) => [String(i), app.text("target_class", { name: app.className(name) })]);
    this.targets.show(texts.target_label, String(scene.target), [["-1", texts.target_answer], ...classes]);
  }

  show(current) {
    const { app } = this;
    const { header, arrays, texts, dark } = app;
    if (!header.method) return;
    if (current) this.controls();
    const name = app.className(header.net.classes[header.target]);
    showPicture(this.picture, arrays.seen, texts.seen_label, dark);
    this.heat.el.hidden = !arrays.heat;
    this.bar.parentElement.hidden = !arrays.heat;
    say(this.says, app.text(`says_${header.method}`, { name }));
    say(this.warn, texts.why_warning);
    if (!arrays.heat) return say(this.facts, header.fault);
    const [rows, cols] = arrays.heat.shape;
    const limit = largestSize(arrays.heat.data);
    paintSigned(this.heat.canvas, arrays.heat.data, rows, cols, limit, dark);
    this.outline(rows, cols);
    const words = `${texts[`method_${header.method}`]}: ${name}`;
    say(this.heat.caption, words);
    this.heat.canvas.setAttribute("aria-label", `${words}. ${this.strongest(arrays.heat)}`);
    drawSignedBar(this.bar, dark);
    say(this.low, numberText(-limit, 3));
    say(this.high, `+${numberText(limit, 3)}`);
    const remark = remarkOn(header.method, header.net.layers);
    const facts = app.text(`facts_${header.method}`, shownFacts(header.facts));
    return say(this.facts, remark ? `${facts} ${app.text(remark, { name })}` : facts);
  }

  /** Where the ink ends, so that one sees the digit under the map. */
  outline(rows, cols) {
    const { seen } = this.app.arrays;
    if (seen.shape[0] !== 1) return;
    const pen = this.heat.canvas.getContext("2d");
    const image = pen.getImageData(0, 0, cols, rows);
    const [r, g, b] = houseColours(this.app.dark).ink.match(/\w\w/g).map((part) => parseInt(part, 16));
    const { data } = nth({ shape: [1, 1, rows, cols], data: seen.data }, 0);
    for (let i = 0; i < rows * cols; i += 1) {
      const share = 0.22 * (data[i] / 255);
      [r, g, b].forEach((part, c) => (image.data[i * 4 + c] += share * (part - image.data[i * 4 + c])));
    }
    pen.putImageData(image, 0, 0);
  }

  /** The pixel that counts most, in words. */
  strongest({ data, shape }) {
    let best = 0;
    data.forEach((value, i) => { if (Math.abs(value) > Math.abs(data[best])) best = i; });
    return this.app.text("heat_most", { row: Math.floor(best / shape[1]), col: best % shape[1], value: numberText(data[best], 3) });
  }
}
