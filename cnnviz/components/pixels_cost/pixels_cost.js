import { houseColours } from "../shared/colours.js";
import { fillText, groupedText, numberText } from "../shared/numbers.js";
import { Viewer } from "../shared/viewer.js";
import { curvePoints, sharpPen } from "../pixels/charts.js";
import { convolution, fullyConnected, logShare, nextPower } from "../pixels/cost.js";
import { choices, fillTable, make, say, slider } from "../shared/dom.js";
import { mountView, PartView } from "../shared/part_view.js";
import { planeRgba, planesOf } from "../shared/planes.js";
import { showSigned } from "../pixels/signed.js";

const TOP = 9; // room above the curve's 1

class CostView extends PartView {
  constructor(parent) {
    super(parent);
    this.viewers = this.all("figure canvas").map((canvas) => {
      const viewer = new Viewer(canvas, { view: (view) => this.viewers.forEach((other) => other !== viewer && other.look(view)) });
      return viewer;
    });
    this.watch = new ResizeObserver(() => this.header && this.curve());
    this.watch.observe(this.find(".plot"));
  }

  show() {
    this.bars();
    this.maps();
    this.curve();
    this.findings();
  }

  /** The bars follow at once; the maps are the server's. */
  set(changes) {
    this.tellSoon(changes);
    this.bars();
  }

  leave() {
    super.leave();
    this.watch.disconnect();
    this.viewers.forEach((viewer) => viewer.destroy());
  }

  /** Channels, height and width of what is counted for. */
  get size() {
    const [channels, height, width] = this.header.inputs[this.local.fields.known];
    return { channels, height, width };
  }

  /** The three layers, each with its formula in numbers and a bar on one logarithmic scale. */
  layers() {
    const { channels, height, width } = this.size;
    const { filters, ksize, units } = this.local.fields;
    const conv = convolution(channels, height, width, filters, ksize);
    const dense = fullyConnected(conv.inputs, units);
    const same = fullyConnected(conv.inputs, conv.outputs);
    const g = groupedText;
    return [
      { kind: "conv", name: fillText(this.texts.conv_name, { filters, ksize }), cost: conv, sum: `${filters}·${channels}·${ksize}·${ksize} + ${filters}` },
      { kind: "dense", name: fillText(this.texts.dense_name, { units }), cost: dense, sum: `${g(conv.inputs)}·${units} + ${units}` },
      { kind: "same", name: fillText(this.texts.same_name, { outputs: g(conv.outputs) }), cost: same, sum: `${g(conv.inputs)}·${g(conv.outputs)} + ${g(conv.outputs)}` },
    ];
  }

