// Learning the lab's kernel from the picture and its map: the server records a run (nets/kernel_descent.py), the reader
// plays or scrubs it. Nothing moves before it is asked for.

import { houseColours, mapPalette } from "../shared/colours.js";
import { fillText, numberText } from "../shared/numbers.js";
import { Transport } from "../shared/transport.js";
import { chip, choice, icon, iconButton, node, setText } from "./lab_dom.js";
import { paintLoss, paintSigned, validMap } from "./lab_descent_paint.js";
import { gridOf } from "./lab_state.js";

/** @typedef {import("./kernel_lab.js").Lab} Lab */

const PLAY_SPEED = "8"; // about 16 recorded steps a second: a run lasts six seconds

/** The sentence for a frame; for the last one, what became of it. */
export function descentSentence(/** @type {any} */ run, /** @type {number} */ frame, /** @type {Object<string, string>} */ texts) {
  if (frame < run.steps.length - 1) return fillText(texts.descent_now, { step: run.steps[frame], loss: numberText(run.losses[frame]), distance: numberText(run.distances[frame]) });
  const how = { seen: run.seen, count: run.count, condition: numberText(Number(run.condition.toPrecision(2))) };
  return fillText(texts[`descent_${run.verdict}`], how);
}

export class DescentPane {
  constructor(/** @type {Lab} */ lab) {
    this.lab = lab;
    this.el = node("div", { class: "descentpane" });
    this.run = null;
    this.frame = 0;
    this.seed = 0;
    this.optimiser = "adam";
    this.transport = new Transport({
      count: () => this.run?.steps.length ?? 1, step: () => this.frame, speed: () => PLAY_SPEED, setSpeed: () => {},
      go: (frame) => this.go(frame), rest: () => this.say(),
    });
  }

  name() {
    const { texts } = this.lab;
    this.learn = chip(texts.descent_learn, () => this.ask(0), texts.descent_learn_title);
    this.again = chip(texts.descent_again, () => this.ask(this.seed + 1), texts.descent_again_title);
    this.use = chip(texts.descent_take, () => this.takeIt(), texts.descent_take_title);
    this.how = choice(texts.descent_optimiser, [["adam", texts.descent_adam], ["plain", texts.descent_plain]], (value) => { this.optimiser = value; if (this.run) this.ask(this.seed); }, texts.descent_optimiser_title);
    const order = (what) => () => this.transport.order(what);
    this.first = iconButton("first", texts.descent_first, order("first"));
    this.play = iconButton("play", texts.descent_play, order("play"));
    this.step = iconButton("step", texts.descent_step, order("step"));
    this.scrub = node("input", { type: "range", min: "0", max: "0", step: "1", value: "0", "aria-label": texts.descent_scrub, oninput: () => this.transport.to(Number(this.scrub.value)) });
    this.scrub.onkeydown = (event) => { if (event.key === " ") { event.preventDefault(); this.transport.toggle(); } };
    this.count = node("output", { class: "count" });
    this.canvases = ["true", "learned", "target", "map", "loss"].map((id) => node("canvas", { role: "img", data: { id } }));
    this.line = node("p", { class: "line intro", text: texts.descent_intro });
    this.figures = node("div", { class: "figures", hidden: true }, ...this.canvases.map((canvas) => node("figure", { class: canvas.dataset.id }, canvas, node("figcaption", { text: texts[`descent_${canvas.dataset.id}`] }))));
    this.bar = node("div", { class: "player", hidden: true }, this.first, this.play, this.step, this.scrub, this.count);
    this.said = node("p", { class: "line said", role: "status" });
    this.buttons = node("div", { class: "chips small" }, this.learn, this.again, this.use, this.how.el);
    this.el.replaceChildren(this.line, this.bar, this.figures, this.said);
    this.show();
  }

  ask(seed) {
    this.transport.pause();
    this.seed = seed;
    setText(this.said, this.lab.texts.descent_waits);
    this.waits = true;
    this.asked = this.about();
    this.lab.change({}, { extra: { learn: { optimiser: this.optimiser, seed } } });
  }

  /** What a run is about: another kernel or picture needs another run. */
  about() {
    const { lab } = this;
    return JSON.stringify([lab.weightRows(), lab.divisor, lab.scene.flip, lab.picture?.digest]);
  }

