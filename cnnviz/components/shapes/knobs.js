// The sliders of the window: one for each setting, or one for each axis where both are set apart.

import { make, mark, say, slider } from "../shared/dom.js";

/** The highest a slider goes: the page's limits, and for the padding of a pooling half the window. */
export function highest(/** @type {Object<string, any>} */ scene, limits, name, which) {
  if (name === "pad") return scene.op === "conv" ? limits.pad : Math.floor(scene.kernel[which >> 1] / 2);
  return name === "size" && scene.two ? limits.grid : limits[name];
}

/**
 * The scene's fields after one slider moved: alike on both axes unless they are set apart, paddings within their bounds.
 * @param {Object<string, any>} scene
 * @param {string} name size, kernel, stride, dilation or pad
 * @param {number} which 0 rows, 1 columns; for pad 0..3: top, bottom, left, right
 * @param {boolean} alike whether the other side of an axis follows
 */
export function turnedKnob(scene, limits, name, which, value, alike) {
  const next = { [name]: [...scene[name]] };
  const group = name === "pad" && alike ? [which, which ^ 1] : [which];
  const other = name === "pad" ? 2 : 1;
  for (const i of group) {
    next[name][i] = value;
    if (!scene.two) next[name][i ^ other] = value;
  }
  const after = { ...scene, ...next };
  const pad = after.pad.map((p, i) => Math.min(p, highest(after, limits, "pad", i)));
  if (pad.some((p, i) => p !== after.pad[i])) next.pad = pad;
  return next;
}

export class Knobs {
  /**
   * @param {HTMLElement} box
   * @param {(changes: Object<string, any>) => void} change
   */
  constructor(box, change, names = ["size", "kernel", "stride", "pad", "dilation"]) {
    this.box = box;
    this.change = change;
    this.names = names;
    this.alike = null;
    this.rows = Object.fromEntries(names.map((name) => {
      const body = make("div", { className: `knob ${name}` });
      box.append(body);
      return [name, { body, labels: [], key: "" }];
    }));
    this.toggle = make("button", { type: "button", className: "chip small alike" });
  }

  show(scene, limits, texts) {
    this.alike ??= scene.pad[0] === scene.pad[1] && scene.pad[2] === scene.pad[3];
    for (const name of this.names) this.row(name, scene, limits, texts);
    mark(this.toggle, "aria-pressed", String(this.alike));
    say(this.toggle, texts.alike);
    this.toggle.onclick = () => {
      this.alike = !this.alike;
      const pad = scene.pad;
      if (this.alike) this.change(turnedKnob({ ...scene, pad: [pad[0], pad[0], pad[2], pad[2]] }, limits, "pad", 2, pad[2], true));
      else this.show(scene, limits, texts);
    };
  }

  row(name, scene, limits, texts) {
    const row = this.rows[name];
    const places = name === "pad"
      ? (this.alike ? (scene.two ? [0, 2] : [2]) : (scene.two ? [0, 1, 2, 3] : [2, 3]))
      : (scene.two ? [0, 1] : [1]);
    const key = places.join();
    if (row.key !== key) {
      row.key = key;
      row.labels = places.map(() => make("label", {}));
      row.body.replaceChildren(...row.labels, ...(name === "pad" ? [this.toggle] : []));
    }
    places.forEach((which, i) => {
      const side = this.sideWord(name, which, scene.two, texts);
      const what = { name: side ? `${places.length > 1 ? texts[`short_${name}`] : texts[name]} · ${side}` : texts[name], min: name === "pad" ? 0 : 1, max: highest(scene, limits, name, which), step: 1, value: scene[name][which], text: String(scene[name][which]) };
      slider(row.labels[i], what, (value) => this.change(turnedKnob(scene, limits, name, which, value, this.alike)));
      row.labels[i].classList.toggle("short", places.length > 1);
    });
  }

  sideWord(name, which, two, texts) {
    if (name !== "pad") return two ? texts[which === 0 ? "rows" : "columns"] : "";
    if (this.alike) return two ? texts[which === 0 ? "rows" : "columns"] : "";
    return two ? texts[["top", "bottom", "left", "right"][which]] : texts[which === 2 ? "before" : "after"];
  }
}
