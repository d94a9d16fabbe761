// The step player's face: what it is set to and where it stands, written to the page; nothing is written twice.

import { houseColours } from "../shared/colours.js";
import { exactText, fillText, numberText } from "../shared/numbers.js";
import { SPEEDS } from "../shared/transport.js";
import { feedWords, float32Text, longestText, productWords, spokenWords, stepWords } from "./arithmetic.js";
import { hideParts } from "./controls.js";
import { setAttribute, setHidden, setOptions, setText, setValue } from "./dom.js";
import { gridTable, tableText, torchSentence } from "./notes.js";
import { paddedSides } from "./stage.js";
import { renderWords } from "./strip.js";

const SHARE_LENGTH = 5; // characters of a share such as 0.111

/** Every element the player writes to, by name. */
export function faceParts(/** @type {HTMLElement} */ root) {
  const one = (selector) => /** @type {any} */ (root.querySelector(selector));
  const names = {
    notice: ".notice", stage: ".stage", inputName: ".at-input h2", kernelName: ".at-kernel h2", outputName: ".at-output h2",
    inputNear: ".at-input .near", outputNear: ".at-output .near", source: ".source", seed: ".seed", seedField: ".seed input",
    redraw: ".redraw", choose: ".choose", brush: ".brush", brushValue: ".brush-value", brushField: ".brush-value input",
    inputBox: ".input-box", kernelBox: ".kernel-box", outputBox: ".output-box", kernelHolder: ".kernel-box .holder",
    preset: ".preset select", presetLabel: ".preset span", flip: ".flip input", flipLabel: ".flip span", agree: ".agree",
    words: ".padding-more .words", mode: ".mode select", modeLabel: ".mode span", fill: ".fill", fillField: ".fill input",
    scale: ".scale", formula: ".formula", leftOver: ".left-over", note: ".note", strip: ".strip", where: ".where",
    unpin: ".unpin", torch: ".torch", stripWords: ".strip-words", transport: ".transport", scrub: ".scrub", speed: ".speed select",
    reveal: ".reveal", letters: ".letters", examples: ".examples", examplesField: ".examples select", picker: ".picker", live: ".live",
    tables: ".tables",
  };
  return Object.fromEntries(Object.entries(names).map(([name, selector]) => [name, one(selector)]));
}

/** Words that change only with the language, and what the link hides. */
export function writeTexts(player) {
  const { parts, texts, header, root } = player;
  setOptions(parts.source, header.sources.map((name) => [name, texts[`source_${name}`]]));
  setOptions(parts.speed, SPEEDS.map((speed) => [speed, `${speed}×`]));
  setOptions(parts.examplesField, [["", texts.examples], ...header.examples.map((e) => [e.id, texts[`example_${e.id}`]])]);
  const labels = {
    source: "source", seedField: "seed", redraw: "redraw", brush: "brush", speed: "speed", reveal: "reveal", letters: "letters", examplesField: "examples", scrub: "scrub", choose: "choose_piece",
    transport: "transport", strip: "arithmetic", brushField: "brush_value",
  };
  for (const [part, key] of Object.entries(labels)) setAttribute(parts[part], "aria-label", texts[key]);
  const shown = { choose: "choose_piece", reveal: "reveal", letters: "letters", unpin: "unpin" };
  for (const [part, key] of Object.entries(shown)) setText(parts[part], texts[key]);
  for (const part of ["redraw", "brush", "reveal", "letters"]) parts[part].title = texts[`${part}_why`];
  parts.seed.title = texts.seed_why;
  setText(parts.seed.querySelector("span"), texts.seed);
  for (const button of root.querySelectorAll("[data-go]")) {
    button.title = texts[`go_${button.dataset.go}`];
    setAttribute(button, "aria-label", button.title);
  }
  player.op.writeTexts(player);
  hideParts(hideable(player), header.hide);
}

function hideable(player) {
  const { parts, root, op } = player;
  const knob = (name) => root.querySelector(`[data-knob=${name}]`);
  return {
    examples: [parts.examples], input: [root.querySelector(".source-tools")], kernel_size: [knob("kernel")], stride: [knob("stride")],
    dilation: [knob("dilation")], formula: [root.querySelector(".worked")], arithmetic: [parts.strip],
    transport: [parts.transport], ...op.hideable(player, knob),
  };
}

/** What follows the settings: headings, sliders, formula, notes. */
export function writeSettings(player) {
  const { parts, texts, scene, worked, op } = player;
  const heads = op.headings(scene, worked.plan, texts);
  setText(parts.inputName, heads.input);
  setText(parts.kernelName, heads.kernel);
  setText(parts.outputName, heads.output);
  setAttribute(player.grids.input.canvas, "aria-label", `${heads.input}. ${texts.keys_input}`);
  setAttribute(player.grids.output.canvas, "aria-label", `${heads.output}. ${texts.keys_output}`);
  setAttribute(parts.kernelHolder, "aria-label", `${heads.kernel}. ${texts.keys_kernel}`);
  setValue(parts.source, scene.source);
  const drawn = scene.source === "random" || scene.source === "digit";
  setHidden(parts.seed, !drawn);
  setHidden(parts.redraw, !drawn);
  setHidden(parts.choose, scene.source !== "picture");
  setHidden(parts.brushValue, !player.painting);
  setAttribute(parts.brush, "aria-pressed", String(player.painting));
  setValue(parts.seedField, scene.seed);
  for (const knob of player.knobs) knob.show(scene, player.linked[knob.name], texts);
  op.writeSettings(player);
  renderWords(parts.formula, op.formula(player));
  setText(parts.leftOver, op.leftOver(player));
  setText(parts.note, op.note(player));
  const limit = numberText(worked.limits.outputGrey || worked.limits.output);
  const [low, high] = parts.scale.querySelectorAll("i");
  setText(low, limit === "0" || worked.limits.outputGrey ? "0" : `−${limit}`);
  setText(high, limit);
  setValue(parts.speed, scene.speed);
  setAttribute(parts.reveal, "aria-pressed", String(scene.reveal));
  setAttribute(parts.letters, "aria-pressed", String(scene.symbols));
  setAttribute(parts.scrub, "max", worked.output.length - 1);
}