  /** The page's answer; the same run again (the page ran for other reasons) changes nothing. */
  take({ header, arrays }) {
    const { descent } = header;
    if (!descent || !this.lab.texts || (this.run?.key === descent.key && !this.waits)) return;
    this.waits = false;
    if (descent.fault) {
      this.run = null;
      this.show();
      setText(this.said, descent.fault);
      return;
    }
    const side = arrays.true.shape[0];
    const kernelOf = (i) => arrays.learned.data.subarray(i * side * side, (i + 1) * side * side);
    const target = validMap(arrays.plane, arrays.true.data, side);
    this.run = { ...descent, side, kernelOf, target, plane: arrays.plane, true: arrays.true.data, steps: arrays.steps.data, losses: arrays.losses.data, distances: arrays.distances.data, about: this.asked ?? this.about() };
    this.asked = null;
    [this.seed, this.optimiser, this.frame] = [descent.seed, descent.optimiser, 0];
    this.show();
  }

  /** The pane is looked at anew: a kernel changed since is named, its run is kept. */
  refresh() {
    const { run, lab } = this;
    this.how.show(this.optimiser);
    const stale = !run || run.about !== this.about();
    this.learn.hidden = !stale; // the lab's kernel or picture is not the one of the run
    this.again.hidden = stale;
    if (run) this.draw();
  }

  show() {
    const { run } = this;
    for (const el of [this.bar, this.figures, this.use]) el.hidden = !run;
    this.line.hidden = Boolean(run);
    if (run) {
      this.scrub.max = String(run.steps.length - 1);
      this.palette = mapPalette("signed", this.lab.dark);
      this.go(this.frame);
      this.say();
    }
    this.refresh();
  }

  go(frame) {
    this.frame = frame;
    this.draw();
  }

  say() {
    if (!this.run) return;
    setText(this.said, descentSentence(this.run, this.frame, this.lab.texts));
    const cells = Array.from(this.run.kernelOf(this.frame), (v) => numberText(v, 2)).join(" ");
    this.canvases[1].setAttribute("aria-label", `${this.lab.texts.descent_learned}: ${cells}`);
  }

  draw() {
    const { run, frame, palette, lab } = this;
    if (!run || !palette) return;
    const { texts } = lab;
    const [trueOne, learned, target, map, loss] = this.canvases;
    const largest = (numbers) => numbers.reduce((top, v) => Math.max(top, Math.abs(v)), 0);
    const [kernelTop, mapTop] = [largest(run.true), largest(run.target.data)];
    const now = run.kernelOf(frame);
    const made = validMap(run.plane, now, run.side);
    const square = { width: run.side, height: run.side };
    paintSigned(trueOne, { ...square, data: run.true }, kernelTop, palette);
    paintSigned(learned, { ...square, data: now }, kernelTop, palette);
    paintSigned(target, run.target, mapTop, palette);
    paintSigned(map, made, mapTop, palette);
    paintLoss(loss, run.losses, frame, houseColours(lab.dark));
    for (const canvas of this.canvases) if (canvas !== learned) canvas.setAttribute("aria-label", texts[`descent_${canvas.dataset.id}`]);
    loss.title = texts.descent_figures_title;
    setText(loss.nextSibling, fillText(texts.descent_figures, { loss: numberText(run.losses[frame], 2), distance: numberText(run.distances[frame]) }));
    this.scrub.value = String(frame);
    const words = fillText(texts.descent_count, { step: run.steps[frame], steps: run.steps[run.steps.length - 1] });
    setText(this.count, words);
    this.scrub.setAttribute("aria-valuetext", words);
    const { playing } = this.transport;
    if (this.play.dataset.playing !== String(playing)) {
      this.play.dataset.playing = String(playing);
      this.play.replaceChildren(icon(playing ? "pause" : "play"));
      this.play.title = playing ? texts.descent_pause : texts.descent_play;
      this.play.setAttribute("aria-label", this.play.title);
    }
  }

  /** The kernel as it is at this step, into the grid. */
  takeIt() {
    const { run, frame } = this;
    const cells = Array.from(run.kernelOf(frame), (v) => Number(v.toPrecision(7)));
    const rows = Array.from({ length: run.side }, (_, r) => cells.slice(r * run.side, (r + 1) * run.side));
    this.transport.pause();
    this.lab.takeWeights(gridOf(rows));
  }
}
