// Memory in words.

import { numberText } from "../shared/numbers.js";

/** Bytes as a reader says them: whole below 1024, else KiB, MiB or GiB in three digits. */
export function bytesWords(/** @type {number} */ bytes) {
  const names = ["B", "KiB", "MiB", "GiB", "TiB"];
  const step = bytes < 1024 ? 0 : Math.min(names.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${numberText(bytes / 1024 ** step, 3)} ${names[step]}`;
}
