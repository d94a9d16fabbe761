// The whole network on one canvas: every map of every layer, and the edges between them coloured by weight.

import { houseColours, mapPalette } from "../shared/colours.js";
import { tileOf } from "./columns.js";

export const HEAD = 34; // above the maps: names and shapes

/** Paint one layer's maps into a sheet of its own, one map beneath the other; a vector as one column. */
export function layerSheet(/** @type {HTMLCanvasElement} */ sheet, map, palette) {
  const [count, rows = 1, cols = 1] = map.shape;
  if (sheet.width !== cols || sheet.height !== count * rows) Object.assign(sheet, { width: cols, height: count * rows });
  const pen = sheet.getContext("2d");
  const image = pen.createImageData(cols, count * rows);
  const pixels = new Uint32Array(image.data.buffer);
  for (let i = 0; i < map.data.length; i += 1) pixels[i] = palette[map.data[i]];
  pen.putImageData(image, 0, 0);
}

/** A picture (C, H, W) of 0..255 as a sheet: grey as ink on paper (`inverted`) or as light on dark, or colour. */
export function pictureSheet(/** @type {HTMLCanvasElement} */ sheet, map, inverted = false) {
  const [channels, rows, cols] = map.shape;
  Object.assign(sheet, { width: cols, height: rows });
  const pen = sheet.getContext("2d");
  const image = pen.createImageData(cols, rows);
  for (let i = 0; i < rows * cols; i += 1) {
    for (let c = 0; c < 3; c += 1) {
      const value = map.data[(channels === 3 ? c : 0) * rows * cols + i];
      image.data[i * 4 + c] = inverted ? 255 - value : value;
    }
    image.data[i * 4 + 3] = 255;
  }
  pen.putImageData(image, 0, 0);
}

/** The lines of one weighted layer: [x1, y1, x2, y2, share, to] each; share −1..1 of the layer's strongest. */
export function edgeLines(columns, layer, pairs, shares) {
  const to = columns.find((column) => column.layer.name === layer);
  const from = columns.find((column) => column.layer.name === to?.layer.from);
  if (!from || !to) return [];
  return Array.from(shares, (share, i) => {
    const [a, b] = [tileOf(from, pairs[2 * i]), tileOf(to, pairs[2 * i + 1])];
    return [from.x + from.width + 2, a.y + a.height / 2, to.x - 2, b.y + b.height / 2, share / 127, pairs[2 * i + 1]];
  });
}

export class NetPaint {
  constructor(/** @type {HTMLCanvasElement} */ canvas) {
    this.canvas = canvas;
    this.sheets = new Map();
    this.palettes = []; // light, dark
    this.lines = document.createElement("canvas");
  }

  /** Make the canvas as large as it is seen; returns whether there is any room. */
  fit() {
    const { canvas } = this;
    this.ratio = globalThis.devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    Object.assign(this, { width, height });
    for (const one of [canvas, this.lines]) {
      if (one.width !== Math.round(width * this.ratio)) one.width = Math.round(width * this.ratio);
      if (one.height !== Math.round(height * this.ratio)) one.height = Math.round(height * this.ratio);
    }
    return width > 40 && height > 60;
  }

  pen(canvas) {
    const pen = canvas.getContext("2d");
    pen.setTransform(this.ratio, 0, 0, this.ratio, 0, HEAD * this.ratio);
    pen.imageSmoothingEnabled = false;
    return pen;
  }

  /** Edges and names: they change only with the network, the theme, or what is looked at. */
  ground({ columns, edges, dark, at, off }) {
    const pen = this.pen(this.lines);
    const house = houseColours(dark);
    pen.clearRect(0, -HEAD, this.width, this.height);
    for (const column of columns) {
      if (edges[column.layer.name]) continue;
      const from = columns.find((one) => one.layer.name === column.layer.from);
      if (!from || from.count !== column.count || column.count > 48) continue;
      pen.strokeStyle = house.line;
      for (let i = 0; i < column.count; i += 1) line(pen, from.x + from.width + 2, middle(tileOf(from, i)), column.x - 2, middle(tileOf(column, i)), 1);
    }
    for (const column of columns) {
      const found = edges[column.layer.name];
      if (!found) continue;
      const lines = edgeLines(columns, column.layer.name, found.pairs, found.shares);
      const chosen = column.layer.name === at.layer;
      const many = lines.length > 40;
      for (const [x1, y1, x2, y2, share, to] of lines) {
        const mine = chosen && to === at.channel;
        pen.globalAlpha = mine ? 0.35 + 0.65 * Math.abs(share) : (many ? 0.04 : 0.12) + (many ? 0.3 : 0.5) * Math.abs(share) * (chosen ? 0.5 : 1);
        pen.strokeStyle = share < 0 ? house.negative : house.positive;
        line(pen, x1, y1, x2, y2, mine ? 1 + 1.6 * Math.abs(share) : 1);
      }
      pen.globalAlpha = 1;
    }
    this.names(pen, columns, house, at, off);
  }

