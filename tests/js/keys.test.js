// shared/keys.js: one listener for the page; the newest part is asked first; typing is left alone.
import assert from "node:assert/strict";
import { test } from "node:test";

import { claimKeys, isForTyping, releaseKeys } from "../../cnnviz/components/shared/keys.js";

const part = (doc) => ({ ownerDocument: doc, isConnected: true });

function press(doc, key, target = { tagName: "DIV", getAttribute: () => null }, extra = {}) {
  const event = {
    key, composedPath: () => [target], defaultPrevented: false, stopped: false,
    preventDefault() { this.defaultPrevented = true; },
    stopImmediatePropagation() { this.stopped = true; },
    ...extra,
  };
  doc.onkeydown(event);
  return event;
}

test("a key that is used goes no further, another one does", () => {
  const doc = {};
  claimKeys(part(doc), (event) => event.key === "r");
  const used = press(doc, "r");
  assert.ok(used.defaultPrevented && used.stopped);
  const other = press(doc, "x");
  assert.ok(!other.defaultPrevented && !other.stopped);
});

test("the newest part is asked first, and claiming again replaces", () => {
  const doc = {};
  const asked = [];
  const [a, b] = [part(doc), part(doc)];
  claimKeys(a, () => { asked.push("a"); return false; });
  claimKeys(b, () => { asked.push("b"); return false; });
  press(doc, "x");
  assert.deepEqual(asked.splice(0), ["b", "a"]);
  claimKeys(a, () => { asked.push("a again"); return true; });
  press(doc, "x");
  assert.deepEqual(asked, ["a again"]);
});

test("a part that left the page, or let go, is not asked", () => {
  const doc = {};
  const [gone, released, here] = [part(doc), part(doc), part(doc)];
  const asked = [];
  for (const [name, owner] of Object.entries({ here, released, gone })) {
    claimKeys(owner, () => { asked.push(name); return false; });
  }
  gone.isConnected = false;
  releaseKeys(released);
  press(doc, "x");
  assert.deepEqual(asked, ["here"]);
  assert.equal(doc.cnnvizKeys.size, 1);
});

test("keys meant for a field, an editor or an input method are left alone", () => {
  const doc = {};
  claimKeys(part(doc), () => true);
  const field = (tagName, role = null) => ({ tagName, getAttribute: () => role });
  for (const target of [field("INPUT"), field("TEXTAREA"), field("SELECT"), field("DIV", "slider"), field("DIV", "textbox"),
    { tagName: "DIV", isContentEditable: true, getAttribute: () => null }]) {
    assert.ok(!press(doc, "p", target).defaultPrevented, JSON.stringify(target));
  }
  assert.ok(!press(doc, "p", undefined, { isComposing: true }).defaultPrevented);
  assert.ok(!press(doc, "p", undefined, { defaultPrevented: true }).stopped);
  assert.ok(press(doc, "p").defaultPrevented);
});

test("what counts as typing", () => {
  assert.equal(isForTyping(null), false);
  assert.equal(isForTyping({}), false);
  assert.equal(isForTyping({ tagName: "BUTTON", getAttribute: () => null }), false);
  assert.equal(isForTyping({ tagName: "INPUT", getAttribute: () => null }), true);
  assert.equal(isForTyping({ tagName: "DIV", getAttribute: () => "combobox" }), true);
});

test("while a dialog is open its keys are its own", () => {
  const doc = {};
  claimKeys(part(doc), () => true);
  const inside = () => [{ tagName: "BUTTON", getAttribute: () => null }, { tagName: "DIALOG" }];
  const event = press(doc, "Escape", undefined, { composedPath: inside });
  assert.ok(!event.defaultPrevented);
});

test("a slider or a box to tick keeps the keys that move it, and lets letters go to the page", () => {
  const doc = {};
  claimKeys(part(doc), () => true);
  for (const type of ["range", "checkbox"]) {
    const knob = { tagName: "INPUT", type, getAttribute: () => null };
    for (const key of ["z", "?", "p"]) assert.ok(press(doc, key, knob).stopped, `${type} ${key}`);
    for (const key of ["ArrowLeft", "PageUp", "Home", " "]) assert.ok(!press(doc, key, knob).stopped, `${type} ${key}`);
  }
  assert.ok(!press(doc, "z", { tagName: "INPUT", type: "text", getAttribute: () => null }).stopped);
});
