// The step player: what the reader does goes in, the grids, the arithmetic and the formula follow within a frame.

import { CONVOLUTION } from "./convolution.js";
import { mountPlayer } from "./mount.js";

export default function (given) {
  return mountPlayer(CONVOLUTION, given);
}
