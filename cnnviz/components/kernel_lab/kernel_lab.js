import { subscribe, unsubscribe } from "../shared/channel.js";
import { KernelGrid } from "../shared/kernel_grid.js";
import { claimKeys, declareKeys, releaseKeys } from "../shared/keys.js";
import { fillText } from "../shared/numbers.js";
import { unpack } from "../shared/payload.js";
import { applyTheme } from "../shared/theme.js";
import { LabActs } from "./lab_acts.js";
import { chip, iconButton, node, press, setText } from "./lab_dom.js";
import { DescentPane } from "./lab_descent.js";
import { Facts } from "./lab_facts.js";
import { LearnedPane } from "./lab_learned.js";
import { PixelTab } from "./lab_pixel.js";
import { remarkFor, spokenPixel } from "./lab_remarks.js";
import { anchorOf, stepOf } from "./lab_state.js";
import { Strip } from "./lab_strip.js";
import { Tabs } from "./lab_tabs.js";
import { Views } from "./lab_views.js";

const QUICK_KERNELS = ["identity", "gaussian_3", "sharpen", "sobel_x", "laplacian_4"];

/** @type {WeakMap<object, Lab>} */
const LABS = new WeakMap();

/** The lab on the page: builds its pieces and brings them up to date; what it does is in lab_acts.js. */
export class Lab extends LabActs {
  constructor(/** @type {any} */ root) {
    super();
    this.root = root;
    this.owner = this.part(".lab");
    this.views = new Views(this);
    this.pixelTab = new PixelTab(this);
    this.learnedPane = new LearnedPane(this);
    this.descentPane = new DescentPane(this);
    this.tabs = new Tabs(this, { pixel: this.pixelTab.el });
    this.factsBox = new Facts(this);
    this.strip = new Strip(this);
    this.kernelGrid = new KernelGrid(this.part(".grid"), {
      edit: (row, col, value) => this.setCell(row, col, value),
      start: () => this.remember(),
      hover: (cell) => { this.weightAt = cell; this.views.mark(); },
      paste: (text) => this.paste(text),
      name: (row, col, value, isAnchor) => fillText(this.texts[isAnchor ? "cell_anchor" : "cell"], { row: row + 1, column: col + 1, value }),
    });
    this.owner.onpaste = (event) => this.pasteAnywhere(event);
  }

  destroy() {
    unsubscribe(document, "kernel-lab", this);
    releaseKeys(this.owner);
    this.stop();
    this.views.destroy();
    this.pixelTab.watch.disconnect();
    this.descentPane.transport.pause();
    this.kernelGrid.destroy();
  }

  /** @returns {any} */
  part(selector) {
    return this.root.querySelector(selector);
  }

  /** Whether the link left this control on the page. */
  allows(control) {
    return control === undefined || !this.hide.includes(control);
  }

  /** Called at mount, and again for another language or theme. */
  mounted(header, dark) {
    const key = JSON.stringify([header.lang, header.hide, dark]);
    const anew = this.builtFor !== key;
    Object.assign(this, { dark, builtFor: key });
    this.owner.classList.toggle("present", header.present);
    if (anew) this.build(header);
    claimKeys(this.owner, (event) => this.pageKey(event));
    declareKeys(this.owner, "window", "hold", "undo", "paste");
    this.answers.open();
    subscribe(document, "kernel-lab", this, (live) => this.receivePage(live));
    if (this.scene && anew) this.showAll();
  }

  build({ lang, texts, library, hide }) {
    Object.assign(this, { lang, texts, library, hide });
    this.records = new Map([...library.presets, ...library.generators].map((record) => [record.id, record]));
    this.buildKernelButtons();
    for (const piece of [this.learnedPane, this.descentPane, this.tabs, this.strip, this.factsBox, this.pixelTab]) piece.name();
    const labels = { ".picture canvas": "picture_label", ".map canvas.whole": "map_label", ".grid": "grid_label" };
    for (const [selector, name] of Object.entries(labels)) this.part(selector).setAttribute("aria-label", texts[name]);
    this.part(".facts").hidden = !this.allows("facts");
    this.part(".facts .response").hidden = !this.allows("response");
    const back = this.part(".back");
    setText(back, texts.back);
    back.onclick = () => this.goBack();
  }

  buildKernelButtons() {
    const { texts } = this;
    this.undo = iconButton("undo", texts.undo, () => this.travel("back"));
    this.redo = iconButton("redo", texts.redo, () => this.travel("forth"));
    const larger = iconButton("larger", texts.larger_grid, () => press(larger, this.owner.classList.toggle("wide-grid")));
    this.part(".kernel .acts").replaceChildren(this.undo, this.redo, larger, chip(texts.reset, () => this.reset(), texts.reset_title),
      chip(texts.normalise, () => this.normalise(), texts.normalise_title),
      chip(texts.paste, () => this.openPaste(), texts.paste_title));
    this.quick = (this.allows("presets") ? QUICK_KERNELS : []).map((id) => {
      const record = this.records.get(id);
      const button = chip(texts[`quick_${id}`], () => this.choose(id), record.line);
      button.dataset.id = id;
      return button;
    });
    this.part(".quick").replaceChildren(...this.quick);
  }

  /** An answer was taken: `current` when it answers the reader's last change. */
  answeredWith(current, first) {
    if (!this.texts) return;
    if (current) this.showAll();
    else this.showAnswer();
    if (first) this.views.lookAt(this.scene.look);
  }

  receivePage(live) {
    super.receivePage(live);
    this.learnedPane.take(live);
    this.descentPane.take(live);
  }

  pictureCame() {
    if (!this.scene || !this.texts) return;
    this.showAll();
    this.views.lookAt(this.scene.look);
  }

