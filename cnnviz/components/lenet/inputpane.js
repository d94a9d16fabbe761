// The view "what it sees": every step from the drawing to the network's input, and small changes made to that input.

import { fixedText, numberText } from "../shared/numbers.js";
import { make, say, slider } from "../shared/dom.js";
import { figureRow, showPicture } from "./figures.js";

export const DISTURBANCES = [
  ["right", -14, 14, 1], ["down", -14, 14, 1], ["turn", -180, 180, 5], ["scale", 0.5, 2, 0.05], ["noise", 0, 1, 0.05],
];
const NEUTRAL = { right: 0, down: 0, turn: 0, scale: 1, noise: 0 };

export class InputPane {
  constructor(app) {
    this.app = app;
    this.why = make("p");
    this.row = make("div", { className: "steps" });
    this.held = [];
    this.head = make("h3");
    this.sliders = make("div", { className: "sliders" }, ...DISTURBANCES.map(() => make("label")));
    this.neutral = make("button", { type: "button", className: "chip", onclick: () => app.change(NEUTRAL) });
    this.elements = [this.why, this.row, make("div", { className: "line apart" }, this.head, this.neutral), this.sliders];
  }

  controls() {
    const { app } = this;
    const { scene, texts } = app;
    say(this.head, texts.disturb);
    say(this.neutral, texts.undisturbed);
    DISTURBANCES.forEach(([name, min, max, step], i) => {
      const text = name === "turn" ? `${numberText(scene[name])}°` : numberText(scene[name], 3);
      slider(this.sliders.children[i], { name: texts[`by_${name}`], min, max, step, value: scene[name], text }, (value) => app.change({ [name]: value }));
    });
  }

  show(current) {
    const { app } = this;
    const { header, arrays, texts } = app;
    if (!header.steps) return;
    if (current) this.controls();
    say(this.why, texts[header.net.id === app.fixed.colour ? "input_colour" : header.net.id.includes("fashion") ? "input_garment" : "input_digit"]);
    figureRow(this.row, this.held, header.steps.length);
    header.steps.forEach((step, i) => {
      const { shift, mass } = header.input;
      const values = { rows: step.rows, cols: step.cols, down: shift ? numberText(shift[0]) : "", right: shift ? numberText(shift[1]) : "", y: mass ? fixedText(mass[0], 1) : "", x: mass ? fixedText(mass[1], 1) : "" };
      const key = step.name === "centred" && !shift ? "step_centred_plain" : `step_${step.name}`;
      showPicture(this.held[i], arrays[`s.${step.name}`], app.text(key, values), app.dark);
    });
  }
}
