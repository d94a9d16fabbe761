import { mapPalette } from "../shared/colours.js";
import { choices, make, say, slider } from "../shared/dom.js";
import { LocalScene } from "../shared/local.js";
import { fillText, groupedText, numberText } from "../shared/numbers.js";
import { openView } from "../shared/open.js";
import { send } from "../shared/send.js";
import { Viewer } from "../shared/viewer.js";
import { boxPath, linePath, svgPart, SvgStage } from "../shapes/svg.js";
import { bytesWords } from "../shapes/units.js";

const BIGS = [5, 7, 9, 11];

/** How many cells stand in each row of the side view, the input first: each layer takes kernel − 1 away, down to one. */
export function sideRows(/** @type {number} */ layers, /** @type {number} */ kernel) {
  return Array.from({ length: layers + 1 }, (_, i) => (layers - i) * (kernel - 1) + 1);
}

/** @type {WeakMap<object, StackView>} */
const STACK_VIEWS = new WeakMap();

class StackView {
  constructor(parent) {
    this.find = (name) => parent.querySelector(name);
    this.local = new LocalScene();
    this.sides = ["one", "stack"].map((name) => {
      const stage = new SvgStage(this.find(`.${name} svg`), () => this.header && this.draw());
      return { name, stage, svg: stage.svg, viewer: new Viewer(this.find(`.${name} canvas`)) };
    });
  }

  update(header, arrays, dark, tell) {
    Object.assign(this, { header, arrays, dark, tell, texts: header.texts });
    this.local.take(header.scene);
    this.controls();
    this.draw();
    this.compare();
  }

  set(changes) {
    this.local.change(changes);
    this.tell({ scene: changes });
    this.controls();
  }

  controls() {
    const { texts } = this;
    const { big, width, maps } = this.local.fields;
    this.find(".knobs").hidden = this.header.hide.includes("controls");
    choices(this.find(".bigs"), BIGS.map((k) => [String(k), fillText(texts.choice, { k, layers: (k - 1) / 2 })]), String(big), (k) => this.set({ big: Number(k) }));
    this.find(".bigs").setAttribute("aria-label", texts.choose);
    slider(this.find("label.width"), { name: texts.channels, min: 1, max: 512, step: 1, value: width, text: String(width) }, (value) => this.set({ width: value }));
    slider(this.find("label.maps"), { name: texts.maps, min: 1, max: 256, step: 1, value: maps, text: `${maps} × ${maps}` }, (value) => this.set({ maps: value }));
    say(this.find(".half-true"), texts.half_true);
  }

  title(design) {
    return fillText(design.layers > 1 ? this.texts.title_stack : this.texts.title_one, { k: design.kernel, layers: design.layers });
  }

  draw() {
    this.header.designs.forEach((design, i) => {
      const { svg, stage, viewer, name } = this.sides[i];
      say(this.find(`.${name} h2`), this.title(design));
      drawSide(svg, sideRows(design.layers, design.kernel), design.kernel, stage.size);
      svg.setAttribute("aria-label", fillText(this.texts.side_label, { rows: sideRows(design.layers, design.kernel).join(", ") }));
      const { data, shape } = this.arrays[design.name];
      const numberAt = (r, c) => numberText(data[r * shape[1] + c], 2);
      const indices = Uint8Array.from(data, (v) => Math.round(v * 254));
      if (this.big !== design.field) viewer.view = undefined;
      viewer.show({ width: shape[1], height: shape[0], indices, palette: mapPalette("absolute", this.dark), numberAt, rulers: false }, this.dark);
      viewer.canvas.setAttribute("aria-label", fillText(this.texts.gradient_label, { size: design.field }));
    });
    this.big = this.header.designs[0].field;
  }

  compare() {
    const { texts } = this;
    const [one, stack] = this.header.designs;
    const lines = [
      [texts.field, ...[one, stack].map((d) => `${d.field} × ${d.field}`)],
      [texts.weights, ...[one, stack].map((d) => `${d.square}·C² = ${groupedText(d.weights)}`)],
      [texts.parameters, ...[one, stack].map((d) => groupedText(d.parameters))],
      [texts.macs, ...[one, stack].map((d) => groupedText(d.macs))],
      [texts.memory, ...[one, stack].map((d) => bytesWords(d.bytes))],
      [texts.activations, ...[one, stack].map((d) => String(d.layers))],
    ];
    const head = make("thead", {}, make("tr", {}, make("th", {}, ""), ...[one, stack].map((d) => make("th", { scope: "col" }, this.title(d)))));
    const body = make("tbody", {}, ...lines.map(([name, a, b]) => make("tr", {}, make("th", { scope: "row" }, name), make("td", {}, a), make("td", {}, b))));
    this.find("table").replaceChildren(make("caption", { className: "sr-only" }, texts.table), head, body);
    const saved = numberText(100 * (1 - stack.weights / one.weights), 2);
    say(this.find(".verdict"), fillText(texts.verdict, { saved, layers: stack.layers, one: one.square, stack: stack.square }));
    say(this.find(".why"), texts.why);
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => say(this.find(".said"), this.find(".verdict").textContent), 500);
  }
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

export default function ({ data, parentElement, setStateValue }) {
  const { header, arrays, dark, root } = openView(data, parentElement);
  if (!STACK_VIEWS.has(parentElement)) STACK_VIEWS.set(parentElement, new StackView(parentElement));
  const view = STACK_VIEWS.get(parentElement);
  view.update(header, arrays, dark, (fields) => send(root, setStateValue, fields, 60));
  return () => {
    view.sides.forEach(({ stage, viewer }) => {
      stage.destroy();
      viewer.destroy();
    });
  };
}
