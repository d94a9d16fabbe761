// One step player on the page: holds the scene, works it out, and paints at most once a frame.

import { NumberGrid } from "../shared/grid.js";
import { forward, planOf } from "../shared/windows.js";
import { isUniform } from "./controls.js";
import { setAttribute, setHidden, setText } from "./dom.js";
import { faceParts, windowColour, writeSentence, writeSettings, writeStep, writeTables, writeTexts } from "./face.js";
import { wire } from "./hands.js";
import { inputOf } from "./model.js";
import { measureRoom } from "./room.js";
import { connections, inputContent, marksOf, outputContent, pinFocus, pinText, spanOf } from "./stage.js";
import { tellLast, tellLater } from "./talk.js";

const LISTEN_MS = 450; // so long after the last change those who listen are told
const GLIDE_MS = 150;

const SETTINGS = 2;
const STEP = 1;
const MOTION = 0;

export class StepPlayer {
  constructor(/** @type {HTMLElement} */ root, /** @type {import("./convolution.js").Operation} */ op) {
    this.root = root;
    this.op = op;
    this.parts = faceParts(root);
    this.scene = null;
    this.mark = 0;
    this.unsent = false;
    this.askedAt = -Infinity;
    this.torch = null;
    this.grey = null;
    this.hover = null;
    this.pin = null;
    this.tap = -1;
    this.open = false;
    this.painting = false;
    this.touched = "start";
    this.word = "";
    this.linked = {};
    this.dirty = -1;
    this.frame = 0;
    this.glide = null;
    this.lastStep = 0;
    this.dark = false;
    this.grids = {
      input: new NumberGrid(root.querySelector(".input-box canvas"), { largest: 66, near: 30, least: 9.5, easy: 12 }),
      output: new NumberGrid(root.querySelector(".output-box canvas"), { largest: 66, near: 30, least: 9.5, easy: 12 }),
    };
    wire(this);
    this.watch = new ResizeObserver(() => measureRoom(this));
    for (const part of [root, this.parts.inputBox, this.parts.outputBox, root.querySelector(".sentinel")]) this.watch.observe(part);
  }

  /** Texts, limits and theme; called again whenever they change. */
  furnish(header, dark, tell) {
    this.header = header;
    this.texts = header.texts;
    this.dark = dark;
    this.tell = tell;
    this.motion = !matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.root.classList.toggle("is-presenting", header.present);
    writeTexts(this);
    setText(this.parts.notice.querySelector("button"), this.texts.close);
    measureRoom(this);
    if (!this.scene) return;
    this.ask(SETTINGS);
    this.later();
  }

  /** The scene Python has becomes ours. */
  adopt(scene) {
    this.scene = this.op.adopted(scene);
    this.link(this.scene);
    this.torch = null;
    this.work();
    this.pin = pinFocus(scene.pin, this.worked);
    setHidden(this.root, false);
    measureRoom(this);
    this.ask(SETTINGS);
    this.later();
  }

  /** Settings whose values agree are turned together. */
  link(scene) {
    for (const name of this.op.knobs) this.linked[name] = isUniform(this.op.model.valuesOf(scene, name));
  }

  /** The reader changed a setting: a new scene, worked out and painted with the next frame. */
  change(next, touched) {
    if (next === this.scene) return;
    const wasLast = this.worked && this.scene.step > 0 && this.scene.step === this.worked.output.length - 1;
    // A held cell of the input would be another one after the padding changed.
    if (this.pin?.kind === "x" && String(next.padding) !== String(this.scene.padding)) this.pin = null;
    this.scene = next;
    if (touched) this.touched = touched;
    this.torch = null;
    this.glide = null;
    this.say("");
    this.ask(SETTINGS);
    this.stayLast = this.stayLast || wasLast;
    tellLater(this);
  }

  /** Go to a step. */
  go(step, { playing }) {
    const before = this.scene.step;
    this.scene = { ...this.scene, step };
    this.pin = null;
    this.hover = null;
    this.tap = -1;
    const now = performance.now();
    // Steps that follow each other fast do not glide: the next one must find the page at rest.
    if (this.motion && before !== step && now - this.lastStep > GLIDE_MS * 2) this.glide = { from: before, start: now };
    else this.glide = null;
    this.lastStep = now;
    this.ask(STEP);
    if (!playing) tellLater(this);
  }

  /** Hold what is looked at, or let go. */
  hold(focus) {
    const same = focus && this.pin && pinText(this.pin) === pinText(focus);
    this.pin = same ? null : focus;
    if (this.pin?.kind === "y") this.scene = { ...this.scene, step: this.pin.row * this.worked.plan.shape[1] + this.pin.column };
    this.tap = -1;
    this.ask(STEP);
    tellLater(this);
  }

  look(focus) {
    this.hover = focus;
    this.tap = -1;
    this.ask(STEP);
  }

  get focus() {
    return this.pin ?? this.hover ?? this.current;
  }

  get current() {
    const columns = this.worked.plan.shape[1];
    return { kind: "y", row: Math.floor(this.scene.step / columns), column: this.scene.step % columns };
  }

  isHeld(element) {
    return this.root.getRootNode().activeElement === element;
  }

