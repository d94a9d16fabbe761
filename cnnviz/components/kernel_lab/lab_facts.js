// What can be said about the kernel, beside its grid: sums, rank, symmetry, divisor and offset, frequencies.

import { houseColours, hexRgb } from "../shared/colours.js";
import { fillText, numberText, typedNumber } from "../shared/numbers.js";
import { node, numberBox, setText } from "./lab_dom.js";

/** @typedef {import("./kernel_lab.js").Lab} Lab */

/**
 * The lines of facts as texts; `facts` is the server's (core/kernels/facts.py) for the weights with the divisor.
 * @param {{total: number, low: number, high: number, rank: number, symmetric: boolean, cost: number, separable_cost: number}} facts
 */
export function factLines(facts, sum, texts) {
  const rank = facts.rank === 1 ? texts.fact_separable : texts.fact_rank;
  return [
    { text: fillText(texts.fact_sum, { sum: numberText(sum), gain: numberText(facts.total) }), title: texts.fact_sum_title },
    { text: fillText(texts.fact_range, { low: numberText(facts.low), high: numberText(facts.high) }), title: texts.fact_range_title },
    { text: fillText(rank, { rank: facts.rank }), title: fillText(texts.fact_rank_title, { cost: facts.cost, apart: facts.separable_cost, rank: facts.rank }) },
    { text: facts.symmetric ? texts.fact_symmetric : texts.fact_turned, title: texts.fact_symmetric_title },
  ];
}

export class Facts {
  constructor(/** @type {Lab} */ lab) {
    this.lab = lab;
    this.list = lab.part(".facts .list");
    this.canvas = lab.part(".facts canvas");
    this.label = lab.part(".facts .response span");
  }

  name() {
    const { lab } = this;
    const { texts } = lab;
    const read = (text) => typedNumber(text);
    this.divisor = numberBox(texts.divisor, (text) => { const v = read(text); return v === 0 ? NaN : v; }, (value) => lab.setKernel({ divisor: value }));
    this.offset = numberBox(texts.offset_title, read, (value) => lab.setKernel({ offset: value }));
    lab.part(".facts .after").replaceChildren(
      node("label", { title: texts.divisor }, "÷ ", this.divisor.el),
      node("label", { title: texts.offset_title }, "+ ", this.offset.el));
    setText(this.label, texts.response);
    lab.part(".facts .response").title = texts.response_title;
    this.canvas.setAttribute("aria-label", texts.response_title);
  }

  show() {
    const { facts, response, lab } = this.now();
    this.divisor.show(numberText(lab.divisor, 6));
    this.offset.show(numberText(lab.offset, 6));
    if (!facts) return;
    const lines = factLines(facts, facts.sum, lab.texts);
    while (this.list.children.length < lines.length) this.list.append(node("li"));
    lines.forEach((line, i) => {
      setText(this.list.children[i], line.text);
      this.list.children[i].title = line.title;
    });
    if (response) this.draw(response);
  }

  now() {
    return { facts: this.lab.facts, response: this.lab.response, lab: this.lab };
  }

  /** The magnitude, 0 the background, the largest the kernel's colour; frequency 0 in the middle. */
  draw({ shape, data }) {
    const house = houseColours(this.lab.dark);
    const [ground, full] = [hexRgb(house.background), hexRgb(house.kernel)];
    const [height, width] = shape;
    if (this.canvas.width !== width) [this.canvas.width, this.canvas.height] = [width, height];
    const pen = this.canvas.getContext("2d");
    const image = pen.createImageData(width, height);
    for (let i = 0; i < data.length; i += 1) {
      for (let c = 0; c < 3; c += 1) image.data[i * 4 + c] = ground[c] + (full[c] - ground[c]) * (data[i] / 255);
      image.data[i * 4 + 3] = 255;
    }
    pen.putImageData(image, 0, 0);
    const top = numberText(this.lab.facts.response);
    setText(this.label, `${this.lab.texts.response} 0…${top}`);
  }
}
