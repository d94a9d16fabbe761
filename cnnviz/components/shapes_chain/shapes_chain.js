import { choices, make, say, slider } from "../shared/dom.js";
import { fillText, groupedText } from "../shared/numbers.js";
import { mountView, PartView } from "../shared/part_view.js";
import { breakSentence, chainOf, layersOfScene, settingText, totalsOf, weightsText } from "../shapes/layers.js";
import { SvgStage } from "../shapes/svg.js";
import { bytesWords } from "../shapes/units.js";
import { drawBoxes } from "./boxes.js";
import { withKind, withLayer, withNumber, withoutLayer } from "./chain_rows.js";
import { ChainTable, linesOf } from "./chain_table.js";

class ChainView extends PartView {
  constructor(parent) {
    super(parent);
    this.svg = this.find("svg");
    this.stage = new SvgStage(this.svg, () => this.header && this.draw());
    this.table = new ChainTable(this.find("table"), {
      choose: (number) => this.set({ layer: Math.max(0, number - 1) }),
      kind: (at, kind) => this.edit(withKind(this.rows, at, kind)),
      number: (at, column, value) => this.edit(withNumber(this.rows, at, column, value, this.header.bounds)),
      add: (at) => this.edit(withLayer(this.rows, at)),
      remove: (at) => this.edit(withoutLayer(this.rows, at)),
    });
  }

  get rows() {
    return this.local.fields.rows;
  }

  edit(rows) {
    this.set({ rows, net: "own" });
  }

  show() {
    const { net, channels, side } = this.local.fields;
    this.chain = chainOf(layersOfScene(this.local.fields, this.header.nets), [channels, side, side]);
    this.sentence = this.chain.broken ? breakSentence(this.chain.broken, this.header.rules, this.texts.breaks) : "";
    this.controls();
    const { texts, header } = this;
    this.table.show(linesOf(this.chain, net === "own" ? this.rows : null), { own: net === "own", now: this.now, texts, ...header });
    this.find(".table-box").setAttribute("aria-label", texts.table);
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
    slider(this.find("label.side"), { name: texts.side, min: 1, max: Math.max(256, side), step: 1, value: side, text: `${side} × ${side}` }, (value) => this.set({ side: value }));
    slider(this.find("label.channels"), { name: texts.channels, min: 1, max: Math.max(16, channels), step: 1, value: channels, text: String(channels) }, (value) => this.set({ channels: value }));
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
    const { input, stages, broken } = this.chain;
    const first = { shape: input, kind: "input", name: this.texts.input };
    const last = broken ? [{ shape: broken.arrives, kind: "bad", name: broken.name, bad: true }] : [];
    return [first, ...stages, ...last];
  }

  /** The number of the chosen layer: 0 is the input. */
  get now() {
    return Math.min(this.local.fields.layer + 1, this.stages.length - 1);
  }

  draw() {
    const { width, height, type } = this.stage.size;
    drawBoxes(this.svg, this.stages, this.now, type, { width, height }, (i) => i > 0 && this.set({ layer: i - 1 }));
  }

  facts() {
    const { texts, header } = this;
    const { broken } = this.chain;
    const totals = totalsOf(this.chain);
    say(this.find(".breaks"), this.sentence || fillText(texts.works, { shape: this.stages[this.stages.length - 1].shape.join(" × ") }));
    this.find(".breaks").classList.toggle("warn", Boolean(broken));
    say(this.find(".totals h2"), broken ? texts.totals_before : texts.totals);
    const pairs = [[texts.parameters, groupedText(totals.parameters)], [texts.macs, groupedText(totals.macs)], [texts.memory, bytesWords(totals.bytes)], [texts.peak, bytesWords(totals.peak)], [texts.weights_memory, bytesWords(totals.weights)]];
    define(this.find(".totals dl"), pairs);
    this.layerFacts();
    this.remark(header.nets[this.local.fields.net]);
  }

  remark(preset) {
    const { texts, header } = this;
    say(this.find(".remark span"), preset ? texts.remark_preset : texts.remark_own);
    const mine = this.find(".remark button");
    mine.hidden = !preset || preset.rows.length > header.most;
    say(mine, texts.make_own);
    mine.onclick = () => this.set({ net: "own", rows: preset.rows });
  }

  layerFacts() {
    const { texts } = this;
    const stage = this.stages[this.now];
    const weights = stage.layer ? weightsText(stage) : "";
    say(this.find(".layer h2"), `${stage.name} ${stage.layer ? settingText(stage.layer) : ""}`);
    const none = stage.bad ? this.sentence : stage.formula || weights ? "" : texts.no_numbers;
    const letters = weights ? texts[stage.kind === "linear" ? "linear_letters" : "conv_letters"] : none;
    const unread = stage.unvisited ? fillText(texts.unread, { count: stage.unvisited }) : "";
    for (const [name, text] of Object.entries({ formula: stage.formula ?? "", unread, letters, weights })) {
      const line = this.find(`.layer .${name}`);
      line.hidden = !text;
      say(line, text);
    }
  }

  speak() {
    const { texts } = this;
    const words = this.stages.map((stage) => `${stage.name} ${stage.bad ? texts.does_not_fit : stage.shape.join(" × ")}`).join("; ");
    const totals = totalsOf(this.chain);
    this.svg.setAttribute("aria-label", words);
    say(this.find(".said"), this.sentence || `${texts.parameters} ${totals.parameters}, ${texts.macs} ${totals.macs}`);
  }

  leave() {
    super.leave();
    this.stage.destroy();
  }
}

/** Names and values into a list that stays. */
function define(list, pairs) {
  while (list.children.length < 2 * pairs.length) list.append(make("dt"), make("dd"));
  pairs.flat().forEach((text, i) => say(list.children[i], text));
}

export default (part) => mountView(ChainView, part);
