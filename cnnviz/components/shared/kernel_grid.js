// An editable grid of numbers: type, wheel, arrow keys, drag sideways, paste. Used for kernels of any size.
//
// The grid tells what the reader wants (`edit`); whoever owns the numbers answers with `show`.

import { cellText } from "./cell_text.js";
import { houseColours, hexRgb, inkOn, signedCell } from "./colours.js";
import { keyMove, keySteps, movedBy } from "./grid_keys.js";
import { declareKeys } from "./keys.js";
import { exactText, numberText, typedNumber } from "./numbers.js";

/**
 * @typedef {{rows: number, cols: number, cells: ArrayLike<number>, step: number, dark: boolean,
 *   anchor?: {row: number, col: number} | null}} Shown
 * @typedef {{
 *   edit: (row: number, col: number, value: number, live: boolean) => void,
 *   start?: () => void, hover?: (cell: {row: number, col: number} | null) => void,
 *   paste?: (text: string) => void,
 *   name: (row: number, col: number, text: string, isAnchor: boolean) => string,
 * }} GridOwner  `live` while a cell is being dragged; `start` once before a change begins
 */

const DRAG_SLOP = 3;
const GRID_NOTCH = 5; // pixels of dragging that count as one step

export class KernelGrid {
  /**
   * @param {HTMLElement} box
   * @param {GridOwner} owner
   */
  constructor(box, owner) {
    this.box = box;
    this.owner = owner;
    /** @type {Shown | null} */ this.shown = null;
    this.at = 0; // the cell that Tab reaches
    this.drag = null;
    /** @type {HTMLInputElement | null} */ this.input = null;
    this.watch = new ResizeObserver(() => { this.measured = null; if (this.shown) this.fill(true); });
    this.watch.observe(box);
    this.listen();
  }

  destroy() {
    this.watch.disconnect();
  }

  /** Show these numbers; a cell that is being typed into is left alone. */
  show(/** @type {Shown} */ shown) {
    const before = this.shown;
    const anew = !before || before.rows !== shown.rows || before.cols !== shown.cols;
    this.shown = shown;
    if (anew) this.build();
    this.fill(anew || before.dark !== shown.dark);
  }

  build() {
    const { rows, cols } = this.shown;
    const doc = this.box.ownerDocument;
    this.stopTyping();
    this.at = Math.min(this.at, rows * cols - 1);
    const lines = Array.from({ length: rows }, (_, r) => {
      const line = doc.createElement("div");
      line.setAttribute("role", "row");
      for (let c = 0; c < cols; c += 1) {
        const cell = doc.createElement("div");
        cell.setAttribute("role", "gridcell");
        cell.className = "cell";
        cell.tabIndex = r * cols + c === this.at ? 0 : -1;
        cell.dataset.at = String(r * cols + c);
        cell.onfocus = () => { if (this.at !== r * cols + c) this.reach(r * cols + c, false); };
        line.append(cell);
      }
      return line;
    });
    this.box.replaceChildren(...lines);
    this.box.style.setProperty("--rows", String(rows));
    this.box.style.setProperty("--cols", String(cols));
    this.cells = lines.flatMap((line) => [...line.children]);
    this.drawn = [];
  }

  /** Write what changed; `all` also where the number is the same (other size, other theme). */
  fill(all) {
    const { rows, cols, cells, dark, anchor } = this.shown;
    let limit = 0;
    for (let i = 0; i < cells.length; i += 1) limit = Math.max(limit, Math.abs(cells[i]));
    const probe = this.owner.name(0, 0, "", false);
    const afresh = all || limit !== this.limit || probe !== this.probe; // another language names every cell anew
    Object.assign(this, { limit, probe });
    const { unit, wide, high } = this.measure();
    const [width, height] = [wide / cols, high / rows];
    for (let i = 0; i < cells.length; i += 1) {
      if (!afresh && this.drawn[i] === cells[i]) continue;
      this.drawn[i] = cells[i];
      const [row, col] = [Math.floor(i / cols), i % cols];
      const isAnchor = Boolean(anchor && anchor.row === row && anchor.col === col);
      this.fillCell(this.cells[i], cells[i], { limit, dark, width, height, unit, name: this.owner.name(row, col, numberText(cells[i], 6), isAnchor) });
      this.cells[i].classList.toggle("anchor", isAnchor);
    }
  }

