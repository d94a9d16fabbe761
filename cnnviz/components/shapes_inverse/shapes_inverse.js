import { choices, make, say, slider } from "../shared/dom.js";
import { LocalScene } from "../shared/local.js";
import { fillText } from "../shared/numbers.js";
import { openView } from "../shared/open.js";
import { send } from "../shared/send.js";
import { stripOf } from "../shapes/axis.js";
import { drawLine, placeLine } from "../shapes/strip.js";
import { SvgStage } from "../shapes/svg.js";

const FILTERS = ["exact", "alike", "odd", "no_dilation", "stride_one", "read_all"];

/**
 * Whether a setting [k, s, before, after, d, left over, never read, formula] passes all filters that are on.
 * @param {any[]} setting
 * @param {Set<string>} on
 */
export function passes(setting, on) {
  const [k, s, before, after, d, rest, unread] = setting;
  const holds = { exact: rest === 0, alike: before === after, odd: k % 2 === 1, no_dilation: d === 1, stride_one: s === 1, read_all: unread === 0 };
  return [...on].every((name) => holds[name]);
}

/** The scene's fields that a setting makes: both axes alike. */
export function takenFields([k, s, before, after, d]) {
  return { two: false, kernel: [k, k], stride: [s, s], dilation: [d, d], pad: [before, after, before, after], view: "axis" };
}

/** @type {WeakMap<object, InverseView>} */
const INVERSE_VIEWS = new WeakMap();

class InverseView {
  constructor(parent) {
    this.find = (name) => parent.querySelector(name);
    this.local = new LocalScene();
    this.on = new Set();
    this.svg = this.find("svg");
    this.preview = null;
    this.stage = new SvgStage(this.svg, () => this.header && this.draw());
  }

  update(header, tell) {
    Object.assign(this, { header, tell, texts: header.texts });
    this.local.take(header.scene);
    this.preview = null;
    this.show();
  }

  set(changes) {
    this.local.change(changes);
    this.tell({ scene: changes });
    this.controls();
  }

  show() {
    this.controls();
    this.list();
  }

  controls() {
    const { texts, header } = this;
    const { op, size, wanted } = this.local.fields;
    this.find(".knobs").hidden = header.hide.includes("controls");
    choices(this.find(".ops"), ["conv", "pool", "ceil"].map((name) => [name, texts[`op_${name}`]]), op, (value) => this.set({ op: value }));
    this.find(".ops").setAttribute("aria-label", texts.ops);
    slider(this.find("label.size"), { name: texts.size, min: 1, max: header.limits.size, step: 1, value: size[1], text: String(size[1]) }, (n) => this.set({ size: [n, n] }));
    slider(this.find("label.wanted"), { name: texts.wanted, min: 1, max: header.limits.size, step: 1, value: Math.min(wanted, header.limits.size), text: String(wanted) }, (n) => this.set({ wanted: n }));
    say(this.find(".filter-title"), texts.only);
    const box = this.find(".filters");
    choices(box, FILTERS.map((name) => [name, texts[`only_${name}`]]), "", (name) => {
      if (!this.on.delete(name)) this.on.add(name);
      this.show();
    });
    FILTERS.forEach((name, i) => box.children[i].setAttribute("aria-pressed", String(this.on.has(name))));
    box.setAttribute("aria-label", texts.only);
    say(this.find(".bounds"), fillText(texts.bounds, header.bounds));
  }

  list() {
    const { texts, header } = this;
    const kept = header.found.filter((setting) => passes(setting, this.on));
    const { size, wanted } = header.scene;
    say(this.find(".count"), fillText(header.found.length ? texts.count : texts.nothing, { count: kept.length, all: header.found.length, size: size[1], wanted }));
    say(this.find(".hint"), texts.hint);
    const heads = ["k", "s", "p", "d", texts.left_over, texts.unread, texts.formula, ""];
    const head = make("thead", {}, make("tr", {}, ...heads.map((text) => make("th", { scope: "col", className: text === texts.formula ? "words" : "" }, text))));
    this.find("table").replaceChildren(make("caption", { className: "sr-only" }, texts.table), head, make("tbody", {}, ...kept.map((setting) => this.line(setting))));
    this.find(".table-box").setAttribute("aria-label", texts.table);
    this.preview ??= kept[0] ?? null;
    this.draw();
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => say(this.find(".said"), this.find(".count").textContent), 500);
  }

  line(setting) {
    const [k, s, before, after, d, rest, unread, formula] = setting;
    const padding = before === after ? String(before) : `${before} + ${after}`;
    const take = make("button", { type: "button", className: "chip small", attrs: { "aria-label": `${this.texts.take}: k ${k}, s ${s}, p ${padding}, d ${d}` } }, this.texts.take);
    const row = make("tr", {}, make("th", { scope: "row" }, String(k)), ...[String(s), padding, String(d), rest || "–", unread || "–"].map((text) => make("td", {}, String(text))), make("td", { className: "mono words" }, formula), make("td", {}, take));
    take.onclick = () => this.tell({ scene: takenFields(setting) });
    row.onpointerenter = take.onfocus = () => { this.preview = setting; this.draw(); };
    row.classList.toggle("now", JSON.stringify(this.header.current) === JSON.stringify([k, s, before, after, d]));
    return row;
  }

  /** The setting that is pointed at, as a strip. */
  draw() {
    if (!this.preview) return this.svg.replaceChildren();
    const [kernel, stride, before, after, dilation] = this.preview;
    const { op, size } = this.header.scene;
    const strip = stripOf({ kernel, stride, before, after, dilation }, size[1], op === "ceil" ? "ceil" : "floor");
    const { width, height, type } = this.stage.size;
    drawLine(this.svg, strip, placeLine(strip, { from: strip.from, to: strip.to, width, height, type }), type);
    return this.svg.setAttribute("aria-label", this.preview[7]);
  }
}

export default function ({ data, parentElement, setStateValue }) {
  const { header, root } = openView(data, parentElement);
  if (!INVERSE_VIEWS.has(parentElement)) INVERSE_VIEWS.set(parentElement, new InverseView(parentElement));
  const view = INVERSE_VIEWS.get(parentElement);
  view.update(header, (fields) => send(root, setStateValue, fields, 60));
  return () => view.stage.destroy();
}
