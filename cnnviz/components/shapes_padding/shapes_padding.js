import { axisOf, SCHEMES, schemeOf, stripOf } from "../shared/axis.js";
import { choices, fillTable, make, mark, say } from "../shared/dom.js";
import { fillText } from "../shared/numbers.js";
import { mountView, PartView } from "../shared/part_view.js";
import { Knobs } from "../shapes/knobs.js";
import { drawLine, placeLine } from "../shapes/strip.js";
import { SvgStage } from "../shapes/svg.js";

const WAYS = [...SCHEMES, "custom"];

/** Which remark belongs to a way: the keys of its sentences, in order. */
export function schemeRemarks(/** @type {string} */ name, axis, scheme) {
  const keys = [name];
  if (name === "same") {
    if (axis.stride > 1) keys.push("same_refused");
    if (scheme.padding[0] !== scheme.padding[1]) keys.push("same_uneven");
  }
  if ((name === "same_upper" || name === "same_lower") && scheme.padding[0] === scheme.padding[1]) keys.push("alike_here");
  if (scheme.output < 1) keys.push("none");
  return keys;
}

/** The proof in today's numbers: put the padding back into the formula, and n comes out. */
export function keptSize(/** @type {number} */ n, /** @type {{kernel: number, dilation: number}} */ { kernel: k, dilation: d }) {
  const reach = d * (k - 1);
  const [before, after] = [Math.floor(reach / 2), Math.ceil(reach / 2)];
  if (before !== after) return `${n} + ${before} + ${after} − ${d}·(${k} − 1) = ${n + before + after - reach}`;
  if (d > 1) return `${n} + 2·${before} − ${d}·(${k} − 1) = ${n + 2 * before - reach}`;
  return `${n} − ${k} + 2·(${k} − 1)/2 + 1 = ${n - k + 2 * before + 1}`;
}

/** The lines of the derivation and how many of them are seen: all, or up to the one a reader has stepped to. */
export function linesSeen(/** @type {number} */ count, /** @type {number} */ step) {
  return step < 0 ? count : Math.min(count, step + 1);
}

class PaddingView extends PartView {
  constructor(parent) {
    super(parent);
    this.chosen = "same";
    this.step = -1;
    this.knobs = new Knobs(this.find(".knob-list"), (changes) => this.set(changes));
    const box = this.find(".schemes");
    this.rows = WAYS.map((name) => {
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      svg.setAttribute("aria-hidden", "true");
      const title = make("span", { className: "name" });
      const small = make("span", { className: "soft" });
      const result = make("span", { className: "result" });
      const row = make("button", { type: "button", className: "scheme", data: { name } }, make("span", {}, title, small), make("span", { className: "box" }, svg), result);
      box.append(row);
      row.onclick = row.onpointerenter = row.onfocus = () => this.choose(name);
      const bold = make("b", {});
      const told = make("span", { className: "soft" });
      const refused = make("span", { className: "refused" });
      result.append(bold, told, refused);
      return { name, row, title, small, bold, told, refused, stage: new SvgStage(svg, () => this.header && this.draw()) };
    });
  }

  choose(name) {
    if (this.chosen === name) return;
    this.chosen = name;
    this.remark();
  }

  show() {
    const { texts, header } = this;
    const scene = this.local.fields;
    this.find(".knobs").hidden = header.hide.includes("controls");
    this.knobs.show({ ...scene, two: false }, header.limits, texts);
    this.axis = axisOf(scene, 1);
    this.size = scene.size[1];
    this.schemes = WAYS.map((name) => schemeOf(name, this.axis, this.size));
    this.find(".schemes").setAttribute("aria-label", texts.ways);
    this.rows.forEach((row, i) => this.words(row, this.schemes[i]));
    this.derivation();
    this.remark();
    this.draw();
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => this.speak(), 500);
  }

  words({ name, title, small, bold, told, refused }, scheme) {
    const { texts } = this;
    say(title, texts[`name_${name}`]);
    say(small, fillText(texts.pads, { before: scheme.padding[0], after: scheme.padding[1] }));
    say(bold, scheme.output < 1 ? "–" : `${texts.gives} ${scheme.output}`);
    say(told, ` · ${fillText(texts.drops, { count: scheme.dropped.length })} · ${fillText(texts.invents, { count: scheme.invented.length })}`);
    say(refused, scheme.refused ? ` · ${texts.refused}` : "");
  }

  derivation() {
    const { texts } = this;
    const { kernel, dilation } = this.axis;
    const lines = [...this.header.same[`${kernel},${dilation}`]];
    lines.push(keptSize(this.size, this.axis));
    say(this.find(".why"), texts.why_odd);
    const seen = linesSeen(lines.length, this.step);
    const list = this.find(".lines");
    while (list.children.length > lines.length) list.lastChild.remove();
    while (list.children.length < lines.length) list.append(make("li", {}));
    lines.forEach((line, i) => {
      say(list.children[i], line);
      list.children[i].className = i >= seen ? "unseen" : i === lines.length - 1 ? "result" : "";
    });
    const steps = this.step < 0 ? [["start", texts.step_by_step]] : [["next", texts.next_line], ["all", texts.all_lines]];
    choices(this.find(".steps"), steps, "", (what) => {
      this.step = what === "start" ? 0 : what === "all" || this.step + 2 > lines.length - 1 ? -1 : this.step + 1;
      this.derivation();
    });
  }

  remark() {
    const { texts, axis } = this;
    const scheme = this.schemes[WAYS.indexOf(this.chosen)];
    this.rows.forEach(({ row, name }) => mark(row, "aria-pressed", String(name === this.chosen)));
    say(this.find(".remark-title"), texts[`name_${this.chosen}`]);
    const values = { n: this.size, s: axis.stride, o: scheme.output, wanted: Math.ceil(this.size / axis.stride), before: scheme.padding[0], after: scheme.padding[1] };
    say(this.find(".remark"), schemeRemarks(this.chosen, axis, scheme).map((key) => fillText(texts[`remark_${key}`], values)).join(" "));
  }

  draw() {
    const strips = this.schemes.map(({ padding }) => stripOf({ ...this.axis, before: padding[0], after: padding[1] }, this.size));
    const from = Math.min(...strips.map((strip) => strip.from));
    const to = Math.max(...strips.map((strip) => strip.size + strip.axis.after));
    const sizes = this.rows.map(({ stage }) => stage.size);
    this.rows.forEach(({ stage: { svg } }, i) => {
      const { width, height, type } = sizes[i];
      const strip = { ...strips[i], to: strips[i].size + strips[i].axis.after, ghost: null };
      drawLine(svg, strip, placeLine(strip, { from, to, width, height, type }), type);
    });
  }

  /** At rest: what each way gives, as a sentence and a table. */
  speak() {
    const { texts } = this;
    const rows = this.schemes.map((s) => [texts[`name_${s.name}`], s.padding.join(", "), s.output < 1 ? "–" : String(s.output), s.dropped.join(", ") || "–", s.invented.join(", ").replaceAll("-", "−") || "–"]);
    fillTable(this.find(".numbers"), texts.table, [texts.way, texts.pad, texts.output, texts.dropped, texts.invented], rows);
    say(this.find(".said"), rows.map((row) => `${row[0]}: ${row[2]}`).join("; "));
  }

  leave() {
    super.leave();
    for (const { stage } of this.rows) stage.destroy();
  }
}

export default (part) => mountView(PaddingView, part);
