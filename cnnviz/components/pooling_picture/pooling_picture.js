import { choices, fillTable, mark, say, slider } from "../shared/dom.js";
import { sameValue } from "../shared/local.js";
import { fillText, groupedText, numberText } from "../shared/numbers.js";
import { mountView, PartView } from "../shared/part_view.js";
import { Viewer } from "../shared/viewer.js";
import { isPossible, planOf, spanOfWindow } from "../shared/windows.js";
import { poolLayerOf } from "../pool_player/pool_model.js";
import { pooledPlane } from "../pooling/plane_pool.js";
import { showGrey, summaryOf, whiteOf } from "../pooling/planes.js";

const SETTINGS_OF = { "kernel-size": "kernel", stride: "stride", padding: "padding", dilation: "dilation", out: "out" };

/** Both axes of a setting at once; a stride that is tied follows the kernel. */
export function bothAxes(/** @type {Object<string, any>} */ scene, name, value) {
  const values = scene[name].map(() => value);
  if (name === "kernel" && scene.tied) return { kernel: values, stride: values, padding: scene.padding.map((p) => Math.min(p, value >> 1)) };
  if (name === "kernel") return { kernel: values, padding: scene.padding.map((p) => Math.min(p, value >> 1)) };
  return name === "stride" ? { stride: values, tied: String(values) === String(scene.kernel) } : { [name]: values };
}

class PictureView extends PartView {
  constructor(parent) {
    super(parent);
    const canvases = [...parent.querySelectorAll("figure canvas")];
    this.viewers = canvases.map((canvas, i) => new Viewer(canvas, {
      view: (view) => this.viewers.forEach((other, j) => j !== i && other.look(view)),
      hover: (cell) => this.point(i, cell), pick: (cell) => this.point(i, cell),
    }));
  }

  show() {
    this.controls();
    this.work();
  }

  /** Only what can be computed is sent. */
  set(changes) {
    if (isPossible(this.layer({ ...this.local.fields, ...changes }))) super.set(changes);
  }

  layer(scene) {
    return poolLayerOf({ ...scene, size: this.arrays.picture.shape });
  }

  /** The server's map where it is of what the reader sees; else the browser's own, until the hand rests. */
  work() {
    const { picture, output } = this.arrays;
    const layer = this.layer(this.local.fields);
    if (sameValue(layer, this.layer(this.header.scene))) return this.draw(picture, output);
    const plan = planOf(layer);
    return this.draw(picture, { data: pooledPlane(plan, picture.data), shape: plan.shape });
  }

  controls() {
    const { texts, header } = this;
    const scene = this.local.fields;
    this.find(".knobs").hidden = header.hide.includes("controls");
    choices(this.find(".kinds"), header.kinds.map((kind) => [kind, texts[`kind_${kind}`]]), scene.kind, (kind) => this.set({ kind }));
    mark(this.find(".kinds"), "aria-label", texts.kind);
    choices(this.find(".ways"), ["sliding", "adaptive", "global"].map((way) => [way, texts[`way_${way}`]]), scene.windows, (windows) => this.set({ windows }));
    mark(this.find(".ways"), "aria-label", texts.windows);
    for (const [name, setting] of Object.entries(SETTINGS_OF)) {
      const box = this.find(`label.${name}`);
      box.hidden = name === "out" ? scene.windows !== "adaptive" : scene.windows !== "sliding";
      const [min, max] = [name === "padding" ? 0 : 1, name === "padding" ? scene.kernel[0] >> 1 : header.limits[setting]];
      slider(box, { name: texts[setting], min, max, step: 1, value: scene[setting][0], text: String(scene[setting][0]) }, (value) => this.set(bothAxes(scene, setting, value)));
    }
    this.number("norm", scene.kind === "lp", 1, 16);
    this.number("draw", scene.kind === "stochastic" && !scene.expected, 0, 99);
    this.number("k", scene.kind === "k_max", 1, header.limits.k);
    for (const [name, shown] of [["ceil", true], ["counted", scene.kind === "avg"]]) {
      const box = this.find(`.${name}`);
      box.hidden = !shown || scene.windows !== "sliding";
      say(box.querySelector("span"), texts[name]);
      const input = box.querySelector("input");
      input.checked = scene[name];
      input.onchange = () => this.set({ [name]: input.checked });
    }
    say(this.find(".note"), texts[`note_${scene.kind}`]);
  }

  number(name, shown, min, max) {
    const value = this.local.fields[name];
    const box = this.find(`label.${name}`);
    box.hidden = !shown;
    slider(box, { name: this.texts[name], min, max, step: 1, value, text: numberText(value) }, (v) => this.set({ [name]: v }));
  }

  draw(picture, output) {
    const { dark, texts } = this;
    const white = whiteOf(picture.data, output.data);
    const [height, width] = picture.shape;
    const [rows, columns] = output.shape;
    const bounds = { left: 0, top: 0, right: width, bottom: height };
    showGrey(this.viewers[0], picture, white, dark, { bounds });
    showGrey(this.viewers[1], output, white, dark, { bounds, frame: { left: 0, top: 0, pitchX: width / columns, pitchY: height / rows } });
    const [inside, outside] = [fillText(texts.before, { rows: height, columns: width }), fillText(texts.after, { rows, columns })];
    const captions = this.viewers.map((viewer) => viewer.canvas.parentElement.querySelector("figcaption"));
    [inside, outside].forEach((text, i) => { say(captions[i], text); mark(this.viewers[i].canvas, "aria-label", text); });
    const [one, two] = [summaryOf(picture.data), summaryOf(output.data)];
    const values = {
      kept: numberText((100 * rows * columns) / (height * width), 3), mean_in: numberText(one.mean, 4), mean_out: numberText(two.mean, 4),
      low_in: numberText(one.low), high_in: numberText(one.high), low_out: numberText(two.low), high_out: numberText(two.high), white: numberText(white),
    };
    this.sentence = fillText(texts.facts, values);
    say(this.find(".measured"), this.sentence);
    say(this.find(".claim"), fillText(texts.claim, { before: groupedText(10 * height * width), after: groupedText(10 * rows * columns) }));
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => {
      say(this.find(".said"), this.sentence);
      const line = (name, s) => [name, numberText(s.low, 4), numberText(s.mean, 4), numberText(s.high, 4)];
      fillTable(this.find(".numbers"), texts.table, ["", texts.low, texts.mean, texts.high], [line(inside, one), line(outside, two)]);
    }, 500);
  }

  /** Point at an output: its window on the picture. Point at the picture: nothing but the number, which the zoom shows. */
  point(which, cell) {
    if (which !== 1 || !this.arrays) return;
    const layer = this.layer(this.local.fields);
    if (!cell) return this.viewers.forEach((viewer) => viewer.mark([]));
    const [y, x] = layer.axes.map((axis, i) => spanOfWindow(axis, layer.size[i], [cell.row, cell.col][i]));
    const block = { row: y.start, col: x.start, rows: (y.taps - 1) * y.apart + 1, cols: (x.taps - 1) * x.apart + 1 };
    this.viewers[0].mark([{ ...block, role: "kernel" }]);
    return this.viewers[1].mark([{ ...cell, role: "output", style: "double" }]);
  }

  leave() {
    super.leave();
    for (const viewer of this.viewers) viewer.destroy();
  }
}

export default (part) => mountView(PictureView, part);
