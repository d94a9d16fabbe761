// One unit: the pixels it sees, the numbers it reads, its weights and every product, its exact sum beside PyTorch's own
// value. Each number that it reads is a button that leads to the unit it came from, down to the pixels.

import { houseColours, inkOn, signedRgb, rgbHex, cellStrength } from "../shared/colours.js";
import { declareKeys } from "../shared/keys.js";
import { exactText, numberText } from "../shared/numbers.js";
import { make, say } from "../shared/dom.js";
import { pictureSheet } from "./netpaint.js";
import { largestSize, strongestMap, unitLines } from "./unitpanel.js";

const MOST_ROWS = 40;

/** What each input map adds to the sum. @returns {number[]} */
export function mapSums(taps, weights) {
  const size = taps.shape[1] * taps.shape[2];
  return Array.from({ length: taps.shape[0] }, (_, m) => {
    let sum = 0;
    for (let i = m * size; i < (m + 1) * size; i += 1) sum += taps.data[i] * (weights ? weights.data[i] : 1);
    return sum;
  });
}

/** The numbers of a vector with the largest products first, and what the others add up to. */
export function strongestProducts(taps, weights, most = MOST_ROWS, radial = false) {
  const part = (value, weight) => (radial ? -((value - weight) ** 2) : value * weight);
  const all = Array.from(taps.data, (value, i) => ({ i, value, weight: weights.data[i], product: part(value, weights.data[i]) }));
  all.sort((a, b) => Math.abs(b.product) - Math.abs(a.product));
  return { rows: all.slice(0, most), others: all.length - Math.min(most, all.length), rest: all.slice(most).reduce((sum, one) => sum + one.product, 0) };
}

/** Where the tap (row, col) of a window lies in the layer before: `first` is the window's first tap. */
export function tapPlace(unit, map, row, col) {
  const channel = unit.reduction === "sum" ? map : unit.at[0];
  return { layer: unit.from, channel, row: unit.first[0] + row, col: unit.first[1] + col };
}

export class UnitPane {
  constructor(app) {
    this.app = app;
    this.head = make("h3");
    this.field = make("canvas", { className: "field", attrs: { role: "img" } });
    this.sees = make("p", { className: "soft small" });
    this.lines = make("p");
    this.exact = make("p", { className: "big mono" });
    this.torch = make("p", { className: "mono" });
    this.gap = make("p", { className: "mono soft" });
    this.up = make("button", { type: "button", className: "chip", onclick: () => app.change({ level: "layer" }) });
    const left = make("div", { className: "column unitleft" }, this.head, this.field, this.sees, this.lines, this.exact, this.torch, this.gap, this.up);
    this.maps = make("div", { className: "chips maps", attrs: { role: "group" } });
    this.grids = make("div", { className: "grids" });
    this.el = make("div", { className: "unitview" }, left, make("div", { className: "column grow" }, this.maps, this.grids));
    this.el.onkeydown = (event) => this.key(event);
    declareKeys(this.el, "back");
    this.sheet = make("canvas");
    this.map = 0;
  }

  show() {
    const { app } = this;
    const { unit } = app.header;
    if (!unit) return;
    say(this.head, app.unitPanel.place());
    this.showField(unit);
    say(this.lines, unitLines(unit, app.arrays, (name, values) => app.text(name, values)).join(" "));
    say(this.exact, `= ${exactText(unit.exact)}`);
    say(this.torch, app.text("torch_says", { value: exactText(unit.torch) }));
    say(this.gap, unit.off ? app.texts.sum_is_off : app.text("difference", { value: numberText(unit.torch - unit.exact, 3) }));
    say(this.up, app.texts.go_layer);
    this.showNumbers(unit);
  }

