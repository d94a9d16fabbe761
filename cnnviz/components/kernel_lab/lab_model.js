// What the lab knows between two answers of the server: the scene, the kernel in the grid, the pixel pointed at.
//
// The reader's own state wins over answers that come late: every change has a number, an answer says up to which
// change it is true (`edit`), and an older one brings its map but moves no control.

import { sourceIndex } from "../shared/windows.js";
import { generatedGrid } from "./lab_generators.js";
import { NearMaps } from "./lab_near.js";
import { cellNumber, CHANNEL_NAMES, outputAt, patchAt, planesOf, planFor, samePlace } from "./lab_numbers.js";
import { fieldsOf, gridOf, History, matrixOf } from "./lab_state.js";

/** @typedef {import("./lab_state.js").Grid} Grid */

const planKey = (/** @type {{rows: number, cols: number}} */ { rows, cols }) => `${rows}x${cols}`;

export class LabModel {
  constructor() {
    this.edit = 0;
    /** @type {{edit: number, fields: any}[]} */ this.untold = [];
    this.history = new History();
    /** @type {any} */ this.scene = null;
    /** @type {Grid | null} */ this.grid = null;
    /** @type {any} */ this.laid = null;
    /** @type {any} */ this.maps = null;
    /** @type {any} */ this.picture = null;
    this.unmet = {};
    this.hovered = null;
    this.hoveredTile = null;
    this.inspected = 0;
    this.kept = {};
    this.near = new NearMaps();
    this.nearEdit = 0; // the change up to which layout and map were worked out here
    this.gridKnown = false; // whether the grid is the scene's kernel: one that only the server can make is not, until it is answered
  }

  /** Note a change, for the page to be told. */
  note(fields) {
    this.edit += 1;
    this.untold.push({ edit: this.edit, fields });
  }

  /**
   * Take an answer. Returns true when it is the answer to everything the reader did.
   * @param {{header: any, arrays: any}} live
   */
  take({ header, arrays }) {
    const current = !this.scene || header.edit >= this.edit;
    if (current) this.settled = true;
    this.facts = header.facts;
    this.response = arrays.response;
    this.learnedFrom = header.learned ?? null;
    this.proof = header.proof;
    if (header.edit >= this.nearEdit) this.takeShown(header, arrays);
    if (current) this.takeScene(header, arrays);
    return current;
  }

  /** What lies where, and the map: an answer to an older change than what was worked out here would lead back. */
  takeShown(header, arrays) {
    this.fault = header.fault;
    if (header.laid) this.takeLaid(header, arrays);
    if (header.maps) this.takeMaps(header, arrays);
  }

  takeLaid(header, arrays) {
    this.layAnew(header.laid);
    this.formula = header.formula;
    this.bank = header.bank;
    this.answered = { rows: header.laid.rows, cols: header.laid.cols, cells: arrays.weights.data };
    this.unmet = { rows: arrays.unmet_rows?.data, cols: arrays.unmet_cols?.data };
    this.unmetCount = header.unmet;
    this.layout = null;
    this.kept.plan = null;
  }

  /** Windows lie elsewhere: what the pointer was at stays where it is on the picture, as nearly as there are windows. */
  layAnew(laid) {
    if (this.hovered && this.laid) this.hovered = samePlace(this.hovered, this.laid, laid);
    this.laid = laid;
  }

  takeMaps(header, arrays) {
    const map = arrays.map ?? (this.maps?.key === header.maps.key ? { data: this.maps.indices, shape: this.maps.shape } : null);
    if (!map) return;
    this.maps = { ...header.maps, indices: map.data, shape: map.shape, scales: header.maps.scales.map(([low, high]) => ({ low, high })) };
  }

  takeScene(header, arrays) {
    this.edit = Math.max(this.edit, header.edit);
    this.gridKnown = true;
    this.scene = { ...header.scene };
    this.divisor = header.divisor;
    this.offset = header.offset;
    const { shape, data } = arrays.weights;
    this.grid = { rows: shape[0], cols: shape[1], cells: data };
    const { kernel, learned } = this.scene;
    const chosen = kernel === "custom" ? learned : kernel; // "" for the reader's own, which nobody chose
    if (!this.origin || (chosen && chosen !== this.chosen)) this.origin = this.moment();
    this.chosen = chosen || this.chosen;
  }

