import { claimKeys } from "../shared/keys.js";
import { fillText } from "../shared/numbers.js";
import { getStored } from "../shared/store.js";
import { bringIntoView, closestZoom, fitScale } from "../shared/view.js";
import { Viewer } from "../shared/viewer.js";
import { choices, fillTable, make, say } from "../shared/dom.js";
import { mountView, PartView } from "../shared/part_view.js";
import { drawRuler } from "../pixels/rulers.js";
import { hexOf, pixelAt, pixelTexts, planeRgba, planesOf } from "../shared/planes.js";

const CELLS_AT_FIRST = 12; // columns of the window before anybody zoomed,
const ROOM_OF_A_CELL = 62; // or fewer, so that on a phone too the numbers are there at once

/** The middle of the window: where the scene says, else the middle of the picture. */
export function centreOf(scene, width, height) {
  const within = (at, size) => (at < 0 ? Math.floor(size / 2) : Math.min(at, size - 1));
  return { row: within(scene.row, height), col: within(scene.col, width) };
}

/** The zoom at which `span` columns are seen (0: the first look), for a picture that fits the screen at zoom 1. */
export function zoomFor(span, bounds, screen, magnified = 1) {
  const columns = span || Math.max(4, Math.min(CELLS_AT_FIRST, Math.floor(screen.width / (ROOM_OF_A_CELL * magnified))));
  const scale = Math.max(screen.width, 1) / columns;
  return Math.max(1, Math.min(scale / fitScale(bounds, screen), closestZoom(bounds, screen)));
}

/** What the scene says of a view: its middle cell and how many columns it shows. */
export function windowOf(view, bounds, screen) {
  const scale = view.zoom * fitScale(bounds, screen);
  return { row: Math.floor(view.y), col: Math.floor(view.x), span: Math.max(1, Math.round(screen.width / scale)) };
}

/** The part of the picture a view shows, as shares of its width and height. */
export function shareSeen(view, bounds, screen) {
  const scale = view.zoom * fitScale(bounds, screen);
  const axis = (centre, seen, size) => {
    const low = Math.max(0, centre - seen / 2);
    return [low / size, (Math.min(size, centre + seen / 2) - low) / size];
  };
  const [left, width] = axis(view.x, screen.width / scale, bounds.right);
  const [top, height] = axis(view.y, screen.height / scale, bounds.bottom);
  return { left, top, width, height };
}

class NumbersView extends PartView {
  constructor(parent) {
    super(parent);
    this.cell = null; // the cell under the pointer, or the one the keys went to
    this.viewer = new Viewer(this.find("canvas.cells"), {
      hover: (cell) => this.point(cell),
      pick: (cell) => this.point(cell),
      view: () => this.moved(),
      key: (event) => this.key(event),
      keys: ["pixel"],
      painted: (seen) => drawRuler(this.viewer, this.find(".top"), this.find(".left"), seen),
    });
    this.still = 0;
    claimKeys(this.find(".view"), (event) => ["+", "=", "-", "0"].includes(event.key) && !event.ctrlKey && !event.metaKey && (this.viewer.keyPressed(event), true));
  }

  get scene() {
    return this.local.fields;
  }

  /** The picture may still be on its way. */
  show() {
    const { header } = this;
    const arrays = getStored(document, header.stored, () => this.show());
    if (!arrays) return;
    const other = this.stored !== header.stored;
    this.stored = header.stored;
    this.planes = planesOf(arrays.pixels);
    if (other) this.newPicture();
    this.controls();
    this.draw();
  }

  newPicture() {
    this.cell = null;
    this.paintWhole();
    const { width, height } = this.planes;
    this.viewer.content = { width, height };
    const { row, col } = centreOf(this.scene, width, height);
    const magnified = parseFloat(getComputedStyle(document.documentElement).fontSize) / 15; // 1.3 on a projector
    const zoom = zoomFor(this.scene.span, this.viewer.bounds, this.viewer.screen, magnified);
    this.viewer.view = { x: col + 0.5, y: row + 0.5, zoom };
  }