  showField(unit) {
    const { app, field } = this;
    const { seen } = app.arrays;
    pictureSheet(this.sheet, seen, seen.shape[0] === 1 && !app.dark);
    const [, rows, cols] = seen.shape;
    const zoom = Math.max(1, Math.floor(168 / cols));
    Object.assign(field, { width: cols * zoom, height: rows * zoom });
    const pen = field.getContext("2d");
    pen.imageSmoothingEnabled = false;
    pen.drawImage(this.sheet, 0, 0, cols * zoom, rows * zoom);
    const house = houseColours(app.dark);
    pen.strokeStyle = house.kernel;
    pen.lineWidth = 3;
    const [top, left] = [unit.rows[0], unit.columns[0]];
    pen.strokeRect(left * zoom + 1, top * zoom + 1, (unit.columns[1] - left) * zoom - 2, (unit.rows[1] - top) * zoom - 2);
    const what = app.text("unit_sees", { rows: unit.rows[1] - top, cols: unit.columns[1] - left });
    say(this.sees, what);
    field.setAttribute("aria-label", what);
  }

  showNumbers(unit) {
    const { app } = this;
    const { taps, weights, inside } = app.arrays;
    this.maps.hidden = !taps || unit.vector || taps.shape[0] === 1;
    if (!taps) return this.single(unit);
    if (unit.vector) return this.vector(unit, taps, weights);
    const place = `${unit.layer} ${unit.at}`;
    if (place !== this.shownPlace) this.map = weights ? strongestMap(taps, weights) : 0;
    this.shownPlace = place;
    this.map = Math.min(this.map, taps.shape[0] - 1);
    if (!this.maps.hidden) this.showMaps(mapSums(taps, weights));
    this.windows(unit, taps, weights, inside);
    return undefined;
  }

  showMaps(sums) {
    const { app } = this;
    this.maps.setAttribute("aria-label", app.texts.maps_label);
    while (this.maps.children.length > sums.length) this.maps.lastChild.remove();
    while (this.maps.children.length < sums.length) this.maps.append(make("button", { type: "button", className: "chip mono" }));
    sums.forEach((sum, m) => {
      const button = /** @type {any} */ (this.maps.children[m]);
      say(button, app.text("map_sum", { map: m, sum: numberText(sum, 3) }));
      button.setAttribute("aria-pressed", String(m === this.map));
      button.onclick = () => { this.map = m; this.show(); };
    });
  }

  /** Values, weights and products of one input map, cell by cell; the values are buttons. */
  windows(unit, taps, weights, inside) {
    const { app } = this;
    const [, rows, cols] = taps.shape;
    const start = this.map * rows * cols;
    const cell = (array, i) => array.data[start + i];
    const products = weights ? Float64Array.from({ length: rows * cols }, (_, i) => cell(taps, i) * cell(weights, i)) : null;
    const shape = `windows ${rows} ${cols} ${Boolean(weights)}`;
    if (shape !== this.shape) this.build(shape, rows, cols, weights ? ["values", "weights", "products"] : ["values"]);
    this.names(app, weights ? ["grid_values", "grid_weights", "grid_products"] : ["grid_values"]);
    const sources = [Array.from({ length: rows * cols }, (_, i) => cell(taps, i)), weights && Array.from({ length: rows * cols }, (_, i) => cell(weights, i)), products];
    const limits = [largestSize(taps.data), weights ? largestSize(weights.data) : 1, products ? largestSize(products) : 1];
    this.tables.forEach((cells, t) => cells.forEach((el, i) => {
      const value = sources[t][i];
      const outside = inside && !cell(inside, i);
      const text = numberText(value, 3);
      say(el, text);
      this.tint(el, value, limits[t]);
      el.classList.toggle("outside", Boolean(outside));
      if (t > 0) return;
      const at = tapPlace(unit, this.map, Math.floor(i / cols), i % cols);
      el.disabled = Boolean(outside);
      el.classList.toggle("winner", unit.winner === start + i);
      el.setAttribute("aria-label", outside ? app.text("tap_padding", { value: text }) : app.text("tap", { value: text, layer: at.layer, map: at.channel, row: at.row, col: at.col }));
      el.onclick = () => app.look({ ...at, level: "unit" });
    }));
  }

  tint(el, value, limit) {
    const { dark } = this.app;
    const colour = signedRgb(limit > 0 ? value / limit : 0, dark, cellStrength(dark));
    el.style.background = rgbHex(colour);
    el.style.color = inkOn(colour);
  }

