// A select whose options are made again only when they change.

import { make } from "../shared/dom.js";

/** `show(label, value, options)` brings it up to date; `act` hears the choice. */
export function picker(/** @type {(value: string) => void} */ act) {
  const el = make("select", { onchange: () => el.value !== "" && act(el.value) });
  let known = "";
  return {
    el,
    show(label, value, options) {
      const key = JSON.stringify(options);
      el.setAttribute("aria-label", label);
      if (key !== known) el.replaceChildren(...options.map(([id, name]) => make("option", { value: id }, name)));
      known = key;
      if (el.value !== value) el.value = value;
    },
  };
}
