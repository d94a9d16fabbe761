// How a tensor lies in memory: core/tensor_layout.py in the browser, held to it by a fixture.

/**
 * Sizes or an index by the axes' letters, such as {n: 2, c: 3, h: 3, w: 4}.
 * @typedef {Object<string, number>} ByAxis
 */

/** How many numbers lie between two neighbours along each axis of a layout such as "nhwc", slowest axis first. */
export function layoutStrides(/** @type {string} */ layout, /** @type {ByAxis} */ sizes) {
  const axes = [...layout];
  return Object.fromEntries(axes.map((axis, i) => [axis, axes.slice(i + 1).reduce((step, faster) => step * sizes[faster], 1)]));
}

/** Where in memory the number with this index lies, counted from 0. */
export function layoutOffset(/** @type {string} */ layout, /** @type {ByAxis} */ sizes, /** @type {ByAxis} */ index) {
  const strides = layoutStrides(layout, sizes);
  return [...layout].reduce((sum, axis) => sum + index[axis] * strides[axis], 0);
}

/** The index of the number at an offset: the way back. @returns {ByAxis} */
export function layoutIndexAt(/** @type {string} */ layout, /** @type {ByAxis} */ sizes, /** @type {number} */ offset) {
  const strides = layoutStrides(layout, sizes);
  const index = {};
  let rest = offset;
  for (const axis of layout) {
    index[axis] = Math.floor(rest / strides[axis]);
    rest -= index[axis] * strides[axis];
  }
  return index;
}

/** How many numbers the tensor has. */
export function layoutCount(/** @type {ByAxis} */ sizes) {
  return Object.values(sizes).reduce((a, b) => a * b, 1);
}

/** The first of `shown` cells of a strip of `count` so that the one at `at` lies in the middle, as far as the ends allow. */
export function stripStart(at, shown, count) {
  return Math.max(0, Math.min(at - Math.floor(shown / 2), count - shown));
}

/** Numbers from 1 to `last` worth showing around `at`, with 0 where some are left out. */
export function landmarks(/** @type {number} */ at, /** @type {number} */ last, ends = 2) {
  const kept = new Set([at - 1, at, at + 1]);
  for (let i = 1; i <= ends; i += 1) kept.add(i).add(last + 1 - i);
  const sorted = [...kept].filter((n) => n >= 1 && n <= last).sort((a, b) => a - b);
  return sorted.flatMap((n, i) => (i && n - sorted[i - 1] > 1 ? [0, n] : [n]));
}
