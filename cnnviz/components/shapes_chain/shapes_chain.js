import { choices, make, say, slider } from "../shared/dom.js";
import { LocalScene } from "../shared/local.js";
import { fillText, groupedText } from "../shared/numbers.js";
import { openView } from "../shared/open.js";
import { send } from "../shared/send.js";
import { SvgStage } from "../shapes/svg.js";
import { bytesWords } from "../shapes/units.js";
import { drawBoxes } from "./boxes.js";
import { rowBounds, USED, withKind, withLayer, withNumber, withoutLayer } from "./chain_rows.js";

/** @type {WeakMap<object, ChainView>} */
const CHAIN_VIEWS = new WeakMap();

class ChainView {
  constructor(parent) {
    this.find = (name) => parent.querySelector(name);
    this.local = new LocalScene();
    this.svg = this.find("svg");
    this.stage = new SvgStage(this.svg, () => this.header && this.draw());
  }

  update(header, tell) {
    Object.assign(this, { header, tell, texts: header.texts });
    this.local.take(header.scene);
    this.show();
  }

  set(changes) {
    this.local.change(changes);
    this.tell({ scene: changes });
    this.controls();
  }

  show() {
    this.controls();
    this.table();
    this.draw();
    this.facts();
    clearTimeout(this.quiet);
    if (!this.svg.hasAttribute("aria-label")) this.speak(); // no moment without a name
    this.quiet = setTimeout(() => this.speak(), 600);
  }

  controls() {
    const { texts, header } = this;
    const { net, side, channels } = this.local.fields;
    this.find(".controls").hidden = header.hide.includes("controls");
    const names = [["own", texts.own], ...Object.entries(header.nets).map(([name, preset]) => [name, preset.title]), ["shrink", texts.shrink]];
    choices(this.find(".nets"), names, net, (name) => this.take(name));
    this.find(".nets").setAttribute("aria-label", texts.network);
    slider(this.find("label.side"), { name: texts.side, min: 1, max: 256, step: 1, value: side, text: `${side} × ${side}` }, (value) => this.set({ side: value }));
    slider(this.find("label.channels"), { name: texts.channels, min: 1, max: 16, step: 1, value: channels, text: String(channels) }, (value) => this.set({ channels: value }));
  }

  /** A preset comes with the input it was made for; the shrinking chain is a reader's own. */
  take(name) {
    const preset = this.header.nets[name];
    if (name === "shrink") this.set({ net: "own", rows: this.header.shrink, side: 16, layer: 3 });
    else if (preset) this.set({ net: name, channels: preset.channels, side: preset.side, layer: 63 });
    else this.set({ net: "own", layer: 3 });
  }

  /** All there is to draw: the input, the layers that work, and the one that does not. */
  get stages() {
    const { input, stages, broken } = this.header;
    const first = { shape: input.slice(1), kind: "input", name: this.texts.input };
    const last = broken ? [{ shape: broken.arrives, kind: "bad", name: broken.name, bad: true }] : [];
    return [first, ...stages, ...last];
  }

  /** The number of the chosen layer: 0 is the input. */
  get now() {
    return Math.min(this.local.fields.layer + 1, this.stages.length - 1);
  }

  choose(number) {
    this.set({ layer: Math.max(0, number - 1) });
    this.table();
    this.draw();
    this.facts();
  }

  draw() {
    const { width, height, type } = this.stage.size;
    drawBoxes(this.svg, this.stages, this.now, type, { width, height }, (i) => i > 0 && this.choose(i));
  }

  table() {
    const { texts } = this;
    const own = this.local.fields.net === "own";
    const heads = [texts.layer, ...(own ? [texts.kind, texts.out, "k", "s", "p", "d"] : [texts.setting]), texts.shape, texts.parameters, texts.macs, texts.memory, ...(own ? [""] : [])];
    const head = make("thead", {}, make("tr", {}, ...heads.map((text, i) => make("th", { scope: "col", className: i === 1 ? "words" : "" }, text))));
    const rows = own ? this.ownRows() : this.header.stages.map((stage, i) => this.line(i + 1, stage, [make("td", { className: "words mono" }, stage.setting)], []));
    const { broken } = this.header;
    if (broken && !own) rows.push(this.line(broken.number, null, [make("td", {}, "")], []));
    const key = `${own} ${rows.length}`;
    const table = this.find("table");
    this.find(".table-box").setAttribute("aria-label", texts.table);
    // Rows under the reader's hand are kept, so that focus stays while the numbers around it change.
    if (own && key === this.key && table.tBodies[0]?.contains(table.getRootNode().activeElement)) return this.refresh(rows);
    this.key = key;
    return table.replaceChildren(make("caption", { className: "sr-only" }, texts.table), head, make("tbody", {}, ...rows));
  }

  /** New numbers into rows that stay. */
  refresh(rows) {
    const old = [...this.find("table").tBodies[0].rows];
    const active = this.find("table").getRootNode().activeElement;
    rows.forEach((row, i) => {
      if (!old[i].contains(active)) return old[i].replaceWith(row);
      old[i].className = row.className;
      return [...row.cells].forEach((cell, c) => {
        if (!old[i].cells[c].contains(active)) old[i].cells[c].replaceWith(cell);
      });
    });
  }

