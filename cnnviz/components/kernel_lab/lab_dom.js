// Small builders for the lab's own controls; every one has a name a screen reader says.

/**
 * An element with properties and children. `text` is textContent, `class` className, aria-* and role attributes.
 * @param {string} tag @param {Object<string, any>} props @param {...(Node | string)} kids
 * @returns {any}
 */
export function node(tag, props = {}, ...kids) {
  const el = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === "text") el.textContent = value;
    else if (name === "class") el.className = value;
    else if (name.startsWith("aria-") || name === "role" || name === "for") el.setAttribute(name, value);
    else if (name === "data") Object.assign(el.dataset, value);
    else el[name] = value;
  }
  el.append(...kids);
  return el;
}

/** Write a text only where it differs, so that a screen reader is not told twice. */
export function setText(/** @type {Element} */ el, text) {
  if (el.textContent !== text) el.textContent = text;
}

/** A button that can be on. */
export function chip(text, act, title = "") {
  return node("button", { type: "button", class: "chip", text, title, onclick: act });
}

export function press(/** @type {Element} */ button, on) {
  button.setAttribute("aria-pressed", String(Boolean(on)));
}

/**
 * A labelled choice. `show` sets value and, where given, which options there are.
 * @param {string} label @param {[string, string][]} options @param {(value: string) => void} act
 */
export function choice(label, options, act, title = "") {
  const select = node("select", { onchange: () => act(select.value), "aria-label": label });
  const el = node("label", { class: "control choice", title }, node("span", { class: "name", text: label }), select);
  let known = "";
  const show = (value, now = options) => {
    const key = JSON.stringify(now);
    if (key !== known) {
      known = key;
      select.replaceChildren(...now.map(([id, name]) => node("option", { value: id, text: name })));
    }
    if (select.value !== value) select.value = value;
  };
  show(options[0][0]);
  return { el, select, show };
}

/**
 * A slider with its name and value; `act(value, live)`: live while it is dragged.
 * @param {{label: string, title?: string, low: number, high: number, step: number, text?: (v: number) => string,
 *   act: (value: number, live: boolean) => void}} how
 */
export function slider({ label, title = "", low, high, step, text = String, act }) {
  const out = node("output", { text: "" });
  const input = node("input", { type: "range", min: String(low), max: String(high), step: String(step), "aria-label": label });
  const el = node("label", { class: "control slider", title }, node("span", { class: "name" }, node("span", { class: "words", text: label }), out), input);
  if (!title) el.title = label;
  const said = () => {
    setText(out, text(Number(input.value)));
    input.setAttribute("aria-valuetext", out.textContent);
  };
  input.oninput = () => { said(); act(Number(input.value), true); };
  input.onchange = () => act(Number(input.value), false);
  const show = (value) => {
    if (value > Number(input.max)) input.max = String(value); // a link may go further than the slider
    if (value < Number(input.min)) input.min = String(value);
    if (Number(input.value) !== value) input.value = String(value);
    said();
  };
  return { el, input, show };
}

/**
 * One slider for both axes, or one each: the button between them says which.
 * @param {{label: string, title?: string, low: number, high: number, texts: Object<string, string>,
 *   act: (pair: number[], live: boolean) => void}} how  pairs are [rows, columns]
 */
export function pairSlider({ label, title = "", low, high, texts, act }) {
  let pair = [low, low];
  let apart = false;
  const out = node("output", { text: "" });
  const inputs = ["rows", "columns"].map((axis) => node("input", {
    type: "range", min: String(low), max: String(high), step: "1", title: texts[axis], "aria-label": `${label} · ${texts[axis]}`,
  }));
  const link = node("button", { type: "button", class: "link", title: texts.per_axis, "aria-label": `${label}: ${texts.per_axis}` });
  link.append(linkIcon());
  const el = node("div", { class: "control slider pair", title, role: "group", "aria-label": label },
    node("span", { class: "name" }, node("span", { text: label }), link, out), node("span", { class: "two" }, ...inputs));
  const draw = () => {
    const both = apart || pair[0] !== pair[1];
    link.setAttribute("aria-pressed", String(both));
    inputs[1].hidden = !both;
    inputs[0].setAttribute("aria-label", both ? `${label} · ${texts.rows}` : label);
    inputs.forEach((input, i) => { if (Number(input.value) !== pair[i]) input.value = String(pair[i]); });
    setText(out, both ? `${pair[0]} × ${pair[1]}` : String(pair[0]));
  };
  const take = (i, live) => {
    const value = Number(inputs[i].value);
    pair = apart || pair[0] !== pair[1] ? pair.map((old, j) => (j === i ? value : old)) : [value, value];
    draw();
    act(pair, live);
  };
  inputs.forEach((input, i) => { input.oninput = () => take(i, true); input.onchange = () => take(i, false); });
  link.onclick = () => {
    apart = !(apart || pair[0] !== pair[1]);
    if (!apart && pair[0] !== pair[1]) act([pair[0], pair[0]], false);
    if (!apart) pair = [pair[0], pair[0]];
    draw();
  };
  return { el, inputs, show: (now) => { pair = [...now]; draw(); } };
}

const ICON_PATHS = {
  link: "M3 8h10M8 3v10M5.6 5.2 8 2.8l2.4 2.4M5.6 10.8 8 13.2l2.4-2.4M5.2 5.6 2.8 8l2.4 2.4M10.8 5.6 13.2 8l-2.4 2.4",
  undo: "M6 3 2.8 6.2 6 9.4M3 6.2h6.4a3.6 3.6 0 0 1 0 7.2H6.6",
  redo: "M10 3l3.2 3.2L10 9.4M13 6.2H6.6a3.6 3.6 0 0 0 0 7.2h2.8",
  larger: "M9.5 2.5h4v4M13.5 2.5 9.2 6.8M6.5 13.5h-4v-4M2.5 13.5l4.3-4.3",
  close: "M4 4l8 8M12 4l-8 8",
  play: "M5 3l8 5-8 5z",
  pause: "M5.5 3v10M10.5 3v10",
  step: "M4 3l6 5-6 5zM12.5 3v10",
  first: "M12 3L6 8l6 5zM3.5 3v10",
};

/** An icon drawn here: fonts with arrows are missing on some machines. */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", ICON_PATHS[name]);
  path.setAttribute("fill", "none");
  path.setAttribute("stroke", "currentColor");
  path.setAttribute("stroke-width", "1.3");
  path.setAttribute("stroke-linecap", "round");
  path.setAttribute("stroke-linejoin", "round");
  svg.append(path);
  return svg;
}

function linkIcon() {
  return icon("link");
}

/** A button that is only an icon; its name is its title. */
export function iconButton(name, title, act) {
  const button = node("button", { type: "button", class: "icon", title, "aria-label": title, onclick: act });
  button.append(icon(name));
  return button;
}

/** A number that is typed: `act(value)` when it is one. */
export function numberBox(label, read, act) {
  const input = node("input", { type: "text", inputMode: "text", autocomplete: "off", "aria-label": label, title: label });
  const take = () => {
    const value = read(input.value);
    input.setAttribute("aria-invalid", String(Number.isNaN(value)));
    if (!Number.isNaN(value)) act(value);
  };
  input.onchange = take;
  const show = (text) => {
    if (input.getRootNode().activeElement !== input && input.value !== text) {
      input.value = text;
      input.removeAttribute("aria-invalid");
    }
  };
  return { el: input, show };
}
