import { axisOf, axisPlan, derivationOf, roundingOf, stripOf } from "../shared/axis.js";
import { choices, fillTable, say } from "../shared/dom.js";
import { declareKeys } from "../shared/keys.js";
import { fillText } from "../shared/numbers.js";
import { mountView, PartView } from "../shared/part_view.js";
import { effectiveSize } from "../shared/windows.js";
import { lettersOf, roundingSentence, showTerms } from "../shapes/formula.js";
import { drawGrids, placeGrids, windowUnder } from "../shapes/grid.js";
import { Knobs } from "../shapes/knobs.js";
import { drawStrip, placeStrip, rowNames, windowAt } from "../shapes/strip.js";
import { SvgStage } from "../shapes/svg.js";

/** Which remark belongs to a setting: the article's own case first, then what is special about it. */
export function remarkOf(scene, examples) {
  const named = examples.find(([, fields]) => isSetting(scene, fields));
  if (named) return `example_${named[0]}`;
  if (scene.op === "ceil") return "remark_ceil";
  if (scene.op === "pool") return "remark_pool";
  const [k, s, d] = [scene.kernel[1], scene.stride[1], scene.dilation[1]];
  if (d > 1 && k > 1) return "remark_dilation";
  if (s > k) return "remark_gaps";
  return s > 1 ? "remark_stride" : "remark_plain";
}

/** Whether the scene has exactly these fields. */
export function isSetting(scene, fields) {
  return Object.entries(fields).every(([name, value]) => JSON.stringify(scene[name]) === JSON.stringify(value));
}

/** The window an arrow key goes to from [row, column] among `counts` windows, or null when the key is none of ours. */
export function windowAfterKey(key, [row, column], counts) {
  const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Home: [-row, -column], End: [counts[0], counts[1]] }[key];
  if (!step || counts.some((n) => n < 1)) return null;
  return [row + step[0], column + step[1]].map((at, i) => Math.max(0, Math.min(counts[i] - 1, at)));
}

class AxisView extends PartView {
  constructor(parent) {
    super(parent);
    this.chosen = null;
    this.term = "";
    this.termAxis = 1;
    this.svg = this.find("svg");
    this.knobs = new Knobs(this.find(".knob-list"), (changes) => this.set(changes));
    this.stage = new SvgStage(this.svg, () => this.header && this.draw());
    this.svg.onpointermove = this.svg.onpointerdown = (event) => this.pointAt(event);
    this.svg.onpointerleave = (event) => event.pointerType === "mouse" && this.choose(null); // what a finger chose stays
    this.svg.onkeydown = (event) => this.key(event);
    declareKeys(this.svg, "strip", "strip_ends");
  }

  get scene() {
    return this.local.fields;
  }

  show() {
    const { scene, texts, header } = this;
    this.find(".knobs").hidden = header.hide.includes("controls");
    const ops = ["conv", "pool", "ceil"].map((op) => [op, texts[`op_${op}`]]);
    choices(this.find(".ops"), ops, scene.op, (op) => this.set(this.withOp(op)));
    this.find(".ops").setAttribute("aria-label", texts.ops);
    const axes = [["one", texts.one_axis], ["two", texts.two_axes]];
    choices(this.find(".axes"), axes, scene.two ? "two" : "one", (way) => this.set(this.withAxes(way === "two")));
    this.find(".axes").setAttribute("aria-label", texts.axes);
    this.knobs.show(scene, header.limits, texts);
    this.formulas();
    const remark = remarkOf(scene, header.examples);
    say(this.find(".note"), fillText(texts[remark], { s: scene.stride[1], d: scene.dilation[1], skipped: scene.stride[1] - 1, span: effectiveSize(axisOf(scene, 1)) }));
    say(this.find(".examples-name"), texts.examples);
    const chosen = header.examples.find(([, fields]) => isSetting(scene, fields));
    const chips = header.examples.map(([name, , label]) => [name, label]);
    choices(this.find(".examples"), chips, chosen ? chosen[0] : "", (name) => this.set(header.examples.find((e) => e[0] === name)[1]));
    this.draw();
    clearTimeout(this.quiet);
    if (!this.svg.hasAttribute("aria-label")) this.speak(); // no moment without a name
    this.quiet = setTimeout(() => this.speak(), 500);
  }

  /** A pooling pads at most half its window: the padding follows where it must. */
  withOp(op) {
    const pad = this.scene.pad.map((p, i) => (op === "conv" ? p : Math.min(p, Math.floor(this.scene.kernel[i >> 1] / 2))));
    return { op, pad };
  }

  /** One axis stands for both; two axes are small enough to be drawn. */
  withAxes(two) {
    const { size, kernel, stride, dilation, pad } = this.scene;
    const both = (pair) => (two ? pair : [pair[1], pair[1]]);
    const sizes = both(size).map((n) => (two ? Math.min(n, this.header.limits.grid) : n));
    const pads = two ? pad : [pad[2], pad[3], pad[2], pad[3]];
    return { two, size: sizes, kernel: both(kernel), stride: both(stride), dilation: both(dilation), pad: pads };
  }

