import { hexRgb, houseColours, rgbHex } from "../shared/colours.js";
import { choices, mark, say, slider } from "../shared/dom.js";
import { NumberGrid } from "../shared/grid.js";
import { growCanvas } from "../shared/grid_size.js";
import { declareKeys } from "../shared/keys.js";
import { exactText, fillText, numberText } from "../shared/numbers.js";
import { mountView, PartView } from "../shared/part_view.js";
import { forward, planOf } from "../shared/windows.js";
import { gridTable } from "../player/notes.js";
import { poolLayerOf } from "../pool_player/pool_model.js";
import { terrainFaces } from "../pooling/terrain.js";

/**
 * What the water says of each window beside what pooling says.
 * @returns {{level: number, windows: number, land: number, max: number, mean: number}} windows with land above the
 *   water; those whose maximum, and whose mean, lies above the level
 */
export function floodCounts(/** @type {ArrayLike<number>} */ maxima, /** @type {ArrayLike<number>} */ means, /** @type {number} */ level, landOf) {
  const above = (values) => Array.from(values).filter((value) => value > level).length;
  const land = Array.from(maxima).filter((_, window) => landOf(window)).length;
  return { level, windows: maxima.length, land, max: above(maxima), mean: above(means) };
}

/** The level at a share (0 to 100) of the way from the lowest to the highest. */
export function levelAt(/** @type {ArrayLike<number>} */ heights, /** @type {number} */ share) {
  const [low, high] = [Math.min(...heights), Math.max(...heights)];
  return low + ((high - low) * share) / 100;
}

/** The windows side by side, cut at the end where they do not fit: the level of each square is its window's. */
export function waterOver(/** @type {number[]} */ [rows, columns], kernel, /** @type {ArrayLike<number>} */ levels, wide) {
  return Float64Array.from({ length: rows * columns }, (_, i) => levels[Math.floor(Math.floor(i / columns) / kernel) * wide + Math.floor((i % columns) / kernel)]);
}

class WaterView extends PartView {
  constructor(parent) {
    super(parent);
    this.camera = { turn: 32, tilt: 38 };
    this.canvas = this.find(".land canvas");
    this.maps = { max: this.map("max"), avg: this.map("avg") };
    this.watch = new ResizeObserver(() => this.header && this.ask());
    this.watch.observe(this.canvas);
    this.watch.observe(this.find(".maps"));
    this.wire();
  }

  map(name) {
    return new NumberGrid(this.find(`.m-${name} canvas`), { largest: 44, near: 30, least: 9.5, easy: 12 });
  }

  /** Drag or arrow keys turn the landscape. */
  wire() {
    let held = null;
    const { canvas } = this;
    canvas.onpointerdown = (event) => { canvas.setPointerCapture?.(event.pointerId); held = { x: event.clientX, y: event.clientY, ...this.camera }; };
    canvas.onpointermove = (event) => { if (held) this.look(held.turn - (event.clientX - held.x) * 0.5, held.tilt + (event.clientY - held.y) * 0.3); };
    canvas.onpointerup = canvas.onpointercancel = () => { held = null; };
    declareKeys(canvas, "turn");
    canvas.onkeydown = (event) => {
      const by = { ArrowLeft: [6, 0], ArrowRight: [-6, 0], ArrowUp: [0, 4], ArrowDown: [0, -4] }[event.key];
      if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
      this.look(this.camera.turn + by[0], this.camera.tilt + by[1]);
      event.preventDefault();
      event.stopPropagation();
    };
  }

  look(turn, tilt) {
    this.camera = { turn: ((turn % 360) + 360) % 360, tilt: Math.max(10, Math.min(85, tilt)) };
    this.ask();
  }

  ask() {
    if (!this.frame) this.frame = requestAnimationFrame(() => { this.frame = 0; this.paint(); });
  }

  show() {
    const { texts, header, arrays } = this;
    const scene = this.local.fields;
    const [rows, columns] = arrays.heights.shape;
    const kernel = Math.min(scene.kernel[0], rows, columns);
    this.find(".knobs").hidden = header.hide.includes("controls");
    choices(this.find(".landscapes"), ["hills", "below", "input"].map((name) => [name, texts[`land_${name}`]]), scene.landscape, (landscape) => this.set({ landscape }));
    mark(this.find(".landscapes"), "aria-label", texts.landscape);
    choices(this.find(".waters"), ["level", "max", "avg"].map((name) => [name, texts[`water_${name}`]]), scene.water, (water) => this.set({ water }));
    mark(this.find(".waters"), "aria-label", texts.water);
    const heights = arrays.heights.data;
    const level = levelAt(heights, scene.level);
    const box = this.find("label.level");
    slider(box, { name: texts.level, min: 0, max: 100, step: 1, value: scene.level, text: numberText(level) }, (value) => this.set({ level: value, water: "level" }));
    slider(this.find("label.kernel-size"), { name: texts.kernel, min: 1, max: Math.min(8, rows, columns), step: 1, value: kernel, text: String(kernel) }, (value) => this.set({ kernel: [value, value], stride: [value, value], tied: true, padding: [0, 0, 0, 0], dilation: [1, 1] }));
    this.flood(scene, heights, [rows, columns], kernel, level);
    this.words(scene, level);
    this.ask();
  }

