// shell/shell.js: the address it writes, and where Streamlit keeps the theme of each page.
import assert from "node:assert/strict";
import { test } from "node:test";

import { declareKeys, declaredKeys } from "../../cnnviz/components/shared/keys.js";
import { address, keyLines, themeKeys } from "../../cnnviz/components/shell/shell.js";

const PAGES = ["", "pixels", "convolution", "kernels"];

test("an address has a question mark only where something follows", () => {
  assert.equal(address("/kernels", ""), "/kernels");
  assert.equal(address("/kernels", "kernel=sobel_x&lang=zh"), "/kernels?kernel=sobel_x&lang=zh");
});

test("the theme is stored for every page of the app, whichever is open", () => {
  const wanted = ["/", "", "/pixels", "/convolution", "/kernels"].map((p) => `stActiveTheme-${p}-v2`);
  assert.deepEqual(themeKeys("/", PAGES), wanted);
  assert.deepEqual(themeKeys("/kernels", PAGES), wanted);
  assert.deepEqual(themeKeys("/kernels/", PAGES), wanted);
});

test("also below an address of its own", () => {
  const keys = themeKeys("/class/cnn/pixels", PAGES);
  assert.ok(keys.includes("stActiveTheme-/class/cnn/kernels-v2"));
  assert.ok(keys.includes("stActiveTheme-/class/cnn/-v2"));
  assert.ok(!keys.some((key) => key.includes("pixels/")));
  assert.deepEqual(themeKeys("/class/cnn/", PAGES), keys);
});

test("the list of keys says what is declared on the page, in the order of the texts", () => {
  const texts = { close: "Close", "keys.play": "Space | play or pause", "keys.zoom": "+ − 0 | closer, farther", "keys.help": "? | this list" };
  assert.deepEqual(keyLines(texts, new Set(["help", "play", "unknown"])), [["Space", "play or pause"], ["?", "this list"]]);
});

test("only what can be seen declares keys, and what is gone does not", () => {
  const doc = {};
  const part = (seen) => ({ ownerDocument: doc, isConnected: true, checkVisibility: () => seen });
  const [shown, hidden] = [part(true), part(false)];
  assert.deepEqual(declaredKeys(doc), new Set());
  declareKeys(shown, "play", "step");
  declareKeys(hidden, "turn");
  declareKeys(shown, "play", "zoom"); // said again, as at every run
  assert.deepEqual(declaredKeys(doc), new Set(["play", "zoom"]));
  shown.isConnected = false;
  assert.deepEqual(declaredKeys(doc), new Set());
});
