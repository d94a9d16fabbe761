// The panel beside every view: the chosen unit in short, and the ways to it.

import { mapPalette } from "../shared/colours.js";
import { numberText } from "../shared/numbers.js";
import { signedIndices } from "../pixels/signed.js";
import { make, say } from "../shared/dom.js";

/** Paint (rows, cols) signed numbers into a canvas of that size. */
export function paintSigned(canvas, data, rows, cols, limit, dark, palette = mapPalette("signed", dark)) {
  if (canvas.width !== cols || canvas.height !== rows) Object.assign(canvas, { width: cols, height: rows });
  const pen = canvas.getContext("2d");
  const image = pen.createImageData(cols, rows);
  const pixels = new Uint32Array(image.data.buffer);
  signedIndices(data, limit).forEach((index, i) => (pixels[i] = palette[index]));
  pen.putImageData(image, 0, 0);
}

export function largestSize(data) {
  let most = 0;
  for (const value of data) most = Math.max(most, Math.abs(value));
  return most;
}

/** Which input map adds most to the unit's sum. */
export function strongestMap(taps, weights) {
  const [maps, rows, cols] = taps.shape;
  let [best, most] = [0, -1];
  for (let m = 0; m < maps; m += 1) {
    let sum = 0;
    for (let i = m * rows * cols; i < (m + 1) * rows * cols; i += 1) sum += taps.data[i] * weights.data[i];
    if (Math.abs(sum) > most) [best, most] = [m, Math.abs(sum)];
  }
  return best;
}

/** How a unit came about, a line each: products, bias, what was done. */
export function unitLines(unit, arrays, text) {
  const count = unit.products ?? arrays.taps?.data.length ?? 0;
  if (unit.reduction === "sum") return [text("products", { count }), text("plus_bias", { bias: numberText(unit.bias, 4) })];
  if (unit.reduction === "scaled") return [text("scaled_of", { count, weight: numberText(arrays.weights.data[0], 4), bias: numberText(unit.bias, 4) })];
  if (unit.reduction === "radial") return [text("radial_of", { count })];
  if (unit.reduction === "mean") return [text("mean_of", { count })];
  if (unit.reduction === "max") return [text("max_of", { count })];
  if (unit.reduction === "pixel") return [text("pixel_is", { x: numberText(unit.x, 4), mean: numberText(unit.mean, 4), std: numberText(unit.std, 4) })];
  if (unit.reduction === "norm") return [text("norm_of", { x: numberText(unit.x, 4), mean: numberText(unit.mean, 4), deviation: numberText(Math.sqrt(unit.variance + unit.eps), 4), scale: numberText(unit.scale, 4), shift: numberText(unit.shift, 4) })];
  return [text("single_of", { kind: unit.kind, x: numberText(unit.x, 4) })];
}

export class UnitPanel {
  constructor(app, el) {
    this.app = app;
    this.el = el;
    this.head = make("h3");
    this.patch = make("canvas");
    this.kernel = make("canvas", { className: "k" });
    this.pair = make("div", { className: "pair", attrs: { "aria-hidden": "true" } }, this.patch, make("span", {}, "×"), this.kernel);
    this.lines = make("p", { className: "soft" });
    this.value = make("p", { className: "big mono" });
    this.torch = make("p", { className: "mono soft" });
    this.acts = make("div", { className: "chips" });
    el.replaceChildren(this.head, this.pair, this.lines, this.value, this.torch, this.acts);
  }

  place(unit = this.app.header.unit) {
    const [channel, ...rest] = unit.at;
    const { app } = this;
    return rest.length ? app.text("place_map", { layer: unit.layer, map: channel, row: rest[0], col: rest[1] }) : app.text("place_unit", { layer: unit.layer, number: channel });
  }

  show() {
    const { app } = this;
    const { unit } = app.header;
    this.el.hidden = !unit || app.scene.level === "unit";
    if (this.el.hidden) return;
    const { taps, weights } = app.arrays;
    say(this.head, this.place());
    const grids = Boolean(taps && weights && taps.shape[1] > 1);
    this.pair.hidden = !grids;
    if (grids) this.grids(taps, weights, unit);
    const changed = app.edited[unit.layer]?.has(unit.at[0]) ? [app.texts.has_edited] : [];
    say(this.lines, [...unitLines(unit, app.arrays, (name, values) => app.text(name, values)), ...changed].join(" "));
    say(this.value, `= ${numberText(unit.off ? 0 : unit.exact, 6)}`);
    say(this.torch, unit.off ? app.texts.is_off : app.text("torch_says", { value: numberText(unit.torch, 8) }));
    this.buttons(unit);
  }

  grids(taps, weights) {
    const best = strongestMap(taps, weights);
    const [, rows, cols] = taps.shape;
    const size = rows * cols;
    const { dark } = this.app;
    const cut = (array) => array.data.subarray(best * size, (best + 1) * size);
    paintSigned(this.patch, cut(taps), rows, cols, largestSize(taps.data), dark);
    paintSigned(this.kernel, cut(weights), rows, cols, largestSize(weights.data), dark);
  }

  buttons(unit) {
    const { app } = this;
    const { scene, texts } = app;
    const off = app.off[scene.layer]?.has(scene.channel);
    const wanted = [["down", texts.go_unit, () => app.change({ view: "network", level: "unit" })]];
    if (scene.level !== "layer" || scene.view !== "network") wanted.unshift(["layer", texts.go_layer, () => app.change({ view: "network", level: "layer" })]);
    if (/conv$/.test(unit.kind) && (scene.level !== "layer" || scene.view !== "network")) wanted[0][1] = texts.go_kernel;
    if (unit.layer !== "input" && scene.view !== "excite") wanted.push(["excite", texts.view_excite, () => app.change({ view: "excite" })]);
    if (unit.layer !== "input") wanted.push(["off", texts[off ? "switch_on" : "switch_off"], () => app.toggle(scene.layer, scene.channel)]);
    while (this.acts.children.length > wanted.length) this.acts.lastChild.remove();
    while (this.acts.children.length < wanted.length) this.acts.append(make("button", { type: "button", className: "chip" }));
    wanted.forEach(([, words, act], i) => {
      const button = /** @type {any} */ (this.acts.children[i]);
      say(button, words);
      button.onclick = act;
    });
  }

  /** The unit as a sentence. */
  sentence() {
    const { unit } = this.app.header;
    return unit ? `${this.place()}: ${numberText(unit.off ? 0 : unit.torch, 4)}.` : "";
  }
}

