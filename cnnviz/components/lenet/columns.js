// Where the layers of a network lie on the stage: pure geometry. Every layer is a column, every map a tile of it.

/**
 * @typedef {{name: string, kind: string, shape: number[]}} LayerRow
 * @typedef {{layer: LayerRow, x: number, y: number, cell: number, across: number, count: number, step: number,
 *   width: number, height: number, vector: boolean}} Column  `step` from tile to tile; a vector's tiles are `cell` high
 */

const GAP = 3;
const BAR = 13;
const LARGEST_CELL = 62;

function grown(layer, across, height) {
  const [count, rows] = layer.shape;
  const down = Math.ceil(count / across);
  const gap = down > 24 ? 1 : GAP;
  const cap = Math.min(LARGEST_CELL, Math.max(24, 2.2 * rows));
  return Math.max(2, Math.min(cap, Math.floor((height - (down - 1) * gap) / down)));
}

/**
 * Columns for all layers within width and height: tiles as large as they can be, more across where they would be tiny.
 * @param {LayerRow[]} layers @returns {Column[]}
 */
export function netColumns(layers, width, height, narrowest = 18) {
  const columns = layers.map((layer) => {
    const vector = layer.shape.length === 1 || layer.shape[1] * layer.shape[2] === 1;
    const count = layer.shape[0];
    if (vector) return { layer, vector, count, across: 1, cell: height / count, gap: 0, width: BAR };
    const cell = grown(layer, 1, height);
    return { layer, vector, count, across: 1, cell, gap: 0, width: cell };
  });
  const room = width - (columns.length - 1) * narrowest;
  const total = () => columns.reduce((sum, column) => sum + column.width, 0);
  for (let tries = 0; tries < 200; tries += 1) {
    const open = columns.filter((column) => !column.vector && column.across < column.count && column.cell < 30);
    const small = open.sort((a, b) => a.cell - b.cell).find((column) => {
      const across = column.across + 1;
      const cell = grown(column.layer, across, height);
      const wide = across * cell + (across - 1) * gapOf(column.count, across);
      return cell > column.cell && total() - column.width + wide <= room;
    });
    if (!small) break;
    small.across += 1;
    small.cell = grown(small.layer, small.across, height);
    small.width = small.across * small.cell + (small.across - 1) * gapOf(small.count, small.across);
  }
  const between = columns.length > 1 ? Math.min(64, (width - total()) / (columns.length - 1)) : 0;
  let x = 0;
  return columns.map((column) => {
    const down = Math.ceil(column.count / column.across);
    const step = column.vector ? column.cell : column.cell + gapOf(column.count, column.across);
    const tall = column.vector ? height : down * step - gapOf(column.count, column.across);
    const spare = column.vector || down === 1 ? 0 : Math.min((height - tall) / (down - 1), column.across < 3 ? 14 : 0);
    const placed = { ...column, x, step: step + spare, height: tall + spare * (down - 1), y: 0, stepX: column.cell + gapOf(column.count, column.across) };
    placed.y = (height - placed.height) / 2;
    x += column.width + between;
    return placed;
  });
}

function gapOf(count, across) {
  return Math.ceil(count / across) > 24 ? 1 : GAP;
}

/** The tile of a map, or the line of a vector's unit. */
export function tileOf(column, number) {
  if (column.vector) return { x: column.x, y: column.y + number * column.cell, width: column.width, height: column.cell };
  const [row, col] = [Math.floor(number / column.across), number % column.across];
  return { x: column.x + col * column.stepX, y: column.y + row * column.step, width: column.cell, height: column.cell };
}

/** Which unit lies under a point: {layer, channel, row, col}, or null. */
export function unitUnder(columns, x, y, slack = 3) {
  const column = columns.find((one) => x >= one.x - slack && x < one.x + one.width + slack && y >= one.y - slack && y < one.y + one.height + slack);
  if (!column) return null;
  const cut = (value, most) => Math.max(0, Math.min(most - 1, Math.floor(value)));
  if (column.vector) return { layer: column.layer.name, channel: cut((y - column.y) / column.cell, column.count), row: 0, col: 0 };
  const [, rows, cols] = column.layer.shape;
  const channel = cut((y - column.y) / column.step, Math.ceil(column.count / column.across)) * column.across + cut((x - column.x) / column.stepX, column.across);
  if (channel >= column.count) return null;
  const tile = tileOf(column, channel);
  return { layer: column.layer.name, channel, row: cut(((y - tile.y) / tile.height) * rows, rows), col: cut(((x - tile.x) / tile.width) * cols, cols) };
}

/** Where a key leads from a unit: arrows go to the next layer or map, with Shift to the next unit of the map. */
export function unitAfterKey(layers, at, key, shift) {
  const place = layers.findIndex((layer) => layer.name === at.layer);
  const [count, rows = 1, cols = 1] = layers[place].shape;
  const turn = (value, most) => (value + most) % most;
  const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  if (!way) return null;
  if (shift) return { ...at, row: turn(at.row + way[1], rows), col: turn(at.col + way[0], cols) };
  if (way[1]) return { ...at, channel: turn(at.channel + way[1], count) };
  const next = layers[Math.max(0, Math.min(layers.length - 1, place + way[0]))];
  const [n, r = 1, c = 1] = next.shape;
  const scaled = (value, from, to) => Math.min(to - 1, Math.floor(((value + 0.5) / from) * to));
  return { layer: next.name, channel: Math.min(at.channel, n - 1), row: scaled(at.row, rows, r), col: scaled(at.col, cols, c) };
}
