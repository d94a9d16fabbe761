import { axisOf, axisPlan, roundingOf, usageOn } from "../shared/axis.js";
import { mapPalette } from "../shared/colours.js";
import { choices, fillTable, make, say } from "../shared/dom.js";
import { fillText, numberText } from "../shared/numbers.js";
import { mountView, PartView } from "../shared/part_view.js";
import { Viewer } from "../shared/viewer.js";
import { widestPadding } from "../shared/windows.js";
import { Knobs } from "../shapes/knobs.js";
import { boxPath, hatchPattern, linePath, svgPart, SvgStage, svgText } from "../shapes/svg.js";

const PADDING_MODES = ["zeros", "reflect", "replicate", "circular"];

/**
 * How often each pixel is used, and what that says of the border.
 * @returns {{rows: Int32Array, columns: Int32Array, most: number, corner: number, edge: number, centre: number,
 *   never: number, outputs: number, touching: number}} touching: outputs that read at least one padding cell
 */
export function usageFacts(scene) {
  const rounding = roundingOf(scene.op);
  const mode = scene.op === "conv" ? scene.mode : "zeros";
  const [rows, columns] = [0, 1].map((i) => usageOn(axisOf(scene, i), scene.size[i], rounding, mode));
  const middle = (line) => line[Math.floor(line.length / 2)];
  const [clear, all] = [0, 1].map((i) => clearWindows(axisPlan(axisOf(scene, i), scene.size[i], rounding)))
    .reduce(([inside, count], axis) => [inside * axis.clear, count * axis.count], [1, 1]);
  const used = (line) => line.reduce((sum, n) => sum + Number(n > 0), 0);
  return {
    rows, columns, most: Math.max(...rows) * Math.max(...columns), corner: rows[0] * columns[0],
    edge: rows[0] * middle(columns), centre: middle(rows) * middle(columns),
    never: rows.length * columns.length - used(rows) * used(columns), outputs: all, touching: all - clear,
  };
}

/** How many windows of an axis lie wholly on pixels. */
function clearWindows(plan) {
  let clear = 0;
  for (let o = 0; o < plan.count; o += 1) {
    const taps = Array.from(plan.position.slice(o * plan.kernel, (o + 1) * plan.kernel));
    clear += Number(taps.every((p) => p >= 0 && p < plan.size));
  }
  return { clear, count: plan.count };
}

/** Uses as palette indices: 0 is none, 254 the most. */
export function usageIndices(/** @type {Int32Array} */ rows, /** @type {Int32Array} */ columns, /** @type {number} */ most) {
  const out = new Uint8Array(rows.length * columns.length);
  rows.forEach((a, r) => columns.forEach((b, c) => { out[r * columns.length + c] = most > 0 ? Math.round((a * b * 254) / most) : 0; }));
  return out;
}

class UsageView extends PartView {
  constructor(parent) {
    super(parent);
    this.svg = this.find("svg");
    this.knobs = new Knobs(this.find(".knob-list"), (changes) => this.set(changes));
    this.viewer = new Viewer(this.find("canvas"), { hover: (cell) => this.point(cell), pick: (cell) => this.point(cell), key: (event) => this.key(event), keys: ["position"] });
    this.stage = new SvgStage(this.svg, () => this.header && this.profile());
    this.cell = null;
  }

  show() {
    const { header, texts } = this;
    const scene = this.local.fields;
    this.find(".knobs").hidden = header.hide.includes("controls");
    choices(this.find(".ops"), ["conv", "pool", "ceil"].map((op) => [op, texts[`op_${op}`]]), scene.op, (op) => this.set({ op, pad: scene.pad.map((p, i) => (op === "conv" ? p : Math.min(p, Math.floor(scene.kernel[i >> 1] / 2)))) }));
    this.find(".ops").setAttribute("aria-label", texts.ops);
    choices(this.find(".axes"), [["one", texts.square], ["two", texts.apart]], scene.two ? "two" : "one", (way) => this.set(this.withAxes(way === "two")));
    this.find(".axes").setAttribute("aria-label", texts.axes);
    this.knobs.show(scene, header.limits, texts);
    this.find(".modes").hidden = scene.op !== "conv";
    choices(this.find(".modes"), PADDING_MODES.map((mode) => [mode, mode]), scene.mode, (mode) => this.set({ mode }));
    this.find(".modes").setAttribute("aria-label", texts.mode);
    const mode = scene.op === "conv" ? scene.mode : "zeros";
    this.wide = scene.pad.some((p, i) => p > widestPadding(scene.size[i >> 1], mode));
    this.facts = usageFacts(this.wide ? { ...scene, mode: "zeros" } : scene);
    this.map();
    this.profile();
    this.words();
    clearTimeout(this.quiet);
    if (!this.svg.hasAttribute("aria-label")) this.speak(); // no moment without a name
    this.quiet = setTimeout(() => this.speak(), 500);
  }

  withAxes(two) {
    const { size, kernel, stride, dilation, pad } = this.local.fields;
    if (two) return { two, size: size.map((n) => Math.min(n, this.header.limits.grid)) };
    const both = (pair) => [pair[1], pair[1]];
    return { two, size: both(size), kernel: both(kernel), stride: both(stride), dilation: both(dilation), pad: [pad[2], pad[3], pad[2], pad[3]] };
  }