  /** Size on the page, asked once a size: asking makes the browser lay the page out. */
  measure() {
    const unit = () => parseFloat(getComputedStyle(this.box).fontSize) || 14;
    return (this.measured ??= { unit: unit(), wide: this.box.clientWidth, high: this.box.clientHeight });
  }

  fillCell(cell, value, { limit, dark, width, height, unit, name }) {
    const fill = limit > 0 ? signedCell(value, limit, dark) : houseColours(dark).background;
    const { text, size } = cellText(value, width, height, unit);
    cell.style.background = fill;
    cell.style.color = inkOn(hexRgb(fill));
    cell.style.fontSize = size ? `${size}px` : "";
    cell.setAttribute("aria-label", name);
    const hint = text === numberText(value, 3) ? "" : name;
    if (cell.title !== hint) cell.title = hint;
    if (this.input?.parentElement !== cell) cell.textContent = text;
  }

  get place() {
    return { row: Math.floor(this.at / this.shown.cols), col: this.at % this.shown.cols };
  }

  get value() {
    return this.shown.cells[this.at];
  }

  edit(value, live = false) {
    if (Number.isFinite(value) && value !== this.value) this.owner.edit(this.place.row, this.place.col, value, live);
  }

  /** Make a cell the one that keys mean. */
  reach(at, focus = true) {
    this.cells[this.at].tabIndex = -1;
    this.at = at;
    this.cells[at].tabIndex = 0;
    if (focus) this.cells[at].focus();
  }

  /** Type into the cell: `first` replaces its number, otherwise the number is there to be changed. */
  type(first) {
    this.stopTyping();
    const input = this.box.ownerDocument.createElement("input");
    const cell = this.cells[this.at];
    input.setAttribute("aria-label", cell.getAttribute("aria-label"));
    input.value = first ?? exactText(this.value);
    input.inputMode = "text"; // a phone's decimal keyboard has no minus
    input.autocomplete = "off";
    this.input = input;
    this.before = this.value;
    this.at0 = this.at;
    cell.replaceChildren(input);
    input.focus();
    if (first === undefined) input.select();
    input.oninput = () => input.setAttribute("aria-invalid", String(Number.isNaN(typedNumber(input.value))));
    input.onblur = () => this.stopTyping(true);
  }

  /** End typing; `keep` takes the number if it is one. */
  stopTyping(keep = false) {
    const { input } = this;
    if (!input) return;
    this.input = null;
    input.onblur = null;
    const value = typedNumber(input.value);
    const cell = input.parentElement;
    if (cell) {
      cell.replaceChildren();
      this.drawn[this.at0] = NaN;
    }
    if (keep && Number.isFinite(value) && value !== this.before) {
      this.owner.start?.();
      this.owner.edit(Math.floor(this.at0 / this.shown.cols), this.at0 % this.shown.cols, value, false);
    }
    this.fill(false);
  }

