// The layers as a table. Its rows are made once and stay while their texts follow a drag: so do focus and scroll.

import { make, mark, say } from "../shared/dom.js";
import { groupedText } from "../shared/numbers.js";
import { bytesWords } from "../shapes/units.js";
import { settingText } from "../shapes/layers.js";
import { rowBounds, USED } from "./chain_rows.js";

const SHOWN = 4; // cells at the end of a row that say what a layer makes and costs
const NUMBERS = [1, 2, 3, 4, 5]; // the columns of a reader's row that are numbers

/**
 * What a line says: the layer that works, or the one that does not, or one behind it (neither).
 * @typedef {{number: number, stage?: import("../shapes/layers.js").ChainStage, broken?: {name: string}, row?: any[]}} Line
 */

/** The lines of a chain: those of the reader's own rows, or those of a network and the layer where it breaks. @returns {Line[]} */
export function linesOf(/** @type {any} */ chain, /** @type {any[][] | null} */ rows) {
  const { stages, broken } = chain;
  const line = (number) => ({ number, stage: stages[number - 1], broken: broken?.number === number ? broken : undefined });
  if (!rows) return Array.from({ length: stages.length + Number(broken !== null) }, (_, i) => line(i + 1));
  const flat = rows.findIndex((row) => row[0] === "linear"); // a flattening stands before the first of these
  return rows.map((row, i) => ({ row, ...line(i + 1 + Number(flat >= 0 && i >= flat)) }));
}

export class ChainTable {
  /**
   * @param {HTMLTableElement} table
   * @param {{choose: (number: number) => void, kind: (at: number, kind: string) => void, add: (at: number) => void,
   *   remove: (at: number) => void, number: (at: number, column: number, value: number) => void}} acts
   */
  constructor(table, acts) {
    Object.assign(this, { table, acts, key: "" });
  }

  /** @param {Line[]} lines @param {{own: boolean, now: number, texts: any, kinds: string[], bounds: any, most: number}} how */
  show(lines, how) {
    Object.assign(this, { lines, how });
    const key = `${how.own} ${how.texts.layer}`;
    if (key !== this.key) this.begin();
    this.key = key;
    const body = this.table.tBodies[0];
    while (body.rows.length > lines.length) body.lastChild.remove();
    while (body.rows.length < lines.length) body.append(this.fresh(body.rows.length));
    lines.forEach((line, i) => this.fill(body.rows[i], line, i));
  }

  begin() {
    const { own, texts } = this.how;
    const heads = [texts.layer, ...(own ? [texts.kind, texts.out, "k", "s", "p", "d"] : [texts.setting]), texts.shape, texts.parameters, texts.macs, texts.memory, ...(own ? [""] : [])];
    const head = make("tr", {}, ...heads.map((text, i) => make("th", { scope: "col", className: i === 1 ? "words" : "" }, text)));
    this.table.replaceChildren(make("caption", { className: "sr-only" }, texts.table), make("thead", {}, head), make("tbody"));
  }

  /** A row without its texts; what it does, it does to the line that then stands there. */
  fresh(at) {
    const { own, texts, kinds } = this.how;
    const name = make("button", { type: "button" });
    name.onclick = () => this.acts.choose(this.lines[at].number);
    const settings = own ? [this.kindCell(at, kinds, texts), ...NUMBERS.map((column) => this.numberCell(at, column, texts))] : [make("td", { className: "words mono" })];
    const shown = Array.from({ length: SHOWN }, () => make("td"));
    const end = own ? [make("td", {}, this.button("+", `${texts.add}: ${at + 1}`, () => this.acts.add(at)), " ", this.button("−", `${texts.remove}: ${at + 1}`, () => this.remove(at)))] : [];
    return make("tr", {}, make("th", { scope: "row" }, name), ...settings, ...shown, ...end);
  }

  kindCell(at, kinds, texts) {
    const select = make("select", { attrs: { "aria-label": `${texts.kind} ${at + 1}` } }, ...kinds.map((kind) => make("option", { value: kind }, texts[`kind_${kind}`])));
    select.onchange = () => this.acts.kind(at, select.value);
    return make("td", { className: "words" }, select);
  }

  numberCell(at, column, texts) {
    const label = `${["", texts.out, "k", "s", "p", "d"][column]} ${at + 1}`;
    const input = make("input", { type: "number", attrs: { "aria-label": label } });
    input.oninput = () => input.value !== "" && this.acts.number(at, column, Number(input.value));
    input.onblur = () => this.fillNumber(input, at, column);
    return make("td", { className: column === 1 ? "" : "small" }, input);
  }

  button(text, label, act) {
    const button = make("button", { type: "button", className: "chip small", title: label, attrs: { "aria-label": label } }, text);
    button.onclick = act;
    return button;
  }

  /** Remove a row; where its button goes with it, or can do no more, the keyboard goes on from the last row's. */
  remove(at) {
    this.acts.remove(at);
    const { rows } = this.table.tBodies[0];
    const [add, remove] = rows[Math.min(at, rows.length - 1)].querySelectorAll("button.chip");
    (remove.disabled ? add : remove).focus();
  }

  /** A number's text and bounds, but for what is being typed; a kind without it shows none. */
  fillNumber(input, at, column) {
    const row = this.lines[at]?.row;
    if (!row) return;
    input.hidden = !USED[row[0]].includes(column);
    const [low, high] = rowBounds(row, column, this.how.bounds);
    mark(input, "min", String(low));
    mark(input, "max", String(high));
    if (input.getRootNode().activeElement !== input && input.value !== String(row[column])) input.value = String(row[column]);
  }

  fill(element, { number, stage, broken, row }, at) {
    const { own, now, texts, most } = this.how;
    const { cells } = element;
    say(cells[0].firstChild, stage?.name ?? broken?.name ?? "–");
    if (own) {
      if (cells[1].firstChild.value !== row[0]) cells[1].firstChild.value = row[0];
      for (const column of NUMBERS) this.fillNumber(cells[1 + column].firstChild, at, column);
      const [add, remove] = cells[cells.length - 1].querySelectorAll("button");
      add.disabled = this.lines.length >= most;
      remove.disabled = this.lines.length < 2;
    } else {
      say(cells[1], stage ? settingText(stage.layer) : "");
    }
    const first = own ? 2 + NUMBERS.length : 2;
    const words = stage ? [stage.shape.join(" × "), groupedText(stage.parameters), groupedText(stage.macs), bytesWords(stage.bytes)] : [broken ? texts.does_not_fit : "", "", "", ""];
    words.forEach((text, i) => say(cells[first + i], text));
    const name = `${number === now ? "now" : ""} ${broken ? "bad" : ""}`.trim();
    if (element.className !== name) element.className = name;
  }
}
