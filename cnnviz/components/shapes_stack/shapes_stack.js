import { mapPalette } from "../shared/colours.js";
import { choices, make, mark, say, slider } from "../shared/dom.js";
import { fillText, groupedText, numberText } from "../shared/numbers.js";
import { mountView, PartView } from "../shared/part_view.js";
import { Viewer } from "../shared/viewer.js";
import { chainOf, totalsOf } from "../shapes/layers.js";
import { boxPath, linePath, svgPart, SvgStage } from "../shapes/svg.js";
import { bytesWords } from "../shapes/units.js";

const BIGS = [5, 7, 9, 11];

/** How many cells stand in each row of the side view, the input first: each layer takes kernel − 1 away, down to one. */
export function sideRows(/** @type {number} */ layers, /** @type {number} */ kernel) {
  return Array.from({ length: layers + 1 }, (_, i) => (layers - i) * (kernel - 1) + 1);
}

/**
 * One way to see `big` pixels: a large kernel, or 3 × 3 layers upon each other, `width` channels in and out, sizes kept.
 * @typedef {{layers: number, kernel: number, square: number, weights: number, parameters: number, macs: bigint,
 *   bytes: number, field: number}} Design  square: weights as a multiple of C²
 * @returns {Design}
 */
export function designOf(/** @type {number} */ kernel, /** @type {number} */ layers, /** @type {number} */ width, /** @type {number} */ maps) {
  const layer = { name: "conv", kind: "conv", out: width, k: kernel, s: 1, p: kernel >> 1, d: 1 };
  const { parameters, macs, bytes } = totalsOf(chainOf(Array(layers).fill(layer), [width, maps, maps]));
  const square = layers * kernel * kernel;
  return { layers, kernel, square, weights: square * width * width, parameters, macs, bytes, field: layers * (kernel - 1) + 1 };
}

/** One large kernel, and the 3 × 3 layers that see as much. @returns {Design[]} */
export function designsOf(/** @type {{big: number, width: number, maps: number}} */ { big, width, maps }) {
  return [designOf(big, 1, width, maps), designOf(3, big >> 1, width, maps)];
}

class StackView extends PartView {
  constructor(parent) {
    super(parent);
    this.sides = ["one", "stack"].map((name) => {
      const stage = new SvgStage(this.find(`.${name} svg`), () => this.header && this.draw());
      return { name, stage, svg: stage.svg, viewer: new Viewer(this.find(`.${name} canvas`)) };
    });
  }

  update(said) {
    this.big = 0; // words and theme may be others
    super.update(said);
  }

  show() {
    this.designs = designsOf(this.local.fields);
    if (this.big !== this.local.fields.big) this.draw(); // the drawings know nothing of channels and maps
    this.controls();
    this.compare();
  }

  controls() {
    const { texts } = this;
    const { big, width, maps } = this.local.fields;
    this.find(".knobs").hidden = this.header.hide.includes("controls");
    choices(this.find(".bigs"), BIGS.map((k) => [String(k), fillText(texts.choice, { k, layers: (k - 1) / 2 })]), String(big), (k) => this.set({ big: Number(k) }));
    mark(this.find(".bigs"), "aria-label", texts.choose);
    slider(this.find("label.width"), { name: texts.channels, min: 1, max: 512, step: 1, value: width, text: String(width) }, (value) => this.set({ width: value }));
    slider(this.find("label.maps"), { name: texts.maps, min: 1, max: 256, step: 1, value: maps, text: `${maps} × ${maps}` }, (value) => this.set({ maps: value }));
    say(this.find(".half-true"), texts.half_true);
  }

  title(/** @type {Design} */ design) {
    return fillText(design.layers > 1 ? this.texts.title_stack : this.texts.title_one, { k: design.kernel, layers: design.layers });
  }

