// A plane moved, pooled and compared in the browser, while a hand moves it: core/pooling_lab.py, held to it by a fixture.

import { planOf } from "../shared/windows.js";
import { poolLayerOf } from "../pool_player/pool_model.js";
import { pooledPlane } from "./plane_pool.js";

/** @typedef {{data: ArrayLike<number>, shape: number[]}} Plane  shape is (rows, columns) */

/**
 * The plane turned (degrees, anticlockwise), scaled (percent) around its middle, then shifted (down, right). Between
 * pixels it is interpolated, beyond the edge the edge is repeated. @returns {Plane}
 */
export function movedPlane(/** @type {Plane} */ plane, /** @type {number[]} */ [down, right], /** @type {number} */ turn, /** @type {number} */ scale) {
  const [rows, columns] = plane.shape;
  const from = turn === 0 && scale === 100 ? plane.data : resampled(plane, (turn * Math.PI) / 180, scale / 100);
  const data = new Float64Array(rows * columns);
  for (let r = 0; r < rows; r += 1) {
    const line = within(r - down, rows) * columns;
    for (let c = 0; c < columns; c += 1) data[r * columns + c] = from[line + within(c - right, columns)];
  }
  return { data, shape: [rows, columns] };
}

const within = (at, count) => Math.max(0, Math.min(count - 1, at));

const FINE = 1e6; // between two pixels of 255 lies 255, not a little more, which would count as changed

/** Each pixel takes what lies at its place turned back and shrunk back. */
function resampled({ data, shape: [rows, columns] }, angle, scale) {
  const out = new Float64Array(rows * columns);
  const [cos, sin] = [Math.cos(angle) / scale, Math.sin(angle) / scale];
  const [middleRow, middleColumn] = [(rows - 1) / 2, (columns - 1) / 2];
  for (let r = 0; r < rows; r += 1) {
    for (let c = 0; c < columns; c += 1) {
      const [y, x] = [r - middleRow, c - middleColumn];
      const row = within(x * sin + y * cos + middleRow, rows);
      const column = within(x * cos - y * sin + middleColumn, columns);
      out[r * columns + c] = Math.round(between(data, columns, row, column, rows) * FINE) / FINE;
    }
  }
  return out;
}

/** The number at a place between pixels: of the four around it, the nearer counts more. */
function between(data, columns, row, column, rows) {
  const [top, left] = [Math.floor(row), Math.floor(column)];
  const [bottom, right] = [within(top + 1, rows), within(left + 1, columns)];
  const [low, far] = [row - top, column - left];
  return data[top * columns + left] * (1 - low) * (1 - far) + data[top * columns + right] * (1 - low) * far
    + data[bottom * columns + left] * low * (1 - far) + data[bottom * columns + right] * low * far;
}

/** A plane pooled by windows of `block` x `block` side by side; 0 is one window for all. @returns {Plane} */
export function blockPooled(/** @type {Plane} */ plane, kind, block) {
  const plan = planOf(poolLayerOf({ ...BLOCKS_SCENE, kind, size: plane.shape, windows: block === 0 ? "global" : "sliding", kernel: [block, block], stride: [block, block] }));
  return { data: pooledPlane(plan, plane.data), shape: plan.shape };
}

const BLOCKS_SCENE = { padding: [0, 0, 0, 0], dilation: [1, 1], ceil: false, counted: true, norm: 2, k: 2, draw: 0, expected: false };

/** How much a pooled map changes: mean size of the difference, contrast (mean distance from the mean), share that stays. */
export function stabilityOf(/** @type {ArrayLike<number>} */ one, /** @type {ArrayLike<number>} */ two) {
  const count = one.length;
  let [sum, change, contrast, same] = [0, 0, 0, 0];
  for (let i = 0; i < count; i += 1) sum += one[i];
  for (let i = 0; i < count; i += 1) {
    const size = Math.abs(two[i] - one[i]);
    change += size;
    contrast += Math.abs(one[i] - sum / count);
    same += Number(size < 0.5);
  }
  return [change / count, contrast / count, same / count];
}

/** Everything the view shows of a move; what is pooled before moving is kept as long as it stays the same. */
export class Movement {
  constructor() {
    /** @type {{plane: any, kind: string, maps: Map<number, Plane>}} */ this.start = { plane: null, kind: "", maps: new Map() };
  }

  /** The plane before moving, pooled. */
  pooledBefore(/** @type {Plane} */ plane, kind, block) {
    if (this.start.plane !== plane || this.start.kind !== kind) this.start = { plane, kind, maps: new Map() };
    const { maps } = this.start;
    if (!maps.has(block)) maps.set(block, blockPooled(plane, kind, block));
    return maps.get(block);
  }

  /**
   * @param {Plane} before
   * @param {{shift: number[], turn: number, scale: number, kind: string, block: number}} scene
   * @param {number[]} blocks the windows to compare
   */
  of(before, { shift, turn, scale, kind, block }, blocks) {
    const after = movedPlane(before, shift, turn, scale);
    const rows = blocks.map((n) => [n, ...stabilityOf(this.pooledBefore(before, kind, n).data, blockPooled(after, kind, n).data)]);
    const [one, two] = [this.pooledBefore(before, kind, block), blockPooled(after, kind, block)];
    const difference = { data: Float64Array.from(two.data, (value, i) => value - one.data[i]), shape: one.shape };
    return { rows, arrays: { before, after, one, two, difference } };
  }
}
