// The view "as a vector": what the last layer but one makes of the picture, and the pictures whose vectors lie near.

import { fixedText, numberText } from "../shared/numbers.js";
import { make, say } from "../shared/dom.js";
import { figureRow, nth, showPicture } from "./figures.js";
import { foldedShape } from "./layerpane.js";
import { largestSize, paintSigned } from "./unitpanel.js";

export class VectorPane {
  constructor(app) {
    this.app = app;
    this.says = make("p");
    this.vector = make("canvas", { className: "vector", attrs: { role: "img" } });
    this.head = make("h3");
    this.row = make("div", { className: "steps six" });
    this.held = [];
    this.note = make("p", { className: "soft" });
    this.elements = [this.says, this.vector, this.head, this.row, this.note];
  }

  show() {
    const { app } = this;
    const { header, arrays, texts, dark } = app;
    if (!header.neighbours) return;
    const { data } = arrays.vector;
    say(this.says, app.text("says_vector", { layer: header.vector_layer, count: data.length }));
    const [rows, cols] = foldedShape(1, data.length);
    paintSigned(this.vector, data, rows, cols, largestSize(data), dark);
    this.vector.style.aspectRatio = `${cols} / ${rows}`;
    const active = data.reduce((count, value) => count + (value > 0 ? 1 : 0), 0);
    this.vector.setAttribute("aria-label", app.text("vector_label", { count: data.length, active, most: numberText(largestSize(data), 3) }));
    say(this.head, app.text("near_head", { count: header.compared }));
    figureRow(this.row, this.held, header.neighbours.length);
    header.neighbours.forEach(({ label, similarity }, i) => {
      const name = label.startsWith("sample:") ? header.sample_names?.[label.slice(7)] ?? label.slice(7) : app.className(label);
      showPicture(this.held[i], nth(arrays.near, i), app.text("near", { name, cosine: fixedText(similarity, 3) }), dark);
    });
    say(this.note, texts.near_note);
  }
}
