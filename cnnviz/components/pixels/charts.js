// Small charts on a canvas: histograms as steps, curves by distance. Words and table stand beside them, not in them.

import { houseColours } from "../shared/colours.js";

/** The colours of the planes R, G, B and of a single plane, readable on either theme. */
export function planeInks(/** @type {boolean} */ dark, /** @type {number} */ count) {
  const rgb = dark ? ["#ff8f87", "#6fd08c", "#8ab4ff"] : ["#c02c22", "#1d7a38", "#1f5fd0"];
  return count === 3 ? rgb : [houseColours(dark).ink];
}

/** Make the canvas as sharp as the screen and return a pen in CSS pixels with the size. */
export function sharpPen(/** @type {HTMLCanvasElement} */ canvas) {
  const ratio = devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth || 1, canvas.clientHeight || 1];
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  return { pen, width, height };
}

/**
 * The corner points of a histogram's steps, in a box of `width` x `height`; the fullest bin touches the top.
 * @param {ArrayLike<number>} counts
 * @param {number} most
 * @returns {[number, number][]}
 */
export function stepPoints(counts, most, width, height) {
  const bin = width / counts.length;
  const y = (count) => height - (most > 0 ? count / most : 0) * height;
  return Array.from(counts).flatMap((count, i) => /** @type {[number, number][]} */ ([[i * bin, y(count)], [(i + 1) * bin, y(count)]]));
}

/**
 * Draw a histogram a plane. Counts of very full bins are cut at eight times the middle one, so that the rest is seen;
 * returns whether any was.
 * @param {HTMLCanvasElement} canvas
 * @param {{data: ArrayLike<number>, shape: number[]}} counts (planes, bins)
 */
export function drawHistogram(canvas, counts, /** @type {boolean} */ dark) {
  const { pen, width, height } = sharpPen(canvas);
  const [planes, bins] = counts.shape;
  const all = Array.from(counts.data);
  const filled = all.filter((n) => n > 0).sort((a, b) => a - b);
  const most = Math.min(filled[filled.length - 1] ?? 0, 8 * (filled[Math.floor(filled.length / 2)] ?? 0));
  const inks = planeInks(dark, planes);
  for (let p = 0; p < planes; p += 1) {
    const points = stepPoints(all.slice(p * bins, (p + 1) * bins).map((n) => Math.min(n, most)), most, width, height - 2);
    pen.beginPath();
    pen.moveTo(0, height);
    for (const [x, y] of points) pen.lineTo(x, y + 2);
    pen.lineTo(width, height);
    pen.globalAlpha = 0.12;
    pen.fillStyle = inks[p];
    pen.fill();
    pen.globalAlpha = 1;
    pen.strokeStyle = inks[p];
    pen.lineWidth = 1.3;
    pen.stroke();
  }
  return filled.length > 0 && filled[filled.length - 1] > most;
}

/**
 * Where a curve's points lie: x by index over the width, y from −1 at the bottom (or 0) to 1 at the top; null breaks it.
 * @param {(number | null)[]} values
 * @param {number} low the value at the bottom
 */
export function curvePoints(values, low, width, height) {
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  return values.map((value, i) => (value === null ? null : [i * step, height - ((value - low) / (1 - low)) * height]));
}
