import { fillText, numberText } from "../shared/numbers.js";
import { drawHistogram } from "../pixels/charts.js";
import { choices, make, say } from "../shared/dom.js";
import { mountView, PartView } from "../shared/part_view.js";

const MOST_STEPS = 3;

/** A size in bytes as people say it: 270 kB, 1.5 MB. */
export function bytesText(/** @type {number} */ bytes) {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${numberText(bytes / 1000, 3)} kB` : `${numberText(bytes / 1e6, 3)} MB`;
}

/** A mean: what only rounding keeps from 0 is written as such. */
export function nearZero(/** @type {number} */ value) {
  return value !== 0 && Math.abs(value) < 1e-6 ? "≈ 0" : numberText(value, 4);
}

/** The rows of a stage's table: word and value. */
export function stageRows(texts, summary, sample) {
  const rows = [
    [texts.minimum, numberText(summary.minimum, 4)],
    [texts.maximum, numberText(summary.maximum, 4)],
    [texts.mean, nearZero(summary.mean)],
    [texts.std, numberText(summary.std, 4)],
    [texts.memory, bytesText(summary.bytes)],
  ];
  return sample ? [...rows, [texts.centre, sample.map((v) => numberText(v, 3)).join("  ")]] : rows;
}

function titleOf(texts, stage, white) {
  if (stage.step === null) return texts.file;
  return stage.step === "u" ? fillText(texts.divide, { white }) : texts.standardise;
}

/** One stage: what was done, what the numbers are now, or why it is not done. */
function card(texts, stage, white) {
  const refused = stage.refusal !== null;
  const shown = refused && stage.would ? stage.would : stage.summary;
  const rows = stageRows(texts, shown, refused ? null : stage.sample).map(([word, value]) => make("tr", {}, make("th", { scope: "row" }, word), make("td", {}, value)));
  const head = make("h2", {}, titleOf(texts, stage, white), make("span", { className: "dtype mono" }, refused ? "" : `${stage.summary.dtype} (${stage.summary.shape.join(", ")})`));
  const parts = [head];
  if (refused) {
    parts.push(make("p", { className: "why kernel" }, fillText(texts[`refused_${stage.refusal}`], { white, low: numberText(stage.summary.minimum, 3), high: numberText(stage.summary.maximum, 3) })));
    if (stage.would) parts.push(make("p", { className: "soft" }, texts.would_be), make("table", {}, make("tbody", {}, ...rows)));
  } else {
    parts.push(make("table", {}, make("caption", { className: "sr-only" }, titleOf(texts, stage, white)), make("tbody", {}, ...rows)));
    parts.push(make("div", { className: "hist" }, make("canvas", { attrs: { role: "img", "aria-label": texts.histogram } })));
    parts.push(make("div", { className: "ends" }, make("span", {}, numberText(stage.low, 3)), make("span", { className: "used" }), make("span", {}, numberText(stage.high, 3))));
  }
  return make("div", { className: refused ? "stage refused" : "stage" }, ...parts);
}

class ValuesView extends PartView {
  /** @param {any} parent */
  constructor(parent) {
    super(parent);
    this.watch = new ResizeObserver(() => this.header && this.histograms());
    this.watch.observe(this.find(".stages"));
  }

  leave() {
    super.leave();
    this.watch.disconnect();
  }

  show() {
    this.controls();
    const { texts, stages, white } = this.header;
    const cards = stages.flatMap((stage, i) => [...(i ? [make("span", { className: "arrow", attrs: { "aria-hidden": "true" } }, "→")] : []), card(texts, stage, white)]);
    this.find(".stages").replaceChildren(...cards);
    this.histograms();
    const last = stages[stages.length - 1];
    say(this.find(".note"), texts[`note_${last.refusal ? "refused" : last.scale}`] ?? "");
    say(this.find(".said"), stages.map((stage) => `${titleOf(texts, stage, white)}: ${stage.refusal ? texts.not_done : stageRows(texts, stage.summary, null).map((row) => row.join(" ")).join(", ")}`).join(". "));
  }

  /** The numbers are the server's: what was pressed shows when they come. */
  set(changes) {
    this.tellSoon(changes);
  }

  controls() {
    const { texts, white, published } = this.header;
    const { steps, own } = this.local.fields;
    choices(this.find(".steps"), [["u", fillText(texts.divide, { white })], ["s", texts.standardise]], "", (step) => this.set({ steps: steps + step }));
    choices(this.find(".undo"), [["undo", texts.undo], ["clear", texts.start_over]], "", (what) => this.set({ steps: what === "undo" ? steps.slice(0, -1) : "" }));
    for (const button of this.find(".steps").children) button.disabled = steps.length >= MOST_STEPS;
    for (const button of this.find(".undo").children) button.disabled = steps === "";
    say(this.find(".whose"), texts.whose);
    choices(this.find(".own"), [["own", texts.own], ["known", texts[published]]], own ? "own" : "known", (who) => this.set({ own: who === "own" }));
  }

  histograms() {
    const { header: { texts, stages }, arrays, dark } = this;
    stages.forEach((stage, i) => {
      const figure = this.find(".stages").children[2 * i];
      const canvas = figure?.querySelector("canvas");
      if (!canvas) return;
      const cut = drawHistogram(canvas, arrays[`histogram_${i}`], dark);
      say(figure.querySelector(".used"), [stage.used, cut ? texts.cut : ""].filter(Boolean).join(" · "));
    });
  }
}

export default (/** @type {any} */ part) => mountView(ValuesView, part);