  /** Both ways from the side, and PyTorch's gradient of each. */
  draw() {
    this.designs.forEach((design, i) => {
      const { svg, stage, viewer, name } = this.sides[i];
      say(this.find(`.${name} h2`), this.title(design));
      drawSide(svg, sideRows(design.layers, design.kernel), design.kernel, stage.size);
      mark(svg, "aria-label", fillText(this.texts.side_label, { rows: sideRows(design.layers, design.kernel).join(", ") }));
      const { data, shape } = this.arrays[`${name}${design.field}`];
      const numberAt = (r, c) => numberText(data[r * shape[1] + c], 2);
      const indices = Uint8Array.from(data, (v) => Math.round(v * 254));
      viewer.view = undefined;
      viewer.show({ width: shape[1], height: shape[0], indices, palette: mapPalette("absolute", this.dark), numberAt, rulers: false }, this.dark);
      mark(viewer.canvas, "aria-label", fillText(this.texts.gradient_label, { size: design.field }));
    });
    this.big = this.designs[0].field;
  }

  /** The table and the verdict; rows stay, their texts change. */
  compare() {
    const { texts } = this;
    const [one, stack] = this.designs;
    const both = (/** @type {(d: Design) => string} */ words) => [one, stack].map(words);
    const lines = [
      ["", ...both((d) => this.title(d))],
      [texts.field, ...both((d) => `${d.field} × ${d.field}`)],
      [texts.weights, ...both((d) => `${d.square}·C² = ${groupedText(d.weights)}`)],
      [texts.parameters, ...both((d) => groupedText(d.parameters))],
      [texts.macs, ...both((d) => groupedText(d.macs))],
      [texts.memory, ...both((d) => bytesWords(d.bytes))],
      [texts.activations, ...both((d) => String(d.layers))],
    ];
    const table = this.find("table");
    if (!table.rows.length) table.append(...comparison(lines.length));
    say(table.caption, texts.table);
    lines.forEach((line, r) => line.forEach((text, c) => say(table.rows[r].cells[c], text)));
    const saved = numberText(100 * (1 - stack.weights / one.weights), 2);
    say(this.find(".verdict"), fillText(texts.verdict, { saved, layers: stack.layers, one: one.square, stack: stack.square }));
    say(this.find(".why"), texts.why);
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => say(this.find(".said"), this.find(".verdict").textContent), 500);
  }

  leave() {
    super.leave();
    for (const { stage, viewer } of this.sides) {
      stage.destroy();
      viewer.destroy();
    }
  }
}

/** An empty table of so many rows, heads included, with two columns to compare. */
function comparison(rows) {
  const head = make("tr", {}, make("th"), make("th", { scope: "col" }), make("th", { scope: "col" }));
  const line = () => make("tr", {}, make("th", { scope: "row" }), make("td"), make("td"));
  return [make("caption", { className: "sr-only" }), make("thead", {}, head), make("tbody", {}, ...Array.from({ length: rows - 1 }, line))];
}

/** Seen from the side: which cells of each row reach the one output at the foot. */
function drawSide(svg, rows, kernel, { width, height }) {
  const unit = Math.max(0, Math.min(26, (width - 2) / rows[0], (height - 4) / (rows.length * 1.4)));
  const gap = (height - 4 - rows.length * unit) / Math.max(1, rows.length - 1);
  const x = (count, i) => width / 2 + (i - count / 2) * unit;
  const y = (level) => 2 + level * (unit + gap);
  let rays = "";
  const boxes = rows.map((count, level) => {
    let path = "";
    for (let i = 0; i < count; i += 1) {
      path += boxPath(x(count, i), y(level), unit, unit, 0.5);
      if (level) for (let k = 0; k < kernel; k += 1) rays += linePath(x(rows[level - 1], i + k + 0.5), y(level - 1) + unit, x(count, i + 0.5), y(level));
    }
    const role = level === 0 ? "cell-pixel" : level === rows.length - 1 ? "cell-output" : "cell-between";
    return svgPart("path", { d: path, class: role });
  });
  svg.replaceChildren(svgPart("path", { d: rays, class: "ray" }), ...boxes);
}

export default (part) => mountView(StackView, part);
