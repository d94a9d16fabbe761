// A picture or a map on a canvas: zoomed by wheel, pinch and keys, from the whole down to single numbered cells.
//
// Two viewers that are given the same view object's values in onView move together; geometry is in view.js.

import { paintIndices } from "./colours.js";
import { declareKeys } from "./keys.js";
import { boxOf, cellAt, clampView, panBy, scaleOf, visibleCells, wholeView, zoomAt } from "./view.js";
import { drawGrid, drawHatches, drawMark, drawNumbers, drawPixels, drawRulers } from "./viewer_paint.js";

/**
 * @typedef {{row: number, col: number, rows?: number, cols?: number, role: string,
 *   style?: "solid" | "dashed" | "double" | "hatch", label?: string}} Mark  role: a name of the house palette
 * @typedef {{width: number, height: number, rgba?: Uint8ClampedArray, indices?: Uint8Array, palette?: Uint32Array,
 *   paint?: (pixels: Uint32Array) => void,
 *   frame?: import("./view.js").Frame, bounds?: import("./view.js").Bounds,
 *   numberAt?: (row: number, col: number) => string | null,
 *   rulers?: boolean, firstRow?: number, firstCol?: number}} Content  width and height in cells; firstRow, firstCol: what the
 *   rulers count from; rulers: false leaves them to the part, which then draws its own when `painted` calls
 * @typedef {{hover?: (cell: {row: number, col: number} | null) => void, pick?: (cell: {row: number, col: number}) => void,
 *   view?: (view: import("./view.js").View) => void, key?: (event: KeyboardEvent) => boolean,
 *   keys?: string[], painted?: (seen: import("./viewer_paint.js").Seen) => void}} Callbacks
 *   keys: the names of what `key` uses (declareKeys)
 */

const CLOSEST = 88; // a cell's size on the screen at the closest look, at normal type
const CLICK_SLOP = 5;

/** Pixels of a Content as RGBA, written into `image` (an ImageData of its size). */
export function fillPixels(/** @type {Content} */ content, /** @type {{data: Uint8ClampedArray}} */ image) {
  if (content.rgba) image.data.set(content.rgba);
  else if (content.paint) content.paint(new Uint32Array(image.data.buffer));
  else paintIndices(content.indices, content.palette, new Uint32Array(image.data.buffer));
}

/** The factor a wheel event zooms by: gentle for a mouse, quicker for a trackpad's pinch (which says ctrl). */
export function wheelFactor(/** @type {{deltaY: number, deltaMode?: number, ctrlKey?: boolean}} */ event) {
  const pixels = event.deltaY * (event.deltaMode === 1 ? 16 : event.deltaMode === 2 ? 400 : 1);
  return Math.exp(-Math.max(-240, Math.min(240, pixels)) * (event.ctrlKey ? 0.008 : 0.0022));
}

export class Viewer {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {Callbacks} callbacks
   */
  constructor(canvas, callbacks = {}) {
    this.canvas = canvas;
    this.on = callbacks;
    this.dark = false;
    /** @type {Content | null} */ this.content = null;
    /** @type {Mark[]} */ this.marks = [];
    this.pointers = new Map();
    this.frameAsked = 0;
    this.buffer = canvas.ownerDocument.createElement("canvas");
    this.size = null;
    this.watch = new ResizeObserver(() => { this.size = null; this.draw(); });
    this.watch.observe(canvas);
    this.listen();
  }

  /** Stop watching; the canvas may then be dropped. */
  destroy() {
    this.watch.disconnect();
    cancelAnimationFrame(this.frameAsked);
  }

  /** The canvas on the screen; asked once a size, because asking makes the browser lay the page out. */
  get screen() {
    if (this.size) return this.size;
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (!width || !height) return { width: 1, height: 1 };
    this.type = parseFloat(getComputedStyle(this.canvas).fontSize) || 14;
    this.size = { width, height };
    return this.size;
  }

  get frame() {
    return this.content?.frame ?? { left: 0, top: 0, pitchX: 1, pitchY: 1 };
  }

  get bounds() {
    return this.content?.bounds ?? { left: 0, top: 0, right: this.content?.width ?? 1, bottom: this.content?.height ?? 1 };
  }

  get largest() {
    return CLOSEST * ((this.type ?? 14) / 14);
  }

  /** Show `content`; its pixels are copied here, its numbers asked for when they can be seen. */
  show(/** @type {Content} */ content, dark = this.dark) {
    this.content = content;
    this.dark = dark;
    if (this.buffer.width !== content.width || this.buffer.height !== content.height || !this.image) {
      this.buffer.width = content.width;
      this.buffer.height = content.height;
      this.image = this.buffer.getContext("2d").createImageData(content.width, content.height);
    }
    fillPixels(content, this.image);
    this.buffer.getContext("2d").putImageData(this.image, 0, 0);
    this.view ??= wholeView(this.bounds);
    this.draw();
  }

  /** Look there. Does not call back. */
  look(/** @type {import("./view.js").View} */ view) {
    this.view = { ...view };
    this.draw();
  }

  mark(/** @type {Mark[]} */ marks) {
    this.marks = marks;
    this.draw();
  }

  /** Draw before the next frame, however often this is called. */
  draw() {
    if (!this.frameAsked) this.frameAsked = requestAnimationFrame(() => { this.frameAsked = 0; this.paint(); });
  }

