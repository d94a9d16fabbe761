// What every view of a page does alike: it holds the reader's own state, draws from it at once, tells the server at rest,
// and leaves nothing untold.

import { LocalScene } from "./local.js";
import { openView } from "./open.js";
import { AtRest } from "./rest.js";
import { send } from "./send.js";

/** A view; a page's own has `show()`, which draws `local.fields`, and ends what it began in `leave()`. */
export class PartView {
  /** @param {any} parent the part's own root */
  constructor(parent) {
    this.find = (/** @type {string} */ name) => parent.querySelector(name);
    this.all = (/** @type {string} */ name) => [...parent.querySelectorAll(name)];
    this.local = new LocalScene();
    this.rest = new AtRest();
  }

  /** What the server says. @param {{header: any, arrays: any, dark: boolean, tell: (fields: any) => void}} said */
  update(said) {
    Object.assign(this, said, { texts: said.header.texts });
    this.local.take(said.header.scene);
    this.show();
  }

  /** The reader changed these fields of the scene. */
  set(/** @type {Object<string, any>} */ changes) {
    this.local.change(changes);
    this.rest.tell({ scene: changes }, this.tell);
    this.show();
  }

  leave() {
    this.rest.leave(this.header.page, this.local);
  }
}

/** @type {WeakMap<object, any>} */
const PART_VIEWS = new WeakMap();

/** A part's default function: one view an element, however often it is called. */
export function mountView(/** @type {new (parent: any) => any} */ View, { data, parentElement, setStateValue }) {
  const { root, ...said } = openView(data, parentElement);
  if (!PART_VIEWS.has(parentElement)) PART_VIEWS.set(parentElement, new View(parentElement));
  const view = PART_VIEWS.get(parentElement);
  view.update({ ...said, tell: (/** @type {any} */ fields) => send(root, setStateValue, fields, 0) });
  return () => view.leave();
}
