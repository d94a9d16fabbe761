// Chains, receptive fields, settings and pictures against core and Pillow: fixtures/shapes_layers.json is written by
// tests/components/test_shapes_layers_fixture.py.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { breakSentence, chainOf, layersOfScene, settingText, totalsOf, weightsText } from "../../cnnviz/components/shapes/layers.js";
import { resizedSquare } from "../../cnnviz/components/shapes/resized.js";
import { linesOf } from "../../cnnviz/components/shapes_chain/chain_table.js";
import { fieldRows, gradientName } from "../../cnnviz/components/shapes_field/field.js";
import { measuredOf } from "../../cnnviz/components/shapes_field/shapes_field.js";
import { settingsFor } from "../../cnnviz/components/shapes_inverse/settings.js";
import { isSet, passes, takenFields } from "../../cnnviz/components/shapes_inverse/shapes_inverse.js";
import { designsOf } from "../../cnnviz/components/shapes_stack/shapes_stack.js";

const fixture = JSON.parse(readFileSync(new URL("fixtures/shapes_layers.json", import.meta.url), "utf8"));
const chainOfCase = ({ scene }) => chainOf(layersOfScene(scene, fixture.nets), [scene.channels, scene.side, scene.side]);

test("every layer has core's shape, formula, parameters, multiply-adds and memory", () => {
  for (const one of fixture.chains) {
    const { stages } = chainOfCase(one);
    const found = stages.map((s) => [s.name, s.kind, s.shape, s.formula, s.unvisited, s.parameters, String(s.macs), s.bytes]);
    assert.deepEqual(found, one.stages);
  }
});

test("the sums are core's, also where they outgrow a float64", () => {
  for (const one of fixture.chains) {
    const { parameters, macs, bytes, peak, weights } = totalsOf(chainOfCase(one));
    assert.deepEqual([parameters, String(macs), bytes, peak, weights], one.totals);
  }
  assert.ok(fixture.chains.some(({ totals }) => Number(totals[1]) > Number.MAX_SAFE_INTEGER));
});

test("a chain breaks where core says, and the sentence is the one Python would say", () => {
  for (const one of fixture.chains) {
    const { broken } = chainOfCase(one);
    if (!one.broken) {
      assert.equal(broken, null);
      continue;
    }
    assert.deepEqual([broken.number, broken.name, broken.arrives, broken.code], [one.broken.number, one.broken.name, one.broken.arrives, one.broken.code]);
    for (const [lang, { breaks, rules }] of Object.entries(fixture.words)) {
      assert.equal(breakSentence(broken, rules, breaks), one.broken.said[lang]);
    }
  }
});

test("the fields of a chain are core's, up to the first layer without windows", () => {
  for (const one of fixture.chains) {
    const found = fieldRows(chainOfCase(one).stages).map((row) => [row.name, row.size, row.jump, row.start, row.units]);
    assert.deepEqual(found, one.fields);
  }
});

test("a gradient is looked for under the name Python gives it", () => {
  for (const { scene, fields, gradients } of fixture.chains) {
    const names = ["uniform", "random"].map((weights) => gradientName({ ...scene, weights, seed: 5 }, fields.length - 1));
    assert.deepEqual(names, gradients);
  }
  assert.equal(measuredOf([]), null);
  assert.deepEqual(measuredOf([5, 4, 3, 1, 2, 0.5, 1.1]), { theoretical: 5, rows: 4, columns: 3, top: 1, left: 2, share: 0.5, sigma: 1.1 });
});

test("the settings that make a size are core's, in core's order", () => {
  for (const { size, wanted, op, found } of fixture.settings) {
    const mine = settingsFor(size, wanted, op, fixture.bounds);
    assert.deepEqual(mine.map((s) => `${s.kernel} ${s.stride} ${s.before} ${s.after} ${s.dilation} ${s.rest} ${s.unread}`), found, `${wanted} from ${size}, ${op}`);
  }
});

test("settings are narrowed down and taken", () => {
  const setting = { kernel: 3, stride: 2, before: 0, after: 1, dilation: 1, rest: 1, unread: 0 };
  assert.ok(passes(setting, new Set(["odd", "no_dilation", "read_all"])));
  assert.ok(!passes(setting, new Set(["alike"])) && !passes(setting, new Set(["exact"])) && !passes(setting, new Set(["stride_one"])));
  assert.deepEqual(takenFields(setting).pad, [0, 1, 0, 1]);
  assert.equal(takenFields(setting).view, "axis");
  const scene = { kernel: [3, 3], stride: [2, 2], dilation: [1, 1], pad: [0, 1, 0, 1], view: "inverse" };
  assert.ok(isSet(scene, setting) && !isSet({ ...scene, stride: [1, 1] }, setting));
});

test("a picture has Pillow's pixels at every size", () => {
  for (const { edge, side, data, made } of fixture.squares) {
    const found = resizedSquare(Uint8Array.from(Buffer.from(data, "hex")), edge, side);
    assert.equal(Buffer.from(found).toString("hex"), made, `${edge} to ${side}`);
  }
});

test("both designs cost what core says", () => {
  for (const { scene, designs } of fixture.designs) {
    const found = designsOf(scene).map((d) => [d.layers, d.square, d.weights, d.parameters, String(d.macs), d.bytes, d.field]);
    assert.deepEqual(found, designs);
  }
});

test("a layer's setting and weights in few signs", () => {
  const { stages } = chainOf(layersOfScene({ net: "own", rows: [["conv", 8, 3, 2, 1, 2], ["max", 0, 2, 2, 0, 1], ["linear", 10, 1, 1, 0, 1]] }, {}), [3, 16, 16]);
  assert.deepEqual(stages.map(({ layer }) => settingText(layer)), ["k3 s2 p1 d2", "k2 s2 p0", "", ""]);
  assert.deepEqual(stages.map(weightsText), ["3·3·3·8 + 8 = 224", "", "", "72·10 + 10 = 730"]);
});

test("each of the reader's rows stands beside its own layer, a flattening between", () => {
  const rows = [["conv", 8, 3, 1, 0, 1], ["linear", 10, 1, 1, 0, 1], ["linear", 5, 1, 1, 0, 1], ["conv", 1, 1, 1, 0, 1], ["max", 0, 2, 2, 0, 1]];
  const chain = chainOf(layersOfScene({ net: "own", rows }, {}), [1, 4, 4]);
  const lines = linesOf(chain, rows);
  assert.deepEqual(lines.map((line) => [line.number, line.stage?.name, line.broken?.name]), [
    [1, "conv1", undefined], [3, "fc1", undefined], [4, "fc2", undefined], [5, undefined, "conv2"], [6, undefined, undefined],
  ]);
  assert.deepEqual(linesOf(chain, null).map((line) => line.stage?.name ?? line.broken.name), ["conv1", "flatten", "fc1", "fc2", "conv2"]);
});