  /** Both poolings of windows side by side, and the water over each square. */
  flood(scene, heights, size, kernel, level) {
    const layer = { ...scene, size, kernel: [kernel, kernel], stride: [kernel, kernel], padding: [0, 0, 0, 0], dilation: [1, 1], windows: "sliding", ceil: true };
    const [max, mean] = ["max", "avg"].map((kind) => {
      const plan = planOf(poolLayerOf({ ...layer, kind }));
      return { plan, values: forward(plan, heights, null, 0) };
    });
    const wide = max.plan.shape[1];
    const levels = { level: max.values.map(() => level), max: max.values, avg: mean.values }[scene.water];
    const water = waterOver(size, kernel, levels, wide);
    const dry = new Set();
    Array.from(heights).forEach((height, i) => {
      if (height > level) dry.add(Math.floor(Math.floor(i / size[1]) / kernel) * wide + Math.floor((i % size[1]) / kernel));
    });
    const [low, high] = [Math.min(...heights), Math.max(...heights)];
    this.terrain = { heights, water, rows: size[0], columns: size[1], low: low - (high - low) * 0.04, high };
    this.counts = floodCounts(max.values, mean.values, level, (window) => dry.has(window));
    const limit = Math.max(Math.abs(low), Math.abs(high));
    for (const [name, { plan, values }] of [["max", max], ["avg", mean]]) {
      this.maps[name].show({ rows: plan.shape[0], columns: plan.shape[1], values, limit });
      this.maps[name].marks = scene.water === "level" ? this.drySpots(values, plan.shape[1], level) : [];
    }
  }

  /** Outputs above the level, framed. */
  drySpots(values, columns, level) {
    return Array.from(values, (value, i) => ({ value, row: Math.floor(i / columns), column: i % columns, style: "window" })).filter((spot) => spot.value > level);
  }

  words(scene, level) {
    const { texts, counts } = this;
    const values = { ...counts, level: numberText(level) };
    say(this.find(".land figcaption"), texts[`caption_${scene.water}`]);
    mark(this.canvas, "aria-label", `${texts[`caption_${scene.water}`]}. ${texts.turn_it}`);
    for (const name of ["max", "avg"]) {
      say(this.find(`.m-${name} figcaption`), texts[`map_${name}`]);
      mark(this.maps[name].canvas, "aria-label", texts[`map_${name}`]);
    }
    say(this.find(".facts"), fillText(texts[`facts_${scene.water}`], values));
    say(this.find(".note"), texts[scene.landscape === "below" ? "note_below" : `note_${scene.water}`]);
    this.find(".note").classList.toggle("warn", scene.water === "avg" || scene.landscape === "below");
    clearTimeout(this.quiet);
    this.quiet = setTimeout(() => {
      say(this.find(".said"), this.find(".facts").textContent);
      const tables = Object.entries(this.maps).map(([name, { content }]) => gridTable(document, texts[`map_${name}`], content.rows, content.columns, (r, c) => exactText(Number(content.values[r * content.columns + c].toPrecision(6)))));
      this.find(".tables").replaceChildren(...tables);
    }, 500);
  }

  paint() {
    const { canvas, terrain, camera, dark } = this;
    const family = getComputedStyle(canvas).getPropertyValue("--st-code-font").trim() || "monospace";
    for (const grid of Object.values(this.maps)) {
      const box = grid.clip.parentElement;
      grid.fit(box.clientWidth, box.clientHeight, dark, family);
      grid.draw();
    }
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    if (!width || !height) return;
    const ratio = canvas.ownerDocument.defaultView.devicePixelRatio || 1;
    growCanvas(canvas, Math.round(width * ratio), Math.round(height * ratio));
    const pen = canvas.getContext("2d");
    const scale = Math.min(width / 1.5, height / 1.25) * ratio;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.setTransform(scale, 0, 0, scale, (width * ratio) / 2, (height * ratio) / 2);
    pen.lineWidth = 1 / scale;
    paintFaces(pen, terrainFaces(terrain, camera), dark);
  }

  leave() {
    super.leave();
    this.watch.disconnect();
  }
}

/** Fill the faces: ground pale below and strong above, walls darker, water see-through. */
function paintFaces(pen, faces, dark) {
  const house = houseColours(dark);
  const [low, high, sea] = [hexRgb(dark ? "#3a4150" : "#e7e2d8"), hexRgb(house.kernel), hexRgb(house.input)];
  const mix = (share, shade) => rgbHex(low.map((part, i) => Math.round((part + (high[i] - part) * (0.15 + 0.75 * share)) * shade)));
  for (const { kind, share, side, points } of faces) {
    pen.beginPath();
    points.forEach(([x, y], i) => (i ? pen.lineTo(x, y) : pen.moveTo(x, y)));
    pen.closePath();
    pen.fillStyle = kind === "water" ? `rgba(${sea.join(",")},0.5)` : mix(share, kind === "wall" ? (side % 2 ? 0.72 : 0.84) : 1);
    pen.fill();
    pen.strokeStyle = kind === "water" ? `rgba(${sea.join(",")},0.25)` : pen.fillStyle;
    pen.stroke();
  }
}

export default (part) => mountView(WaterView, part);