/** What follows the step and what is looked at: the strip, the scrubber. */
export function writeStep(player) {
  const { parts, texts, scene, worked, found: linked, focus } = player;
  setValue(parts.scrub, scene.step);
  setAttribute(parts.scrub, "aria-valuetext", fillText(texts.step_of, { step: scene.step + 1, count: worked.output.length }));
  setText(parts.where, whereText(player));
  setHidden(parts.unpin, !player.pin);
  renderWords(parts.stripWords, wordsOf(player));
  parts.strip.classList.toggle("is-open", player.open);
  const value = focus.kind === "y" && player.torch ? player.torch[focus.row * worked.plan.shape[1] + focus.column] : null;
  const sentence = value === null ? "" : torchSentence(value, linked.step.total, float32Text, texts);
  setText(parts.torch, focus.kind === "y" ? sentence || texts.torch_waits : "");
  parts.transport.classList.toggle("is-playing", player.transport.playing);
}

/** The words of the strip for what is looked at. */
export function wordsOf({ worked, scene, focus, found: linked, open, stripRoom }) {
  worked.longest ??= { input: longestText(worked.input), weight: worked.weights ? longestText(worked.weights) : SHARE_LENGTH };
  const writing = {
    symbols: scene.symbols, open, columns: scene.size[1], kernelColumns: worked.plan.columns.kernel, room: stripRoom ?? 180,
    longest: worked.longest,
  };
  if (focus.kind === "y") return stepWords(linked.step, writing, worked.plan);
  if (focus.kind === "w") {
    return productWords(linked.products, scene.kernel[focus.row][focus.column], worked.input, worked.fill, writing);
  }
  return feedWords(linked.fed, paddedValue(worked, focus), writing);
}

/** The number in a cell of the padded input. */
export function paddedValue(worked, { row, column }) {
  return worked.cells.values[row * paddedSides(worked.plan.layer)[1] + column];
}

function whereText(player) {
  const { texts, scene, worked, focus, found: linked } = player;
  const place = `[${exactText(focus.row)}, ${exactText(focus.column)}]`;
  if (focus.kind === "y") {
    const step = focus.row * worked.plan.shape[1] + focus.column + 1;
    return fillText(texts.where_y, { step, count: worked.output.length, place });
  }
  if (focus.kind === "w") {
    const value = numberText(scene.kernel[focus.row][focus.column], 7);
    return fillText(texts[linked.products.length === 1 ? "where_w_one" : "where_w"], { place, value, count: linked.products.length });
  }
  const [top, left] = worked.plan.layer.axes.map((axis) => axis.before);
  const spot = { row: focus.row - top, column: focus.column - left };
  const inside = spot.row >= 0 && spot.column >= 0 && spot.row < scene.size[0] && spot.column < scene.size[1];
  const key = linked.fed.length === 0 ? "where_x_none" : linked.fed.length === 1 ? "where_x_one" : "where_x";
  const values = { place: `[${exactText(spot.row)}, ${exactText(spot.column)}]`, value: numberText(paddedValue(worked, focus), 7), count: linked.fed.length };
  return (inside ? "" : `${texts.padding_cell} `) + fillText(texts[key], values);
}

/** At rest, a sentence for who listens. */
export function writeSentence(player) {
  setText(player.parts.live, `${whereText(player)}: ${spokenWords(wordsOf(player))}`);
}

/** At rest, every grid as a table. */
export function writeTables(player) {
  const { parts, texts, scene, worked, root, op } = player;
  const doc = root.ownerDocument;
  const [middleRows, middleColumns, middleAt] = op.tables(player);
  const heads = op.headings(scene, worked.plan, texts);
  const [rows, columns] = scene.size;
  const [outRows, outColumns] = worked.plan.shape;
  const shown = scene.reveal ? worked.output.length : scene.step + 1;
  const reached = (at) => (at < shown ? tableText(worked.output[at]) : "");
  parts.tables.replaceChildren(
    gridTable(doc, heads.input, rows, columns, (r, c) => tableText(worked.input[r * columns + c])),
    gridTable(doc, heads.kernel, middleRows, middleColumns, (r, c) => tableText(middleAt(r, c))),
    gridTable(doc, heads.output, outRows, outColumns, (r, c) => reached(r * outColumns + c)),
  );
}

/** The colour of the current window, for what is drawn outside the grids. */
export function windowColour(dark) {
  return houseColours(dark).kernel;
}
