// Kernels from a formula, as core/kernels/generators.py makes them: the same formulas, held to it by a fixture, so that
// a slider need not wait for the server. Angles are degrees, counter-clockwise from the right; y points up.
// What is drawn at random is left to the server, whose generator of numbers the browser has not.

/** @typedef {import("./lab_state.js").Grid} Grid */

const { cos, exp, PI, sin } = Math;
const radians = (degrees) => (degrees * PI) / 180;

/** rows x cols numbers of a formula in x (to the right) and y (up), in cells from the centre. @returns {Grid} */
function sampled(rows, cols, /** @type {(x: number, y: number) => number} */ formula) {
  const cells = Float64Array.from({ length: rows * cols }, (_, i) => formula((i % cols) - (cols - 1) / 2, (rows - 1) / 2 - Math.floor(i / cols)));
  return { rows, cols, cells };
}

/** The grid with every number put through `act`. @returns {Grid} */
function mapped(/** @type {Grid} */ grid, /** @type {(value: number, i: number) => number} */ act) {
  return { ...grid, cells: grid.cells.map(act) };
}

function total(/** @type {Grid} */ { cells }) {
  return cells.reduce((sum, v) => sum + v, 0);
}

/** Every number over the sum of all. */
function shared(/** @type {Grid} */ grid) {
  const sum = total(grid);
  return mapped(grid, (v) => v / sum);
}

function gaussian(sigma, rows, cols) {
  return shared(sampled(rows, cols, (x, y) => exp(-(x * x + y * y) / (2 * sigma * sigma))));
}

function laplacianOfGaussian(sigma, size) {
  const twice = 2 * sigma * sigma;
  const hat = sampled(size, size, (x, y) => ((x * x + y * y - twice) / (2 * PI * sigma ** 6)) * exp(-(x * x + y * y) / twice));
  const mean = total(hat) / (size * size);
  return mapped(hat, (v) => v - mean);
}

function differenceOfGaussians(sigma, ratio, size) {
  const wide = gaussian(ratio * sigma, size, size);
  return mapped(gaussian(sigma, size, size), (v, i) => v - wide.cells[i]);
}

/** A wave along theta under a bell. */
function gabor({ theta, wavelength, sigma, gamma, psi, size }) {
  const [along, up] = [cos(radians(theta)), sin(radians(theta))];
  return sampled(size, size, (x, y) => {
    const [u, v] = [x * along + y * up, y * along - x * up];
    return exp(-(u * u + gamma * gamma * v * v) / (2 * sigma * sigma)) * cos((2 * PI * u) / wavelength + radians(psi));
  });
}

/** The mean along a line: a step a cell of the longer axis, shared between the four cells around it. */
function motionBlur(length, angle) {
  const [run, rise] = [cos(radians(angle)), sin(radians(angle))];
  const longest = Math.max(Math.abs(run), Math.abs(rise));
  const tidied = (v) => Math.round(v * 1e9) / 1e9; // 4.000000000001 is 4
  const line = sampled(length, length, () => 0);
  for (let i = 0; i < length; i += 1) {
    const step = i - (length - 1) / 2;
    const row = tidied((length - 1) / 2 - (step * rise) / longest);
    const col = tidied((length - 1) / 2 + (step * run) / longest);
    for (const r of [Math.floor(row), Math.floor(row) + 1]) {
      for (const c of [Math.floor(col), Math.floor(col) + 1]) {
        const share = (1 - Math.abs(row - r)) * (1 - Math.abs(col - c));
        if (share > 0) line.cells[r * length + c] += share;
      }
    }
  }
  return shared(line);
}

const SOBEL_X = [-1, 0, 1, -2, 0, 2, -1, 0, 1];
const SOBEL_Y = [-1, -2, -1, 0, 0, 0, 1, 2, 1];

function sobelAtAngle(angle) {
  const [along, up] = [cos(radians(angle)), sin(radians(angle))];
  const tidied = (v) => Math.round(v * 1e12) / 1e12 + 0; // cos(90 degrees) is 6e-17, and there is no -0
  return { rows: 3, cols: 3, cells: Float64Array.from(SOBEL_X, (v, i) => tidied(along * v - up * SOBEL_Y[i])) };
}

/** @type {Object<string, (values: any) => Grid>} */
const FORMULAS = {
  gaussian: ({ sigma, height, width }) => gaussian(sigma, height, width),
  box: ({ height, width }) => sampled(height, width, () => 1 / (height * width)),
  motion_blur: ({ length, angle }) => motionBlur(length, angle),
  sobel_at_angle: ({ angle }) => sobelAtAngle(angle),
  laplacian_of_gaussian: ({ sigma, size }) => laplacianOfGaussian(sigma, size),
  difference_of_gaussians: ({ sigma, ratio, size }) => differenceOfGaussians(sigma, ratio, size),
  gabor,
};

/**
 * The kernel of a generator for these values, one a declared parameter (none: its defaults), or null where only the
 * server can make it.
 * @param {{id: string, parameters?: {name: string, value: number}[]} | undefined} generator @param {number[]} values
 * @returns {Grid | null}
 */
export function generatedGrid(generator, values) {
  const formula = generator && FORMULAS[generator.id];
  if (!formula) return null;
  return formula(Object.fromEntries(generator.parameters.map((p, i) => [p.name, values[i] ?? p.value])));
}