  /** Layout and map as worked out here, until the server's come; false where only the server can say. */
  showNear() {
    const near = this.near.show(this);
    if (!near) return false;
    const { layout, maps } = near;
    Object.assign(this, { maps, nearEdit: this.edit, fault: "" });
    this.answered = this.grid;
    if (layout !== this.layout) {
      const { laid, formula, unmet, unmetCount, plan } = layout;
      this.layAnew(laid);
      Object.assign(this, { layout, formula, unmet, unmetCount });
      Object.assign(this.kept, { plan, planKey: planKey(this.grid) });
    }
    return true;
  }

  /** Whether the pixels here are those of the scene's picture: another's may still be on their way. */
  get pictureKnown() {
    return Boolean(this.picture) && (this.wanted === undefined || this.wanted === this.picture.digest);
  }

  /** The picture's pixels arrived (parts/store). */
  takePicture(picture) {
    this.picture = picture;
    this.kept = {};
  }

  /** The kernel as the scene holds it, rows of numbers. */
  weightRows() {
    return matrixOf(this.grid);
  }

  /** How things are now, for the way back. */
  moment() {
    const { kernel, params, divisor, offset, learned } = this.scene;
    return { kernel, params, divisor, offset, learned, grid: this.grid };
  }

  /** Put a moment back; returns the scene fields that say it. */
  restore(moment) {
    this.takeGrid(moment.grid);
    this.divisor = moment.divisor ?? this.divisorOf(moment.kernel);
    this.offset = moment.offset ?? this.offsetOf(moment.kernel);
    return fieldsOf(moment);
  }

  divisorOf(kernel) {
    return this.records?.get(kernel)?.divisor ?? 1;
  }

  offsetOf(kernel) {
    return this.records?.get(kernel)?.offset ?? 0;
  }

  /** The fields of an edited grid: from now on the kernel is the reader's own, divisor and offset stay what they were. */
  editedFields(grid) {
    this.takeGrid(grid);
    const same = (now, plain) => (now === plain ? null : now);
    return fieldsOf({ kernel: "custom", params: [], divisor: same(this.divisor, 1), offset: same(this.offset, 0), grid, learned: this.scene.learned });
  }

  /** A named kernel with its own divisor and offset; its grid at once where the library has it or a formula makes it. */
  namedFields(id, params = []) {
    this.takeNamedGrid(this.records.get(id), params);
    this.divisor = this.divisorOf(id);
    this.offset = this.offsetOf(id);
    return { kernel: id, weights: [], params, divisor: null, offset: null, learned: "" };
  }

  /** A grid that is the scene's kernel. */
  takeGrid(/** @type {Grid} */ grid) {
    Object.assign(this, { grid, gridKnown: true });
  }

  takeNamedGrid(record, params) {
    const grid = record?.matrix ? gridOf(record.matrix) : generatedGrid(record, params);
    this.grid = grid ?? this.grid;
    this.gridKnown = grid !== null;
  }

  get laying() {
    return this.laid;
  }

  get out() {
    return this.laid?.out ?? null;
  }

  /** The weights the windows are drawn for: what is in the grid, unless its size is not answered yet. */
  get weights() {
    const { grid, answered } = this;
    return grid && answered && grid.rows === answered.rows && grid.cols === answered.cols ? grid : answered ?? grid;
  }

  /** Those of the tile under the pointer, in a bank. */
  get pointedWeights() {
    const tile = this.tileKernel;
    return tile ? { rows: tile.rows, cols: tile.cols, cells: tile.cells } : this.weights;
  }

  get tileKernel() {
    return this.maps?.kind === "tiles" && this.hoveredTile !== null ? this.bank?.[this.hoveredTile] ?? null : null;
  }

