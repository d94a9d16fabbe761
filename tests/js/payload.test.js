// shared/payload.js reads exactly what components/payload.py wrote (tests/ui/test_components.py keeps the fixture true).
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { unpack } from "../../cnnviz/components/shared/payload.js";

const FIXTURE = JSON.parse(readFileSync(new URL("./fixtures/payload.json", import.meta.url), "utf8"));
const packed = () => new Uint8Array(Buffer.from(FIXTURE.packed, "base64"));

test("header and arrays come out as they went in", () => {
  const { header, arrays } = unpack(packed());
  assert.deepEqual(header, FIXTURE.header);
  assert.deepEqual(Object.keys(arrays), Object.keys(FIXTURE.arrays));
  for (const [name, { dtype, shape, values }] of Object.entries(FIXTURE.arrays)) {
    assert.equal(arrays[name].dtype, dtype);
    assert.deepEqual(arrays[name].shape, shape);
    assert.deepEqual([...arrays[name].data], values);
  }
});

test("every kind of array is its own kind in the browser", () => {
  const { arrays } = unpack(packed());
  const kinds = Object.fromEntries(Object.entries(arrays).map(([name, a]) => [name, a.data.constructor.name]));
  assert.deepEqual(kinds, {
    uint8: "Uint8Array", int8: "Int8Array", uint16: "Uint16Array", int16: "Int16Array",
    int32: "Int32Array", float32: "Float32Array", float64: "Float64Array", empty: "Float32Array",
  });
});

test("a message that starts anywhere in its buffer reads the same", () => {
  const bytes = packed();
  for (let shift = 0; shift < 8; shift++) {
    const moved = new Uint8Array(bytes.length + shift);
    moved.set(bytes, shift);
    const { arrays } = unpack(moved.subarray(shift));
    for (const [name, { values }] of Object.entries(FIXTURE.arrays)) assert.deepEqual([...arrays[name].data], values);
  }
});

test("an aligned array is not copied", () => {
  const bytes = packed();
  const aligned = new Uint8Array(bytes.length + 4).subarray(4);
  aligned.set(bytes);
  assert.equal(unpack(aligned).arrays.float64.data.buffer, aligned.buffer);
});

test("a truncated message throws instead of showing wrong numbers", () => {
  assert.throws(() => unpack(packed().subarray(0, 60)));
  assert.throws(() => unpack(packed().slice(0, packed().length - 8)));
});