  paintWhole() {
    const canvas = this.find("canvas.whole");
    const { width, height } = this.planes;
    canvas.width = width;
    canvas.height = height;
    canvas.getContext("2d").putImageData(new ImageData(planeRgba(this.planes), width, height), 0, 0);
    const box = this.find(".overview");
    const scale = Math.min(box.clientWidth / width, box.clientHeight / height);
    canvas.style.width = `${Math.max(1, width * scale)}px`;
    canvas.style.height = `${Math.max(1, height * scale)}px`;
    canvas.style.imageRendering = scale > 2 ? "pixelated" : "auto";
  }

  get planeNumber() {
    return this.planes.channels === 1 ? -1 : ["r", "g", "b"].indexOf(this.scene.plane);
  }

  /** The picture in the window, in the colours and numbers asked for. */
  draw() {
    const plane = this.planeNumber;
    const { width, height } = this.planes;
    const parts = (pixel) => (plane < 0 ? pixel : [pixel[plane]]);
    const numberAt = (row, col) =>
      pixelTexts(parts(pixelAt(this.planes, row, col)), this.planes.white, this.scene.write).join("\n");
    const drawn = `${this.stored} ${plane}`;
    if (this.drawn !== drawn) this.rgba = planeRgba(this.planes, plane);
    this.drawn = drawn;
    this.viewer.show({ width, height, rgba: this.rgba, numberAt, rulers: false }, this.dark);
    this.readout();
    this.frame();
  }

  /** The window has moved already when it is told. */
  set(changes) {
    this.tellSoon(changes);
  }

  leave() {
    clearTimeout(this.still);
    if (this.still) this.local.change(this.window);
    super.leave();
    this.viewer.destroy();
  }

  /** The window as the scene says it. */
  get window() {
    return windowOf(this.viewer.view, this.viewer.bounds, this.viewer.screen);
  }

  controls() {
    const { texts, scene } = this;
    const change = (name) => (value) => {
      this.set({ [name]: value });
      this.controls();
      this.draw();
    };
    const scale = texts.as_written.replace("{white}", String(this.planes.white));
    choices(this.find(".write"), [["bytes", scale], ["unit", "0–1"], ["hex", texts.as_hex]], scene.write, change("write"));
    const planes = this.planes.channels === 1 ? [] : [["all", "RGB"], ["r", "R"], ["g", "G"], ["b", "B"]];
    choices(this.find(".planes"), planes, scene.plane, change("plane"));
    choices(this.find(".zoom"), [["out", "−"], ["in", "+"], ["all", texts.zoom_all], ["go", texts.step_through]], "", (what) => this.act(what));
    this.find(".zoom").children[0].setAttribute("aria-label", texts.zoom_out);
    this.find(".zoom").children[1].setAttribute("aria-label", texts.zoom_in);
    this.find(".zoom").children[3].classList.add("main");
    const { height, width, channels } = this.planes;
    say(this.find(".whole-title"), `${texts.picture} · ${height} × ${width}${channels === 3 ? " × 3" : ""}`);
    say(this.find(".shape"), fillText(channels === 3 ? texts.shape_rgb : texts.shape_grey, { height, width }));
    this.viewer.canvas.setAttribute("aria-label", fillText(texts.cells_label, { height, width }));
    const overview = this.find(".overview");
    overview.onpointerdown = (event) => {
      overview.setPointerCapture?.(event.pointerId);
      this.jump(event);
    };
    overview.onpointermove = (event) => event.buttons && this.jump(event);
  }

  act(what) {
    if (what === "in") this.viewer.zoom(1.5);
    else if (what === "out") this.viewer.zoom(1 / 1.5);
    else if (what === "all") this.viewer.zoom(1e-6);
    else this.tell({ go: "convolution", window: this.seen() });
  }

  /** Move the window to where the overview was touched. */
  jump(event) {
    const box = this.find("canvas.whole").getBoundingClientRect();
    const { width, height } = this.planes;
    const x = ((event.clientX - box.left) / box.width) * width;
    const y = ((event.clientY - box.top) / box.height) * height;
    this.viewer.moveTo(bringIntoView({ ...this.viewer.view, x, y }, this.viewer.bounds, this.viewer.screen, this.viewer.frame, Math.floor(y), Math.floor(x)));
  }