  build(shape, rows, cols, names) {
    this.shape = shape;
    const tables = names.map((name) => {
      const cells = Array.from({ length: rows * cols }, () => (name === "values" ? make("button", { type: "button", className: "num" }) : make("span", { className: "num" })));
      const box = make("div", { className: "numbers", data: { name }, attrs: { role: "group" } }, ...cells);
      box.style.setProperty("--cols", String(cols));
      return { box, cells, head: make("h3", { className: { values: "input", weights: "kernel", products: "output" }[name] }) };
    });
    this.tables = tables.map((one) => one.cells);
    this.heads = tables.map((one) => one.head);
    this.boxes = tables.map((one) => one.box);
    const parts = tables.map((one, i) => make("div", { className: "column" }, one.head, one.box, ...(i ? [] : [])));
    this.grids.className = "grids";
    this.grids.replaceChildren(...parts.flatMap((part, i) => (i === 0 ? [part] : [make("span", { className: "sign", attrs: { "aria-hidden": "true" } }, i === 1 ? "×" : "="), part])));
  }

  names(app, names) {
    names.forEach((name, i) => {
      say(this.heads[i], app.texts[name]);
      this.boxes[i].setAttribute("aria-label", app.texts[name]);
    });
  }

  /** A unit of a vector: its strongest products, the rest as one sum. */
  vector(unit, taps, weights) {
    const { app } = this;
    const radial = unit.reduction === "radial";
    const { rows, others, rest } = strongestProducts(taps, weights, MOST_ROWS, radial);
    const shape = `vector ${rows.length} ${radial} ${app.lang}`;
    if (this.shape !== shape) {
      this.shape = shape;
      const heads = ["head_unit", "grid_values", radial ? "grid_drawn" : "grid_weights", radial ? "grid_squares" : "grid_products"].map((name) => make("th", { scope: "col" }, app.texts[name]));
      this.lineCells = rows.map(() => [make("button", { type: "button", className: "chip mono" }), make("td"), make("td"), make("td")]);
      this.restCell = make("td", { colSpan: 4 });
      const lines = this.lineCells.map(([button, ...cells]) => make("tr", {}, make("td", {}, button), ...cells));
      this.grids.className = "grids tall";
      this.grids.replaceChildren(make("table", { className: "products mono" }, make("thead", {}, make("tr", {}, ...heads)), make("tbody", {}, ...lines, make("tr", {}, this.restCell))));
      this.grids.tabIndex = 0;
    }
    rows.forEach((row, i) => {
      const [button, value, weight, product] = this.lineCells[i];
      say(button, `${unit.from} ${row.i}`);
      button.onclick = () => app.look({ layer: unit.from, channel: row.i, row: 0, col: 0, level: "unit" });
      say(value, numberText(row.value, 4));
      say(weight, numberText(row.weight, 4));
      say(product, numberText(row.product, 4));
    });
    say(this.restCell, others ? app.text("rest", { others, sum: numberText(rest, 4) }) : "");
  }

  /** A unit that changes one number: the way on down. */
  single(unit) {
    const { app } = this;
    if (!unit.place) {
      this.shape = "end";
      this.grids.replaceChildren(make("p", { className: "soft" }, app.texts.bottom));
      return;
    }
    const [channel, row = 0, col = 0] = unit.place;
    this.shape = "single";
    const go = make("button", { type: "button", className: "chip mono", onclick: () => app.look({ layer: unit.from, channel, row, col, level: "unit" }) }, `${unit.from} [${unit.place.join(", ")}] = ${exactText(unit.x)}`);
    if (this.grids.firstChild?.firstChild?.textContent === go.textContent) return;
    const focused = this.grids.contains(this.grids.getRootNode().activeElement);
    this.grids.className = "grids";
    this.grids.replaceChildren(make("p", {}, go));
    if (focused) go.focus();
  }

  key(event) {
    if (event.key !== "Backspace" && event.key !== "Escape") return;
    this.app.change({ level: "layer" });
    event.preventDefault();
    event.stopPropagation();
  }
}
