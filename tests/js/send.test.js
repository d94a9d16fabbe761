// shared/send.js: events are merged, throttled, numbered, and the last one always arrives.
import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";

import { forgetWayOut, noteWayOut, send } from "../../cnnviz/components/shared/send.js";

let now = 0;
let sent = [];
const tell = (name, value) => sent.push([name, value]);
const click = (through, keys = {}) => ({ composedPath: () => through, ...keys });
const pass = (ms) => {
  now += ms;
  mock.timers.tick(ms);
};

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
  now += 100000;
  sent = [];
  performance.now = () => now;
});

test("the first event goes at once, as the state `event`", () => {
  send({}, tell, { scene: { stride: 2 } });
  pass(0);
  assert.equal(sent.length, 1);
  assert.equal(sent[0][0], "event");
  assert.deepEqual(sent[0][1].scene, { stride: 2 });
});

test("events within the wait are one event, the last value of each field", () => {
  const owner = {};
  send(owner, tell, { a: 1 }, 50);
  pass(0);
  for (let i = 2; i <= 9; i++) send(owner, tell, { a: i, b: -i }, 50);
  send(owner, tell, { c: 1 }, 50);
  pass(49);
  assert.equal(sent.length, 1);
  pass(1);
  assert.equal(sent.length, 2);
  const { n, ...fields } = sent[1][1];
  assert.deepEqual(fields, { a: 9, b: -9, c: 1 });
  pass(500);
  assert.equal(sent.length, 2);
});

test("a drag of a second is at most 21 events and ends with the last value", () => {
  const owner = {};
  for (let i = 0; i < 100; i++) {
    send(owner, tell, { a: i }, 50);
    pass(10);
  }
  pass(100);
  assert.ok(sent.length <= 21, `${sent.length} events`);
  assert.equal(sent.at(-1)[1].a, 99);
});

test("`n` grows with every event", () => {
  const owner = {};
  for (let i = 0; i < 5; i++) {
    send(owner, tell, { a: i }, 10);
    pass(10);
  }
  const numbers = sent.map(([, value]) => value.n);
  assert.deepEqual(numbers, [...new Set(numbers)].sort((a, b) => a - b));
  assert.equal(numbers.length, 5);
});

test("`n` also grows over a reload: it counts from the clock, not from zero", () => {
  send({}, tell, { a: 1 });
  pass(0);
  assert.ok(sent[0][1].n >= performance.timeOrigin);
});

test("two parts do not hold each other up", () => {
  send({}, tell, { a: 1 }, 50);
  send({}, tell, { b: 2 }, 50);
  pass(0);
  assert.equal(sent.length, 2);
});

test("after a click on a link to another page nothing is sent until that page is there", () => {
  const doc = { defaultView: { location: { origin: "http://a", pathname: "/kernels" } } };
  const owner = { ownerDocument: doc };
  send(owner, tell, { a: 1 }, 0);
  noteWayOut(doc, click([{ tagName: "SPAN" }, { tagName: "A", href: "http://a/shapes?x=1" }]));
  pass(900);
  assert.deepEqual(sent, []);
  doc.defaultView.location.pathname = "/shapes";
  pass(100);
  assert.equal(sent.length, 1);
  for (const href of ["http://a/shapes", "http://b/kernels"]) noteWayOut(doc, click([{ tagName: "A", href }]));
  send(owner, tell, { a: 2 }, 0);
  pass(0);
  assert.equal(sent.length, 2);
});

test("a page that does not come holds nothing for ever; an element that is gone sends nothing", () => {
  const doc = { defaultView: { location: { origin: "http://a", pathname: "/kernels" } } };
  noteWayOut(doc, click([{ tagName: "A", href: "http://a/shapes" }]));
  send({ ownerDocument: doc }, tell, { a: 1 }, 0);
  send({ isConnected: false }, tell, { b: 1 }, 0);
  pass(2900);
  for (let i = 0; i < 3; i += 1) pass(100);
  assert.deepEqual(sent.map(([, event]) => event.a), [1]);
});

test("a link opened in another tab holds nothing back", () => {
  const doc = { defaultView: { location: { origin: "http://a", pathname: "/kernels" } } };
  noteWayOut(doc, click([{ tagName: "A", href: "http://a/shapes" }], { ctrlKey: true }));
  send({ ownerDocument: doc }, tell, { a: 1 }, 0);
  pass(0);
  assert.equal(sent.length, 1);
});

test("an element that was away for a moment sends again", () => {
  const owner = { isConnected: false };
  send(owner, tell, { a: 1 }, 0);
  pass(0);
  owner.isConnected = true;
  send(owner, tell, { b: 1 }, 0);
  pass(0);
  assert.deepEqual(sent.map(([, event]) => [event.a, event.b]), [[1, 1]]);
});

test("who comes back at once by the browser's own button is heard at once", () => {
  const doc = { defaultView: { location: { origin: "http://a", pathname: "/kernels" } } };
  noteWayOut(doc, click([{ tagName: "A", href: "http://a/shapes" }]));
  forgetWayOut(doc); // away and back between two messages: the address is the one that was left
  send({ ownerDocument: doc }, tell, { a: 1 }, 0);
  pass(0);
  assert.deepEqual(sent.map(([, event]) => event.a), [1]);
});
