// Small elements the views of a page are built from. Text is always text, handlers are properties.

/**
 * An element with properties and children: `make("p", { className: "says" }, "text", otherElement)`.
 * `attrs` sets attributes, `data` the dataset.
 * @param {string} tag
 * @param {Object<string, any>} [props]
 * @param {...(Node | string)} children
 */
export function make(tag, props = {}, ...children) {
  const { attrs = {}, data = {}, ...rest } = props;
  const el = Object.assign(document.createElement(tag), rest);
  for (const [name, value] of Object.entries(attrs)) el.setAttribute(name, value);
  Object.assign(el.dataset, data);
  el.append(...children);
  return el;
}

/** Set an element's text, only when it differs: a live region then speaks once, and no style is computed again. */
export function say(/** @type {Element} */ el, /** @type {string} */ text) {
  if (el.textContent !== text) el.textContent = text;
}

/** Set an attribute, only when it differs. */
export function mark(/** @type {Element} */ el, /** @type {string} */ name, /** @type {string} */ value) {
  if (el.getAttribute(name) !== value) el.setAttribute(name, value);
}

/**
 * Make the buttons of a row of choices and keep them: the one chosen is pressed. Focus stays where it is.
 * @param {Element} box
 * @param {[string, string][]} options value and words of each
 * @param {string} chosen
 * @param {(value: string) => void} choose
 */
export function choices(box, options, chosen, choose) {
  while (box.children.length > options.length) box.lastChild.remove();
  while (box.children.length < options.length) box.append(make("button", { type: "button", className: "chip" }));
  options.forEach(([value, words], i) => {
    const button = /** @type {HTMLButtonElement} */ (box.children[i]);
    say(button, words);
    mark(button, "aria-pressed", String(value === chosen));
    button.onclick = () => choose(value);
  });
}

/**
 * A slider with its name and its value: made once, then kept. It answers while it is dragged.
 * @param {HTMLElement} box an empty label
 * @param {{name: string, min: number, max: number, step: number, value: number, text: string, width?: string}} what
 * @param {(value: number) => void} change
 */
export function slider(box, what, change) {
  if (!box.firstChild) {
    box.classList.add("slider");
    box.append(make("span", { className: "name" }), make("output"), make("input", { type: "range" }));
  }
  const [name, output, input] = /** @type {any[]} */ ([...box.children]);
  say(name, what.name);
  say(output, what.text);
  mark(input, "min", String(what.min));
  mark(input, "max", String(what.max));
  mark(input, "step", String(what.step));
  if (Number(input.value) !== what.value) input.value = String(what.value);
  mark(input, "aria-label", what.name);
  mark(input, "aria-valuetext", what.text);
  input.oninput = () => change(Number(input.value));
}

/**
 * Fill a table, for those who do not see the picture: a caption, heads and rows of text.
 * @param {HTMLTableElement} table
 * @param {string} caption
 * @param {string[]} heads
 * @param {string[][]} rows the first cell of each is its head
 */
export function fillTable(table, caption, heads, rows) {
  const head = make("tr", {}, ...heads.map((text) => make("th", { scope: "col" }, text)));
  const body = rows.map(([first, ...rest]) =>
    make("tr", {}, make("th", { scope: "row" }, first), ...rest.map((text) => make("td", {}, text))));
  table.replaceChildren(make("caption", {}, caption), make("thead", {}, head), make("tbody", {}, ...body));
}
