// shell/shell.js: the address it writes, and where Streamlit keeps the theme of each page.
import assert from "node:assert/strict";
import { test } from "node:test";

import { address, themeKeys } from "../../cnnviz/components/shell/shell.js";

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
