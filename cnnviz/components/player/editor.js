// The small field that opens over a cell of the painted input to take its number.

import { exactText, typedNumber } from "../shared/numbers.js";
import { setAttribute, setHidden } from "./dom.js";

const LIMIT = 9999;

/** A number a cell can hold, or NaN. */
export function cellNumber(text) {
  const value = typedNumber(text);
  return Math.abs(value) <= LIMIT ? value : NaN;
}

export class CellEditor {
  /**
   * @param {HTMLInputElement} field
   * @param {{write: (row: number, column: number, value: number) => void, done: (cell: {row: number, column: number}) => void,
   *   next: (row: number, column: number, by: number) => {row: number, column: number} | null,
   *   read: (row: number, column: number) => number, place: (row: number, column: number) => number[], label: (row: number, column: number) => string}} on
   */
  constructor(field, on) {
    this.field = field;
    this.on = on;
    this.at = null;
    field.oninput = () => this.typed();
    field.onblur = () => this.close();
    field.onkeydown = (event) => this.key(event);
    field.onpointerdown = (event) => event.stopPropagation();
  }

  get isOpen() {
    return this.at !== null;
  }

  /** Open over a cell; `first` is what was typed already. */
  open(row, column, first) {
    this.at = { row, column };
    this.before = this.on.read(row, column);
    const [x, y, size] = this.on.place(row, column);
    const width = Math.max(size + 1, 44);
    Object.assign(this.field.style, { left: `${x + (size + 1 - width) / 2}px`, top: `${y}px`, width: `${width}px`, height: `${Math.max(size + 1, 26)}px` });
    this.field.value = first ?? exactText(this.before);
    setAttribute(this.field, "aria-label", this.on.label(row, column));
    setHidden(this.field, false);
    this.field.focus();
    if (first === undefined) this.field.select();
    else this.typed();
  }

  typed() {
    const value = cellNumber(this.field.value);
    setAttribute(this.field, "aria-invalid", Number.isNaN(value) ? "true" : null);
    if (this.at && !Number.isNaN(value)) this.on.write(this.at.row, this.at.column, value);
  }

  key(event) {
    event.stopPropagation();
    if (event.key === "Escape") {
      this.on.write(this.at.row, this.at.column, this.before);
      this.close(true);
    } else if (event.key === "Enter") this.close(true);
    else if (event.key === "Tab") {
      const next = this.on.next(this.at.row, this.at.column, event.shiftKey ? -1 : 1);
      this.close(true);
      if (!next) return;
      this.open(next.row, next.column);
    } else if (event.key === "ArrowUp" || event.key === "ArrowDown") {
      const now = cellNumber(this.field.value);
      this.field.value = exactText((Number.isNaN(now) ? this.before : now) + (event.key === "ArrowUp" ? 1 : -1));
      this.typed();
    } else return;
    event.preventDefault();
  }

  /** Close; what was typed last and is a number stays. */
  close(backToGrid = false) {
    if (!this.at) return;
    const { at } = this;
    this.at = null;
    setAttribute(this.field, "aria-invalid", null);
    setHidden(this.field, true);
    if (backToGrid) this.on.done(at);
  }
}