  bars() {
    const { texts } = this;
    const { channels, height, width } = this.size;
    const layers = this.layers();
    const most = nextPower(Math.max(...layers.map((layer) => layer.cost.parameters)));
    say(this.find(".costs-title"), fillText(texts.costs_title, { channels, height, width, inputs: groupedText(channels * height * width) }));
    const box = this.find(".bars");
    if (!box.firstChild) {
      box.append(...layers.map(() => make("div", { className: "bar" }, make("div", { className: "words" }, make("span", {}), make("b", {})), make("div", { className: "track" }, make("div", {})), make("div", { className: "sum mono" }))));
      box.append(make("div", { className: "scale" }, make("span", {}, "1"), make("span", {}), make("span", {})));
    }
    layers.forEach((layer, i) => {
      const bar = /** @type {HTMLElement} */ (box.children[i]);
      bar.className = `bar ${layer.kind}`;
      say(bar.querySelector("span"), layer.name);
      say(bar.querySelector("b"), groupedText(layer.cost.parameters));
      bar.querySelector(".track div").style.width = `${100 * logShare(layer.cost.parameters, most)}%`;
      say(bar.querySelector(".sum"), layer.sum);
    });
    const [, middle, end] = /** @type {any[]} */ ([...box.lastChild.children]);
    say(middle, texts.log_scale);
    say(end, groupedText(most));
    box.setAttribute("aria-label", layers.map((layer) => `${layer.name}: ${layer.cost.parameters}`).join("; "));
    const times = Math.round(layers[2].cost.parameters / layers[0].cost.parameters);
    say(this.find(".ratio"), fillText(texts.ratio, { times: groupedText(times) }));
    const { known } = this.local.fields;
    choices(this.find(".inputs"), Object.keys(this.header.inputs).map((name) => [name, texts[`input_${name}`]]), known, (name) => this.set({ known: name }));
    say(this.find(".note"), texts[`note_${known}`]);
    this.sliders();
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => {
      const rows = layers.map((layer) => [layer.name, layer.sum, String(layer.cost.parameters)]);
      fillTable(this.find(".numbers"), texts.costs_table, ["", texts.formula, texts.parameters], rows);
      say(this.find(".said"), layers.map((layer) => `${layer.name}: ${layer.cost.parameters}`).join("; "));
    }, 500);
  }

  sliders() {
    const { filters, ksize, units } = this.local.fields;
    const one = (name, value, min, max) =>
      slider(this.find(`label.${name}`), { name: this.texts[name], min, max, step: 1, value, text: String(value) }, (v) => this.set({ [name]: v }));
    one("filters", filters, 1, 128);
    one("ksize", ksize, 1, 11);
    one("units", units, 1, 1000);
  }

  /** The picture and its map, above; the shuffled picture and its map, below. */
  maps() {
    const { texts, header, arrays, dark } = this;
    const names = [texts.plain, texts.plain_map, texts.shuffled, texts.shuffled_map];
    this.all("figcaption").forEach((caption, i) => say(caption, names[i]));
    ["picture", "picture_map", "shuffled", "shuffled_map"].forEach((name, i) => {
      const canvas = this.viewers[i].canvas;
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", names[i]);
      if (name.endsWith("_map")) return showSigned(this.viewers[i], arrays[name], header.limit, dark);
      const planes = planesOf(arrays[name]);
      return this.viewers[i].show({ width: planes.width, height: planes.height, rgba: planeRgba(planes) }, dark);
    });
    say(this.find(".shuffle-title"), fillText(texts.shuffle_title, { height: header.small[0], width: header.small[1] }));
    choices(this.find(".again"), [["again", texts.again]], "", () => {
      const seed = (this.local.fields.seed + 1) % 1000;
      this.set({ seed });
    });
  }

  /** How alike pixels are that lie so many columns apart, before and after the shuffle. */
  curve() {
    const { pen, width, height } = sharpPen(this.find(".plot canvas"));
    const house = houseColours(this.dark);
    const low = -0.25;
    const size = parseFloat(getComputedStyle(this.find(".plot canvas")).fontSize);
    const [left, bottom] = [2.7 * size, 1.5 * size];
    pen.font = `${size}px ui-sans-serif, system-ui, sans-serif`;
    pen.fillStyle = house.soft;
    pen.strokeStyle = house.line;
    pen.textBaseline = "middle";
    pen.textAlign = "right";
    const y = (value) => TOP + (height - bottom - TOP) * (1 - (value - low) / (1 - low));
    for (const value of [0, 0.5, 1]) {
      pen.beginPath();
      pen.moveTo(left, y(value));
      pen.lineTo(width, y(value));
      pen.stroke();
      pen.fillText(String(value), left - 5, y(value));
    }
    const { distances, plain, shuffled } = this.header;
    pen.textAlign = "center";
    distances.forEach((d, i) => {
      if (d % 8 === 0) pen.fillText(String(d), left + (i / Math.max(1, distances.length - 1)) * (width - left - 8), height - 6);
    });
    const draw = (values, ink, dash) => {
      pen.strokeStyle = ink;
      pen.lineWidth = 2;
      pen.setLineDash(dash);
      pen.beginPath();
      let open = false;
      for (const point of curvePoints(values, low, width - left - 8, height - bottom - TOP)) {
        if (point) pen[open ? "lineTo" : "moveTo"](left + point[0], TOP + point[1]);
        open = point !== null;
      }
      pen.stroke();
      pen.setLineDash([]);
    };
    draw(plain, house.input, []);
    draw(shuffled, house.kernel, [5, 4]);
    pen.lineWidth = 1;
    say(this.find(".curve-title"), this.texts.curve_title);
    say(this.find(".legend"), this.texts.legend);
  }

  findings() {
    const { texts, header } = this;
    const value = (v) => (v === null ? "–" : numberText(v, 2));
    const lines = [
      fillText(texts.found_dense, { outputs: header.outputs, difference: numberText(header.difference, 2) }),
      fillText(texts.found_conv, { before: value(header.plain[1] ?? null), after: value(header.shuffled[1] ?? null) }),
    ];
    this.find(".findings").replaceChildren(...lines.map((line) => make("p", {}, line)));
  }
}

export default (/** @type {any} */ part) => mountView(CostView, part, 100);
