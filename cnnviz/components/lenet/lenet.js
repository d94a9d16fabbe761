import { subscribe, unsubscribe } from "../shared/channel.js";
import { houseColours } from "../shared/colours.js";
import { declareKeys } from "../shared/keys.js";
import { fillText, fixedText, numberText } from "../shared/numbers.js";
import { unpack } from "../shared/payload.js";
import { applyTheme } from "../shared/theme.js";
import { choices, make, say, slider } from "../shared/dom.js";
import { ComparePane } from "./comparepane.js";
import { ExcitePane } from "./excitepane.js";
import { InputPane } from "./inputpane.js";
import { NetPane } from "./netpane.js";
import { pictureSheet } from "./netpaint.js";
import { Pad } from "./pad.js";
import { Sources } from "./sources.js";
import { SurgeryBar, editedKernel, mapsEdited, mapsOff, toggledMap } from "./surgery.js";
import { LenetSync } from "./sync.js";
import { TestedPane } from "./testedpane.js";
import { UnitPanel } from "./unitpanel.js";
import { VectorPane } from "./vectorpane.js";
import { WhyPane } from "./whypane.js";

const PANES = {
  network: NetPane, input: InputPane, why: WhyPane, excite: ExcitePane, vector: VectorPane, tested: TestedPane, compare: ComparePane,
};

/** @type {WeakMap<object, Lenet>} */
const LENETS = new WeakMap();

/** The page: a sheet to draw on, the view that is chosen, the probabilities. What it says to the server is in sync.js. */
export class Lenet extends LenetSync {
  constructor(/** @type {any} */ root) {
    super();
    this.root = root;
    this.owner = this.find(".view");
    this.pad = new Pad(this.find(".pad"), (ink, full) => this.drew(ink, full));
    this.find(".pad").onkeydown = (event) => this.padKey(event);
    declareKeys(this.find(".pad"), "pad", "pad_clear", "undo");
    this.unitPanel = new UnitPanel(this, this.find(".panel.unit"));
    this.panes = {};
    this.surgery = new SurgeryBar(this);
    this.find(".top").append(this.surgery.el);
    this.owner.onpointerdown = (event) => this.surgery.outside(event);
    this.sources = new Sources(this);
    this.find(".left").prepend(this.sources.kinds);
    this.find(".sees").after(this.sources.box);
  }

  /** @returns {any} */
  find(selector) {
    return this.root.querySelector(selector);
  }

  destroy() {
    unsubscribe(document, "lenet", this);
    this.stop();
    this.pad.destroy();
    Object.values(this.panes).forEach((pane) => pane.destroy?.());
  }

  /** Called at mount, and again for another language or theme. */
  mounted(header, dark) {
    Object.assign(this, { dark, lang: header.lang, texts: header.texts, fixed: header });
    this.owner.classList.toggle("present", header.present);
    if (this.scene) this.show(true);
    subscribe(document, "lenet", this, (live) => this.receivePage(live));
    this.answers.open();
  }

  /** An answer came; `current` when it is the reader's last word. */
  answered(current) {
    if (this.texts) this.show(current);
  }

  /** The reader changed something: the controls follow before the server answers. */
  changed() {
    this.controls();
    this.pane?.controls?.();
  }

  text(name, values = {}) {
    return fillText(this.texts[name] ?? name, values);
  }

  /** The colours of the sheet. */
  get inks() {
    const house = houseColours(this.dark);
    return { ink: house.ink, paper: house.background, mark: house.kernel };
  }

  show(current) {
    if (current) this.controls();
    this.showSeen();
    this.showBars();
    if (!current) this.sources.show();
    const Kind = PANES[this.scene.view] ?? NetPane;
    if (!(this.pane instanceof Kind)) {
      this.pane = this.panes[this.scene.view] ??= new Kind(this);
      this.find(".pane").replaceChildren(...this.pane.elements);
    }
    this.pane.show(current);
    this.unitPanel.show();
    this.atRest(() => this.speak(), "speak", 500);
  }

  controls() {
    const { scene, texts, fixed } = this;
    const tabs = this.find(".tabs");
    tabs.hidden = !fixed.tabs;
    tabs.setAttribute("aria-label", texts.views_label);
    choices(tabs, fixed.views.map((view) => [view, texts[`view_${view}`]]), scene.view, (view) => this.change({ view }));
    this.surgery.show();
    this.sources.show();
    this.find(".pad").setAttribute("aria-label", texts.pad_label);
    this.tools(scene.source === "ink");
    this.pad.show(scene.ink, this.inks);
  }

  tools(drawn) {
    const { texts, pad } = this;
    for (const name of [".pad", ".tools", ".thick", ".digits"]) this.find(name).hidden = !drawn;
    this.owner.classList.toggle("picture", !drawn);
    this.owner.classList.toggle("atunit", this.scene.view === "network" && this.scene.level === "unit");
    const acts = [["pen", texts.pen], ["eraser", texts.eraser], ["undo", texts.undo], ["clear", texts.clear]];
    choices(this.find(".tools"), acts, pad.eraser ? "eraser" : "pen", (act) => this.tool(act));
    const [undo, clear] = [...this.find(".tools").children].slice(2);
    undo.removeAttribute("aria-pressed");
    clear.removeAttribute("aria-pressed");
    slider(this.find(".thick"), { name: texts.thickness, min: 8, max: 60, step: 2, value: pad.thickness, text: String(pad.thickness) }, (value) => {
      pad.thickness = value;
      this.controls();
    });
    const digits = this.find(".digits");
    digits.setAttribute("aria-label", texts.digits_label);
    choices(digits, this.fixed.samples.map((ink, i) => [ink, String(i)]), this.scene.ink, (ink) => this.change({ ink, source: "ink" }));
    [...digits.children].forEach((button, i) => button.setAttribute("aria-label", this.text("sample", { digit: i })));
  }

