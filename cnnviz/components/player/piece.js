// The small picture on which the reader drags the piece that becomes the input.

import { declareKeys } from "../shared/keys.js";
import { setAttribute, setHidden, setText, setValue } from "./dom.js";

/** The piece's first pixel when its middle is at (row, column) of the picture, kept inside. */
export function pieceAt(row, column, size, every, [height, width]) {
  const sides = size.map((n) => n * every);
  return [row, column].map((middle, i) => Math.round(Math.max(0, Math.min([height, width][i] - sides[i], middle - sides[i] / 2))));
}

/** The largest step of reducing at which the piece still fits the picture. */
export function largestEvery(size, [height, width]) {
  return Math.max(1, Math.min(32, Math.floor(Math.min(height / size[0], width / size[1]))));
}

export class PiecePicker {
  /** @param {HTMLElement} panel @param {{change: (fields: object) => void, close: () => void}} on */
  constructor(panel, on) {
    this.panel = panel;
    this.on = on;
    this.canvas = panel.querySelector("canvas");
    this.every = panel.querySelector(".every input");
    this.unit = panel.querySelector(".unit input");
    this.every.oninput = () => this.resize(Number(this.every.value));
    this.unit.onchange = () => on.change({ unit: this.unit.checked });
    panel.querySelector(".done").onclick = () => on.close();
    this.canvas.onpointerdown = (event) => { this.canvas.setPointerCapture(event.pointerId); this.dragged(event); };
    this.canvas.onpointermove = (event) => { if (this.canvas.hasPointerCapture(event.pointerId)) this.dragged(event); };
    this.canvas.onkeydown = (event) => this.key(event);
    declareKeys(this.canvas, "piece");
  }

  dragged(event) {
    if (!this.grey) return;
    const box = this.canvas.getBoundingClientRect();
    const [height, width] = this.grey.shape;
    const row = ((event.clientY - box.top) / box.height) * height;
    const column = ((event.clientX - box.left) / box.width) * width;
    this.on.change({ piece: pieceAt(row, column, this.scene.size, this.scene.every, this.grey.shape) });
    event.preventDefault();
  }

  /** Another step of reducing, around the same middle. */
  resize(every) {
    const { piece, size, every: old } = this.scene;
    const [row, column] = piece.map((p, i) => p + (size[i] * old) / 2);
    this.on.change({ every, piece: this.grey ? pieceAt(row, column, size, every, this.grey.shape) : piece });
  }

  key(event) {
    const moves = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const move = moves[event.key];
    if (!move || !this.grey) return;
    const { piece, size, every } = this.scene;
    const far = event.shiftKey ? 10 : 1;
    const middle = piece.map((p, i) => p + (size[i] * every) / 2 + move[i] * far);
    this.on.change({ piece: pieceAt(middle[0], middle[1], size, every, this.grey.shape) });
    event.preventDefault();
    event.stopPropagation();
  }

  /** Follow the scene. @param {{data: Uint8Array, shape: number[]} | null} grey */
  show(scene, grey, texts, colour) {
    this.scene = scene;
    this.label(texts);
    setValue(this.every, scene.every);
    setText(this.panel.querySelector(".every output"), `${scene.every} × ${scene.every}`);
    this.unit.checked = scene.unit;
    if (!grey) return;
    setAttribute(this.every, "max", largestEvery(scene.size, grey.shape));
    if (this.grey !== grey) this.load(grey);
    this.draw(colour);
  }

  label(texts) {
    setText(this.panel.querySelector(".picker-why"), texts.piece_why);
    setText(this.panel.querySelector(".every span"), texts.every);
    setText(this.panel.querySelector(".unit span"), texts.unit);
    setText(this.panel.querySelector(".done"), texts.done);
    setAttribute(this.panel, "aria-label", texts.choose_piece);
    setAttribute(this.canvas, "aria-label", texts.piece_keys);
    setAttribute(this.canvas, "role", "application");
  }

  load(grey) {
    this.grey = grey;
    const [height, width] = grey.shape;
    this.picture = this.canvas.ownerDocument.createElement("canvas");
    this.picture.width = width;
    this.picture.height = height;
    const image = new ImageData(width, height);
    grey.data.forEach((value, i) => image.data.set([value, value, value, 255], i * 4));
    this.picture.getContext("2d").putImageData(image, 0, 0);
    this.canvas.width = width;
    this.canvas.height = height;
  }

  draw(colour) {
    const pen = this.canvas.getContext("2d");
    pen.drawImage(this.picture, 0, 0);
    const { piece, size, every } = this.scene;
    const line = Math.max(2, this.canvas.width / 130);
    const box = [piece[1] - line / 2, piece[0] - line / 2, size[1] * every + line, size[0] * every + line];
    pen.lineWidth = line * 2.2;
    pen.strokeStyle = "#ffffff";
    pen.strokeRect(...box);
    pen.lineWidth = line;
    pen.strokeStyle = colour;
    pen.strokeRect(...box);
  }

  open(shown) {
    setHidden(this.panel, !shown);
    if (shown) this.canvas.focus();
  }
}