  ask(level) {
    this.dirty = Math.max(this.dirty, level);
    if (!this.frame) this.frame = requestAnimationFrame(() => this.paint());
  }

  /** The layer with its numbers, and what the grids show of it; a grid whose numbers stay is not painted again. */
  work() {
    const { scene, op } = this;
    const layer = op.model.layerOf(scene);
    const fill = layer.fill;
    const key = JSON.stringify([layer, scene.source, scene.seed, scene.picture, scene.piece, scene.every, scene.unit]);
    const isSame = this.worked && key === this.inputKey && this.inputCells === scene.cells && this.inputGrey === this.grey;
    Object.assign(this, { inputKey: key, inputCells: scene.cells, inputGrey: this.grey });
    const plan = isSame ? this.worked.plan : planOf(layer);
    const input = isSame ? this.worked.input : inputOf(scene, this.grey);
    const [weights, bias] = [op.weightsOf(scene), op.biasOf(scene)];
    const output = forward(plan, input, weights, bias);
    const last = output.length - 1;
    if (this.stayLast || scene.step > last) this.scene = { ...scene, step: last };
    this.stayLast = false;
    const limits = op.limits(scene, { plan, input, output });
    const cells = isSame ? this.worked.cells : inputContent({ plan, input, fill }, limits);
    this.worked = { plan, input, weights, bias, output, fill, cells, limits };
    if (!isSame) this.grids.input.show(cells);
    this.grids.output.show(outputContent(this.worked));
  }

  paint() {
    this.frame = 0;
    if (!this.scene) return;
    const level = this.dirty;
    this.dirty = -1;
    if (level >= SETTINGS) {
      this.work();
      this.pin = pinFocus(pinText(this.pin), this.worked);
      writeSettings(this);
      this.op.showMiddle(this);
      if (!this.parts.picker.hidden) this.piecePicker.show(this.scene, this.grey, this.texts, windowColour(this.dark));
    }
    if (level >= STEP) {
      this.found = connections(this.worked, this.focus);
      writeStep(this);
    }
    this.paintGrids();
    if (level >= STEP) this.showNear();
  }

  paintGrids() {
    const { worked, scene, grids } = this;
    const marks = marksOf(worked, this.focus, this.found, this.tap, [this.current.row, this.current.column]);
    this.glided(marks);
    grids.input.marks = marks.input;
    grids.output.marks = marks.output;
    grids.output.shown = scene.reveal ? Infinity : scene.step + 1;
    for (const [name, grid] of Object.entries(grids)) {
      if (grid.baseIsOld) this.op.tint(this, name, grid);
      const span = spanOf(marks[name]);
      if (span && !this.hover && !this.editor.isOpen) grid.follow(...span);
      grid.draw();
    }
    this.op.markMiddle(this, marks.kernel);
  }

  /** While the window glides, its outlines lag behind their cells; numbers are there at once. */
  glided(marks) {
    if (!this.glide) return;
    const span = Math.min(GLIDE_MS, 200 / Number(this.scene.speed));
    const share = (performance.now() - this.glide.start) / span;
    const { plan } = this.worked;
    const { row, column } = this.current;
    const from = [Math.floor(this.glide.from / plan.shape[1]), this.glide.from % plan.shape[1]];
    if (share >= 1 || this.focus !== this.pin && this.hover) {
      this.glide = null;
      return;
    }
    const left = (1 - share) ** 2;
    const begins = ({ position, kernel }, window) => position[window * kernel];
    const away = [begins(plan.columns, from[1]) - begins(plan.columns, column), begins(plan.rows, from[0]) - begins(plan.rows, row)];
    for (const mark of marks.input) mark.shift = away.map((cells) => cells * left);
    for (const mark of marks.output) mark.shift = [(from[1] - column) * left, (from[0] - row) * left];
    this.ask(MOTION);
  }

  showNear() {
    for (const name of ["input", "output"]) {
      const grid = this.grids[name];
      const button = this.parts[`${name}Near`];
      setHidden(button, !grid.isTiny);
      setText(button, grid.near ? this.texts.whole : this.texts.near);
      setAttribute(button, "aria-pressed", String(grid.near));
    }
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.scene || !this.root.isConnected) return false;
    return this.hands.key(event);
  }

  /** Once it is quiet: the sentence for those who listen, and the tables where numbers or the step have changed. */
  later() {
    clearTimeout(this.listenTimer);
    this.listenTimer = setTimeout(() => {
      if (this.transport.playing || !this.found) return;
      writeSentence(this);
      const shown = this.scene.reveal ? -1 : this.scene.step;
      if (this.tabled !== this.worked || this.tabledTo !== shown || this.tabledIn !== this.texts) writeTables(this);
      Object.assign(this, { tabled: this.worked, tabledTo: shown, tabledIn: this.texts });
    }, LISTEN_MS);
  }

  /** One sentence above the player, until something is changed. */
  say(notice) {
    setHidden(this.parts.notice, !notice);
    setText(this.parts.notice.querySelector("span"), notice);
  }

  leave() {
    tellLast(this);
    this.watch.disconnect();
    cancelAnimationFrame(this.frame);
    clearTimeout(this.restTimer);
    clearTimeout(this.listenTimer);
    this.transport.playing = false;
    this.op.leave(this);
  }
}

