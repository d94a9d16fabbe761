import { choices, make, mark, say, slider } from "../shared/dom.js";
import { cellFor, NumberGrid } from "../shared/grid.js";
import { declareKeys } from "../shared/keys.js";
import { exactText, fillText, numberText } from "../shared/numbers.js";
import { mountView, PartView } from "../shared/part_view.js";
import { isPossible, stepAt } from "../shared/windows.js";
import { gridTable } from "../player/notes.js";
import { patternValues } from "../player/patterns.js";
import { arrowMove } from "../player/pointer.js";
import { poolLayerOf } from "../pool_player/pool_model.js";
import { waysBack } from "../pooling/ways_back.js";

const [SIDE, SIDE_PRESENTING] = [56, 110]; // CSS pixels of a cell at most
const GRIDS = ["input", "pooled", "back", "toMax", "toMean"];

/** The scene with a setting turned on both axes; the stride is at least 1, the padding at most half the kernel. */
export function turnedSwitches(/** @type {Object<string, any>} */ scene, name, value) {
  if (name === "padding") return { padding: [value, value, value, value] };
  const both = [value, value];
  if (name === "stride") return { stride: both, tied: value === scene.kernel[0] && value === scene.kernel[1] };
  if (name === "size") return { size: both, ...(scene.source === "hand" && { source: "random", cells: [] }) };
  return { kernel: both, ...(scene.tied && { stride: both }), padding: scene.padding.map((p) => Math.min(p, value >> 1)) };
}

class SwitchesView extends PartView {
  constructor(parent) {
    super(parent);
    this.cell = null;
    this.grids = Object.fromEntries(GRIDS.map((name) => [name, new NumberGrid(this.find(`.g-${name} canvas`), { largest: SIDE, near: 30, least: 9.5, easy: 12 })]));
    this.watch = new ResizeObserver(() => this.header && this.fit());
    this.watch.observe(this.find(".grids"));
    this.wire("pooled", () => this.found.plan.shape, (cell) => cell);
    this.wire("input", () => this.local.fields.size, (cell) => this.takerOf(cell));
  }

  /** Point at an output, or at a pixel that one took. */
  wire(name, sides, toOutput) {
    const grid = this.grids[name];
    const { canvas } = grid;
    let cursor = null;
    canvas.onpointermove = (event) => this.point(toOutput(grid.cellAt(event) ?? {}));
    canvas.onpointerdown = canvas.onpointermove;
    canvas.onpointerleave = (event) => event.pointerType === "mouse" && this.point(null); // what a finger chose stays
    canvas.onfocus = () => { cursor = cursor ?? { row: 0, column: 0 }; };
    canvas.onblur = () => this.point(null);
    declareKeys(canvas, "position");
    canvas.onkeydown = (event) => {
      const next = arrowMove(event.key, cursor ?? { row: 0, column: 0 }, ...sides());
      if (!next || event.ctrlKey || event.metaKey || event.altKey) return;
      cursor = next;
      this.point(toOutput(next));
      event.preventDefault();
      event.stopPropagation();
    };
  }

  /** The first output whose maximum is this pixel. */
  takerOf({ row, column }) {
    const at = this.found.indices.indexOf(row * this.local.fields.size[1] + column);
    return at < 0 ? null : { row: Math.floor(at / this.found.plan.shape[1]), column: at % this.found.plan.shape[1] };
  }

  set(changes) {
    if (isPossible(poolLayerOf({ ...this.local.fields, ...changes, windows: "sliding" }))) super.set(changes);
    else this.show();
  }

  show() {
    const { texts, header } = this;
    const scene = this.local.fields;
    this.find(".knobs").hidden = header.hide.includes("controls");
    const one = (name, setting, min, max) => slider(this.find(`label.${name}`), { name: texts[setting], min, max, step: 1, value: scene[setting][0], text: String(scene[setting][0]) }, (value) => this.set(turnedSwitches(scene, setting, value)));
    one("size", "size", 2, 12);
    one("kernel-size", "kernel", 1, Math.min(header.limits.kernel, scene.size[0]));
    one("stride", "stride", 1, header.limits.stride);
    one("padding", "padding", 0, scene.kernel[0] >> 1);
    choices(this.find(".ways"), [["floor", texts.floor], ["ceil", "ceil_mode"]], scene.ceil ? "ceil" : "floor", (way) => this.set({ ceil: way === "ceil" }));
    mark(this.find(".ways"), "aria-label", texts.rounding);
    const press = (name, fields) => { const button = this.find(`.${name}`); say(button, texts[name]); button.onclick = () => this.set(fields()); };
    press("random", () => ({ source: "random", cells: [], seed: scene.source === "random" ? (scene.seed + 1) % 10000 : 1 }));
    press("count", () => ({ source: "from_one", cells: [] }));
    this.input = this.numbers(scene);
    this.found = waysBack(poolLayerOf({ ...scene, windows: "sliding" }), this.input);
    this.contents();
    this.fit();
    this.words();
  }

