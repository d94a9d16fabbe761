import { declareKeys } from "../shared/keys.js";
import { fillText } from "../shared/numbers.js";
import { choices, fillTable, make, say } from "../shared/dom.js";
import { layoutCount, layoutIndexAt, layoutOffset, layoutStrides, stripStart } from "../pixels/layout.js";
import { mountView, PartView } from "../shared/part_view.js";
import { flatMemory, flatPlane, pixelNumber } from "./flat.js";

/** The two layouts of a kind of tensor, torch's first. */
export const LAYOUTS = { image: ["nchw", "nhwc"], weight: ["oihw", "hwio"] };

/** Values in the scene's order as a mapping by the axes' letters. */
export function byAxis(/** @type {string} */ layout, /** @type {number[]} */ values) {
  return Object.fromEntries([...layout].map((axis, i) => [axis, values[i]]));
}

/** The index after an arrow key: right and down within a plane, on to the next plane at its edge; null for other keys. */
export function indexAfterKey(/** @type {string} */ key, /** @type {string} */ layout, sizes, index) {
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: sizes.w, ArrowUp: -sizes.w, PageDown: sizes.w * sizes.h, PageUp: -sizes.w * sizes.h }[key];
  if (!step) return null;
  const count = layoutCount(sizes);
  const at = layoutOffset(layout, sizes, index) + step;
  return at < 0 || at >= count ? index : layoutIndexAt(layout, sizes, at);
}

class LayoutView extends PartView {
  constructor(parent) {
    super(parent);
    this.watch = new ResizeObserver(() => this.texts && this.show());
    this.watch.observe(this.find(".memory"));
  }

  leave() {
    super.leave();
    this.watch.disconnect();
  }

  show() {
    const { texts } = this;
    const { tensor } = this.local.fields;
    const kinds = ["image", "weight", "flat"].map((kind) => /** @type {[string, string]} */ ([kind, texts[`tensor_${kind}`]]));
    choices(this.find(".tensors"), kinds, tensor, (kind) => this.set({ tensor: kind }));
    say(this.find(".note"), texts[`note_${tensor}`]);
    this.find(".tensor").setAttribute("aria-label", texts[`label_${tensor}`]);
    if (tensor === "flat") this.drawFlat();
    else this.drawTensor(LAYOUTS[tensor]);
  }

  /** A row of − number + for each size. */
  steppers(names, values, most, least, change) {
    const box = this.find(".sizes");
    if (box.dataset.names !== names.join()) {
      box.dataset.names = names.join();
      box.replaceChildren(...names.map((name) => make("span", { className: "stepper", attrs: { role: "group" } }, make("span", {}, name),
        make("button", { type: "button", className: "chip" }, "−"), make("b", {}), make("button", { type: "button", className: "chip" }, "+"))));
    }
    [...box.children].forEach((stepper, i) => {
      const [, less, value, more] = /** @type {any[]} */ ([...stepper.children]);
      stepper.setAttribute("aria-label", names[i]);
      say(value, String(values[i]));
      less.disabled = values[i] <= least[i];
      more.disabled = values[i] >= most[i];
      less.setAttribute("aria-label", fillText(this.texts.less, { name: names[i] }));
      more.setAttribute("aria-label", fillText(this.texts.more, { name: names[i] }));
      less.onclick = () => change(i, values[i] - 1);
      more.onclick = () => change(i, values[i] + 1);
    });
  }

