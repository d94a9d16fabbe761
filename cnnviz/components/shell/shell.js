import { claimKeys, declareKeys, declaredKeys } from "../shared/keys.js";
import { carryLate } from "../shared/rest.js";
import { forgetWayOut, noteWayOut, send } from "../shared/send.js";
import { applyTheme } from "../shared/theme.js";

/**
 * The keys of the storage where Streamlit keeps a reader's theme: one for each address of the app.
 * @param {string} pathname the address now, e.g. "/base/kernels"
 * @param {string[]} pages the pages' addresses below the app's own, "" for the first
 */
export function themeKeys(pathname, pages) {
  const here = pages.find((p) => p !== "" && pathname.replace(/\/$/, "").endsWith(`/${p}`)) ?? "";
  const base = pathname.replace(/\/$/, "").slice(0, here ? -here.length : undefined).replace(/\/$/, "") + "/";
  const all = pages.flatMap((p) => (p === "" ? [base, base.replace(/\/$/, "")] : [base + p]));
  return [...new Set(all)].map((p) => `stActiveTheme-${p}-v2`);
}

/** The address the bar shows: this page and what the scene says. */
export function address(pathname, query) {
  return pathname + (query ? `?${query}` : "");
}

function switchTheme(dark, pages) {
  for (const key of themeKeys(location.pathname, pages)) {
    localStorage.setItem(key, JSON.stringify(dark ? "Light" : "Dark"));
  }
  location.reload(); // the link in the address bar brings everything back
}

/** The lines of the list of keys, [keys, what they do]: those declared on the page as it stands, in the texts' order. */
export function keyLines(/** @type {Object<string, string>} */ texts, /** @type {Set<string>} */ declared) {
  const named = Object.entries(texts).filter(([name]) => name.startsWith("keys.") && declared.has(name.slice("keys.".length)));
  return named.map(([, line]) => line.split("|").map((part) => part.trim()));
}

function openHelp(dialog, texts) {
  dialog.querySelector("h2").textContent = texts.keys_title;
  dialog.querySelector(".close").textContent = texts.close;
  const rows = keyLines(texts, declaredKeys(document)).flatMap(([keys, what]) => {
    const [dt, dd] = ["dt", "dd"].map((tag) => document.createElement(tag));
    [dt.textContent, dd.textContent] = [keys, what];
    return [dt, dd];
  });
  dialog.querySelector("dl").replaceChildren(...rows);
  dialog.showModal();
}

/** Whether each bar asked for presentation mode, ahead of the answer, so that two quick presses are two switches. */
const PRESENTING = new WeakMap();

export default function ({ data, parentElement, setStateValue }) {
  const dark = applyTheme(parentElement);
  const { texts } = data;
  document.documentElement.lang = data.html_lang;
  const wanted = address(location.pathname, data.query);
  if (wanted !== location.pathname + location.search) history.replaceState(history.state, "", wanted + location.hash);

  const bar = parentElement.querySelector(".bar");
  const dialog = parentElement.querySelector("dialog");
  const tell = (fields) => send(bar, setStateValue, fields, 0);
  carryLate((late) => tell({ late }), bar.ownerDocument);
  bar.ownerDocument.onclick = (event) => noteWayOut(bar.ownerDocument, event);
  window.onpopstate = () => forgetWayOut(bar.ownerDocument);
  bar.setAttribute("aria-label", texts.bar);
  bar.classList.toggle("presenting", data.present);
  for (const button of bar.querySelectorAll(".lang")) {
    button.setAttribute("aria-pressed", String(button.dataset.lang === data.lang));
    button.onclick = () => tell({ lang: button.dataset.lang });
  }
  const label = (name, text, act) => {
    const button = bar.querySelector(name);
    button.title = text;
    button.setAttribute("aria-label", text);
    button.onclick = act;
    return button;
  };
  label(".theme", dark ? texts.to_light : texts.to_dark, () => switchTheme(dark, data.paths));
  PRESENTING.set(bar, data.present);
  const present = (on) => {
    PRESENTING.set(bar, on);
    tell({ present: on });
  };
  const toggle = () => present(!PRESENTING.get(bar));
  label(".present", texts.present, toggle).setAttribute("aria-pressed", String(data.present));
  label(".help", texts.keys_title, () => openHelp(dialog, texts));
  declareKeys(bar, "present", "help");
  claimKeys(bar, (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return false;
    if (event.key === "?") openHelp(dialog, texts);
    else if (event.key.toLowerCase() === "p") toggle();
    else if (event.key === "Escape" && PRESENTING.get(bar)) present(false);
    else return false;
    return true;
  });
}
