import { tellAll } from "../shared/rest.js";
import { send } from "../shared/send.js";
import { applyTheme } from "../shared/theme.js";

/** Which tab an arrow key goes to from the `at`-th of `count`, or −1 when the key is none of ours. */
export function nextTab(/** @type {string} */ key, /** @type {number} */ at, /** @type {number} */ count) {
  if (key === "ArrowRight") return (at + 1) % count;
  if (key === "ArrowLeft") return (at + count - 1) % count;
  if (key === "Home") return 0;
  return key === "End" ? count - 1 : -1;
}

/** How far a row of tabs is scrolled so that the chosen one is seen whole: as it is, if it is already. */
export function tabScroll(left, width, room, now) {
  if (left < now) return Math.max(0, left - 16);
  return left + width > now + room ? left + width - room + 16 : now;
}

export default function ({ data, parentElement, setStateValue }) {
  applyTheme(parentElement);
  const list = parentElement.querySelector(".tabs");
  list.setAttribute("aria-label", data.label);
  while (list.children.length < data.names.length) list.append(document.createElement("button"));
  const mark = (chosen) => [...list.children].forEach((tab, i) => {
    const here = data.names[i][0] === chosen;
    tab.setAttribute("aria-current", here ? "page" : "false");
    tab.tabIndex = here ? 0 : -1;
    if (here) list.scrollLeft = tabScroll(tab.offsetLeft - list.offsetLeft, tab.offsetWidth, list.clientWidth, list.scrollLeft);
  });
  const choose = (i) => {
    mark(data.names[i][0]);
    tellAll(); // what the view has not told yet goes before it
    send(list, setStateValue, { scene: { view: data.names[i][0] } }, 0);
  };
  [...list.children].forEach((tab, i) => {
    tab.type = "button";
    tab.textContent = data.names[i][1];
    tab.onclick = () => choose(i);
    tab.onkeydown = (event) => {
      const next = nextTab(event.key, i, data.names.length);
      if (next < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      list.children[next].focus();
      choose(next);
    };
  });
  mark(data.chosen);
}
