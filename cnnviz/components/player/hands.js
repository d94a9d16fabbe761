// What the reader's hands do: transport, sliders and keys, wired to the change they make (grids: hands_grids.js).

import { keyOrder, Transport } from "../shared/transport.js";
import { isUniform, Knob } from "./controls.js";
import { showPicker, wireGrids, wireSource } from "./hands_grids.js";
import { turned } from "./model.js";
import { tellLater } from "./talk.js";

/** Give the player its hands. @param {import("./stepplayer.js").StepPlayer} player */
export function wire(player) {
  const hands = { isDown: false };
  player.hands = hands;
  wireTransport(player);
  wireKnobs(player);
  wireSource(player);
  player.op.wire(player);
  wireGrids(player);
  wireStrip(player);
  const { root } = player;
  // Only what holds on to the pointer counts as held: its release always comes back here.
  root.onpointerdown = (event) => {
    const [target] = event.composedPath();
    hands.isDown = target.type === "range" || player.op.holds(player, target) || (target.tagName === "CANVAS" && player.painting);
  };
  root.onpointerup = root.onpointercancel = () => { hands.isDown = false; };
  // A remote's keys, and Escape, must reach the player also when a slider or a list still has the focus.
  root.onkeydown = (event) => {
    const tag = event.composedPath()[0].tagName;
    const isRemote = ["PageDown", "PageUp", "Escape"].includes(event.key) || (event.key === " " && event.composedPath()[0].type === "range");
    if (!isRemote || tag === "TEXTAREA" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (hands.key(event)) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
  hands.key = (event) => playerKey(player, event);
}

/** Keys of the whole page; true when used. */
function playerKey(player, event) {
  const target = event.composedPath()[0];
  if ((event.key === " " || event.key === "Enter") && ["BUTTON", "A", "SUMMARY"].includes(target.tagName)) return false;
  if (event.key === "Escape") return letGo(player);
  if (event.key === "Enter") {
    player.hold(player.hover ?? player.current);
    return true;
  }
  const columns = player.worked.plan.shape[1];
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    const next = player.scene.step + (event.key === "ArrowDown" ? columns : -columns);
    if (next >= 0 && next < player.worked.output.length) player.transport.to(next);
    return true;
  }
  const order = keyOrder(event.key);
  return order !== null && player.transport.order(order);
}

/** Free what is held, close what is open. */
function letGo(player) {
  if (!player.parts.picker.hidden) showPicker(player, false);
  else if (player.open) toggleFold(player);
  else if (player.pin) player.hold(null);
  else if (player.transport.playing) player.transport.pause();
  else return false;
  return true;
}

function wireTransport(player) {
  const { parts, root } = player;
  player.transport = new Transport({
    count: () => player.worked.output.length,
    step: () => player.scene.step,
    go: (step, how) => player.go(step, how),
    speed: () => player.scene.speed,
    setSpeed: (speed) => look(player, { speed }),
    rest: () => tellLater(player),
  });
  for (const button of root.querySelectorAll("[data-go]")) button.onclick = () => player.transport.order(button.dataset.go);
  parts.scrub.oninput = () => player.transport.to(Number(parts.scrub.value));
  parts.speed.onchange = () => look(player, { speed: parts.speed.value });
  parts.reveal.onclick = () => look(player, { reveal: !player.scene.reveal });
  parts.letters.onclick = () => look(player, { symbols: !player.scene.symbols });
  parts.examplesField.onchange = () => {
    const example = player.header.examples.find((e) => e.id === parts.examplesField.value);
    parts.examplesField.value = "";
    if (!example) return;
    player.transport.pause();
    const next = { ...player.scene, ...player.header.defaults, ...example.scene, hide: player.scene.hide, speed: player.scene.speed };
    player.link(next);
    player.word = "";
    player.stayLast = false;
    player.change(player.op.adopted(next), example.touched ?? "start");
    player.stayLast = false;
  };
}

/** A change of the view only: no number changes. */
export function look(player, fields) {
  player.scene = { ...player.scene, ...fields };
  player.ask(2);
  tellLater(player);
}

function wireKnobs(player) {
  const { op, root } = player;
  const on = {
    touched: (name) => { player.touched = name; },
    turn: (name, which, value) => {
      if (name === "padding") player.word = "";
      player.change(op.turnedWith(player.scene, name, which, value, player.word));
    },
    link: (name, linked) => {
      player.linked[name] = linked;
      const values = op.model.valuesOf(player.scene, name);
      if (linked && !isUniform(values)) player.change(turned(op.model, player.scene, name, -1, values[0]), name);
      else player.ask(2);
    },
  };
  player.knobs = op.knobs.map((name) => new Knob(root.querySelector(`[data-knob=${name}]`), on, op.model));
}

function toggleFold(player) {
  player.open = !player.open;
  player.ask(1);
}

function wireStrip(player) {
  const { parts } = player;
  parts.stripWords.onpointermove = (event) => {
    const tap = event.composedPath().find((el) => el.dataset?.tap !== undefined)?.dataset.tap ?? -1;
    if (Number(tap) === player.tap) return;
    player.tap = Number(tap);
    player.ask(1);
  };
  parts.stripWords.onpointerleave = () => { player.tap = -1; player.ask(1); };
  parts.stripWords.onclick = (event) => { if (event.composedPath().some((el) => el.classList?.contains("fold"))) toggleFold(player); };
  parts.unpin.onclick = () => player.hold(null);
}