  /** The cells in the window. */
  seen() {
    const { view, bounds, screen } = this.viewer;
    const s = shareSeen(view, bounds, screen);
    const { width, height } = this.planes;
    return {
      row: Math.round(s.top * height), col: Math.round(s.left * width),
      rows: Math.max(1, Math.round(s.height * height)), cols: Math.max(1, Math.round(s.width * width)),
    };
  }

  moved() {
    this.frame();
    this.readout();
    clearTimeout(this.still);
    this.still = setTimeout(() => {
      this.still = 0;
      this.set(this.window);
    }, 250);
  }

  /** The frame on the overview shows what the window shows. */
  frame() {
    const canvas = this.find("canvas.whole");
    const frame = this.find(".frame");
    const s = shareSeen(this.viewer.view, this.viewer.bounds, this.viewer.screen);
    const put = (name, value) => (frame.style[name] = `${value}px`);
    put("left", canvas.offsetLeft + s.left * canvas.offsetWidth);
    put("top", canvas.offsetTop + s.top * canvas.offsetHeight);
    put("width", s.width * canvas.offsetWidth);
    put("height", s.height * canvas.offsetHeight);
  }

  point(cell) {
    this.cell = cell;
    this.viewer.mark(cell ? [{ ...cell, role: "kernel" }] : []);
    this.readout();
  }

  key(event) {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!step) return false;
    const { width, height } = this.planes;
    const from = this.cell ?? centreOf(windowOf(this.viewer.view, this.viewer.bounds, this.viewer.screen), width, height);
    const by = event.shiftKey ? 10 : 1;
    const row = Math.min(height - 1, Math.max(0, from.row + step[0] * by));
    const col = Math.min(width - 1, Math.max(0, from.col + step[1] * by));
    const { view, bounds, screen, frame } = this.viewer;
    this.viewer.moveTo(bringIntoView(view, bounds, screen, frame, row, col));
    this.point({ row, col });
    return true;
  }

  /** What one pixel is: three ways to write the same numbers. */
  readout() {
    if (!this.planes) return;
    const { width, height, white, channels } = this.planes;
    const { view, bounds, screen } = this.viewer;
    const cell = this.cell ?? centreOf(windowOf(view, bounds, screen), width, height);
    const pixel = pixelAt(this.planes, cell.row, cell.col);
    say(this.find(".where"), fillText(this.texts.where, cell));
    this.find(".swatch").style.background = hexOf(pixel, white);
    const names = channels === 3 ? ["R", "G", "B"] : [this.texts.grey];
    const unit = pixelTexts(pixel, white, "unit");
    const rows = pixel.map((value, c) => make("tr", {}, make("th", { scope: "row" }, names[c]), make("td", {}, String(value)), make("td", {}, unit[c])));
    rows.push(make("tr", {}, make("th", { scope: "row" }, "hex"), make("td", { colSpan: 2 }, hexOf(pixel, white))));
    this.find(".readout tbody").replaceChildren(...rows);
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => this.speak(cell, pixel), 400);
  }

  /** At rest: the sentence, and the numbers nearby as a table. */
  speak(cell, pixel) {
    const { texts } = this;
    say(this.find(".said"), fillText(texts.said, { ...cell, values: pixel.join(", "), hex: hexOf(pixel, this.planes.white) }));
    const s = this.seen();
    const cols = Array.from({ length: Math.min(16, s.cols) }, (_, i) => s.col + i).filter((c) => c < this.planes.width);
    const rows = Array.from({ length: Math.min(12, s.rows) }, (_, i) => s.row + i).filter((r) => r < this.planes.height);
    const text = (row, col) => pixelTexts(pixelAt(this.planes, row, col), this.planes.white, this.scene.write).join(" ");
    fillTable(this.find(".near"), texts.near, ["", ...cols.map(String)], rows.map((r) => [String(r), ...cols.map((c) => text(r, c))]));
  }
}

export default (/** @type {any} */ part) => mountView(NumbersView, part, 50);
