// The two pictures of the lab, the colour bar and the tiles of a bank: what is drawn where, and what is marked.

import { mapPalette } from "../shared/colours.js";
import { fillText, numberText } from "../shared/numbers.js";
import { bringIntoView, clampView, wholeView } from "../shared/view.js";
import { Viewer } from "../shared/viewer.js";
import { setText } from "./lab_dom.js";
import { framesOf, runsOf, windowOf } from "./lab_numbers.js";
import { paddedPixels, paintColours } from "./lab_pixels.js";
import { Tiles } from "./lab_tiles.js";

/** @typedef {import("./kernel_lab.js").Lab} Lab */

/** Which palette a view is coloured with. */
export function paletteKind(view) {
  return view === "signed" ? "signed" : view === "absolute" ? "absolute" : "grey";
}

export class Views {
  constructor(/** @type {Lab} */ lab) {
    this.lab = lab;
    const part = (selector) => lab.part(selector);
    const callbacks = (which) => ({
      hover: (cell) => lab.point(cell && which === "picture" ? this.outputOver(cell) : cell),
      pick: (cell) => lab.pick(which === "picture" ? this.outputOver(cell) : cell),
      view: (view) => this.looked(view, which),
      key: (event) => lab.key(event),
    });
    this.picture = new Viewer(part(".picture canvas"), callbacks("picture"));
    this.map = new Viewer(part(".map canvas.whole"), callbacks("map"));
    this.tiles = new Tiles(lab, part(".map .tiles"));
    this.bar = part(".bar canvas");
    this.palettes = new Map();
  }

  destroy() {
    this.picture.destroy();
    this.map.destroy();
  }

  /** A palette is made once per kind and theme. */
  palette(kind) {
    const key = kind + this.lab.dark;
    if (!this.palettes.has(key)) this.palettes.set(key, mapPalette(kind, this.lab.dark));
    return this.palettes.get(key);
  }

  /** The output pixel whose window has its anchor nearest to a pixel of the padded picture. */
  outputOver(cell) {
    const { frames, lab } = this;
    if (!frames || !lab.out) return null;
    const near = (world, start, pitch, count) => Math.max(0, Math.min(count - 1, Math.floor((world - start) / pitch)));
    const { laying } = lab;
    return {
      row: near(cell.row - laying.pads[0][0] + 0.5, frames.map.top, frames.map.pitchY, lab.out[0]),
      col: near(cell.col - laying.pads[1][0] + 0.5, frames.map.left, frames.map.pitchX, lab.out[1]),
    };
  }

  /** One of the two was zoomed or moved: the other follows at once, the scene at rest. */
  looked(view, which) {
    (which === "map" ? this.picture : this.map).look(view);
    const whole = view.zoom <= 1.001;
    const tidy = (v) => Math.round(v * 100) / 100;
    this.lab.change({ look: whole ? [0, 0, 0] : [tidy(view.x), tidy(view.y), tidy(view.zoom)] }, { rest: 400, silent: true });
  }

  /** Where the scene says to look, once there is something to look at. */
  lookAt(look) {
    const bounds = this.frames?.bounds;
    if (!bounds) return;
    const wanted = look[2] >= 1 ? { x: look[0], y: look[1], zoom: look[2] } : wholeView(bounds);
    for (const viewer of [this.picture, this.map]) viewer.look(wanted);
  }

  /** The picture with its padding; built anew only when something it is made of changed. */
  showPicture() {
    const { lab } = this;
    const { picture, laying, weights } = lab;
    if (!picture || !lab.out) return;
    this.frames = framesOf(picture, weights, laying, lab.out);
    const key = [picture.digest, JSON.stringify(laying.pads), laying.mode, lab.dark].join("|");
    const shown = key + JSON.stringify(this.frames) + lab.scene.channels;
    if (shown === this.shownKey) return;
    this.shownKey = shown;
    if (key !== this.pictureKey) {
      this.pictureKey = key;
      this.padded = paddedPixels(picture, laying, lab.dark);
    }
    this.picture.view ??= wholeView(this.frames.bounds);
    this.picture.show({
      ...this.padded, frame: this.frames.picture, bounds: this.frames.bounds,
      firstRow: -laying.pads[0][0], firstCol: -laying.pads[1][0],
      numberAt: (row, col) => lab.pictureNumber(row - laying.pads[0][0], col - laying.pads[1][0]),
    }, lab.dark);
  }

  showMap() {
    const { lab } = this;
    const { maps } = lab;
    const tiled = maps?.kind === "tiles";
    lab.part(".map .tiles").hidden = !tiled;
    lab.part(".map canvas.whole").hidden = tiled;
    if (!maps || !this.frames) return;
    if (tiled) this.tiles.show(maps, this.palette(paletteKind(lab.scene.view)));
    else {
      const [, height, width] = maps.shape;
      const pixels = maps.kind === "colour"
        ? { paint: (pixels) => paintColours(maps.indices, pixels) }
        : { indices: maps.indices, palette: this.palette(paletteKind(lab.scene.view)) };
      this.map.view ??= { ...this.picture.view };
      this.map.show({
        width, height, ...pixels, frame: this.frames.map, bounds: this.frames.bounds,
        numberAt: (row, col) => lab.mapNumber(row, col),
      }, lab.dark);
    }
    this.showBar();
  }

