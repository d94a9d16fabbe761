// Small helpers that touch an element only where something changed: a frame must not pay for what stays.

/** @returns {any} a new element with a class and a text */
export function newElement(doc, tag, className = "", text = "") {
  const made = doc.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function setAttribute(element, name, value) {
  if (value === null || value === false) element.removeAttribute(name);
  else if (element.getAttribute(name) !== String(value)) element.setAttribute(name, String(value));
}

export function setHidden(element, hidden) {
  if (element.hidden !== hidden) element.hidden = hidden;
}

/** The value of a control the reader is not holding. */
export function setValue(control, value) {
  const text = String(value);
  if (control.value !== text) control.value = text;
}

/** Make the options of a select, once for every language. @param {[string, string][]} pairs value and text */
export function setOptions(select, pairs) {
  const text = JSON.stringify(pairs);
  if (select.cnnvizOptions === text) return;
  select.cnnvizOptions = text;
  const kept = select.value;
  select.replaceChildren(...pairs.map(([value, label]) => {
    const option = newElement(select.ownerDocument, "option", "", label);
    option.value = value;
    return option;
  }));
  select.value = kept;
}
