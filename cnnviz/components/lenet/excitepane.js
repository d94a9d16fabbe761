// The view "what excites it": a picture climbed from noise for one map, and test pictures that excite it most.

import { houseColours } from "../shared/colours.js";
import { numberText } from "../shared/numbers.js";
import { make, say } from "../shared/dom.js";
import { figureRow, frameOver, nth, showPicture } from "./figures.js";
import { picker } from "./picker.js";

export class ExcitePane {
  constructor(app) {
    this.app = app;
    this.layers = picker((layer) => app.look({ layer }));
    this.maps = picker((channel) => app.look({ channel: Number(channel) }));
    this.again = make("button", { type: "button", className: "chip", onclick: () => app.change({ seed: (app.scene.seed + 1) % 1000 }) });
    this.says = make("p");
    this.climb = make("div", { className: "steps climb" });
    this.climbed = [];
    this.head = make("h3");
    this.row = make("div", { className: "steps small-ones" });
    this.held = [];
    this.none = make("p", { className: "soft" });
    this.elements = [make("div", { className: "line" }, this.layers.el, this.maps.el, this.again), this.says, this.climb, this.head, this.none, this.row];
  }

  controls() {
    const { app } = this;
    const { header, scene, texts } = app;
    const rows = header.net.layers.filter((row) => row.name !== "input");
    const row = rows.find((one) => one.name === scene.layer) ?? rows[0];
    this.layers.show(texts.layer_label, row.name, rows.map(({ name, shape }) => [name, `${name} · ${shape.join("×")}`]));
    const word = row.shape.length === 3 && row.shape[1] > 1 ? "map" : "unit_number";
    this.maps.show(texts.map_label, String(Math.min(scene.channel, row.shape[0] - 1)), Array.from({ length: row.shape[0] }, (_, i) => [String(i), app.text(word, { number: i })]));
    say(this.again, texts.other_noise);
  }

  show(current) {
    const { app } = this;
    const { header, arrays, texts } = app;
    if (!header.excited) return;
    if (current) this.controls();
    const { layer, channel, steps, answers } = header.excited;
    say(this.says, app.text(header.excited.off ? "excite_off" : "says_excite", { layer, map: channel }));
    figureRow(this.climb, this.climbed, steps.length);
    steps.forEach((step, i) => showPicture(this.climbed[i], nth(arrays.climb, i), app.text("climb", { step, value: numberText(answers[i], 3) }), app.dark));
    say(this.head, texts.examples_head);
    figureRow(this.row, this.held, header.examples.length);
    say(this.none, header.examples.length ? "" : texts.no_examples);
    this.none.hidden = header.examples.length > 0;
    const colour = houseColours(app.dark).kernel;
    header.examples.forEach((one, i) => {
      showPicture(this.held[i], nth(arrays.examples, i), app.text("example", { label: app.className(header.net.classes[one.label]), value: numberText(one.activation, 3) }), app.dark);
      frameOver(this.held[i].canvas, one.rows, one.columns, colour);
    });
  }
}
