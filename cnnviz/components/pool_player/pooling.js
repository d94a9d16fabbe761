// Pooling as the step player takes it: its settings, the window's own numbers in the middle, its words.

import { NumberGrid } from "../shared/grid.js";
import { numberText, typedNumber } from "../shared/numbers.js";
import { isPossible, stepAt } from "../shared/windows.js";
import { make } from "../shared/dom.js";
import { setAttribute, setHidden, setOptions, setText, setValue } from "../player/dom.js";
import { turned } from "../player/model.js";
import { joinSentences } from "../player/notes.js";
import { largestOf, winnerOf } from "../player/stage.js";
import { POOL_LARGEST, POOL_MODEL, poolLayerOf, tiedAfter } from "./pool_model.js";
import { poolFormulaWords, poolHeadings, poolNoteKey, poolRestSentence } from "./pool_words.js";
import { drawShared } from "./shared_out.js";

const KIND_NUMBERS = { norm: "lp", k: "k_max", draw: "stochastic" };
const NUMBER_BOUNDS = { norm: [0.25, 64, 0.5], k: [1, POOL_LARGEST.k, 1], draw: [0, 9999, 1] };
const POOL_KINDS = ["max", "avg", "lp", "median", "k_max", "stochastic", "k_means"];
const POOL_WAYS = ["sliding", "adaptive", "global"];

/** @type {import("../player/convolution.js").Operation} */
export const POOLING = {
  model: POOL_MODEL,
  knobs: ["size", "kernel", "stride", "padding", "dilation", "out"],
  weightsOf: () => null,
  biasOf: () => 0,
  adopted: (scene) => scene,
  turnedWith: (scene, name, which, value) => tiedAfter(turned(POOL_MODEL, scene, name, which, value), name),
  limits: poolLimits,
  tint: (player, name, grid) => grid.ready(),
  wire: wirePooling,
  holds: () => false,
  writeTexts: writePoolTexts,
  writeSettings: writePoolSettings,
  hideable: ({ root }, knob) => ({
    kind: [root.querySelector(".kind")], windows: [root.querySelector(".ways")], padding: [knob("padding")],
    ceil: [root.querySelector(".checks")],
  }),
  headings: poolHeadings,
  formula: ({ worked, texts }) => poolFormulaWords(worked.plan.layer, texts),
  leftOver: ({ scene, worked, texts }) => poolRestSentence(scene, worked.plan.layer, texts),
  note: ({ touched, scene, texts }) => joinSentences(texts[`note_${poolNoteKey(touched, scene)}`], texts[`standard_${scene.kind}`]),
  showMiddle: fitWindow,
  markMiddle: showWindow,
  tables: windowTable,
  leave: () => {},
};

/** Input and output on one scale: what is equal looks equal. A norm of a picture may be brighter than white: then the
 *  scale of both reaches that far. */
export function poolLimits(scene, { input, output }) {
  const limit = Math.max(largestOf(input), largestOf(output));
  const white = scene.source === "picture" ? Math.max(scene.unit ? 1 : 255, limit) : 0;
  return { input: limit, output: limit, grey: white, outputGrey: white };
}

function wirePooling(player) {
  const { root } = player;
  const find = (selector) => root.querySelector(selector);
  player.windowGrid = new NumberGrid(find(".window-grid"), { largest: 66, near: 30, least: 9.5, easy: 12 });
  const kind = find(".kind select");
  kind.onchange = () => player.change({ ...player.scene, kind: kind.value }, "kind");
  player.poolNumbers = Object.keys(KIND_NUMBERS).map((name) => numberField(player, find(`[data-number=${name}]`), name));
  for (const name of ["expected", "ceil", "counted", "tied"]) {
    const box = find(`.${name} input`);
    box.onchange = () => {
      const next = { ...player.scene, [name]: box.checked };
      if (name === "tied" && box.checked) next.stride = next.kernel;
      if (isPossible(poolLayerOf(next))) player.change(next, name);
      else box.checked = !box.checked;
    };
  }
  for (const way of POOL_WAYS) {
    const button = make("button", { type: "button", data: { way } });
    button.onclick = () => player.change({ ...player.scene, windows: way }, "windows");
    find(".ways").append(button);
  }
}

/** A number of one kind of pooling: the p of a norm, how many of the largest, the seed. */
function numberField(player, row, name) {
  const [low, high, step] = NUMBER_BOUNDS[name];
  const input = make("input", { type: "number", min: String(low), max: String(high), step: name === "norm" ? "any" : String(step) });
  const label = make("span");
  row.append(make("label", {}, label, input));
  input.oninput = () => {
    const value = typedNumber(input.value);
    const fits = value >= low && value <= high && (name === "norm" || Number.isInteger(value));
    setAttribute(input, "aria-invalid", fits ? null : "true");
    if (fits) player.change({ ...player.scene, [name]: value }, "kind");
  };
  input.onblur = () => { setAttribute(input, "aria-invalid", null); setValue(input, player.scene[name]); };
  return { name, row, input, label };
}

