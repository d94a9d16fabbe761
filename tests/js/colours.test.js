// The browser's colours against those figures/palette.py gives (fixtures/colours.json, checked by pytest).

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  contrastRatio, greyRgb, hexRgb, houseColours, inkOn, mapPalette, NOT_A_NUMBER, rgbHex, signedCell, signedRgb,
} from "../../cnnviz/components/shared/colours.js";

const fixture = JSON.parse(readFileSync(new URL("fixtures/colours.json", import.meta.url), "utf8"));
const number = (value) => (value === null ? NaN : value);

test("the house palette is the figures' palette", () => {
  for (const theme of ["light", "dark"]) assert.deepEqual(houseColours(theme === "dark"), fixture[theme].roles);
});

test("the diverging scale mixes as the figures do", () => {
  for (const theme of ["light", "dark"]) {
    fixture.shares.forEach((share, i) => {
      assert.deepEqual(signedRgb(number(share), theme === "dark"), fixture[theme].signed[i], `${theme} ${share}`);
    });
  }
});

test("cells behind numbers too, and the ink on them is the better one", () => {
  for (const theme of ["light", "dark"]) {
    fixture.values.forEach((value, i) => {
      const fill = signedCell(value, fixture.limit, theme === "dark");
      assert.equal(fill, fixture[theme].cells[i]);
      assert.equal(inkOn(hexRgb(fill)), fixture[theme].inks[i]);
      assert.ok(contrastRatio(hexRgb(fill), hexRgb(inkOn(hexRgb(fill)))) >= 4.5);
    });
  }
  assert.equal(signedCell(3, 0, false), "#ffffff", "a kernel of zeros has no scale");
});

test("grey is the figures' grey", () => {
  fixture.greys.forEach(([share, level]) => assert.deepEqual(greyRgb(share), [level, level, level]));
});

test("a palette holds every index, its middle is zero and its last is what is not a number", () => {
  for (const theme of ["light", "dark"]) {
    const dark = theme === "dark";
    for (const kind of ["signed", "absolute", "grey"]) {
      const bytes = new Uint8ClampedArray(mapPalette(kind, dark).buffer);
      const at = (i) => [...bytes.subarray(i * 4, i * 4 + 3)];
      assert.equal(bytes.length, 1024);
      assert.ok(bytes.every((value, i) => i % 4 !== 3 || value === 255), "opaque");
      assert.deepEqual(at(NOT_A_NUMBER), hexRgb(houseColours(dark).line));
      if (kind === "signed") {
        assert.deepEqual(at(127), hexRgb(houseColours(dark).background));
        assert.deepEqual(at(0), hexRgb(houseColours(dark).negative));
      }
      if (kind === "absolute") assert.deepEqual(at(0), hexRgb(houseColours(dark).background));
      assert.deepEqual(at(254), kind === "grey" ? [255, 255, 255] : hexRgb(houseColours(dark).positive));
    }
  }
});

test("colours survive the way to text and back", () => {
  assert.equal(rgbHex(hexRgb("#0b57d0")), "#0b57d0");
  assert.deepEqual(hexRgb("#00796b"), [0, 121, 107]);
});