  formulas() {
    const { scene, texts } = this;
    const rounding = roundingOf(scene.op);
    const found = [0, 1].map((which) => derivationOf(axisOf(scene, which), scene.size[which], rounding));
    const shown = scene.two ? [0, 1] : [1];
    const lines = this.all(".formula");
    const names = this.all(".which");
    say(this.find(".letters"), `${lettersOf(found[1].terms)}   ${texts.letters_span}`);
    this.find(".second").hidden = !scene.two;
    shown.forEach((which, i) => {
      showTerms(lines[i], found[which].terms, texts, (term) => this.point(term, which));
      say(names[i], scene.two ? texts[which === 0 ? "rows" : "columns"] : "");
    });
    const sentences = shown.map((which) => roundingSentence(found[which], scene.stride[which], rounding, texts));
    say(this.find(".rounding"), scene.two && sentences[0] !== sentences[1] ? `${texts.rows}: ${sentences[0]} ${texts.columns}: ${sentences[1]}` : sentences[sentences.length - 1]);
    this.find(".rounding").classList.toggle("refused", found.some((f, which) => !f.fits && shown.includes(which)));
  }

  point(term, which) {
    this.term = term;
    this.termAxis = which;
    this.draw();
  }

  draw() {
    const { scene } = this;
    const { width, height, type } = this.stage.size;
    const rounding = roundingOf(scene.op);
    this.strips = [0, 1].map((which) => stripOf(axisOf(scene, which), scene.size[which], rounding));
    const counts = this.strips.map((strip) => strip.starts.length);
    const at = this.chosen?.map((o, i) => Math.max(0, Math.min(counts[i] - 1, o))) ?? null;
    if (scene.two) {
      this.place = placeGrids(this.strips, { width, height, type });
      drawGrids(this.svg, this.strips, this.place, type, at ?? [0, 0], this.term);
    } else {
      const [, strip] = this.strips;
      const box = { from: strip.from, to: strip.to, count: strip.starts.length + (strip.ghost === null ? 0 : 1), effective: effectiveSize(strip.axis), stride: strip.axis.stride };
      this.place = placeStrip(box, { width, height, type, left: type * 5 });
      drawStrip(this.svg, strip, this.place, type, at ? at[1] : -1, this.term);
      this.svg.append(...rowNames(this.place, type, [this.texts.input_row, this.texts.window_row, this.texts.output_row]));
    }
  }

  pointAt(event) {
    if (!this.place) return;
    const box = this.svg.getBoundingClientRect();
    const [x, y] = [event.clientX - box.left, event.clientY - box.top];
    if (this.scene.two) return this.choose(windowUnder(this.strips, this.place, x, y));
    const window = windowAt(this.strips[1], this.place, x, y);
    return this.choose(window < 0 ? null : [0, window]);
  }

  choose(at) {
    if (JSON.stringify(at) === JSON.stringify(this.chosen)) return;
    this.chosen = at;
    this.draw();
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => this.speak(), 500);
  }

  key(event) {
    const counts = this.strips.map((strip, i) => (this.scene.two || i === 1 ? strip.starts.length : 1));
    const next = event.key === "Escape" ? null : windowAfterKey(event.key, this.chosen ?? [0, -1], counts);
    if (!next && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    this.choose(next);
  }

  /** At rest: the sentence, and every window of the axis as a table. */
  speak() {
    const { scene, texts } = this;
    const rounding = roundingOf(scene.op);
    const shown = scene.two ? [0, 1] : [1];
    const sizes = shown.map((which) => derivationOf(axisOf(scene, which), scene.size[which], rounding));
    const outputs = sizes.map((found) => (found.fits ? found.output : 0)).join(" × ");
    const dropped = sizes.reduce((sum, found) => sum + found.unvisited, 0);
    const words = fillText(texts.said, { sizes: shown.map((which) => scene.size[which]).join(" × "), outputs, dropped });
    const at = this.chosen ? ` ${fillText(texts.said_window, { window: scene.two ? this.chosen.join(", ") : this.chosen[1] })}` : "";
    say(this.find(".said"), words + at);
    this.svg.setAttribute("aria-label", words);
    const rows = shown.flatMap((which) => {
      const plan = axisPlan(axisOf(scene, which), scene.size[which], rounding);
      const name = scene.two ? `${texts[which === 0 ? "rows" : "columns"]} ` : "";
      return Array.from({ length: plan.count }, (_, o) => [`${name}${o}`, Array.from(plan.position.slice(o * plan.kernel, (o + 1) * plan.kernel)).join(", ").replaceAll("-", "−")]);
    });
    fillTable(this.find(".numbers"), texts.table, [texts.window, texts.positions], rows);
  }

  leave() {
    super.leave();
    this.stage.destroy();
  }
}

export default (part) => mountView(AxisView, part);
