// "This output pixel" as a drawing: patch × kernel = products. In numbers where they can be read, else in colours.

import { greyRgb, hexRgb, houseColours, inkOn, rgbHex, signedCell } from "../shared/colours.js";
import { numberText } from "../shared/numbers.js";

/**
 * @typedef {{value: number, weight: number, product: number, padded: boolean}} TapShown
 * @typedef {{x: number, y: number, cellWidth: number, cellHeight: number}} Block
 * @typedef {{numbers: number, blocks: Block[], signs: {x: number, y: number}[]}} PanelLayout  numbers: type size or 0
 */

const CHARACTER = 0.61; // a monospaced character's width in its size

/** What stands in the cells of the three blocks; products carry their sign. */
export function cellTexts(/** @type {TapShown[]} */ taps) {
  const product = (v) => (v > 0 ? "+" : "") + (v === 0 ? "0" : fixed(v));
  return [
    taps.map((tap) => fixed(tap.value)),
    taps.map((tap) => numberText(tap.weight, 3)),
    taps.map((tap) => product(tap.product)),
  ];
}

/** Two decimals with a real minus; more only where two would say zero of what is not zero. */
function fixed(value) {
  if (Math.abs(value) >= 100 || (value !== 0 && Math.abs(value) < 0.005)) return numberText(value, 3);
  const text = value.toFixed(2).replace("-", "\u2212");
  return text === "\u22120.00" ? "0.00" : text;
}

/**
 * Three blocks of rows x cols cells side by side in width x height, with the signs between. Numbers are written if
 * type of at least `smallest` pixels fits for the longest text of each block (`lengths`); else cells are squares.
 * @returns {PanelLayout}
 */
export function panelLayout(rows, cols, width, height, smallest, lengths, greatest = smallest * 1.5) {
  const sign = Math.max(18, smallest * 1.7);
  const room = width - 2 * sign;
  const tall = Math.floor(height / rows);
  const perCharacter = (room / cols - 3 * 4) / (lengths.reduce((a, b) => a + Math.max(3, b), 0) * CHARACTER);
  const size = Math.min(perCharacter, tall * 0.5, greatest);
  const numbers = size >= smallest ? size : 0;
  const square = Math.max(1, Math.min(tall, Math.floor(room / 3 / cols)));
  const cellHeight = numbers ? Math.min(tall, numbers * 2.6) : square;
  const wide = (length) => (numbers ? Math.max(cellHeight * 0.8, Math.max(3, length) * CHARACTER * numbers + 4) : square);
  let widths = lengths.map(wide);
  const total = widths.reduce((a, b) => a + b, 0) * cols;
  if (total > room) widths = widths.map((w) => w * (room / total));
  const y = (height - cellHeight * rows) / 2;
  let x = Math.max(0, (room - widths.reduce((a, b) => a + b, 0) * cols) / 2);
  const blocks = [];
  const signs = [];
  widths.forEach((cellWidth, i) => {
    blocks.push({ x, y, cellWidth, cellHeight });
    x += cellWidth * cols;
    if (i < 2) signs.push({ x: x + sign / 2, y: height / 2 });
    x += sign;
  });
  return { numbers, blocks, signs };
}

/** Colours of the three blocks: the patch as the greys it is, weights and products on their signed scales. */
export function cellFills(/** @type {TapShown[]} */ taps, /** @type {boolean} */ dark) {
  const most = (pick) => taps.reduce((top, tap) => Math.max(top, Math.abs(pick(tap))), 0);
  const [weights, products] = [most((t) => t.weight), most((t) => t.product)];
  const panel = houseColours(dark).panel;
  return [
    taps.map((tap) => (tap.padded ? panel : rgbHex(greyRgb(tap.value)))),
    taps.map((tap) => signedCell(tap.weight, weights, dark)),
    taps.map((tap) => signedCell(tap.product, products, dark)),
  ];
}

/**
 * Draw the panel on a canvas as large as it stands on the page.
 * @param {HTMLCanvasElement} canvas @param {{width: number, height: number}} size @param {{taps: TapShown[], rows: number, cols: number}} what
 */
export function drawPanel(canvas, { width, height }, { taps, rows, cols }, dark, smallest, greatest) {
  const ratio = devicePixelRatio || 1;
  if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
  if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  const texts = cellTexts(taps);
  const layout = panelLayout(rows, cols, width, height, smallest, texts.map((list) => Math.max(...list.map((t) => t.length))), greatest);
  const fills = cellFills(taps, dark);
  const house = houseColours(dark);
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  layout.blocks.forEach((block, b) => drawBlock(pen, block, { taps, cols, fills: fills[b], texts: layout.numbers ? texts[b] : null, size: layout.numbers, house, patch: b === 0 }));
  pen.fillStyle = house.soft;
  pen.font = `${smallest * 1.4}px ui-monospace, monospace`;
  pen.fillText("×", layout.signs[0].x, layout.signs[0].y);
  pen.fillText("=", layout.signs[1].x, layout.signs[1].y);
}

function drawBlock(pen, block, { taps, cols, fills, texts, size, house, patch }) {
  pen.font = `${size}px ui-monospace, monospace`;
  taps.forEach((tap, i) => {
    const x = block.x + (i % cols) * block.cellWidth;
    const y = block.y + Math.floor(i / cols) * block.cellHeight;
    pen.fillStyle = fills[i];
    pen.fillRect(x, y, block.cellWidth + 0.3, block.cellHeight + 0.3);
    if (texts) {
      pen.fillStyle = inkOn(hexRgb(fills[i]));
      pen.fillText(texts[i], x + block.cellWidth / 2, y + block.cellHeight / 2);
    }
  });
  const rows = taps.length / cols;
  drawBlockLines(pen, block, rows, cols, house, Boolean(texts) || block.cellWidth > 7);
  if (patch && block.cellWidth > 5) drawPadding(pen, block, taps, cols, house);
}

function drawBlockLines(pen, block, rows, cols, house, inner) {
  const [width, height] = [block.cellWidth * cols, block.cellHeight * rows];
  pen.strokeStyle = house.line;
  pen.lineWidth = 1;
  pen.strokeRect(block.x, block.y, width, height);
  if (!inner) return;
  pen.beginPath();
  for (let r = 1; r < rows; r += 1) { pen.moveTo(block.x, block.y + r * block.cellHeight); pen.lineTo(block.x + width, block.y + r * block.cellHeight); }
  for (let c = 1; c < cols; c += 1) { pen.moveTo(block.x + c * block.cellWidth, block.y); pen.lineTo(block.x + c * block.cellWidth, block.y + height); }
  pen.stroke();
}

/** Cells that lie in the padding are dashed. */
function drawPadding(pen, block, taps, cols, house) {
  pen.strokeStyle = house.soft;
  pen.setLineDash([3, 2]);
  taps.forEach((tap, i) => {
    if (tap.padded) pen.strokeRect(block.x + (i % cols) * block.cellWidth + 1.5, block.y + Math.floor(i / cols) * block.cellHeight + 1.5, block.cellWidth - 3, block.cellHeight - 3);
  });
  pen.setLineDash([]);
}