  drawTensor([first, second]) {
    const { sizes, at } = this.local.fields;
    const size = byAxis(first, sizes);
    const index = byAxis(first, at);
    const channel = first === "nchw" ? "c" : "i";
    const outer = first[0];
    const pick = (found) => this.set({ at: [...first].map((axis) => found[axis]) });
    this.steppers([...first.toUpperCase()], sizes, this.header.largest, [1, 1, 1, 1], (i, value) => {
      const changed = sizes.map((n, j) => (j === i ? value : n));
      this.set({ sizes: changed, at: at.map((n, j) => Math.min(n, changed[j] - 1)) });
    });
    this.planes(first, outer, channel, size, index, pick);
    this.find(".memory").replaceChildren(...[first, second].map((layout) => this.strip(layout, first, channel, size, index, pick)));
    declareKeys(this.find(".tensor"), "number", "plane");
    this.find(".tensor").onkeydown = (event) => {
      const found = indexAfterKey(event.key, first, size, index);
      if (!found || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      pick(found);
    };
    say(this.find(".torch"), this.torchText(first, second, size, index));
    this.speak(first, second, size, index);
  }

  /** Every number of the tensor, plane by plane; each number is its own offset in torch's layout. */
  planes(layout, outer, channel, size, index, pick) {
    const plane = (n, c) => {
      const cells = Array.from({ length: size.h * size.w }, (_, i) => {
        const found = { [outer]: n, [channel]: c, h: Math.floor(i / size.w), w: i % size.w };
        const offset = layoutOffset(layout, size, found);
        return this.cell(offset, c, offset === layoutOffset(layout, size, index), () => pick(found));
      });
      const grid = make("div", { className: "grid" }, ...cells);
      grid.style.gridTemplateColumns = `repeat(${size.w}, auto)`;
      return make("div", { className: "plane" }, make("h3", {}, `${outer} = ${n}, ${channel} = ${c}`), grid);
    };
    const groups = Array.from({ length: size[outer] }, (_, n) =>
      make("div", { className: "group" }, ...Array.from({ length: size[channel] }, (_, c) => plane(n, c))));
    this.find(".tensor").replaceChildren(...groups);
  }

  cell(number, channel, here, pick) {
    const cell = make("div", { className: here ? "cell here" : "cell", onclick: pick }, String(number));
    cell.style.setProperty("--tint", `var(--c${channel})`);
    return cell;
  }

  /** Memory in one layout: all of it as a bar, the stretch around the index as numbers, and the sum that leads there. */
  strip(layout, first, channel, size, index, pick) {
    const count = layoutCount(size);
    const here = layoutOffset(layout, size, index);
    const strides = layoutStrides(layout, size);
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const shown = Math.min(count, Math.max(8, Math.floor(this.find(".memory").clientWidth / (2.3 * rem))));
    const start = stripStart(here, shown, count);
    const shape = [...layout].map((axis) => size[axis]).join(", ");
    const sum = [...layout].flatMap((axis, i) => [i ? " + " : "", make("b", { className: "kernel" }, String(index[axis])), `·${strides[axis]}`]);
    const title = make("h3", {}, `${layout.toUpperCase()} (${shape})`, make("span", { className: "sum mono" }, `${this.texts.offset} = `, ...sum, " = ", make("strong", { className: "kernel" }, String(here))));
    const bar = make("div", { className: "bar", attrs: { "aria-hidden": "true" } }, ...Array.from({ length: count }, (_, i) => {
      const piece = make("span", { className: i === here ? "here" : "" });
      piece.style.setProperty("--tint", `var(--c${layoutIndexAt(layout, size, i)[channel]})`);
      return piece;
    }));
    bar.onclick = (event) => {
      const box = bar.getBoundingClientRect();
      pick(layoutIndexAt(layout, size, Math.min(count - 1, Math.floor(((event.clientX - box.left) / box.width) * count))));
    };
    const run = make("div", { className: "run" }, ...Array.from({ length: shown }, (_, i) => {
      const found = layoutIndexAt(layout, size, start + i);
      return this.cell(layoutOffset(first, size, found), found[channel], start + i === here, () => pick(found));
    }));
    return make("div", { className: "strip" }, title, bar, run);
  }

  torchText(first, second, size, index) {
    const at = [...first].map((axis) => index[axis]).join(", ");
    const strides = (layout) => `(${Object.values(layoutStrides(layout, size)).join(", ")})`;
    const order = [...second].map((axis) => first.indexOf(axis)).join(", ");
    const name = first === "nchw" ? "x" : "w";
    return `${name}[${at}] = ${layoutOffset(first, size, index)}; strides ${strides(first)}\n`
      + `${name}.permute(${order}).contiguous(); strides ${strides(second)}`;
  }

  speak(first, second, size, index) {
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => {
      const at = [...first].map((axis) => `${axis} ${index[axis]}`).join(", ");
      const [one, two] = [first, second].map((layout) => layoutOffset(layout, size, index));
      say(this.find(".said"), fillText(this.texts.said, { index: at, first: first.toUpperCase(), one, second: second.toUpperCase(), two }));
      const rows = Array.from({ length: layoutCount(size) }, (_, i) => [String(i), ...[first, second].map((layout) => {
        const found = layoutIndexAt(layout, size, i);
        return [...first].map((axis) => `${axis} ${found[axis]}`).join(", ");
      })]);
      fillTable(this.find(".near"), this.texts.near, [this.texts.offset, first.toUpperCase(), second.toUpperCase()], rows);
    }, 400);
  }

  drawFlat() {
    const { wide, flat } = this.local.fields;
    const pick = (found) => this.set({ flat: found });
    const names = [this.texts.row, this.texts.column, this.texts.width];
    this.steppers(names, [...flat, wide], [1000, wide, 1000], [1, 1, 2], (i, value) => {
      const width = i === 2 ? value : wide;
      const found = i === 2 ? flat : flat.map((n, j) => (j === i ? value : n));
      this.set({ wide: width, flat: [found[0], Math.min(found[1], width)] });
    });
    this.find(".tensor").replaceChildren(flatPlane(flat, wide, pick));
    this.find(".memory").replaceChildren(...flatMemory(flat, wide, this.texts, pick));
    say(this.find(".torch"), `x = torch.arange(1, ${Math.max(flat[0], wide) * wide + 1}).reshape(-1, ${wide})\nx[${flat[0] - 1}, ${flat[1] - 1}] = ${pixelNumber(flat[0], flat[1], wide)}`);
    declareKeys(this.find(".tensor"), "number");
    this.find(".tensor").onkeydown = (event) => {
      const step = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] }[event.key];
      if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      pick([Math.min(1000, Math.max(1, flat[0] + step[0])), Math.min(wide, Math.max(1, flat[1] + step[1]))]);
    };
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => {
      say(this.find(".said"), fillText(this.texts.flat_said, { row: flat[0], column: flat[1], width: wide, number: pixelNumber(flat[0], flat[1], wide) }));
      fillTable(this.find(".near"), this.texts.near, [this.texts.row, this.texts.column, "#"], [[String(flat[0]), String(flat[1]), String(pixelNumber(flat[0], flat[1], wide))]]);
    }, 400);
  }
}

export default (/** @type {any} */ part) => mountView(LayoutView, part);