  line(number, stage, settings, end) {
    const bad = !stage && this.header.broken?.number === number;
    const name = make("button", { type: "button" }, stage?.name ?? (bad ? this.header.broken.name : "–"));
    name.onclick = () => this.choose(number);
    const cells = stage
      ? [stage.shape.join(" × "), groupedText(stage.parameters), groupedText(stage.macs), bytesWords(stage.bytes)]
      : [bad ? this.texts.does_not_fit : "", "", "", ""];
    const row = make("tr", {}, make("th", { scope: "row" }, name), ...settings, ...cells.map((text) => make("td", {}, text)), ...end);
    row.className = `${number === this.now ? "now" : ""} ${bad ? "bad" : ""}`.trim();
    return row;
  }

  ownRows() {
    const { header, texts } = this;
    const { rows } = this.local.fields;
    return rows.map((row, i) => {
      const number = header.places[i] ?? i + 1;
      const stage = header.stages.find((found) => found.number === number);
      const buttons = make("td", {}, this.button("+", `${texts.add}: ${i + 1}`, rows.length >= header.most, () => this.edit(withLayer(rows, i))), " ", this.button("−", `${texts.remove}: ${i + 1}`, rows.length < 2, () => this.edit(withoutLayer(rows, i))));
      return this.line(number, stage, [this.kind(row, i), ...[1, 2, 3, 4, 5].map((column) => this.number(row, i, column))], [buttons]);
    });
  }

  button(text, label, disabled, act) {
    const button = make("button", { type: "button", className: "chip small", disabled, title: label, attrs: { "aria-label": label } }, text);
    button.onclick = act;
    return button;
  }

  kind(row, at) {
    const select = make("select", { attrs: { "aria-label": `${this.texts.kind} ${at + 1}` } }, ...this.header.kinds.map((kind) => make("option", { value: kind }, this.texts[`kind_${kind}`])));
    select.value = row[0];
    select.onchange = () => this.edit(withKind(this.local.fields.rows, at, select.value));
    return make("td", { className: "words" }, select);
  }

  number(row, at, column) {
    const names = ["", this.texts.out, "k", "s", "p", "d"];
    if (!USED[row[0]].includes(column)) return make("td", { className: "small" });
    const [low, high] = rowBounds(row, column, this.header.bounds);
    const input = make("input", { type: "number", min: String(low), max: String(high), value: String(row[column]), attrs: { "aria-label": `${names[column]} ${at + 1}` } });
    input.oninput = () => input.value !== "" && this.edit(withNumber(this.local.fields.rows, at, column, Number(input.value), this.header.bounds));
    input.onblur = () => { input.value = String(this.local.fields.rows[at]?.[column] ?? ""); };
    return make("td", { className: column === 1 ? "" : "small" }, input);
  }

  edit(rows) {
    this.set({ rows, net: "own" });
    this.table();
  }

  facts() {
    const { texts, header } = this;
    const { totals, broken } = header;
    say(this.find(".breaks"), broken ? broken.sentence : fillText(texts.works, { shape: this.stages[this.stages.length - 1].shape.join(" × ") }));
    this.find(".breaks").classList.toggle("warn", Boolean(broken));
    const pairs = [[texts.parameters, groupedText(totals.parameters)], [texts.macs, groupedText(totals.macs)], [texts.memory, bytesWords(totals.bytes)], [texts.peak, bytesWords(totals.peak)], [texts.weights_memory, bytesWords(totals.weights)]];
    this.find(".totals").replaceChildren(make("h2", {}, broken ? texts.totals_before : texts.totals), definitions(pairs));
    this.layerFacts();
    const preset = header.nets[this.local.fields.net];
    say(this.find(".remark"), preset ? texts.remark_preset : texts.remark_own);
    if (preset && preset.rows.length <= header.most) {
      const mine = make("button", { type: "button", className: "chip small" }, texts.make_own);
      mine.onclick = () => this.set({ net: "own", rows: preset.rows });
      this.find(".remark").append(" ", mine);
    }
  }

  layerFacts() {
    const { texts } = this;
    const stage = this.stages[this.now];
    const parts = [make("h2", {}, `${stage.name} ${stage.setting ?? ""}`)];
    if (stage.formula) parts.push(make("p", { className: "mono" }, stage.formula));
    if (stage.unvisited) parts.push(make("p", {}, fillText(texts.unread, { count: stage.unvisited })));
    if (stage.weights) parts.push(make("p", { className: "soft" }, stage.kind === "linear" ? texts.linear_letters : texts.conv_letters), make("p", { className: "mono" }, stage.weights));
    if (!stage.formula && !stage.weights) parts.push(make("p", { className: "soft" }, stage.bad ? this.header.broken.sentence : texts.no_numbers));
    this.find(".layer").replaceChildren(...parts);
  }

  speak() {
    const { texts, header } = this;
    const words = this.stages.map((stage) => `${stage.name} ${stage.bad ? texts.does_not_fit : stage.shape.join(" × ")}`).join("; ");
    this.svg.setAttribute("aria-label", words);
    say(this.find(".said"), header.broken ? header.broken.sentence : `${texts.parameters} ${header.totals.parameters}, ${texts.macs} ${header.totals.macs}`);
  }
}

function definitions(pairs) {
  return make("dl", {}, ...pairs.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]));
}

export default function ({ data, parentElement, setStateValue }) {
  const { header, root } = openView(data, parentElement);
  if (!CHAIN_VIEWS.has(parentElement)) CHAIN_VIEWS.set(parentElement, new ChainView(parentElement));
  const view = CHAIN_VIEWS.get(parentElement);
  view.update(header, (fields) => send(root, setStateValue, fields, 60));
  return () => view.stage.destroy();
}
