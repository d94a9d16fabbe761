// What a view of a page does first: take the data apart, follow the theme, and grow on a projector, where the chrome is gone.

import { unpack } from "./payload.js";
import { applyTheme } from "./theme.js";

/** @returns {{header: any, arrays: any, dark: boolean, root: HTMLElement}} */
export function openView(data, parentElement) {
  const dark = applyTheme(parentElement);
  const { header, arrays } = unpack(data);
  const root = parentElement.querySelector(".view");
  root.classList.toggle("present", header.present === true);
  root.classList.toggle("below-picker", header.picker === true);
  return { header, arrays, dark, root };
}
