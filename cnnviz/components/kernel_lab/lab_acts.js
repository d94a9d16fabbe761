// What the reader can do in the lab: change the kernel, go back, paste, point at pixels, and all of it by keys.

import { LabSync } from "./lab_sync.js";
import { fieldsOf, normalised, withCell } from "./lab_state.js";

const BANK_ROOM = 16;

export class LabActs extends LabSync {
  /** Note where the kernel is, once before a change. */
  remember() {
    this.history.note(this.moment());
  }

  /** The same for sliders, which tell many values in one go. */
  rememberOnce(live) {
    if (!this.sliding) this.remember();
    this.sliding = live;
  }

  setCell(row, col, value) {
    this.setGrid(withCell(this.grid, row, col, value));
  }

  /** The grid as the reader's own kernel; in a bank it takes the place of the one it was made from. */
  setGrid(grid) {
    const { scene } = this;
    const fields = this.editedFields(grid);
    if (scene.many && !scene.bank.includes("custom")) {
      const inside = scene.bank.includes(scene.kernel);
      fields.bank = inside ? scene.bank.map((id) => (id === scene.kernel ? "custom" : id)) : [...scene.bank.slice(0, BANK_ROOM - 1), "custom"];
    }
    this.change(fields);
    this.showKernel();
  }

  choose(id) {
    this.remember();
    this.change({ ...this.namedFields(id), many: false });
    this.showKernel();
  }

  /** Weights that came from elsewhere (a network, a run of learning) as the reader's own, with where they are from. */
  takeWeights(grid, learned = "") {
    this.remember();
    this.takeGrid(grid);
    Object.assign(this, { divisor: 1, offset: 0 });
    this.change({ ...fieldsOf({ kernel: "custom", params: [], divisor: null, offset: null, grid, learned }), many: false });
    this.showKernel();
  }

  /** Divisor or offset. */
  setKernel(fields) {
    this.remember();
    Object.assign(this, fields);
    this.change(fields);
    this.showKernel();
  }

  normalise() {
    const divisor = normalised(this.grid, this.divisor);
    if (divisor !== null) this.setKernel({ divisor });
  }

  /** Undo ("back") and redo ("forth"). */
  travel(way) {
    const moment = this.history[way](this.moment());
    if (!moment) return;
    this.change(this.restore(moment));
    this.showKernel();
  }

  reset() {
    this.remember();
    this.change(this.restore(this.origin));
    this.showKernel();
  }

  /** The generator behind the kernel, if there is one. */
  get generator() {
    return this.library.generators.find((g) => g.id === this.scene.kernel);
  }

  parameters(generator) {
    if (!generator) return [];
    return this.scene.params.length ? this.scene.params : generator.parameters.map((p) => p.value);
  }

  setParameters(generator, values, live) {
    this.rememberOnce(live);
    this.takeNamedGrid(generator, values);
    this.change({ params: values });
    this.showKernel();
  }

  /** Another size for the kernel: a generator's parameters where it has such, else the grid cut or grown. */
  setSize(generator, rows, cols, live, resized) {
    const wanted = { height: rows, width: cols, size: Math.max(rows, cols), length: Math.max(rows, cols) };
    if (generator?.parameters.some((p) => p.name in wanted)) {
      this.setParameters(generator, this.parameters(generator).map((old, i) => wanted[generator.parameters[i].name] ?? old), live);
      return;
    }
    this.rememberOnce(live);
    this.setGrid(resized(this.grid, rows, cols));
  }

  /** Text from a spreadsheet, a program or a chat; the server reads it (core/kernels/parsing.py) or says what is wrong. */
  paste(text) {
    this.beforePaste = this.moment(); // the way back is noted when the text turns out to be a kernel
    this.change({}, { extra: { paste: text.slice(0, 20_001) } });
  }

  pasteAnywhere(event) {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const typing = ["INPUT", "TEXTAREA"].includes(event.composedPath()[0]?.tagName);
    if (event.defaultPrevented || typing || !/\d/.test(text)) return;
    event.preventDefault();
    this.paste(text);
  }

  /** Settings of a note's example. */
  apply(fields) {
    this.remember();
    const named = fields.kernel ? this.namedFields(fields.kernel, fields.params) : {};
    this.change({ many: false, ...named, ...fields });
    this.showKernel();
  }

  /** Open the map of a tile: a kernel of the bank, or a channel. */
  openTile(i) {
    if (this.scene.many) {
      const id = this.scene.bank[i];
      this.cameFrom = "bank";
      if (id === this.scene.kernel) this.change({ many: false });
      else if (id === "custom") this.takeWeights({ ...this.bank[i], cells: Float64Array.from(this.bank[i].cells) });
      else this.choose(id);
    } else this.change({ channel: ["r", "g", "b"][i] });
    this.hoveredTile = null;
  }

  /** Back to all maps. */
  goBack() {
    const channels = this.scene.channels === "each" && this.scene.channel !== "all";
    if (channels) this.change({ channel: "all" });
    else this.change({ many: true });
    this.cameFrom = "";
  }

  /** The piece of the picture around the pinned pixel, and the kernel, for the step player. */
  stepThrough() {
    const { cell } = this;
    if (cell) this.change({}, { extra: { step: [cell.row, cell.col] } });
  }

  /** The pointer is over an output pixel (of a tile), or over none: then the last one stays. */
  point(cell, tile = null) {
    if (!this.scene) return;
    if (cell) [this.hovered, this.hoveredTile] = [cell, tile];
    else this.hoveredTile = null;
    this.showPixel();
  }

  /** Click or Enter: hold this pixel, or let go of it when it is held already. */
  pick(cell) {
    if (!cell || !this.scene) return;
    const same = this.pinned && this.scene.at[0] === cell.row && this.scene.at[1] === cell.col;
    this.hovered = cell;
    this.change({ at: same ? [-1, -1] : [cell.row, cell.col] });
    this.showPixel();
  }

  letGo() {
    this.change({ at: [-1, -1] });
    this.showPixel();
  }

  /** Which channel's patch is looked at. */
  inspect(channel) {
    this.inspected = channel;
    this.showPixel();
  }

  /** Keys of the pictures; the same work wherever the focus is, except in a field. True when it used the key. */
  key(event) {
    const way = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    const at = this.cell;
    if (!at) return false;
    if (way) this.move(at, way, event.shiftKey ? 10 : 1);
    else if (event.key === "Enter" && event.composedPath()[0]?.tagName !== "BUTTON") this.pick(at);
    else if (event.key === "Escape" && this.pinned) this.letGo();
    else return false;
    return true;
  }

  /** Move the window; a held pixel is held at its new place. */
  move(at, [down, right], far) {
    const go = (value, by, count) => Math.max(0, Math.min(count - 1, value + by * far));
    this.hovered = { row: go(at.row, down, this.out[0]), col: go(at.col, right, this.out[1]) };
    if (this.pinned) this.change({ at: [this.hovered.row, this.hovered.col] });
    this.views.follow();
    this.showPixel();
  }

  pageKey(event) {
    if (!this.scene || this.root.querySelector("dialog[open]")) return false;
    const ctrl = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (ctrl && (key === "z" || key === "y")) this.travel(key === "y" || event.shiftKey ? "forth" : "back");
    else if (ctrl || event.altKey) return false;
    else return this.key(event);
    return true;
  }
}