  /** The small input: made here where it is a pattern, the server's where it is a piece of a picture. */
  numbers(scene) {
    if (scene.source === "hand") return Float64Array.from(scene.cells.flat());
    if (scene.source === "picture") return this.arrays.input.data;
    return patternValues(scene.source, scene.size[0], scene.size[1], scene.seed);
  }

  contents() {
    const { found, input } = this;
    const [rows, columns] = this.local.fields.size;
    const most = Math.max(...Array.from(input, Math.abs), 1e-9);
    const share = Math.max(...found.toMax, ...found.toMean, 1e-9);
    const show = (name, values, limit, shape = [rows, columns]) => this.grids[name].show({ rows: shape[0], columns: shape[1], values, limit });
    show("input", input, most);
    show("pooled", found.values, most, found.plan.shape);
    show("back", found.back, most);
    show("toMax", found.toMax, share);
    show("toMean", found.toMean, share);
  }

  fit() {
    const family = getComputedStyle(this.find(".view") ?? this.find(".grids")).getPropertyValue("--st-code-font").trim() || "monospace";
    const room = this.grids.input.clip.parentElement;
    // No grid has larger cells than the input: what is smaller shall look smaller.
    const largest = cellFor(...this.local.fields.size, room.clientWidth, room.clientHeight, this.header.present ? SIDE_PRESENTING : SIDE);
    for (const grid of Object.values(this.grids)) {
      const box = grid.clip.parentElement;
      grid.sizes.largest = largest;
      grid.fit(box.clientWidth, box.clientHeight, this.dark, family);
    }
    this.paint();
  }

  point(cell) {
    this.cell = cell && cell.row !== undefined ? cell : null;
    this.paint();
    this.words();
  }

  /** Winners are framed everywhere; the window pointed at too. */
  paint() {
    const { found, cell, grids } = this;
    const columns = this.local.fields.size[1];
    const at = (i, style) => ({ row: Math.floor(i / columns), column: i % columns, style });
    const winners = [...new Set(Array.from(found.indices).filter((i) => i >= 0))].map((i) => at(i, "fed"));
    const here = cell && cell.row < found.plan.shape[0] && cell.column < found.plan.shape[1] ? cell : null;
    const step = here && stepAt(found.plan, this.input, null, 0, here.row, here.column);
    const window = step ? step.taps.filter((t) => t.source >= 0).map((t) => at(t.source, "window")) : [];
    const taken = here ? found.indices[here.row * found.plan.shape[1] + here.column] : -1;
    const winner = taken >= 0 ? [at(taken, "winner")] : [];
    grids.input.marks = [...winners, ...window, ...winner];
    grids.pooled.marks = here ? [{ ...here, style: "current" }] : [];
    grids.back.marks = grids.toMax.marks = winner;
    grids.toMean.marks = window;
    for (const grid of Object.values(grids)) grid.draw();
  }

  words() {
    const { texts, found, cell } = this;
    const { size } = this.local.fields;
    const shape = found.plan.shape.join(" × ");
    const values = { size: size.join(" × "), shape, kept: found.kept, count: found.count, lost: found.count - found.kept };
    for (const name of GRIDS) {
      say(this.find(`.g-${name} figcaption`), fillText(texts[`grid_${name}`], values));
      mark(this.grids[name].canvas, "aria-label", fillText(texts[`grid_${name}`], values));
    }
    say(this.find(".facts"), fillText(texts.facts, values));
    const twice = Math.max(...found.toMax) > 1;
    say(this.find(".note"), texts[twice ? "note_twice" : "note_once"]);
    const spot = cell && cell.row < found.plan.shape[0] && cell.column < found.plan.shape[1];
    const index = spot ? found.indices[cell.row * found.plan.shape[1] + cell.column] : -1;
    const here = !spot || index < 0 ? texts.point_at : fillText(texts.here, {
      place: `[${cell.row}, ${cell.column}]`, value: numberText(this.input[index]), index, row: Math.floor(index / size[1]), column: index % size[1], columns: size[1],
    });
    say(this.find(".here"), here);
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => this.speak(values), 500);
  }

  /** At rest: every grid as a table, and the sentence. */
  speak(values) {
    say(this.find(".said"), this.cell ? this.find(".here").textContent : fillText(this.texts.facts, values));
    const tables = GRIDS.map((name) => {
      const { rows, columns, values: numbers } = this.grids[name].content;
      return gridTable(document, this.find(`.g-${name} figcaption`).textContent, rows, columns, (r, c) => exactText(numbers[r * columns + c]));
    });
    this.find(".tables").replaceChildren(...tables, make("span"));
  }

  leave() {
    super.leave();
    this.watch.disconnect();
  }
}

export default (part) => mountView(SwitchesView, part);