  paint() {
    const { canvas, content } = this;
    if (!content || !canvas.isConnected) return;
    const screen = this.screen;
    if (!this.size) return;
    const ratio = canvas.ownerDocument.defaultView.devicePixelRatio || 1;
    const [w, h] = [Math.round(screen.width * ratio), Math.round(screen.height * ratio)];
    if (canvas.width !== w || canvas.height !== h) { canvas.width = w; canvas.height = h; }
    this.view = clampView(this.view, this.bounds, screen, this.largest);
    const pen = canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, screen.width, screen.height);
    const seen = visibleCells(this.view, this.bounds, screen, this.frame, content.height, content.width);
    drawPixels(this, pen, seen);
    if (this.cellSize >= 10) drawGrid(this, pen, seen);
    if (content.numberAt) drawNumbers(this, pen, seen);
    drawHatches(this, pen, this.marks.filter((mark) => mark.style === "hatch"));
    if (this.cellSize >= 28 && content.rulers !== false) drawRulers(this, pen, seen);
    this.on.painted?.(seen);
    for (const mark of this.marks) if (mark.style !== "hatch") drawMark(this, pen, mark);
    canvas.style.touchAction = this.view.zoom > 1.001 ? "none" : "pan-y";
  }

  box(row, col, rows = 1, cols = 1) {
    return boxOf(this.view, this.bounds, this.screen, this.frame, row, col, rows, cols);
  }

  /** The cell under a pointer event, or null. */
  cellOf(event) {
    const box = this.canvas.getBoundingClientRect();
    if (!this.content || !this.view) return null;
    return cellAt(this.view, this.bounds, this.screen, this.frame, this.content.height, this.content.width, event.clientX - box.left, event.clientY - box.top);
  }

  /** Screen pixels of one cell. */
  get cellSize() {
    return this.view ? scaleOf(this.view, this.bounds, this.screen) * this.frame.pitchX : 0;
  }

  moveTo(view) {
    const { x, y, zoom } = this.view;
    if (view.x === x && view.y === y && view.zoom === zoom) return;
    this.view = view;
    this.draw();
    this.on.view?.(view);
  }

  /** Zoom by `factor` around a screen point, the middle by default. */
  zoom(factor, px = this.screen.width / 2, py = this.screen.height / 2) {
    if (this.content) this.moveTo(zoomAt(this.view, this.bounds, this.screen, factor, px, py, this.largest));
  }

  listen() {
    const c = this.canvas;
    c.onwheel = (event) => {
      event.preventDefault();
      const box = c.getBoundingClientRect();
      this.zoom(wheelFactor(event), event.clientX - box.left, event.clientY - box.top);
      this.on.hover?.(this.cellOf(event));
    };
    c.onpointerdown = (event) => {
      if (event.button > 0) return;
      this.pointers.set(event.pointerId, { x: event.clientX, y: event.clientY, far: false });
      c.setPointerCapture?.(event.pointerId);
    };
    c.onpointermove = (event) => this.pointerMoved(event);
    c.onpointerup = (event) => {
      const start = this.pointers.get(event.pointerId);
      this.pointers.delete(event.pointerId);
      const cell = this.cellOf(event);
      if (start && !start.far && cell) this.on.pick?.(cell);
    };
    c.onpointercancel = (event) => this.pointers.delete(event.pointerId);
    c.onpointerleave = (event) => { if (!this.pointers.size && event.pointerType === "mouse") this.on.hover?.(null); };
    c.onkeydown = (event) => this.keyPressed(event);
    declareKeys(c, "zoom", ...(this.on.keys ?? []));
  }

  pointerMoved(event) {
    const held = this.pointers.get(event.pointerId);
    if (!held) return this.on.hover?.(this.cellOf(event));
    const [dx, dy] = [event.clientX - held.x, event.clientY - held.y];
    if (!held.far && Math.hypot(dx, dy) < CLICK_SLOP) return undefined;
    held.far = true;
    if (this.pointers.size === 2) return this.pinched(event, held);
    held.x = event.clientX;
    held.y = event.clientY;
    if (this.view?.zoom <= 1.001) return this.on.hover?.(this.cellOf(event)); // nothing to pan: the finger points
    if (this.content) this.moveTo(panBy(this.view, this.bounds, this.screen, dx, dy, this.largest));
    return undefined;
  }

  pinched(event, held) {
    const other = [...this.pointers.entries()].find(([id]) => id !== event.pointerId)[1];
    other.far = true;
    const before = Math.hypot(held.x - other.x, held.y - other.y) || 1;
    const after = Math.hypot(event.clientX - other.x, event.clientY - other.y);
    const box = this.canvas.getBoundingClientRect();
    this.zoom(after / before, (event.clientX + other.x) / 2 - box.left, (event.clientY + other.y) / 2 - box.top);
    held.x = event.clientX;
    held.y = event.clientY;
  }

  keyPressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const factor = { "+": 1.5, "=": 1.5, "-": 1 / 1.5, _: 1 / 1.5 }[event.key];
    if (factor) {
      const mark = this.marks.find((m) => m.style !== "dashed" && m.style !== "hatch");
      const at = mark ? this.box(mark.row, mark.col, mark.rows ?? 1, mark.cols ?? 1) : null;
      if (at) this.zoom(factor, at.x + at.width / 2, at.y + at.height / 2);
      else this.zoom(factor);
    } else if (event.key === "0") this.content && this.moveTo(wholeView(this.bounds));
    else if (!this.on.key?.(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }
}
