import { fillTable, make, say, slider } from "../shared/dom.js";
import { fillText, numberText } from "../shared/numbers.js";
import { mountView, PartView } from "../shared/part_view.js";
import { sourceIndex, widestPadding } from "../shared/windows.js";
import { boxPath, svgPart, SvgStage, svgText } from "../shapes/svg.js";

const MODES = ["zeros", "constant", "reflect", "replicate", "circular"];
const PICTURE_EDGE = 24; // pixels added on each side of the small picture

/**
 * What a row of pixels 1, 2, 3 ... shows with its edge: a number for each position, or null where the mode cannot.
 * @returns {{position: number, value: number, inside: boolean}[] | null}
 */
export function shownRow(/** @type {string} */ mode, /** @type {number} */ size, /** @type {number[]} */ [before, after], /** @type {number} */ fill) {
  if (Math.max(before, after) > widestPadding(size, mode)) return null;
  return Array.from({ length: before + size + after }, (_, i) => {
    const position = i - before;
    const source = sourceIndex(position, size, mode);
    const value = source >= 0 ? source + 1 : mode === "constant" ? fill : 0;
    return { position, value, inside: position >= 0 && position < size };
  });
}

/** A square picture (side × side × 3) with an edge in a mode, as RGBA for a canvas of side + 2 · edge. */
export function paddedPicture(/** @type {ArrayLike<number>} */ pixels, side, edge, mode, fill) {
  const whole = side + 2 * edge;
  const out = new Uint8ClampedArray(whole * whole * 4).fill(255);
  for (let r = 0; r < whole; r += 1) {
    const row = sourceIndex(r - edge, side, mode);
    for (let c = 0; c < whole; c += 1) {
      const column = sourceIndex(c - edge, side, mode);
      for (let k = 0; k < 3; k += 1) {
        const outside = mode === "constant" ? fill : 0;
        out[(r * whole + c) * 4 + k] = row < 0 || column < 0 ? outside : pixels[(row * side + column) * 3 + k];
      }
    }
  }
  return out;
}

class FillView extends PartView {
  constructor(parent) {
    super(parent);
    this.rows = MODES.map((mode) => {
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      svg.setAttribute("role", "img");
      const canvas = make("canvas", { attrs: { role: "img" } });
      const [name, words] = [make("p", { className: "name" }), make("p", {})];
      this.find(".modes").append(make("div", { className: "mode" }, make("div", {}, name, words), make("div", { className: "box" }, svg), canvas));
      return { mode, svg, canvas, name, words, stage: new SvgStage(svg, () => this.header && this.draw()) };
    });
  }

  show() {
    const { texts, header } = this;
    const { cells, edge, fill } = this.local.fields;
    this.find(".knobs").hidden = header.hide.includes("controls");
    const one = (name, text, value, min, max, change) => slider(this.find(`label.${name}`), { name: text, min, max, step: 1, value, text: numberText(value) }, change);
    one("cells", texts.cells, cells, 1, 9, (value) => this.set({ cells: value }));
    one("before", `${texts.pad} · ${texts.before}`, edge[0], 0, 8, (value) => this.set({ edge: [value, edge[1]] }));
    one("after", `${texts.pad} · ${texts.after}`, edge[1], 0, 8, (value) => this.set({ edge: [edge[0], value] }));
    one("fill-value", texts.fill_value, fill, -99, 255, (value) => this.set({ fill: value }));
    say(this.find(".amount"), texts.amount_and_value);
    this.rows.forEach((row) => this.words(row));
    this.draw();
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => this.speak(), 500);
  }

  shown(mode) {
    const { cells, edge, fill } = this.local.fields;
    return shownRow(mode, cells, edge, fill);
  }

  words({ mode, name, words, svg, canvas }) {
    const { texts } = this;
    const { cells } = this.local.fields;
    say(name, texts[`mode_${mode}`]);
    const row = this.shown(mode);
    say(words, row ? texts[`why_${mode}`] : fillText(texts[`refused_${mode}`] ?? "", { most: widestPadding(cells, mode), size: cells }));
    words.className = row ? "soft" : "refused";
    svg.setAttribute("aria-label", row ? row.map((cell) => numberText(cell.value)).join(" ") : words.textContent);
    canvas.setAttribute("aria-label", fillText(texts.picture_label, { mode: texts[`mode_${mode}`] }));
  }

  draw() {
    const { cells, edge, fill } = this.local.fields;
    const { data, shape } = this.arrays.picture;
    const whole = shape[0] + 2 * PICTURE_EDGE;
    const sizes = this.rows.map(({ stage }) => stage.size);
    this.rows.forEach(({ mode, svg, canvas }, i) => {
      drawRow(svg, this.shown(mode), cells, edge, sizes[i]);
      if (canvas.width !== whole) canvas.width = canvas.height = whole;
      const image = new ImageData(paddedPicture(data, shape[0], PICTURE_EDGE, mode, fill), whole, whole);
      canvas.getContext("2d").putImageData(image, 0, 0);
    });
  }

  /** At rest: every row as numbers. */
  speak() {
    const { texts } = this;
    const rows = MODES.map((mode) => [texts[`mode_${mode}`], this.shown(mode)?.map((cell) => numberText(cell.value)).join(" ") ?? "–"]);
    fillTable(this.find(".numbers"), texts.table, [texts.mode, texts.row], rows);
    say(this.find(".said"), rows.map((row) => row.join(": ")).join("; "));
  }

  leave() {
    super.leave();
    for (const { stage } of this.rows) stage.destroy();
  }
}

/** The cells of one row with their numbers; the edge is dashed. */
function drawRow(svg, row, cells, [before, after], { width, height, type }) {
  if (!row) return svg.replaceChildren();
  const unit = Math.min(type * 3.2, height - 6, (width - 2) / (before + cells + after));
  const y = (height - unit) / 2;
  let [inside, outside] = ["", ""];
  const texts = [];
  row.forEach((cell, i) => {
    const x = 1 + i * unit;
    if (cell.inside) inside += boxPath(x, y, unit, unit, 0.5);
    else outside += boxPath(x, y, unit, unit, 1.5);
    const text = numberText(cell.value);
    texts.push(svgText(x + unit / 2, y + unit / 2, text, "cell-number", Math.min(type * 1.05, (unit * 0.9) / Math.max(1.6, text.length * 0.62))));
  });
  return svg.replaceChildren(svgPart("path", { d: outside, class: "cell-shown" }), svgPart("path", { d: inside, class: "cell-pixel" }), ...texts);
}

export default (part) => mountView(FillView, part);
