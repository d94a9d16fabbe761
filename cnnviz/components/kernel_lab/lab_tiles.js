// Several maps side by side on one scale: a bank of kernels, or the three channels. A click opens one.

import { paintIndices } from "../shared/colours.js";
import { houseColours } from "../shared/colours.js";
import { node, setText } from "./lab_dom.js";

/** @typedef {import("./kernel_lab.js").Lab} Lab */

/** Columns for n tiles in a square: as square as it goes. */
export function tileColumns(n) {
  return Math.ceil(Math.sqrt(n));
}

/** The output pixel under a point of a tile, where the tile shows `out` rows and columns inside width x height. */
export function tileCell(px, py, width, height, out) {
  const scale = Math.min(width / out[1], height / out[0]);
  const col = Math.floor((px - (width - out[1] * scale) / 2) / scale);
  const row = Math.floor((py - (height - out[0] * scale) / 2) / scale);
  return row >= 0 && row < out[0] && col >= 0 && col < out[1] ? { row, col } : null;
}

export class Tiles {
  constructor(/** @type {Lab} */ lab, /** @type {HTMLElement} */ box) {
    this.lab = lab;
    this.box = box;
    /** @type {any[]} */ this.tiles = [];
  }

  build(count) {
    if (this.tiles.length === count) return;
    this.tiles = Array.from({ length: count }, (_, i) => {
      const canvas = node("canvas");
      const name = node("span", { class: "name" });
      const el = node("button", { type: "button", class: "tile", onclick: () => this.lab.openTile(i) }, canvas, name);
      el.onpointermove = (event) => this.pointed(i, event);
      el.onpointerleave = () => this.lab.point(null);
      return { el, canvas, name, image: node("canvas") };
    });
    this.box.replaceChildren(...this.tiles.map((tile) => tile.el));
    this.box.style.setProperty("--columns", String(tileColumns(count)));
  }

  show(maps, palette) {
    this.build(maps.labels.length);
    this.maps = maps;
    this.tiles.forEach((tile, i) => {
      const [height, width] = maps.sizes[i];
      const pen = tile.image.getContext("2d");
      if (tile.image.width !== width || tile.image.height !== height) [tile.image.width, tile.image.height] = [width, height];
      const image = pen.createImageData(width, height);
      paintIndices(maps.indices.subarray(maps.starts[i], maps.starts[i] + width * height), palette, new Uint32Array(image.data.buffer));
      pen.putImageData(image, 0, 0);
      setText(tile.name, maps.labels[i]);
      tile.el.title = maps.titles[i];
      tile.el.setAttribute("aria-label", maps.titles[i]);
    });
    this.draw();
  }

  mark(at) {
    this.at = at;
    this.draw();
  }

  draw() {
    if (this.asked) return;
    this.asked = requestAnimationFrame(() => {
      this.asked = 0;
      this.tiles.forEach((tile, i) => this.drawTile(tile, i));
    });
  }

  drawTile({ canvas, image }, i) {
    const ratio = devicePixelRatio || 1;
    const [w, h] = [canvas.clientWidth, canvas.clientHeight];
    if (!w || !this.maps) return;
    canvas.width = Math.round(w * ratio);
    canvas.height = Math.round(h * ratio);
    const pen = canvas.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    const out = this.maps.outs[i];
    const scale = Math.min(w / out[1], h / out[0]);
    const [left, top] = [(w - out[1] * scale) / 2, (h - out[0] * scale) / 2];
    pen.imageSmoothingEnabled = scale * out[1] < image.width * 2;
    pen.drawImage(image, left, top, out[1] * scale, out[0] * scale);
    if (!this.at) return;
    const house = houseColours(this.lab.dark);
    const side = Math.max(6, scale);
    const [x, y] = [left + (this.at.col + 0.5) * scale - side / 2, top + (this.at.row + 0.5) * scale - side / 2];
    pen.strokeStyle = house.background;
    pen.lineWidth = 4;
    pen.strokeRect(x, y, side, side);
    pen.strokeStyle = house.output;
    pen.lineWidth = 2;
    pen.strokeRect(x, y, side, side);
  }

  pointed(i, event) {
    const { canvas } = this.tiles[i];
    const box = canvas.getBoundingClientRect();
    const cell = tileCell(event.clientX - box.left, event.clientY - box.top, box.width, box.height, this.maps.outs[i]);
    this.lab.point(cell, i);
  }
}
