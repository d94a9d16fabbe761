// The view "network": the whole network, one map of a layer, or one unit; the bar above leads from one to the other.

import { choices, make, say } from "../shared/dom.js";
import { declareKeys } from "../shared/keys.js";
import { netColumns, unitAfterKey, unitUnder } from "./columns.js";
import { HEAD, NetPaint } from "./netpaint.js";
import { LayerPane } from "./layerpane.js";
import { picker } from "./picker.js";
import { NO_SURGERY } from "./surgery.js";
import { UnitPane } from "./unitpane.js";

export class NetPane {
  constructor(app) {
    this.app = app;
    this.levels = make("div", { className: "chips", attrs: { role: "group" } });
    this.nets = picker((net) => app.change({ net, ...NO_SURGERY })); // surgery belongs to the network it was done on
    this.layers = picker((layer) => app.look({ layer }));
    this.maps = picker((channel) => app.look({ channel: Number(channel) }));
    this.bar = make("div", { className: "line bar" }, this.levels, this.nets.el, this.layers.el, this.maps.el);
    this.canvas = make("canvas", { className: "net", tabIndex: 0, attrs: { role: "application" } });
    this.note = make("p", { className: "note" });
    this.body = make("div", { className: "column body" });
    this.elements = [this.bar, this.body];
    this.painter = new NetPaint(this.canvas);
    this.layerPane = new LayerPane(app);
    this.unitPane = new UnitPane(app);
    this.canvas.onclick = (event) => this.point(event);
    this.canvas.ondblclick = () => this.down();
    this.canvas.onkeydown = (event) => this.key(event);
    declareKeys(this.canvas, "net", "net_inside", "closer", "switch_off");
    this.watch = new ResizeObserver(() => { this.layout = ""; this.draw(); });
    this.watch.observe(this.canvas);
  }

  destroy() {
    this.watch.disconnect();
    this.layerPane.destroy();
  }

  controls() {
    const { app } = this;
    const { scene, texts, header } = app;
    const rows = header.net.layers;
    this.levels.setAttribute("aria-label", texts.levels_label);
    choices(this.levels, ["network", "layer", "unit"].map((level) => [level, texts[`level_${level}`]]), scene.level, (level) => app.change({ level }));
    this.nets.show(texts.net_label, scene.net, app.fixed.nets.map((net) => [net, texts[`net_${net.replaceAll("-", "_")}`]]));
    this.layers.show(texts.layer_label, scene.layer, rows.map(({ name, shape }) => [name, `${name} · ${shape.join("×")}`]));
    const row = rows.find((one) => one.name === scene.layer) ?? rows[0];
    const word = row.shape.length === 3 && row.shape[1] > 1 ? "map" : "unit_number";
    this.maps.show(texts.map_label, String(Math.min(scene.channel, row.shape[0] - 1)), Array.from({ length: row.shape[0] }, (_, i) => [String(i), app.text(word, { number: i })]));
  }

  show(current) {
    const { app } = this;
    if (current) this.controls();
    const { level } = app.scene;
    const wanted = level === "network" ? [this.canvas, this.note] : level === "layer" ? [this.layerPane.el] : [this.unitPane.el];
    if (this.body.firstChild !== wanted[0]) this.body.replaceChildren(...wanted);
    if (level === "network") this.draw();
    else if (level === "layer") this.layerPane.show();
    else this.unitPane.show();
  }

  draw() {
    const { app, painter } = this;
    if (!app.header?.limits || !this.canvas.isConnected || !painter.fit()) return;
    const { scene, header, arrays, edges, dark } = app;
    const size = `${header.net.id} ${painter.width} ${painter.height}`;
    if (size !== this.layout) {
      this.layout = size;
      this.columns = netColumns(header.net.layers, painter.width - 12, painter.height - HEAD - 6).map((column) => ({ ...column, x: column.x + 6 }));
      this.ground = "";
    }
    painter.type = Math.max(11, 0.69 * parseFloat(getComputedStyle(document.documentElement).fontSize));
    const what = { columns: this.columns, edges, dark, at: scene, off: app.off, edited: app.edited, maps: arrays, seen: arrays.seen };
    const ground = `${size} ${app.key} ${dark} ${scene.layer} ${scene.channel}`;
    if (ground !== this.ground) painter.ground(what);
    this.ground = ground;
    painter.paint(what);
    this.canvas.setAttribute("aria-label", app.text("net_canvas", { layers: header.net.layers.length - 1 }));
    const drawn = Object.values(edges).some(({ shares }) => shares.length >= app.fixed.most_edges);
    say(this.note, app.text(drawn ? "edges_some" : "edges_all", { most: app.fixed.most_edges }));
  }

  point(event) {
    const box = this.canvas.getBoundingClientRect();
    const found = unitUnder(this.columns ?? [], event.clientX - box.left, event.clientY - box.top - HEAD);
    if (found) this.app.look(found);
  }

  down() {
    const { app } = this;
    app.change({ level: app.scene.level === "network" ? "layer" : "unit" });
  }

  key(event) {
    const { app } = this;
    const { layer, channel, row, col } = app.scene;
    const next = unitAfterKey(app.header.net.layers, { layer, channel, row, col }, event.key, event.shiftKey);
    if (next) app.look(next);
    else if (event.key === "Enter") {
      this.down();
      queueMicrotask(() => this.levels.children[1]?.focus());
    } else if (event.key === "x" || event.key === "X") app.toggle(layer, channel);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