  listen() {
    const { box } = this;
    const cellOf = (event) => {
      const cell = event.composedPath().find((el) => el.dataset?.at !== undefined);
      return cell ? Number(cell.dataset.at) : null;
    };
    box.onpointerdown = (event) => {
      const at = cellOf(event);
      if (at === null || event.button > 0 || event.composedPath()[0] === this.input) return;
      this.stopTyping(true);
      this.reach(at);
      this.drag = { id: event.pointerId, x: event.clientX, start: this.value, moved: false, touch: event.pointerType === "touch" };
      box.setPointerCapture?.(event.pointerId);
      event.preventDefault();
    };
    box.onpointermove = (event) => this.pointer(event, cellOf(event));
    box.onpointerup = () => this.drop();
    box.onpointercancel = () => this.drop();
    box.onpointerleave = () => { if (!this.drag) this.owner.hover?.(null); };
    box.ondblclick = () => { if (this.shown && !this.input) this.type(); }; // the cell was reached by the press before
    box.onwheel = (event) => {
      const at = cellOf(event);
      if (at === null || this.input || event.ctrlKey) return;
      event.preventDefault();
      this.reach(at, false);
      this.notch(event);
    };
    box.onkeydown = (event) => this.key(event);
    declareKeys(box, "weight", "next_weight", "type_weight");
    box.onpaste = (event) => this.pasted(event);
  }

  pointer(event, at) {
    const { drag } = this;
    if (!drag) {
      this.owner.hover?.(at === null ? null : { row: Math.floor(at / this.shown.cols), col: at % this.shown.cols });
      return;
    }
    const dx = event.clientX - drag.x;
    if (!drag.moved && Math.abs(dx) < DRAG_SLOP) return;
    if (!drag.moved) this.owner.start?.();
    drag.moved = true;
    drag.step ??= this.shown.step;
    const notches = Math.trunc(dx / GRID_NOTCH) * (event.shiftKey ? 10 : event.altKey ? 0.1 : 1);
    const value = Number((drag.start + notches * drag.step).toPrecision(12)) + 0;
    this.edit(value, true);
  }

  drop() {
    const { drag } = this;
    this.drag = null;
    if (drag?.moved) this.owner.edit(this.place.row, this.place.col, this.value, false);
    else if (drag?.touch) this.type();
  }

  notch(event) {
    const now = event.timeStamp;
    if (!this.turned || now - this.turned > 600) this.owner.start?.();
    this.turned = now;
    const notches = -Math.sign(event.deltaY || -event.deltaX) * (event.shiftKey ? 10 : event.altKey ? 0.1 : 1);
    this.edit(movedBy(this.value, notches, this.shown.step));
  }

  key(event) {
    if (this.input) return this.typingKey(event);
    const { rows, cols } = this.shown;
    const ctrl = event.ctrlKey || event.metaKey;
    const move = keyMove(event, this.at, rows, cols);
    const steps = ctrl ? 0 : keySteps(event);
    if (steps) {
      if (!event.repeat) this.owner.start?.();
      this.edit(movedBy(this.value, steps, this.shown.step));
    } else if (move !== null) this.reach(move);
    else if (ctrl || (event.altKey && event.key.length === 1)) return undefined;
    else if (event.key === "Enter" || event.key === "F2") this.type();
    else if (event.key === "Delete" || event.key === "Backspace") {
      this.owner.start?.();
      this.edit(0);
    } else if (/^[\d.,+\-\u2212]$/.test(event.key)) this.type(event.key);
    else return undefined;
    event.preventDefault();
    event.stopPropagation();
    return undefined;
  }

  typingKey(event) {
    event.stopPropagation(); // what is typed is meant for the number
    if (event.key === "Enter" || event.key === "Tab") {
      const { rows, cols } = this.shown;
      const next = event.key === "Enter" ? this.at + (event.shiftKey ? -cols : cols) : this.at + (event.shiftKey ? -1 : 1);
      this.stopTyping(true);
      if (next < 0 || next >= rows * cols) this.reach(this.at, event.key === "Enter");
      else {
        event.preventDefault();
        this.reach(next);
      }
    } else if (event.key === "Escape") {
      this.stopTyping();
      this.reach(this.at);
    }
  }

  pasted(event) {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (!text.trim() || (this.input && !/[\t\n\r]/.test(text.trim()))) return; // one number goes where it is typed
    event.preventDefault();
    event.stopPropagation();
    const value = typedNumber(text);
    this.stopTyping();
    if (!Number.isNaN(value)) {
      this.owner.start?.();
      this.edit(value);
    } else this.owner.paste?.(text);
  }
}
