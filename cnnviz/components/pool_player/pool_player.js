// Pooling in the step player: the same stage, hands and clock, given another operation (pooling.js).

import { mountPlayer } from "../player/mount.js";
import { POOLING } from "./pooling.js";

export default function (given) {
  return mountPlayer(POOLING, given);
}
