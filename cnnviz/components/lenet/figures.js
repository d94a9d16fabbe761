// Small pictures with a line beneath, made once and kept: the views of the lenet page are built of them.

import { mapPalette } from "../shared/colours.js";
import { make, say } from "../shared/dom.js";
import { layerSheet, pictureSheet } from "./netpaint.js";

/** A canvas with its caption. */
export function pictureFigure(className = "") {
  const canvas = make("canvas", { attrs: { role: "img" } });
  const caption = make("figcaption");
  return { el: make("figure", { className }, canvas, caption), canvas, caption };
}

/** Keep a row of `count` figures in a box. */
export function figureRow(box, held, count, className = "") {
  while (held.length > count) held.pop().el.remove();
  while (held.length < count) {
    held.push(pictureFigure(className));
    box.append(held.at(-1).el);
  }
  return held;
}

/** One picture out of (N, C, H, W), as an array of its own. */
export function nth(array, number) {
  const shape = array.shape.slice(1);
  const size = shape.reduce((a, b) => a * b, 1);
  return { shape, data: array.data.subarray(number * size, (number + 1) * size) };
}

/** Show a picture (C, H, W) of bytes; grey ones as ink on paper, in the dark as light. */
export function showPicture(figure, array, words, dark) {
  pictureSheet(figure.canvas, array, array.shape[0] === 1 && !dark);
  say(figure.caption, words);
  figure.canvas.setAttribute("aria-label", words);
}

/** A frame of the kernel's colour around pixels of a picture, as shares of its size. */
export function frameOver(canvas, rows, columns, colour) {
  const pen = canvas.getContext("2d");
  pen.strokeStyle = colour;
  pen.lineWidth = 1;
  pen.strokeRect(columns[0] + 0.5, rows[0] + 0.5, columns[1] - columns[0] - 1, rows[1] - rows[0] - 1);
}

/** Show the maps (C, H, W) of palette indices of one layer, side by side. */
export function showMaps(canvas, array, dark, across) {
  const [count, rows, cols] = array.shape;
  const sheet = make("canvas");
  layerSheet(sheet, array, mapPalette("signed", dark));
  const lines = Math.ceil(count / across);
  const zoom = Math.max(1, Math.round(56 / cols));
  Object.assign(canvas, { width: across * (cols + 1) * zoom, height: lines * (rows + 1) * zoom });
  const pen = canvas.getContext("2d");
  pen.imageSmoothingEnabled = false;
  for (let i = 0; i < count; i += 1) {
    pen.drawImage(sheet, 0, i * rows, cols, rows, (i % across) * (cols + 1) * zoom, Math.floor(i / across) * (rows + 1) * zoom, cols * zoom, rows * zoom);
  }
}

