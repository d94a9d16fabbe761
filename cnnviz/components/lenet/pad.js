// The sheet one draws on: mouse, finger or pen; undo, eraser, thickness, clear. It tells every movement of the pen.

import { INK_LONGEST, INK_SIDE, inkPoint, leadStroke, packStrokes, unpackStrokes } from "./strokes.js";

export class Pad {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {(ink: string, full: boolean) => void} drawn  after every movement: the packed drawing
   */
  constructor(canvas, drawn) {
    Object.assign(this, { canvas, drawn, strokes: [], ink: "-", undone: [], thickness: 26, eraser: false, now: null });
    canvas.onpointerdown = (event) => this.down(event);
    canvas.onpointermove = (event) => this.move(event);
    canvas.onpointerup = canvas.onpointercancel = () => this.up();
    this.watch = new ResizeObserver(() => this.paint());
    this.watch.observe(canvas);
  }

  destroy() {
    this.watch.disconnect();
  }

  /** Show the drawing of the scene, unless the pen is down. */
  show(/** @type {string} */ ink, /** @type {{ink: string, paper: string}} */ colours) {
    const same = colours.ink === this.colours?.ink;
    this.colours = colours;
    if (this.now || (ink === this.ink && same)) return;
    this.ink = ink;
    this.strokes = unpackStrokes(ink);
    this.paint();
  }

  place(event) {
    const box = this.canvas.getBoundingClientRect();
    return inkPoint(((event.clientX - box.left) * INK_SIDE) / box.width, ((event.clientY - box.top) * INK_SIDE) / box.height);
  }

  down(event) {
    if (event.button > 0 || this.now) return;
    event.preventDefault();
    this.canvas.focus({ preventScroll: true });
    try {
      this.canvas.setPointerCapture(event.pointerId);
    } catch {
      // a pointer that is already gone
    }
    this.now = { points: [this.place(event)], thickness: this.thickness, eraser: this.eraser };
    this.before = this.strokes;
    this.tell([...this.strokes, this.now]);
  }

  move(event) {
    if (!this.now) return;
    const all = event.getCoalescedEvents?.() ?? [];
    let moved = false;
    for (const one of all.length ? all : [event]) moved = leadStroke(this.now, ...this.place(one)) || moved;
    if (moved) this.tell([...this.before, this.now]);
  }

  up() {
    if (!this.now) return;
    this.now = null;
    this.undone = [];
  }

  tell(strokes) {
    const ink = packStrokes(strokes);
    if (ink.length > INK_LONGEST) {
      this.now = null; // the sheet is full: the stroke ends here
      this.drawn(this.ink, true);
      return;
    }
    Object.assign(this, { strokes, ink });
    this.paint();
    this.drawn(ink, false);
  }

  undo() {
    if (!this.strokes.length) return;
    this.undone.push(this.strokes.at(-1));
    this.tell(this.strokes.slice(0, -1));
  }

  redo() {
    if (this.undone.length) this.tell([...this.strokes, this.undone.pop()]);
  }

  clear() {
    this.tell([]);
  }

  /** Lead the pen by keys: (dx, dy) from where it stands; `ink` puts it down. */
  step(dx, dy, ink) {
    const [x, y] = this.cursor ?? [INK_SIDE / 2, INK_SIDE / 2];
    this.cursor = inkPoint(x + dx, y + dy);
    if (!ink) return this.paint();
    const last = this.strokes.at(-1);
    const [lastX, lastY] = last?.points.at(-1) ?? [-1, -1];
    if (lastX === x && lastY === y && last.eraser === this.eraser) {
      const grown = { ...last, points: [...last.points] };
      leadStroke(grown, ...this.cursor);
      return this.tell([...this.strokes.slice(0, -1), grown]);
    }
    const stroke = { points: [inkPoint(x, y)], thickness: this.thickness, eraser: this.eraser };
    leadStroke(stroke, ...this.cursor);
    return this.tell([...this.strokes, stroke]);
  }

  paint() {
    const { canvas, colours } = this;
    if (!colours) return;
    const side = Math.round(canvas.clientWidth * (globalThis.devicePixelRatio || 1));
    if (!side) return;
    if (canvas.width !== side) canvas.width = canvas.height = side;
    const pen = canvas.getContext("2d");
    pen.setTransform(side / INK_SIDE, 0, 0, side / INK_SIDE, 0, 0);
    pen.fillStyle = colours.paper;
    pen.fillRect(0, 0, INK_SIDE, INK_SIDE);
    pen.lineCap = pen.lineJoin = "round";
    for (const { points, thickness, eraser } of this.strokes) {
      pen.strokeStyle = eraser ? colours.paper : colours.ink;
      pen.lineWidth = thickness;
      pen.beginPath();
      pen.moveTo(...points[0]);
      for (const point of points.length > 1 ? points.slice(1) : points) pen.lineTo(...point);
      pen.stroke();
    }
    if (this.cursor && this.canvas.matches(":focus-visible")) {
      pen.strokeStyle = colours.mark;
      pen.lineWidth = 2;
      pen.beginPath();
      pen.arc(...this.cursor, this.thickness / 2, 0, 2 * Math.PI);
      pen.stroke();
    }
  }
}
