import { fillText, numberText, typedNumber } from "../shared/numbers.js";
import { getStored } from "../shared/store.js";
import { bringIntoView } from "../shared/view.js";
import { Viewer } from "../shared/viewer.js";
import { choices, fillTable, make, say, slider } from "../shared/dom.js";
import { sameValue } from "../shared/local.js";
import { mountView, PartView } from "../shared/part_view.js";
import { mixedPixel, mixedRgba, pixelAt, planeRgba, planesOf } from "../shared/planes.js";

const NAMES = ["R", "G", "B"];

/**
 * The mix after one plane's slider moved: the weight of that plane in a mix to one plane, else its gain, which
 * keeps each plane where it is.
 */
export function mixAfterGain(/** @type {number[][]} */ mix, plane, value) {
  return mix.map((row, o) => row.map((w, c) => (c === plane && (mix.length === 1 || o === c) ? value : w)));
}

/** The weight a plane's slider stands at. */
export function gainOf(/** @type {number[][]} */ mix, plane) {
  return mix[mix.length === 1 ? 0 : plane][plane];
}

/** The name of the preset that is this mix, or "". */
export function presetOf(/** @type {Object<string, number[][]>} */ presets, /** @type {number[][]} */ mix) {
  return Object.keys(presets).find((name) => sameValue(presets[name], mix)) ?? "";
}

/** A share as a percentage with what it needs to be told from none: 0 %, 0.02 %, 12 %. */
export function percentText(/** @type {number} */ share) {
  if (share === 0) return "0 %";
  return share < 0.00005 ? "< 0.01 %" : `${numberText(share * 100, share < 0.001 ? 1 : 2)} %`;
}

class ChannelsView extends PartView {
  constructor(parent) {
    super(parent);
    this.cell = null;
    this.viewers = [];
    this.whole = this.viewer(this.find("canvas.whole"));
    this.mixed = this.viewer(this.find("canvas.mixed"));
  }

  /** A viewer that moves together with all the others. */
  viewer(canvas) {
    const viewer = new Viewer(canvas, {
      hover: (cell) => this.point(cell),
      pick: (cell) => this.point(cell),
      view: (view) => this.viewers.forEach((other) => other !== viewer && other.look(view)),
      key: (event) => this.key(event),
      keys: ["pixel"],
    });
    this.viewers.push(viewer);
    return viewer;
  }

  get mix() {
    const { mix } = this.local.fields;
    return this.planes.channels === 1 ? [[1]] : mix;
  }

  /** The picture may still be on its way. */
  show() {
    const { header, dark } = this;
    const arrays = getStored(document, header.stored, () => this.show());
    if (!arrays) return;
    if (this.stored !== header.stored || this.wasDark !== dark) this.newPicture(header.stored, arrays);
    this.wasDark = dark;
    this.words();
    this.redraw();
  }

  /** Everything but the words follows at once, also while a slider is dragged. */
  set(changes) {
    this.tellSoon(changes);
    this.redraw();
  }

  leave() {
    super.leave();
    this.viewers.forEach((viewer) => viewer.destroy());
  }

  newPicture(stored, arrays) {
    this.stored = stored;
    this.planes = planesOf(arrays.pixels);
    const { width, height, channels, white } = this.planes;
    this.cell = this.cell && this.cell.row < height && this.cell.col < width ? this.cell : null;
    this.makePlanes(channels);
    const numbers = (plane) => (row, col) => String(pixelAt(this.planes, row, col)[plane]);
    const all = (row, col) => pixelAt(this.planes, row, col).join("\n");
    for (const viewer of this.viewers) viewer.view = undefined;
    this.whole.show({ width, height, rgba: planeRgba(this.planes), numberAt: all }, this.dark);
    this.ins.forEach((viewer, c) => viewer.show({ width, height, rgba: planeRgba(this.planes, c), numberAt: numbers(c) }, this.dark));
    this.white = white;
  }

  /** One canvas and one slider for each plane the picture has. */
  makePlanes(channels) {
    const box = this.find(".ins");
    if (this.ins?.length === channels) return;
    for (const viewer of this.ins ?? []) viewer.destroy();
    this.viewers = [this.whole, this.mixed];
    const figures = Array.from({ length: channels }, () =>
      make("figure", {}, make("figcaption", { className: "input" }), make("canvas", { attrs: { "aria-hidden": "true" } }), make("label", {})));
    box.classList.toggle("one", channels === 1);
    box.replaceChildren(...figures);
    this.ins = figures.map((figure) => this.viewer(figure.querySelector("canvas")));
  }

  words() {
    const { texts } = this;
    const { height, width, channels } = this.planes;
    say(this.find(".whole-title"), channels === 3 ? `${texts.picture} · ${height} × ${width} × 3` : `${texts.picture} · ${height} × ${width}`);
    say(this.find(".hint"), channels === 3 ? texts.channels_hint : texts.channels_grey);
    this.find("canvas.whole").setAttribute("aria-label", fillText(texts.planes_label, { height, width }));
    this.find(".matrix").setAttribute("aria-label", texts.matrix_label);
    say(this.find(".alike"), this.header.alike);
  }

  /** Everything that depends on the mix; at once, while a slider is dragged. */
  redraw() {
    const { texts, planes, mix } = this;
    const { width, height } = planes;
    const { rgba, below, above } = mixedRgba(planes, mix);
    const numberAt = (row, col) => mixedPixel(pixelAt(planes, row, col), 1, mix).map((v) => numberText(v, 3)).join("\n");
    this.mixed.show({ width, height, rgba, numberAt }, this.dark);
    say(this.find(".mixed-title"), `${texts.mixed} · ${height} × ${width}${mix.length === 3 ? " × 3" : ""}`);
    const shape = `(${mix.length}, ${planes.channels}, 1, 1)`;
    say(this.find(".weights"), fillText(texts.weights, { shape, count: mix.length * planes.channels }));
    say(this.find(".clipped"), below + above > 0 ? fillText(texts.clipped, { below: percentText(below), above: percentText(above) }) : texts.nothing_clipped);
    this.presets();
    this.sliders();
    this.matrix();
    this.equations();
  }