  tool(act) {
    if (act === "undo") this.pad.undo();
    else if (act === "clear") this.pad.clear();
    else this.pad.eraser = act === "eraser";
    this.controls();
  }

  /** The pen moved. */
  drew(ink, full) {
    if (full) say(this.find(".said"), this.texts.full);
    else this.change({ ink, source: "ink" });
  }

  padKey(event) {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    const undo = event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey);
    if (undo) (event.shiftKey ? this.pad.redo() : this.pad.undo());
    else if (way) this.pad.step(way[0] * 8, way[1] * 8, !event.shiftKey);
    else if (event.key === "Delete" || event.key === "Backspace") this.pad.clear();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  showSeen() {
    const { header, arrays, texts, scene } = this;
    const canvas = this.find(".seen");
    pictureSheet(canvas, arrays.seen, arrays.seen.shape[0] === 1 && !this.dark);
    const [, rows, cols] = arrays.seen.shape;
    const colour = scene.net === this.fixed.colour;
    const said = header.test ? this.text("seen_example", { rows, cols })
      : colour ? texts.seen_colour : this.text(header.net.id.includes("fashion") ? "seen_garment" : "seen_digit", { rows, cols });
    say(this.find(".how"), said);
    canvas.setAttribute("aria-label", `${texts.seen_label}. ${said}`);
  }

  showBars() {
    const { header, texts } = this;
    const list = this.find(".bars");
    say(this.find(".answers"), texts.answers);
    const { classes } = header.net;
    list.style.setProperty("--names", classes.some((name) => name.length > 2) ? "4.9rem" : "1.1rem");
    while (list.children.length < classes.length) {
      list.append(make("li", {}, make("span", { className: "name" }), make("span", { className: "track" }, make("span", { className: "fill" })), make("span", { className: "value" })));
    }
    const best = header.probabilities.indexOf(Math.max(...header.probabilities));
    classes.forEach((name, i) => {
      const row = /** @type {any} */ (list.children[i]);
      const share = header.probabilities[i];
      row.classList.toggle("first", i === best);
      say(row.children[0], this.className(name));
      row.children[1].firstChild.style.transform = `scaleX(${share})`;
      say(row.children[2], fixedText(share, 3));
      row.title = `${this.className(name)}: ${exact(share)}, logit ${numberText(header.logits[i], 5)}`;
    });
  }

  /** A class in the reader's language. */
  className(name) {
    return this.texts[`class_${name.replaceAll(/[ -]/g, "_")}`] ?? name;
  }

  /** What one hears when the pen rests. */
  speak() {
    const { header } = this;
    const order = header.probabilities.map((share, i) => [share, i]).sort((a, b) => b[0] - a[0]).slice(0, 2);
    const words = order.map(([share, i]) => `${this.className(header.net.classes[i])} ${fixedText(share, 3)}`);
    say(this.find(".said"), `${this.text("spoken", { first: words[0], second: words[1] })} ${this.unitPanel.sentence()}`);
  }

  /** The address says what is shown. */
  rested() {
    const wanted = location.pathname + (this.query ? `?${this.query}` : "");
    if (wanted !== location.pathname + location.search) history.replaceState(history.state, "", wanted + location.hash);
  }

  /** Look at another unit. */
  look(at) {
    this.change(at);
  }

  /** The maps that are switched off, by layer. */
  get off() {
    return mapsOff(this.scene);
  }

  /** The maps with an edited kernel, by layer. */
  get edited() {
    return mapsEdited(this.scene);
  }

  /** Switch a map off, or on again. */
  toggle(layer, channel) {
    this.operate(toggledMap(this.scene, `${layer}.${channel}`, this.fixed.most));
  }

  /** Put a kernel's numbers in place; none: as learned. Returns whether there was room. */
  editKernel(name, kernel) {
    return this.operate(editedKernel(this.scene, name, kernel, this.fixed.most));
  }

  /** Take one operation back. */
  undo({ kind, layer, channel, name }) {
    if (kind === "off") this.toggle(layer, channel);
    else this.editKernel(name, null);
  }

  operate(fields) {
    if (fields) this.change(fields);
    else say(this.find(".said"), this.text("surgery_full", { most: this.fixed.most }));
    return Boolean(fields);
  }
}

function exact(value) {
  return numberText(value, 6);
}

export default function ({ data, parentElement }) {
  const dark = applyTheme(parentElement);
  if (!LENETS.has(parentElement)) LENETS.set(parentElement, new Lenet(parentElement));
  LENETS.get(parentElement).mounted(unpack(data).header, dark);
  return () => {
    LENETS.get(parentElement)?.destroy();
    LENETS.delete(parentElement);
  };
}
