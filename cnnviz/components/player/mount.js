// How a step player comes to a page and goes: the operation is the only thing in which two pages differ.
// Everything dragged or stepped lives here; Python is told when the reader comes to rest, and answers with PyTorch's
// own numbers, by a channel (components/echo).

import { subscribe, unsubscribe } from "../shared/channel.js";
import { claimKeys, declareKeys, releaseKeys } from "../shared/keys.js";
import { unpack } from "../shared/payload.js";
import { send } from "../shared/send.js";
import { applyTheme } from "../shared/theme.js";
import { StepPlayer } from "./stepplayer.js";
import { takeAnswer } from "./talk.js";

/** @type {WeakMap<object, StepPlayer>} */
const PLAYERS = new WeakMap();

/** Mount, or call again, the player of `operation` on its element; returns what to do when it goes. */
export function mountPlayer(operation, { data, parentElement, setStateValue }) {
  const { header } = unpack(data);
  const root = parentElement.querySelector(".player");
  const doc = root.ownerDocument;
  let player = PLAYERS.get(parentElement);
  if (!player) {
    player = new StepPlayer(root, operation);
    PLAYERS.set(parentElement, player);
  }
  const tell = (fields) => send(root, setStateValue, fields, 0);
  player.furnish(header, applyTheme(parentElement), tell);
  subscribe(doc, header.channel, player, (answer) => takeAnswer(player, answer));
  claimKeys(root, (event) => player.key(event));
  declareKeys(root, "play", "step", "ends", "speed", "lines", "hold", "cells");
  return () => {
    player.leave();
    unsubscribe(doc, header.channel, player);
    releaseKeys(root);
    PLAYERS.delete(parentElement);
  };
}