  map() {
    const { rows, columns, most } = this.facts;
    const content = { width: columns.length, height: rows.length, indices: usageIndices(rows, columns, most), palette: mapPalette("absolute", this.dark), numberAt: (r, c) => String(rows[r] * columns[c]), rulers: false };
    const same = this.viewer.content && this.viewer.content.width === content.width && this.viewer.content.height === content.height;
    if (!same) this.viewer.view = undefined;
    this.viewer.show(content, this.dark);
    this.mark();
    say(this.find(".map-title"), fillText(this.texts.map_title, { rows: rows.length, columns: columns.length }));
    this.viewer.canvas.setAttribute("aria-label", fillText(this.texts.map_label, { rows: rows.length, columns: columns.length }));
  }

  mark() {
    const { rows, columns } = this.facts;
    const marks = [];
    rows.forEach((n, r) => { if (!n) marks.push({ row: r, col: 0, rows: 1, cols: columns.length, role: "soft", style: "hatch" }); });
    columns.forEach((n, c) => { if (!n) marks.push({ row: 0, col: c, rows: rows.length, cols: 1, role: "soft", style: "hatch" }); });
    if (this.cell && this.cell.row < rows.length && this.cell.col < columns.length) marks.push({ ...this.cell, role: "kernel" });
    this.viewer.mark(marks);
  }

  point(cell) {
    this.cell = cell;
    this.mark();
    this.words();
  }

  key(event) {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!step) return false;
    const { rows, columns } = this.facts;
    const from = this.cell ?? { row: 0, col: 0 };
    const within = (at, size) => Math.max(0, Math.min(size - 1, at));
    this.point({ row: within(from.row + step[0], rows.length), col: within(from.col + step[1], columns.length) });
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => say(this.find(".said"), this.here()), 400);
    return true;
  }

  /** The columns' uses as bars. */
  profile() {
    const { columns } = this.facts;
    const { width, height, type } = this.stage.size;
    const unit = Math.min(type * 4, (width - 2) / columns.length);
    const most = Math.max(1, ...columns);
    const [base, room] = [height - type * 1.5, height - type * 3];
    let [bars, none] = ["", ""];
    const texts = [];
    columns.forEach((n, c) => {
      const x = 1 + c * unit;
      if (n) bars += boxPath(x, base - (room * n) / most, unit, (room * n) / most, Math.min(1.5, unit * 0.1));
      else none += boxPath(x, base - type * 0.8, unit, type * 0.8, 0.5);
      const size = Math.min(type * 0.9, unit * 0.6);
      if (size >= 8) {
        texts.push(svgText(x + unit / 2, base - (room * n) / most - type * 0.7, String(n), n ? "cell-number" : "cell-number on-hatch", size));
        texts.push(svgText(x + unit / 2, base + type * 0.8, String(c), "axis-number", size * 0.92));
      }
    });
    this.svg.replaceChildren(
      hatchPattern("hatch"), svgPart("path", { d: bars, class: "bar" }), svgPart("path", { d: none, class: "bar-none" }),
      svgPart("path", { d: linePath(1, base, 1 + unit * columns.length, base), class: "base" }), ...texts,
    );
    say(this.find(".profile-title"), this.texts.profile_title);
  }

  here() {
    const { rows, columns } = this.facts;
    return this.cell ? fillText(this.texts.here, { row: this.cell.row, column: this.cell.col, count: rows[this.cell.row] * columns[this.cell.col], a: rows[this.cell.row], b: columns[this.cell.col] }) : this.texts.point_at;
  }

  /** How often corner, edge and centre are used. */
  corner() {
    const { corner, edge, centre } = this.facts;
    const part = centre ? numberText((100 * corner) / centre, 2) : "0";
    return fillText(this.texts.corner, { corner, edge, centre, part });
  }

  words() {
    const { texts, facts } = this;
    const share = facts.outputs ? numberText((100 * facts.touching) / facts.outputs, 3) : "0";
    const lines = [
      this.corner(),
      fillText(texts.touching, { touching: facts.touching, outputs: facts.outputs, share }),
      fillText(texts.never, { never: facts.never }), this.here(),
    ];
    const box = this.find(".facts");
    while (box.children.length < lines.length) box.append(make("p", {}));
    lines.forEach((line, i) => say(box.children[i], line));
    const scene = this.local.fields;
    const key = this.wide ? "note_wide" : facts.outputs < 1 ? "none" : scene.op === "conv" && scene.mode !== "zeros" && scene.pad.some(Boolean) ? "note_mirror" : scene.pad.some(Boolean) ? "note_padded" : "note_valid";
    say(this.find(".note"), texts[key]);
    this.find(".note").classList.toggle("warn", this.wide || facts.outputs < 1);
  }

  /** At rest: the sentence and the uses of both axes; a pixel's own is their product. */
  speak() {
    const { texts, facts } = this;
    say(this.find(".said"), this.corner());
    this.svg.setAttribute("aria-label", `${texts.profile_title}: ${Array.from(facts.columns).join(", ")}`);
    fillTable(this.find(".numbers"), texts.table, ["", texts.uses], [[texts.rows, Array.from(facts.rows).join(", ")], [texts.columns, Array.from(facts.columns).join(", ")]]);
  }

  leave() {
    super.leave();
    this.stage.destroy();
    this.viewer.destroy();
  }
}

export default (part) => mountView(UsageView, part);
