import { unpack } from "../shared/payload.js";
import { send } from "../shared/send.js";
import { applyTheme } from "../shared/theme.js";
import { closeCamera, openCamera } from "./camera.js";
import { fillGallery } from "./gallery.js";
import { readFile, watchPage } from "./intake.js";

/** @type {WeakMap<object, {waiting: number, timer: any, end: () => void}>} */
const PICKERS = new WeakMap();

/** What the picker remembers between two calls of the default function. */
function pickerOf(parent) {
  if (!PICKERS.has(parent)) PICKERS.set(parent, { waiting: 0, timer: null, end: () => {} });
  return PICKERS.get(parent);
}

function showBusy(part, busy, text) {
  part.setAttribute("aria-busy", String(busy));
  if (busy) part.querySelector(".notes").textContent = text;
}

/** The few samples on the row; buttons are kept where they are, so that focus stays. */
function fillFew(box, few, chosen, choose) {
  while (box.children.length > few.length) box.lastChild.remove();
  while (box.children.length < few.length) box.append(document.createElement("button"));
  few.forEach((sample, i) => {
    const button = box.children[i];
    button.type = "button";
    button.textContent = sample.name;
    button.title = sample.line;
    button.setAttribute("aria-pressed", String(sample.id === chosen));
    button.onclick = () => choose(sample.id);
  });
}

function sayFault(part, text, texts, dismiss) {
  const box = part.querySelector(".fault");
  const words = box.querySelector("span");
  if (words.textContent !== text) words.textContent = text; // said once by a screen reader, not at every run
  box.hidden = text === "";
  const close = box.querySelector("button");
  close.setAttribute("aria-label", texts.close);
  close.onclick = () => {
    box.hidden = true;
    words.textContent = "";
    dismiss();
  };
}

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  applyTheme(parentElement);
  const { header, arrays } = unpack(data);
  const { texts } = header;
  const state = pickerOf(parentElement);
  const part = parentElement.querySelector(".pictures");
  const [gallery, camera] = ["dialog.gallery", "dialog.camera"].map((name) => parentElement.querySelector(name));
  const tell = (fields) => send(part, setStateValue, fields, 0);
  const done = () => {
    clearTimeout(state.timer);
    state.waiting = 0;
    showBusy(part, false, "");
  };
  const offer = (given) => {
    state.waiting = given.n;
    showBusy(part, true, texts.reading);
    state.timer = setTimeout(done, 20_000);
    setTriggerValue("file", given);
  };
  const take = (file) => readFile(file, offer, () => sayFault(part, texts.unreadable, texts, () => {}));
  const choose = (id) => {
    [...part.querySelector(".few").children].forEach((b, i) => b.setAttribute("aria-pressed", String(header.few[i].id === id)));
    gallery.close();
    tell({ scene: { picture: id } });
  };

  if (state.waiting && header.done >= state.waiting) done();
  if (!state.waiting) part.querySelector(".notes").textContent = header.notes;
  part.querySelector(".notes").title = header.notes;
  part.setAttribute("aria-label", texts.group);
  const label = (name, act) => {
    const button = part.querySelector(`.${name}`);
    button.textContent = texts[name];
    button.title = texts[`${name}_title`];
    button.onclick = act;
    return button;
  };
  const input = part.querySelector("input");
  input.onchange = () => {
    if (input.files.length) take(input.files[0]);
    input.value = ""; // the same file may be chosen again
  };
  label("upload", () => input.click()).setAttribute("aria-pressed", String(header.own));
  label("camera", () => openCamera(camera, texts, take));
  label("more", () => {
    if (!arrays.sheet) tell({ gallery: true });
    if (!gallery.open) gallery.showModal();
  });
  fillFew(part.querySelector(".few"), header.few, header.picture, choose);
  fillGallery(gallery, header, arrays.sheet?.data, choose);
  sayFault(part, header.fault, texts, () => tell({ dismiss: true }));

  const veil = parentElement.querySelector(".veil");
  veil.textContent = texts.drop_here;
  state.end();
  state.end = watchPage(part.ownerDocument, take, (over) => (veil.hidden = !over));
  return () => {
    state.end();
    closeCamera(camera);
  };
}
