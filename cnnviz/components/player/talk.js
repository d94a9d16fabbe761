// What goes to Python and what comes back. The browser's own state wins while the reader is at it: an answer to what
// has changed since is an echo, and moves nothing.

import { handOver, hasTold, tellBeforeLeaving } from "../shared/rest.js";
import { getStored } from "../shared/store.js";
import { pinText } from "./stage.js";

const REST_MS = 140; // so long after the last change Python is told
const PATIENCE_MS = 5000; // so long an answer is waited for before Python is told again
const OWN_VIEW = ["step", "pin", "reveal", "symbols", "speed", "hide"]; // what changes no number

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** Whether two scenes give the same numbers. */
export function sameNumbers(one, other, fields) {
  return fields.every((name) => OWN_VIEW.includes(name) || same(one[name], other[name]));
}

/** Whether Python's scene is to be taken over: the first one, and one that differs though nothing of ours is on its way. */
export function isNews(mine, theirs, { unsent, mark, theirMark }) {
  if (!mine) return true;
  return !unsent && theirMark === mark && Object.keys(theirs).some((name) => !same(mine[name], theirs[name]));
}

/** Whether the answer to what was asked at this time is still to come. */
export function isWaiting(askedAt, now) {
  return now - askedAt < PATIENCE_MS;
}

/** Python's answer: the scene as it holds it, and PyTorch's output for that scene. */
export function takeAnswer(player, { header, arrays }) {
  player.fields = Object.keys(header.scene);
  const news = isNews(player.scene, header.scene, { unsent: player.unsent, mark: player.mark, theirMark: header.mark });
  if (!player.scene) player.mark = header.mark;
  if (header.mark === player.mark) player.askedAt = -Infinity;
  if (news) {
    player.adopt(header.scene);
    player.say(header.notice);
  }
  if (header.grey !== player.greyName) takeGrey(player, header.grey);
  if (!sameNumbers(player.scene, header.scene, player.fields)) return;
  player.torch = arrays.output?.data ?? null;
  player.ask(1);
}

/** The picture pieces are taken from comes once, by its name. */
function takeGrey(player, name) {
  player.greyName = name;
  const use = (arrays) => {
    if (player.greyName !== name || !arrays) return;
    player.grey = arrays.grey;
    if (player.scene) player.ask(2);
  };
  player.grey = null;
  if (name) use(getStored(player.root.ownerDocument, name, use));
}

/** Tell Python once the reader has come to rest; never while it plays. */
export function tellLater(player) {
  player.unsent = true;
  clearTimeout(player.restTimer);
  player.restTimer = setTimeout(() => tellNow(player), REST_MS);
  tellBeforeLeaving(player, () => tellNow(player, true));
  player.later();
}

/**
 * Tell Python, unless it plays or a hand is still on a control. One question at a time: the next waits for the answer,
 * so that a slow server is not asked faster than it answers, and no answer refers to what the browser has forgotten.
 * A reader who is `leaving` waits for nothing.
 */
export function tellNow(player, leaving = false) {
  clearTimeout(player.restTimer);
  if (!player.unsent || (player.transport.playing && !leaving)) return;
  const now = performance.now();
  if (!leaving && (player.hands.isDown || isWaiting(player.askedAt, now))) {
    player.restTimer = setTimeout(() => tellNow(player), REST_MS);
    return;
  }
  player.askedAt = now;
  player.unsent = false;
  player.mark += 1;
  player.scene = { ...player.scene, pin: pinText(player.pin) };
  hasTold(player);
  player.tell({ scene: toldScene(player), mark: player.mark });
}

/** The scene as Python takes it: without what a link hides. */
function toldScene(player) {
  const sent = player.fields.filter((name) => name !== "hide");
  return Object.fromEntries(sent.map((name) => [name, player.scene[name]]));
}

/** The player goes, and its own way is closed: what Python has not heard, or not answered yet, is handed over. */
export function tellLast(player) {
  clearTimeout(player.restTimer);
  hasTold(player);
  if (player.scene && (player.unsent || isWaiting(player.askedAt, performance.now()))) handOver(player.header.page, { ...toldScene(player), pin: pinText(player.pin) });
}