  /** The reader let go: the address says what is shown, and a sentence says the pixel. */
  rested() {
    const wanted = location.pathname + (this.query ? `?${this.query}` : "");
    if (wanted !== location.pathname + location.search) history.replaceState(history.state, "", wanted + location.hash);
    setText(this.part(".spoken"), spokenPixel(this, this.texts));
  }

  /** Layout and map were worked out here: all that speaks of them follows at once. */
  nearShown(laidAnew) {
    this.showHeads();
    this.views.showPicture();
    this.views.showMap();
    this.showRemark();
    if (laidAnew) this.showPixel();
  }

  /** Scene fields changed here: the controls follow before the server answers. */
  changed(fields) {
    if (!("look" in fields)) this.showControls();
  }

  showAll() {
    if (!this.laid) return this.showRemark();
    this.showHeads();
    this.showGrid();
    this.showControls();
    this.views.showPicture();
    this.showAnswer();
    return undefined;
  }

  /** What every answer brings, also one that the reader has already overtaken. */
  showAnswer() {
    this.factsBox.show();
    this.views.showMap();
    this.showRemark();
    this.showPixel();
  }

  /** The controls, where something they show has changed: most changes of a weight change none of them. */
  showControls() {
    if (!this.laid) return;
    const { scene, grid, history } = this;
    this.undo.disabled = !history.past.length;
    this.redo.disabled = !history.future.length;
    const key = JSON.stringify([{ ...scene, weights: 0 }, grid.rows, grid.cols, this.laid.pads, this.formula, this.severalMaps, this.cameFrom, this.learnedFrom, this.builtFor, this.picture?.digest]);
    if (key === this.controlsKey) return;
    this.controlsKey = key;
    this.strip.show();
    this.tabs.show();
    for (const button of this.quick) press(button, button.dataset.id === scene.kernel);
    const apart = scene.channels === "each" && scene.channel !== "all" && !["clip", "rescale"].includes(scene.view);
    this.part(".back").hidden = scene.many || !(this.cameFrom === "bank" || apart);
    setText(this.part(".kernel .line"), this.records.get(scene.kernel)?.line ?? this.learnedFrom?.line ?? this.texts.custom_line);
  }

  showHeads() {
    const { texts, picture, laid, scene } = this;
    const size = (a, b) => `${a} × ${b}`;
    const kind = texts[`channels_${scene.channels}`];
    if (picture) {
      const colour = picture.channels === 3;
      setText(this.part(".picture h2"), `${texts.input} · ${size(picture.height, picture.width)}${colour ? ` × 3, ${kind}` : ""}`);
    }
    const name = this.records.get(scene.kernel)?.name ?? this.learnedFrom?.name ?? texts.custom;
    setText(this.part(".kernel h2"), `${texts.kernel} · ${size(laid.rows, laid.cols)} · ${name}`);
    const activation = scene.activation === "none" ? "" : ` · ${texts[`activation_${scene.activation}`]}`;
    const count = this.maps?.kind === "tiles" ? this.maps.labels.length : 0;
    const several = count ? ` · ${fillText(texts.maps_count, { count })}` : "";
    setText(this.part(".map h2"), `${texts.map} · ${size(laid.out[0], laid.out[1])}${several}${activation} · ${texts[`view_${scene.view}`]}`);
  }

  /** The kernel was changed here: its grid and the products follow before the server answers. */
  showKernel() {
    this.showGrid();
    this.showPixel();
  }

  showGrid() {
    const { grid } = this;
    if (grid && this.texts) this.kernelGrid.show({ ...grid, step: stepOf(grid), dark: this.dark, anchor: anchorOf(grid.rows, grid.cols) });
  }

  showPixel() {
    if (!this.laid || !this.picture) return;
    this.views.mark();
    const at = this.cell;
    const tile = this.maps?.kind === "tiles" && this.hoveredTile !== null ? `${this.maps.titles[this.hoveredTile]} · ` : "";
    setText(this.part(".where"), tile + fillText(this.texts[this.pinned ? "where_pinned" : "where"], { row: at.row, column: at.col }));
    if (this.scene.tab === "pixel" || this.pixelTab.dialog.open) this.pixelTab.show();
    this.atRest(() => setText(this.part(".spoken"), spokenPixel(this, this.texts)), "speak", 600);
  }

  showRemark() {
    const { text, fault } = remarkFor(this, this.texts);
    const line = this.part(".remark");
    setText(line, text);
    line.title = text;
    line.classList.toggle("fault", fault);
  }

  /** The kernel as text, to be changed or replaced. */
  openPaste() {
    const dialog = this.part("dialog.paste");
    const { rows, cols, cells } = this.grid;
    const area = node("textarea", { rows: 9, spellcheck: false, "aria-label": this.texts.paste_title });
    area.value = Array.from({ length: rows }, (_, r) => Array.from(cells.slice(r * cols, (r + 1) * cols)).join("\t")).join("\n");
    const use = chip(this.texts.use, () => { dialog.close(); this.paste(area.value); });
    dialog.replaceChildren(node("h2", { text: this.texts.paste_title }), node("p", { text: this.texts.paste_line }), area,
      node("div", { class: "acts" }, use, chip(this.texts.close, () => dialog.close())));
    dialog.setAttribute("aria-label", this.texts.paste_title);
    dialog.showModal();
    area.select();
  }
}

export default function ({ data, parentElement }) {
  const dark = applyTheme(parentElement);
  if (!LABS.has(parentElement)) LABS.set(parentElement, new Lab(parentElement));
  LABS.get(parentElement).mounted(unpack(data).header, dark);
  return () => {
    LABS.get(parentElement)?.destroy();
    LABS.delete(parentElement);
  };
}