  presets() {
    const { presets } = this.header;
    const names = this.planes.channels === 3 ? Object.keys(presets) : [];
    const words = names.map((name) => /** @type {[string, string]} */ ([name, this.texts[`mix_${name}`]]));
    choices(this.find(".presets"), words, presetOf(presets, this.mix), (name) => this.set({ mix: presets[name] }));
  }

  sliders() {
    this.ins.forEach((viewer, c) => {
      const figure = viewer.canvas.parentElement;
      const name = this.planes.channels === 3 ? NAMES[c] : this.texts.grey;
      say(figure.querySelector("figcaption"), name);
      const box = figure.querySelector("label");
      box.hidden = this.planes.channels === 1;
      if (box.hidden) return;
      const value = gainOf(this.mix, c);
      const what = this.mix.length === 1 ? this.texts.weight_of : this.texts.gain_of;
      slider(box, { name: fillText(what, { plane: name }), min: -1, max: 2, step: 0.01, value, text: numberText(value) },
        (v) => this.set({ mix: mixAfterGain(this.mix, c, v) }));
    });
  }

  /** The mix as a matrix that can be typed into. */
  matrix() {
    const box = this.find(".matrix");
    const { mix, texts } = this;
    if (box.dataset.rows !== `${mix.length}${this.planes.channels}`) {
      box.dataset.rows = `${mix.length}${this.planes.channels}`;
      const heads = make("div", { className: "row heads" }, make("span", {}), ...mix[0].map((_, c) => make("span", { className: "input" }, NAMES[c])));
      const rows = mix.map((row, o) => make("div", { className: "row" },
        make("span", { className: "output" }, mix.length === 1 ? "Y" : `${NAMES[o]}′`),
        ...row.map((_, c) => make("input", { className: "number kernel", inputMode: "decimal", data: { o: String(o), c: String(c) } }))));
      box.replaceChildren(...(this.planes.channels === 3 ? [heads, ...rows] : []));
    }
    for (const input of box.querySelectorAll("input")) {
      const [o, c] = [Number(input.dataset.o), Number(input.dataset.c)];
      if (input.getRootNode().activeElement !== input) input.value = numberText(mix[o][c], 4);
      input.setAttribute("aria-label", fillText(texts.matrix_cell, { out: mix.length === 1 ? "Y" : `${NAMES[o]}′`, plane: NAMES[c] }));
      input.onchange = () => {
        const value = typedNumber(input.value);
        if (Number.isFinite(value) && Math.abs(value) <= 9) this.set({ mix: mix.map((row, i) => row.map((w, j) => (i === o && j === c ? value : w))) });
        input.value = numberText(this.mix[o][c], 4);
      };
    }
  }

  point(cell) {
    this.cell = cell ?? this.cell;
    for (const viewer of this.viewers) viewer.mark(this.cell ? [{ ...this.cell, role: viewer === this.mixed ? "output" : "kernel", style: viewer === this.mixed ? "double" : "solid" }] : []);
    this.equations();
  }

  key(event) {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!step) return false;
    const from = this.here();
    const by = event.shiftKey ? 10 : 1;
    const row = Math.min(this.planes.height - 1, Math.max(0, from.row + step[0] * by));
    const col = Math.min(this.planes.width - 1, Math.max(0, from.col + step[1] * by));
    const { view, bounds, screen, frame } = this.whole;
    const look = bringIntoView(view, bounds, screen, frame, row, col);
    for (const viewer of this.viewers) viewer.look(look);
    this.point({ row, col });
    return true;
  }

  here() {
    return this.cell ?? { row: Math.floor(this.planes.height / 2), col: Math.floor(this.planes.width / 2) };
  }

  /** One pixel's sums, written out in the colours of what they are. */
  equations() {
    if (!this.planes) return;
    const { mix, texts } = this;
    const cell = this.here();
    const pixel = pixelAt(this.planes, cell.row, cell.col);
    const totals = mixedPixel(pixel, 1, mix);
    say(this.find(".where"), fillText(texts.where, cell));
    const lines = mix.map((row, o) => {
      const name = mix.length === 1 ? "Y" : `${NAMES[o]}′`;
      const parts = row.flatMap((w, c) => [c ? " + " : " = ",
        make("span", { className: "kernel" }, w < 0 ? `(${numberText(w)})` : numberText(w)), "·", make("span", { className: "input" }, String(pixel[c]))]);
      return make("p", {}, name, ...parts, " = ", make("strong", { className: "output" }, numberText(totals[o], 4)));
    });
    this.find(".equations").replaceChildren(...lines);
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => this.speak(cell, pixel, totals), 400);
  }

  speak(cell, pixel, totals) {
    const { texts } = this;
    const values = totals.map((v) => numberText(v, 4)).join(", ");
    say(this.find(".said"), fillText(texts.channels_said, { ...cell, values: pixel.join(", "), mixed: values }));
    const heads = ["", ...pixel.map((_, c) => (pixel.length === 3 ? NAMES[c] : texts.grey))];
    const rows = this.mix.map((row, o) => [this.mix.length === 1 ? "Y" : `${NAMES[o]}′`, ...row.map((w) => numberText(w, 4))]);
    fillTable(this.find(".numbers"), texts.matrix_label, heads, rows);
  }
}

export default (/** @type {any} */ part) => mountView(ChannelsView, part, 100);
