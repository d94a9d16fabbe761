import { derivationOf, stripOf } from "../shared/axis.js";
import { choices, make, mark, say, slider } from "../shared/dom.js";
import { fillText } from "../shared/numbers.js";
import { mountView, PartView } from "../shared/part_view.js";
import { drawLine, placeLine } from "../shapes/strip.js";
import { SvgStage } from "../shapes/svg.js";
import { settingsFor } from "./settings.js";

/** @typedef {import("./settings.js").Setting} Setting */

const FIRST = 24; // rows that are written while a slider is dragged: as many as can be seen; the others follow at rest

const FILTERS = {
  exact: (/** @type {Setting} */ one) => one.rest === 0,
  alike: (/** @type {Setting} */ one) => one.before === one.after,
  odd: (/** @type {Setting} */ one) => one.kernel % 2 === 1,
  no_dilation: (/** @type {Setting} */ one) => one.dilation === 1,
  stride_one: (/** @type {Setting} */ one) => one.stride === 1,
  read_all: (/** @type {Setting} */ one) => one.unread === 0,
};

/** Whether a setting passes all filters that are on. */
export function passes(/** @type {Setting} */ setting, /** @type {Set<string>} */ on) {
  return [...on].every((name) => FILTERS[name](setting));
}

/** The scene's fields that a setting makes: both axes alike. */
export function takenFields(/** @type {Setting} */ { kernel, stride, before, after, dilation }) {
  return { two: false, kernel: [kernel, kernel], stride: [stride, stride], dilation: [dilation, dilation], pad: [before, after, before, after], view: "axis" };
}

/** Whether the scene has this setting. */
export function isSet(/** @type {Object<string, any>} */ scene, /** @type {Setting} */ setting) {
  const { view, two, ...fields } = takenFields(setting);
  return Object.entries(fields).every(([name, value]) => String(scene[name]) === String(value));
}

class InverseView extends PartView {
  constructor(parent) {
    super(parent);
    this.on = new Set();
    this.svg = this.find("svg");
    this.preview = null;
    this.stage = new SvgStage(this.svg, () => this.header && this.draw());
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
    mark(this.find(".ops"), "aria-label", texts.ops);
    slider(this.find("label.size"), { name: texts.size, min: 1, max: header.limits.size, step: 1, value: size[1], text: String(size[1]) }, (n) => this.set({ size: [n, n] }));
    slider(this.find("label.wanted"), { name: texts.wanted, min: 1, max: header.limits.size, step: 1, value: Math.min(wanted, header.limits.size), text: String(wanted) }, (n) => this.set({ wanted: n }));
    say(this.find(".filter-title"), texts.only);
    const box = this.find(".filters");
    choices(box, Object.keys(FILTERS).map((name) => [name, texts[`only_${name}`]]), "", (name) => {
      if (!this.on.delete(name)) this.on.add(name);
      this.show();
    });
    Object.keys(FILTERS).forEach((name, i) => mark(box.children[i], "aria-pressed", String(this.on.has(name))));
    mark(box, "aria-label", texts.only);
    say(this.find(".bounds"), fillText(texts.bounds, header.bounds));
  }

  /** Every setting that makes the wanted size, worked out once for each question. */
  get found() {
    const { size, wanted, op } = this.local.fields;
    const question = `${size[1]} ${wanted} ${op}`;
    if (this.question !== question) this.answers = settingsFor(size[1], wanted, op, this.header.bounds);
    this.question = question;
    return this.answers;
  }

  list() {
    const { texts } = this;
    const { size, wanted } = this.local.fields;
    const found = this.found;
    this.kept = found.filter((setting) => passes(setting, this.on));
    say(this.find(".count"), fillText(found.length ? texts.count : texts.nothing, { count: this.kept.length, all: found.length, size: size[1], wanted }));
    say(this.find(".hint"), this.kept.length ? texts.hint : "");
    this.heads();
    this.lines(FIRST);
    if (!this.kept.includes(this.preview)) this.preview = this.kept[0] ?? null;
    this.draw();
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => this.atRest(), 250);
  }

  atRest() {
    this.lines(Infinity);
    say(this.find(".said"), this.find(".count").textContent);
  }

  heads() {
    const { texts } = this;
    const table = this.find("table");
    if (this.headed === texts.formula) return;
    this.headed = texts.formula;
    const heads = ["k", "s", "p", "d", texts.left_over, texts.unread, texts.formula, ""];
    const head = make("thead", {}, make("tr", {}, ...heads.map((text) => make("th", { scope: "col", className: text === texts.formula ? "words" : "" }, text))));
    table.replaceChildren(make("caption", { className: "sr-only" }, texts.table), head, make("tbody"));
    mark(this.find(".table-box"), "aria-label", texts.table);
  }

  /** The first `most` rows; what stands in a row that stays is written anew. */
  lines(most) {
    const body = this.find("table").tBodies[0];
    const count = Math.min(most, this.kept.length);
    while (body.rows.length > count) body.lastChild.remove();
    while (body.rows.length < count) body.append(this.fresh(body.rows.length));
    for (let i = 0; i < count; i += 1) this.fill(body.rows[i], this.kept[i]);
  }

  fresh(at) {
    const take = make("button", { type: "button", className: "chip small" });
    const cells = Array.from({ length: 6 }, (_, i) => make("td", { className: i === 5 ? "mono words" : "" }));
    const row = make("tr", {}, make("th", { scope: "row" }), ...cells, make("td", {}, take));
    take.onclick = () => this.take(this.kept[at]);
    row.onpointerenter = take.onfocus = () => { this.preview = this.kept[at]; this.draw(); };
    return row;
  }

  fill(row, setting) {
    const { kernel, stride, before, after, dilation, rest, unread } = setting;
    const padding = before === after ? String(before) : `${before} + ${after}`;
    const words = [kernel, stride, padding, dilation, rest || "–", unread || "–", this.formula(setting)];
    words.forEach((text, i) => say(row.cells[i], String(text)));
    const take = row.cells[words.length].firstChild;
    say(take, this.texts.take);
    mark(take, "aria-label", `${this.texts.take}: k ${kernel}, s ${stride}, p ${padding}, d ${dilation}`);
    row.classList.toggle("now", isSet(this.local.fields, setting));
  }

  formula(/** @type {Setting} */ setting) {
    const { op, size } = this.local.fields;
    return derivationOf(setting, size[1], op === "ceil" ? "ceil" : "floor").terms.map((term) => term.text).join("");
  }

  take(setting) {
    this.rest.tell({ scene: takenFields(setting) }, this.tell);
    this.rest.now();
  }

  /** The setting that is pointed at, as a strip. */
  draw() {
    if (!this.preview) return this.svg.replaceChildren();
    const { op, size } = this.local.fields;
    const strip = stripOf(this.preview, size[1], op === "ceil" ? "ceil" : "floor");
    const { width, height, type } = this.stage.size;
    drawLine(this.svg, strip, placeLine(strip, { from: strip.from, to: strip.to, width, height, type }), type);
    return mark(this.svg, "aria-label", this.formula(this.preview));
  }

  leave() {
    super.leave();
    this.stage.destroy();
  }
}

export default (part) => mountView(InverseView, part);
