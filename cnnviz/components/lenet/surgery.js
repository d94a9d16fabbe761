// What was done to the network: pure helpers on the scene's three fields, and the bar in the page's head that lists it,
// says whether the view shows it, and takes it back one by one or all at once.

import { make, say } from "../shared/dom.js";

/** The views that show the network as it was trained, whatever was done to it. */
export const AS_TRAINED = ["tested", "compare"];
const LARGEST_WEIGHT = 100; // what a scene takes: a kernel beyond it would be refused, and all others with it
export const NO_SURGERY = { off: "", edited: "", kernel: [] };

/** Names of a list joined by "_". @returns {string[]} */
export function namesIn(text) {
  return text.split("_").filter(Boolean);
}

/** The maps switched off, by layer. @returns {Object<string, Set<number>>} */
export function mapsOff(scene) {
  const found = {};
  for (const name of namesIn(scene.off)) {
    const [layer, number] = name.split(".");
    (found[layer] ??= new Set()).add(Number(number));
  }
  return found;
}

/** The maps with an edited kernel, by layer, and of each the maps it reads with one. @returns {Object<string, Map<number, Set<number>>>} */
export function mapsEdited(scene) {
  const found = {};
  for (const name of namesIn(scene.edited)) {
    const [layer, filter, map] = name.split(".");
    const filters = (found[layer] ??= new Map());
    if (!filters.has(Number(filter))) filters.set(Number(filter), new Set());
    filters.get(Number(filter)).add(Number(map));
  }
  return found;
}

/** The scene's fields with one more map off, or on again; null where no more can be carried. */
export function toggledMap(scene, name, most) {
  const names = namesIn(scene.off);
  const left = names.filter((one) => one !== name);
  if (left.length === names.length) {
    if (names.length >= most) return null;
    left.push(name);
  }
  return { off: left.join("_") };
}

/** A weight within what a scene takes. */
export function boundWeight(value) {
  return Math.max(-LARGEST_WEIGHT, Math.min(LARGEST_WEIGHT, value));
}

/** The scene's fields with this kernel in place, or (without one) as learned; null where no more can be carried. */
export function editedKernel(scene, name, kernel, most) {
  const names = namesIn(scene.edited);
  const pairs = names.map((one, i) => [one, scene.kernel[i]]);
  const at = names.indexOf(name);
  if (!kernel) pairs.splice(at, at < 0 ? 0 : 1);
  else if (at >= 0) pairs[at] = [name, kernel];
  else if (names.length >= most) return null;
  else pairs.push([name, kernel]);
  return { edited: pairs.map(([one]) => one).join("_"), kernel: pairs.map(([, numbers]) => numbers) };
}

/** What was done, in the order in which it is listed. @returns {{kind: string, name: string, layer: string, channel: number, from?: number}[]} */
export function operations(scene) {
  const off = namesIn(scene.off).map((name) => {
    const [layer, channel] = name.split(".");
    return { kind: "off", name, layer, channel: Number(channel) };
  });
  const edited = namesIn(scene.edited).map((name) => {
    const [layer, channel, from] = name.split(".");
    return { kind: "edited", name, layer, channel: Number(channel), from: Number(from) };
  });
  return [...off, ...edited];
}

export class SurgeryBar {
  constructor(app) {
    this.app = app;
    this.summary = make("summary", { className: "chip" });
    this.says = make("p");
    this.list = make("ul");
    this.all = make("button", { type: "button", className: "chip", onclick: () => app.change(NO_SURGERY) });
    this.el = make("details", { className: "surgery" }, this.summary, make("div", { className: "panel column" }, this.says, this.list, this.all));
    this.el.onkeydown = (event) => {
      if (event.key !== "Escape" || !this.el.open) return;
      this.el.open = false;
      this.summary.focus();
      event.stopPropagation();
    };
  }

  show() {
    const { app } = this;
    const { scene, texts } = app;
    const done = operations(scene);
    const count = (kind) => done.filter((one) => one.kind === kind).length;
    const counts = [["off", count("off")], ["edited", count("edited")]].filter(([, n]) => n).map(([kind, n]) => app.text(`surgery_${kind}${n === 1 ? "_one" : ""}`, { count: n }));
    const trained = AS_TRAINED.includes(scene.view);
    const words = done.length ? counts.join(texts.surgery_and) : texts.surgery_none;
    say(this.summary, done.length ? app.text(trained ? "surgery_not_here" : "surgery_here", { what: words }) : words);
    this.el.classList.toggle("done", done.length > 0 && !trained);
    say(this.says, done.length ? `${app.text(`surgery_in_${scene.view}`)} ${texts.surgery_stays}` : texts.surgery_how);
    say(this.all, texts.heal);
    this.all.hidden = this.list.hidden = !done.length;
    const key = `${app.lang} ${scene.off} ${scene.edited}`;
    if (key === this.key) return;
    this.key = key;
    const held = this.list.contains(this.list.getRootNode().activeElement);
    this.list.replaceChildren(...done.map((one) => this.row(one)));
    if (held) (this.list.querySelector("button") ?? this.summary).focus();
  }

  /** The list closes where one goes on elsewhere. */
  outside(event) {
    if (this.el.open && !event.composedPath().includes(this.el)) this.el.open = false;
  }

  row(one) {
    const { app } = this;
    const words = app.text(`surgery_row_${one.kind}`, { layer: one.layer, map: one.channel, from: one.from });
    const go = make("button", { type: "button", className: "chip", onclick: () => this.go(one) }, words);
    const back = make("button", { type: "button", className: "chip", attrs: { "aria-label": app.text("surgery_back", { what: words }) }, onclick: () => app.undo(one) }, "×");
    return make("li", {}, go, back);
  }

  go(one) {
    this.el.open = false;
    const near = one.kind === "edited" ? { view: "network", level: "layer" } : {};
    this.app.look({ layer: one.layer, channel: one.channel, ...near });
    if (one.kind === "edited") this.app.kernelAt = one.from;
  }
}