  names(pen, columns, house, at) {
    pen.textAlign = "center";
    pen.font = `600 ${this.type ?? 11}px ${getComputedStyle(this.canvas).fontFamily}`;
    columns.forEach((column, i) => {
      const { name, shape } = column.layer;
      const x = Math.max(18, Math.min(this.width - 20, column.x + column.width / 2));
      pen.fillStyle = name === at.layer ? house.kernel : house.ink;
      const roomy = column.width >= 56;
      const y = i % 2 === 0 || roomy ? -20 : -7;
      pen.fillText(name, x, y);
      if (roomy) {
        pen.fillStyle = house.soft;
        pen.fillText(shape.join("×"), x, -7);
      }
    });
  }

  /** The maps, with what is looked at framed and what is off crossed out. */
  paint({ columns, maps, seen, dark, at, off, edited }) {
    const pen = this.pen(this.canvas);
    const house = houseColours(dark);
    const palette = (this.palettes[Number(dark)] ??= mapPalette("signed", dark));
    pen.clearRect(0, -HEAD, this.width, this.height);
    pen.drawImage(this.lines, 0, -HEAD, this.width, this.height);
    for (const column of columns) {
      const { name } = column.layer;
      const map = name === "input" ? seen : maps[`m.${name}`];
      if (!map) continue;
      if (!this.sheets.has(name)) this.sheets.set(name, document.createElement("canvas"));
      const sheet = this.sheets.get(name);
      const colour = name === "input" && column.count === 1;
      if (colour) pictureSheet(sheet, map, !dark);
      else layerSheet(sheet, name === "input" ? { ...map, data: map.data } : map, name === "input" ? greys() : palette);
      this.column(pen, column, sheet, house, off, edited[name]);
    }
    const chosen = columns.find((column) => column.layer.name === at.layer);
    if (chosen) this.frame(pen, chosen, at, house);
  }

  column(pen, column, sheet, house, off, edited) {
    const [, rows = 1, cols = 1] = column.layer.shape;
    if (column.vector) {
      pen.drawImage(sheet, 0, 0, 1, column.count, column.x, column.y, column.width, column.height);
      pen.strokeStyle = house.line;
      pen.lineWidth = 1;
      pen.strokeRect(column.x - 0.5, column.y - 0.5, column.width + 1, column.height + 1);
    }
    for (let i = 0; i < column.count; i += 1) {
      const tile = tileOf(column, i);
      if (!column.vector) {
        pen.drawImage(sheet, 0, i * rows, cols, rows, tile.x, tile.y, tile.width, tile.height);
        pen.strokeStyle = house.line;
        pen.lineWidth = 1;
        if (tile.width > 8) pen.strokeRect(tile.x - 0.5, tile.y - 0.5, tile.width + 1, tile.height + 1);
      }
      if (off[column.layer.name]?.has(i)) {
        pen.strokeStyle = house.kernel;
        line(pen, tile.x, tile.y, tile.x + tile.width, tile.y + tile.height, 1.5);
        line(pen, tile.x, tile.y + tile.height, tile.x + tile.width, tile.y, 1.5);
      }
      if (edited?.has(i)) corner(pen, tile.x + tile.width, tile.y, Math.max(6, Math.min(12, tile.width * 0.3)), house.kernel);
    }
  }

  frame(pen, column, at, house) {
    const tile = tileOf(column, at.channel);
    const [, rows = 1, cols = 1] = column.layer.shape;
    pen.strokeStyle = house.kernel;
    pen.lineWidth = 2;
    const air = column.vector ? 2 : 1;
    pen.strokeRect(tile.x - air, tile.y - air, tile.width + 2 * air, Math.max(2, tile.height) + 2 * air);
    if (column.vector || rows * cols === 1) return;
    const [w, h] = [tile.width / cols, tile.height / rows];
    pen.lineWidth = 1.5;
    pen.strokeRect(tile.x + at.col * w - 1, tile.y + at.row * h - 1, Math.max(w, 3) + 2, Math.max(h, 3) + 2);
  }
}

/** Bytes as greys. */
export function greys() {
  const bytes = new Uint8ClampedArray(1024);
  for (let i = 0; i < 256; i += 1) bytes.set([i, i, i, 255], i * 4);
  return new Uint32Array(bytes.buffer);
}

function middle(tile) {
  return tile.y + tile.height / 2;
}

/** The mark of a map with an edited kernel: its upper right corner filled. */
export function corner(pen, x, y, side, colour) {
  pen.fillStyle = colour;
  pen.beginPath();
  pen.moveTo(x - side, y);
  pen.lineTo(x + 1, y);
  pen.lineTo(x + 1, y + side);
  pen.fill();
}

function line(pen, x1, y1, x2, y2, width) {
  pen.lineWidth = width;
  pen.beginPath();
  pen.moveTo(x1, y1);
  pen.lineTo(x2, y2);
  pen.stroke();
}