function writePoolTexts({ root, texts, poolNumbers }) {
  const find = (selector) => root.querySelector(selector);
  setText(find(".kind span"), texts.kind);
  setOptions(find(".kind select"), POOL_KINDS.map((kind) => [kind, texts[`kind_${kind}`]]));
  for (const name of ["expected", "ceil", "counted", "tied"]) {
    setText(find(`.${name} span`), texts[name]);
    find(`.${name}`).title = texts[`${name}_why`];
  }
  for (const { name, label } of poolNumbers) setText(label, texts[`number_${name}`]);
  setAttribute(find(".ways"), "aria-label", texts.windows);
  for (const button of find(".ways").children) setText(button, texts[`way_${button.dataset.way}`]);
}

function writePoolSettings(player) {
  const { root, scene, texts, header, worked } = player;
  const find = (selector) => root.querySelector(selector);
  setValue(find(".kind select"), scene.kind);
  for (const { name, row, input } of player.poolNumbers) {
    setHidden(row, scene.kind !== KIND_NUMBERS[name] || (name === "draw" && scene.expected));
    if (!player.isHeld(input)) setValue(input, scene[name]);
  }
  setHidden(find(".expected"), scene.kind !== "stochastic");
  for (const name of ["expected", "ceil", "counted", "tied"]) find(`.${name} input`).checked = scene[name];
  for (const button of find(".ways").children) setAttribute(button, "aria-pressed", String(button.dataset.way === scene.windows));
  const slides = scene.windows === "sliding";
  const hidden = (part) => header.hide.includes(part);
  for (const [knob, part] of [["kernel", "kernel_size"], ["stride", "stride"], ["padding", "padding"], ["dilation", "dilation"]]) {
    setHidden(find(`[data-knob=${knob}]`), !slides || hidden(part));
  }
  setHidden(find("[data-knob=out]"), scene.windows !== "adaptive");
  setHidden(find(".checks"), !slides || hidden("ceil"));
  setHidden(find(".counted"), scene.kind !== "avg");
  find(".scale").classList.toggle("is-grey", worked.limits.grey > 0);
  setHidden(find(".shared-out"), slides);
  if (!slides) drawShared(find(".shared-out svg"), worked.plan, texts);
  setAttribute(player.windowGrid.canvas, "aria-label", texts.window_label);
}

/** Give the window's grid its room. */
function fitWindow(player) {
  const { windowGrid, grids, parts, dark } = player;
  const room = player.kernelRoom ?? 150;
  Object.assign(windowGrid.sizes, grids.output.sizes, { largest: player.largestCell ?? 44 });
  windowGrid.fit(room, parts.kernelBox.clientHeight || room, dark, grids.output.family);
}

/** The numbers under the window, each with its share of the result; what was taken has a double frame. */
function showWindow(player) {
  const { worked, focus, current, found, tap, windowGrid } = player;
  const { plan } = worked;
  const step = focus.kind === "y" ? found.step : stepAt(plan, worked.input, null, 0, current.row, current.column);
  const cells = plan.rows.kernel * plan.columns.kernel;
  const values = new Array(cells).fill(null);
  const padding = new Uint8Array(cells).fill(1);
  const marks = [];
  step.taps.forEach((t, i) => {
    values[t.weightAt] = t.source < 0 && plan.layer.fill === null ? null : t.value;
    padding[t.weightAt] = Number(t.source < 0);
    const [row, column] = [Math.floor(t.weightAt / plan.columns.kernel), t.weightAt % plan.columns.kernel];
    const share = t.weight === null || Number.isNaN(t.weight) ? "" : `·${numberText(t.weight, 2)}`;
    const style = i === tap && focus.kind === "y" ? "tap" : isTaken(plan, step, t, i) ? "winner" : "window";
    marks.push({ row, column, style, label: share });
  });
  const inner = [0, 0, plan.rows.kernel, plan.columns.kernel];
  windowGrid.show({ rows: plan.rows.kernel, columns: plan.columns.kernel, values, padding, inner, limit: worked.limits.input, grey: worked.limits.grey });
  windowGrid.marks = marks;
  windowGrid.draw();
}

/** Whether a tap alone became the result. */
function isTaken(plan, step, tap, at) {
  return plan.reduce === "max" ? winnerOf(step) === at : tap.weight === 1 && plan.reduce !== "lp" && plan.reduce !== "mean";
}

function windowTable({ worked, current }) {
  const { plan, input } = worked;
  const step = stepAt(plan, input, null, 0, current.row, current.column);
  const byPlace = new Map(step.taps.map((t) => [t.weightAt, t.value]));
  return [plan.rows.kernel, plan.columns.kernel, (row, column) => byPlace.get(row * plan.columns.kernel + column) ?? null];
}