  /** The output pixel everything is about: pinned, pointed at, or the middle. */
  get cell() {
    const { out, scene } = this;
    if (!out || !scene) return null;
    const pinned = scene.at[0] >= 0 ? { row: scene.at[0], col: scene.at[1] } : null;
    const at = pinned ?? this.hovered ?? { row: Math.floor(out[0] / 2), col: Math.floor(out[1] / 2) };
    return { row: Math.min(at.row, out[0] - 1), col: Math.min(at.col, out[1] - 1) };
  }

  get pinned() {
    return this.scene?.at[0] >= 0;
  }

  get severalMaps() {
    return this.maps?.kind === "tiles";
  }

  get planes() {
    const key = this.picture.digest + this.scene.channels;
    if (this.kept.planesKey !== key) {
      this.kept.planesKey = key;
      this.kept.planes = planesOf(this.picture, this.scene.channels);
    }
    return this.kept.planes;
  }

  /** The windows of a kernel of this size on this picture. */
  planOf(weights) {
    const key = planKey(weights);
    if (!this.kept.plan || this.kept.planKey !== key) {
      this.kept.planKey = key;
      this.kept.plan = planFor(this.picture, weights, this.laying);
    }
    return this.kept.plan;
  }

  /** Which planes are added up for one output, and which can be looked at. */
  channelsUsed() {
    const count = this.planes.length;
    if (count === 1) return { used: [0], choices: [0], channel: 0 };
    const fixed = CHANNEL_NAMES.indexOf(this.scene.channel);
    const channel = this.scene.channels === "each" && fixed >= 0 ? fixed : this.inspected;
    const choices = this.scene.channels === "each" && fixed >= 0 ? [fixed] : [0, 1, 2];
    return { used: this.scene.channels === "sum" ? [0, 1, 2] : [channel], choices, channel };
  }

  /** What outputAt needs, for the kernel in the grid or that of the tile under the pointer. */
  layer(weights = this.weights, tile = null) {
    const { scene } = this;
    return {
      plan: this.planOf(weights), planes: this.planes, cells: weights.cells, bias: scene.bias, activation: scene.activation,
      divisor: tile?.divisor ?? this.divisor, offset: tile?.offset ?? this.offset,
    };
  }

  /** Everything about the pixel pointed at or pinned, or null before there is one. */
  pixel() {
    const at = this.cell;
    if (!at || !this.picture || !this.weights) return null;
    const weights = this.pointedWeights;
    const layer = this.layer(weights, this.tileKernel);
    const { used, choices, channel } = this.channelsUsed();
    if (at.row >= layer.plan.shape[0] || at.col >= layer.plan.shape[1]) return null;
    return {
      ...at, rows: weights.rows, cols: weights.cols, channel, choices,
      taps: patchAt(layer.plan, this.planes[channel], weights.cells, at.row, at.col),
      result: outputAt(layer, used, at.row, at.col), pinned: this.pinned && !this.tileKernel,
      divisor: layer.divisor, offset: layer.offset, bias: layer.bias, activation: layer.activation,
      names: used.map((c) => CHANNEL_NAMES[c].toUpperCase()),
    };
  }

  /** The number in a cell of the map, one line a channel where three are shown as a colour. */
  mapNumber(row, col) {
    if (!this.picture || row >= this.out[0] || col >= this.out[1]) return null;
    const layer = this.layer();
    const { used } = this.channelsUsed();
    const groups = this.maps.kind === "colour" ? [[0], [1], [2]] : [used];
    return groups.map((planes) => cellNumber(outputAt(layer, planes, row, col).value)).join("\n");
  }

  /** The number in a cell of the padded picture; rows and columns count from the picture's first pixel. */
  pictureNumber(row, col) {
    const { picture, laying } = this;
    const y = sourceIndex(row, picture.height, laying.mode);
    const x = sourceIndex(col, picture.width, laying.mode);
    if (y < 0 || x < 0) return cellNumber(laying.mode === "constant" ? laying.fill : 0);
    return this.planes.map((plane) => cellNumber(plane[y * picture.width + x])).join("\n");
  }
}

