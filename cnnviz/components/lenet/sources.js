// What the network is shown, chosen at the head of the left column: own drawing, own picture, or a picture of the measured
// test set by class and number, the next one, one at random, the next one it gets wrong.

import { choices, make, say } from "../shared/dom.js";
import { picker } from "./picker.js";

export const EVERY = -1;

const MOST_NUMBER = 9999;

/** What a typed number means. @returns {number | null} */
export function exampleNumber(text) {
  const value = Number(text);
  return text.trim() !== "" && Number.isInteger(value) && value >= 0 && value <= MOST_NUMBER ? value : null;
}

/** One of the numbers there are, `share` (0 up to 1) of the way along them. @returns {number} */
export function numberAt(test, share) {
  const place = Math.floor(share * test.count);
  return test.numbers?.[place] ?? place;
}

export class Sources {
  constructor(app) {
    this.app = app;
    this.kinds = make("div", { className: "chips sources", attrs: { role: "group" } });
    this.classes = picker((of) => app.change({ source: "example", of: Number(of), example: 0 }));
    this.number = make("input", { type: "number", min: "0", step: "1", inputMode: "numeric" });
    this.number.onchange = () => this.typed();
    this.ways = make("div", { className: "chips ways" });
    this.error = make("button", { type: "button", className: "chip", onclick: () => this.go(app.header.test?.error) });
    this.truth = make("p", { attrs: { "aria-live": "polite" } });
    this.few = make("p", { className: "soft small" });
    this.line = make("div", { className: "line which" }, this.classes.el, this.number);
    this.box = make("div", { className: "column testset" }, this.line, this.ways, this.error, this.truth, this.few);
  }

  /** How many pictures there are: "all", "few" or "none". */
  get there() {
    const { fixed, scene } = this.app;
    return fixed.pictures[scene.net].there;
  }

  show() {
    const { app } = this;
    const { scene, texts, fixed } = app;
    const offered = (scene.net === fixed.colour ? [] : ["ink"]).concat("picture", "example");
    this.kinds.setAttribute("aria-label", texts.sources_label);
    choices(this.kinds, offered.map((kind) => [kind, texts[`source_${kind}`]]), scene.source, (source) => app.change({ source }));
    this.box.hidden = scene.source !== "example";
    if (this.box.hidden) return;
    const none = this.there === "none";
    this.line.hidden = this.ways.hidden = this.error.hidden = this.truth.hidden = none;
    say(this.few, none || this.there === "few" ? app.text(`pictures_${this.there}`, { data: fixed.pictures[scene.net].data }) : "");
    if (!none) this.walk();
  }

  walk() {
    const { app } = this;
    const { scene, texts, header } = app;
    const { test } = header;
    const names = header.net.classes.map((name, i) => [String(i), app.className(name)]);
    this.classes.show(texts.of_label, String(scene.of), [[String(EVERY), texts.of_every], ...names]);
    this.number.setAttribute("aria-label", texts.number_label);
    if (this.number.getRootNode().activeElement !== this.number) this.number.value = String(test?.example ?? scene.example);
    const ways = [["before", "‹", texts.one_before], ["after", "›", texts.one_after], ["random", texts.one_random, texts.one_random]];
    choices(this.ways, ways.map(([way, words]) => [way, words]), "", (way) => this.step(way));
    ways.forEach(([, , words], i) => {
      this.ways.children[i].setAttribute("aria-label", words);
      this.ways.children[i].removeAttribute("aria-pressed");
    });
    say(this.error, texts.one_error);
    this.error.disabled = !test || test.error === null;
    say(this.truth, test ? this.said(test) : "");
  }

  /** Which picture it is, what it is, and whether the answer is right. */
  said(test) {
    const { app } = this;
    const { header } = app;
    const best = header.probabilities.indexOf(Math.max(...header.probabilities));
    const name = (i) => app.className(header.net.classes[i]);
    const words = app.text(best === test.label ? "test_right" : "test_wrong", { number: test.number, label: name(test.label), answer: name(best) });
    return test.here ? words : `${app.texts.not_here} ${words}`;
  }

  step(way) {
    const { test } = this.app.header;
    if (!test) return;
    if (way !== "random") this.go(test[way]);
    else this.go(numberAt(test, Math.random()));
  }

  go(example) {
    if (typeof example === "number") this.app.change({ source: "example", example });
  }

  typed() {
    const { app, number } = this;
    const value = exampleNumber(number.value);
    if (value === null) number.value = String(app.scene.example);
    else this.go(value);
  }
}
