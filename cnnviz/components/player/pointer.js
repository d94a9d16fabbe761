// What pointer and keys do on the grids of input and output: look, pin, paint, type, move from cell to cell.

import { exactText } from "../shared/numbers.js";
import { setAttribute, setHidden, setText } from "./dom.js";

const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** The cell an arrow key leads to, or null for another key. */
export function arrowMove(key, { row, column }, rows, columns) {
  const move = ARROWS[key];
  if (!move) return null;
  return { row: Math.max(0, Math.min(rows - 1, row + move[0])), column: Math.max(0, Math.min(columns - 1, column + move[1])) };
}

/** Whether a key starts a number. */
export function startsNumber(event) {
  return !event.ctrlKey && !event.metaKey && !event.altKey && /^[\d.\-\u2212]$/.test(event.key);
}

/** A grid's canvas: hover, click, near view, and keys while it has the focus by keyboard. */
export class GridPointer {
  /**
   * @param {import("../shared/grid.js").NumberGrid} grid @param {HTMLElement} tip
   * @param {{look: (cell: {row: number, column: number} | null) => void, pin: (cell: {row: number, column: number}) => void,
   *   describe: (cell: {row: number, column: number}) => string, paints?: () => boolean,
   *   paint?: (cell: {row: number, column: number}) => void, type?: (cell: {row: number, column: number}, first?: string) => void,
   *   moved: () => void, said: () => void, start: () => {row: number, column: number}}} on
   */
  constructor(grid, tip, on) {
    this.grid = grid;
    this.tip = tip;
    this.on = on;
    this.cursor = null; // the cell keys are on; null while the pointer leads
    this.byPointer = false;
    this.back = null;
    const { canvas } = grid;
    canvas.onpointermove = (event) => this.moved(event);
    canvas.onpointerdown = (event) => this.pressed(event);
    canvas.onpointerup = (event) => this.released(event);
    canvas.onpointercancel = () => { this.press = null; };
    canvas.onpointerleave = () => { if (!this.cursor) this.look(null); };
    canvas.ondblclick = (event) => this.doubled(event);
    canvas.onwheel = (event) => this.wheeled(event);
    canvas.onfocus = () => this.focused();
    canvas.onblur = () => { this.cursor = null; this.look(null); };
    canvas.onkeydown = (event) => this.key(event);
  }

  look(cell) {
    this.on.look(cell);
    const words = cell ? this.on.describe(cell) : "";
    setHidden(this.tip, !words);
    if (!words) return;
    setText(this.tip, words);
    const [x, y] = this.grid.placeOf(cell.row, cell.column);
    // In the first row the words stand below the cell, so that they never leave the grid upwards.
    const below = y < 24;
    setAttribute(this.tip, "style", `left:${x + this.grid.cell / 2}px;top:${below ? y + this.grid.cell + 3 : y - 3}px`);
    this.tip.classList.toggle("below", below);
  }

  moved(event) {
    this.cursor = null;
    const cell = this.grid.cellAt(event);
    if (this.press?.paint && cell && (cell.row !== this.press.row || cell.column !== this.press.column)) {
      Object.assign(this.press, cell);
      this.on.paint(cell);
    }
    if (!this.last || !cell || cell.row !== this.last.row || cell.column !== this.last.column) this.look(cell);
    this.last = cell;
  }

  pressed(event) {
    this.byPointer = true;
    const cell = this.grid.cellAt(event);
    if (!cell || event.button > 0) return;
    const paint = Boolean(this.on.paints?.());
    this.press = { ...cell, paint };
    if (!paint) return;
    this.grid.canvas.setPointerCapture(event.pointerId);
    this.on.paint(cell);
  }

  released(event) {
    const { press } = this;
    this.press = null;
    const cell = this.grid.cellAt(event);
    if (press && !press.paint && cell && cell.row === press.row && cell.column === press.column) this.on.pin(cell);
  }

  doubled(event) {
    const cell = this.grid.cellAt(event);
    if (cell && !this.on.paints?.()) this.on.type?.(cell);
  }

  /** Near, the wheel moves the view; otherwise it belongs to the page. */
  wheeled(event) {
    if (!this.grid.near || !this.grid.isTiny || event.ctrlKey) return;
    event.preventDefault();
    this.grid.pan(event.shiftKey ? event.deltaY : event.deltaX, event.shiftKey ? 0 : event.deltaY);
    this.on.moved();
  }

  /** Take the keys back on this cell, after it was typed into. */
  resume(cell) {
    this.back = cell;
    this.grid.canvas.focus();
  }

  focused() {
    if (this.byPointer) {
      this.byPointer = false;
      return;
    }
    this.cursor = this.back ?? this.on.start();
    this.back = null;
    this.look(this.cursor);
    this.on.said();
  }

  key(event) {
    if (!this.cursor && startsNumber(event) && this.last && this.on.type) this.cursor = this.last;
    if (!this.cursor || event.ctrlKey || event.metaKey || event.altKey) return;
    const { rows, columns } = this.grid.content;
    const next = arrowMove(event.key, this.cursor, rows, columns);
    if (next) {
      this.cursor = next;
      this.grid.follow(next.row, next.column, next.row + 1, next.column + 1);
      this.look(next);
      this.on.said();
    } else if (event.key === "Enter") this.on.pin(this.cursor);
    else if (startsNumber(event) && this.on.type) this.on.type(this.cursor, event.key);
    else if (event.key === "F2" && this.on.type) this.on.type(this.cursor);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

/** Whether a cell shows its number to the last digit: then a tip would only stand in the way. */
export function isReadable(grid, { row, column }, value) {
  return grid.type > 0 && grid.content.texts?.[row * grid.content.columns + column] === exactText(value);
}

/** What the tip over an input cell says: its place and exact number, and that it is padding. */
export function inputTip(worked, cell, texts) {
  const [top, left] = worked.plan.layer.axes.map((axis) => axis.before);
  const [rows, columns] = worked.plan.layer.size;
  const [row, column] = [cell.row - top, cell.column - left];
  const outside = row < 0 || column < 0 || row >= rows || column >= columns;
  const value = exactText(cell.value);
  return `[${exactText(row)}, ${exactText(column)}] ${outside ? `${texts.padding_cell} ` : ""}${value}`;
}
