// Pooling in the step player: the same stage, hands and clock, given another operation (pooling.js).

import { subscribe, unsubscribe } from "../shared/channel.js";
import { claimKeys, releaseKeys } from "../shared/keys.js";
import { unpack } from "../shared/payload.js";
import { send } from "../shared/send.js";
import { applyTheme } from "../shared/theme.js";
import { StepPlayer } from "../player/stepplayer.js";
import { takeAnswer } from "../player/talk.js";
import { POOLING } from "./pooling.js";

/** @type {WeakMap<object, StepPlayer>} */
const POOL_PLAYERS = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  const { header } = unpack(data);
  const root = parentElement.querySelector(".player");
  const doc = root.ownerDocument;
  let player = POOL_PLAYERS.get(parentElement);
  if (!player) {
    player = new StepPlayer(root, POOLING);
    POOL_PLAYERS.set(parentElement, player);
  }
  const tell = (fields) => send(root, setStateValue, fields, 60);
  player.furnish(header, applyTheme(parentElement), tell);
  subscribe(doc, header.channel, player, (answer) => takeAnswer(player, answer));
  claimKeys(root, (event) => player.key(event));
  return () => {
    player.leave();
    unsubscribe(doc, header.channel, player);
    releaseKeys(root);
    POOL_PLAYERS.delete(parentElement);
  };
}