  /** The colour bar with its numbers, and what it cannot show. */
  showBar() {
    const { lab } = this;
    const { low, high } = lab.maps.scales[0];
    const kind = paletteKind(lab.scene.view);
    if (this.barKey !== kind + lab.dark) this.fillBar(kind);
    const signed = (v) => (v > 0 && kind === "signed" ? "+" : "") + numberText(v);
    setText(lab.part(".bar .low"), signed(low));
    setText(lab.part(".bar .high"), signed(high));
    setText(lab.part(".bar .zero"), kind === "signed" ? "0" : "");
    const share = lab.maps.beyond;
    const percent = share > 0 && share < 0.01 ? "< 1" : String(Math.round(share * 100));
    const own = lab.maps.scales.length > 1 && lab.scene.scale === "map" && lab.scene.view !== "clip";
    setText(lab.part(".bar .beyond"), own ? lab.texts.own_scales : share > 0 ? fillText(lab.texts.beyond, { percent }) : "");
  }

  fillBar(kind) {
    this.barKey = kind + this.lab.dark;
    [this.bar.width, this.bar.height] = [255, 1];
    const pen = this.bar.getContext("2d");
    const image = pen.createImageData(255, 1);
    new Uint32Array(image.data.buffer).set(this.palette(kind).subarray(0, 255));
    pen.putImageData(image, 0, 0);
  }

  /** Window on the picture, current pixel on the map, padding, pixels no window meets. */
  mark() {
    const { lab } = this;
    if (!this.frames || !lab.picture) return;
    const { laying, picture } = lab;
    const [[top, bottom], [left, right]] = laying.pads;
    const shift = (box) => ({ ...box, row: box.row + top, col: box.col + left });
    const marks = [];
    const hatch = { role: "soft", style: "hatch" };
    for (const [row, rows] of runsOf(lab.unmet.rows ?? [])) marks.push(shift({ row, col: 0, rows, cols: picture.width, ...hatch }));
    for (const [col, cols] of runsOf(lab.unmet.cols ?? [])) marks.push(shift({ row: 0, col, rows: picture.height, cols, ...hatch }));
    if (top + bottom + left + right) {
      marks.push({ row: 0, col: 0, rows: picture.height + top + bottom, cols: picture.width + left + right, role: "soft", style: "dashed" });
      marks.push(shift({ row: 0, col: 0, rows: picture.height, cols: picture.width, role: "input", style: "dashed" }));
    }
    const at = lab.cell;
    if (at) {
      const box = windowOf(lab.pointedWeights, laying, at.row, at.col);
      marks.push(shift({ ...box, role: "kernel" }), ...this.taps(box, shift));
    }
    const key = JSON.stringify([marks, at, lab.dark, lab.maps?.kind === "tiles" && lab.maps.key]);
    if (key === this.marksKey) return;
    this.marksKey = key;
    this.picture.mark(marks);
    this.map.mark(at ? [{ row: at.row, col: at.col, role: "output", style: "double" }] : []);
    if (lab.maps?.kind === "tiles") this.tiles.mark(at);
  }

  /** The single taps of a dilated window, and the tap whose weight is pointed at. */
  taps(box, shift) {
    const { lab } = this;
    const { laying } = lab;
    const { rows, cols } = lab.pointedWeights;
    const out = [];
    const tap = (r, c, role) => shift({ row: box.row + r * laying.dilation[0], col: box.col + c * laying.dilation[1], role, style: role === "output" ? "solid" : "dashed" });
    const dilated = laying.dilation.some((d) => d > 1) && rows * cols <= 121;
    for (let r = 0; dilated && r < rows; r += 1) for (let c = 0; c < cols; c += 1) out.push(tap(r, c, "kernel"));
    if (lab.weightAt) {
      const [r, c] = laying.flip ? [rows - 1 - lab.weightAt.row, cols - 1 - lab.weightAt.col] : [lab.weightAt.row, lab.weightAt.col];
      if (r >= 0 && c >= 0 && r < rows && c < cols) out.push(tap(r, c, "output"));
    }
    return out;
  }

  /** After an arrow key: follow the window when it leaves what is seen. */
  follow() {
    const { lab } = this;
    if (!lab.cell || !this.frames || this.map.view.zoom <= 1.001) return;
    const view = bringIntoView(this.map.view, this.frames.bounds, this.map.screen, this.frames.map, lab.cell.row, lab.cell.col, 1, 1, this.map.largest);
    for (const viewer of [this.picture, this.map]) viewer.look(view);
    this.looked(clampView(view, this.frames.bounds, this.map.screen, this.map.largest), "map");
  }
}
