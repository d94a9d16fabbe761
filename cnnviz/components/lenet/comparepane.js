// The view "compare": sigmoid and average pooling beside ReLU and max pooling on the same picture, the three LeNets in
// figures, a fully connected layer written as a convolution, and a global mean in its place.

import { fixedText, numberText } from "../shared/numbers.js";
import { fillTable, make, say } from "../shared/dom.js";
import { showMaps } from "./figures.js";
import { percent } from "./testedpane.js";

const SHOWN = [0, 1, 2, 3, 4, 5];

export class ComparePane {
  constructor(app) {
    this.app = app;
    this.sides = [0, 1].map(() => {
      const head = make("h3");
      const answer = make("p");
      const maps = SHOWN.map(() => make("canvas", { attrs: { role: "img" } }));
      const captions = SHOWN.map(() => make("figcaption"));
      const figures = SHOWN.map((i) => make("figure", {}, maps[i], captions[i]));
      return { head, answer, maps, captions, el: make("div", { className: "column side" }, head, answer, make("div", { className: "stages" }, ...figures)) };
    });
    this.pair = make("div", { className: "pairview" }, ...this.sides.map((side) => side.el));
    this.table = make("table", { className: "facts" });
    this.headLine = make("p");
    this.gapLine = make("p");
    this.truth = make("p", { className: "soft small" });
    this.only = make("p", { className: "soft" });
    const below = make("div", { className: "pairview" }, make("div", { className: "column" }, this.headLine, this.gapLine), this.truth);
    const box = make("div", { className: "column scroll grow", tabIndex: 0, attrs: { role: "group" } }, this.only, this.pair, below, this.table);
    this.box = box;
    this.elements = [box];
  }

  show() {
    const { app } = this;
    const { header, texts } = app;
    if (!header.pair) return;
    this.box.setAttribute("aria-label", texts.view_compare);
    this.pair.hidden = !header.pair.length;
    say(this.only, header.pair.length ? "" : texts.no_pair);
    this.only.hidden = header.pair.length > 0;
    header.pair.forEach((one, i) => this.side(this.sides[i], one, i));
    this.head(header.head);
    const rows = header.designs.map((one) => [texts[`design_${one.id.replaceAll("-", "_")}`], groups(one.parameters), groups(one.macs), texts[`about_${one.id.replaceAll("-", "_")}`]]);
    fillTable(this.table, texts.designs_caption, [texts.design_head, texts.parameters, texts.macs, texts.differs], rows);
    say(this.truth, texts.lenet_truth);
  }

  side(side, one, number) {
    const { app } = this;
    const { texts, header } = app;
    say(side.head, texts[`net_${one.net.replaceAll("-", "_")}`]);
    const best = one.probabilities.indexOf(Math.max(...one.probabilities));
    say(side.answer, app.text("pair_answer", { name: app.className(header.net.classes[best]), share: fixedText(one.probabilities[best], 3), accuracy: percent(one.accuracy.mean), spread: percent(one.accuracy.spread) }));
    one.stages.forEach((stage, i) => {
      const array = app.arrays[`c${number}.${stage.name}`];
      showMaps(side.maps[i], array, app.dark, array.shape[0] > 6 ? 8 : 6);
      const words = app.text("stage_facts", { name: stage.name, low: numberText(stage.low, 2), high: numberText(stage.high, 2), zero: fixedText(stage.zero * 100, 0) });
      say(side.captions[i], words);
      side.maps[i].setAttribute("aria-label", words);
    });
  }

  head(head) {
    const { app } = this;
    this.headLine.hidden = this.gapLine.hidden = !head;
    if (!head) return;
    const [out, maps, rows, cols] = head.kernel;
    say(this.headLine, app.text("fc_conv", { layer: head.layer, out, maps, rows, cols, parameters: groups(head.parameters), error: numberText(head.error, 2), largest: numberText(head.largest, 3) }));
    const dense = head.all - head.convolutions;
    say(this.gapLine, app.text("gap_instead", { maps: head.maps[0], rows: head.maps[1], cols: head.maps[2], share: fixedText((dense / head.all) * 100, 1), dense: groups(dense), all: groups(head.all), pooled: head.pooled, means: head.means.slice(0, 4).map((value) => numberText(value, 2)).join(", ") }));
  }
}

/** 61706 as 61,706. */
export function groups(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ",");
}
