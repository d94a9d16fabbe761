// A landscape of heights with water over it, seen from above at an angle: boxes in, polygons to fill from back to front out.
// Each number is a square of ground at its height, walls down to what is lower; the water is a sheet over each square.

/**
 * @typedef {{heights: ArrayLike<number>, water: ArrayLike<number>, rows: number, columns: number, low: number, high: number}} Terrain
 *   water: the level over each square
 * @typedef {{turn: number, tilt: number}} Camera  degrees: around the upright axis, and how far one looks down
 * @typedef {{kind: "ground" | "wall" | "water", share: number, side: number, points: number[][]}} Face
 *   share: height from 0 (low) to 1 (high); side: which way a wall faces, for its shade
 */

const BEYOND = [[1, 0], [0, 1], [-1, 0], [0, -1]]; // what lies beyond each side of a square
const RISE = 0.45; // how high the highest point stands, of the landscape's width

/**
 * How the camera sees: a function that says where a point (row, column, height share) lies on the plane of the screen,
 * around (0, 0); width about 1.
 * @returns {(row: number, column: number, share: number) => number[]}
 */
export function projection(/** @type {Terrain} */ { rows, columns }, /** @type {Camera} */ { turn, tilt }) {
  const most = Math.max(rows, columns);
  const [a, b] = [(turn * Math.PI) / 180, (tilt * Math.PI) / 180];
  const [cos, sin, down, rise] = [Math.cos(a), Math.sin(a), Math.sin(b), RISE * Math.cos(b)];
  return (row, column, share) => {
    const x = (column - columns / 2) / most;
    const y = (row - rows / 2) / most;
    return [x * cos - y * sin, (x * sin + y * cos) * down - (share - 0.5) * rise];
  };
}

/** The faces from back to front. @returns {Face[]} */
export function terrainFaces(/** @type {Terrain} */ terrain, /** @type {Camera} */ camera) {
  const { rows, columns, heights, water, low, high } = terrain;
  const share = (value) => (high > low ? (value - low) / (high - low) : 0);
  const place = projection(terrain, camera);
  const at = (row, column, value) => place(row, column, share(value));
  const sides = seenSides(camera.turn);
  const faces = [];
  for (const [r, c] of squaresInOrder(rows, columns, camera.turn)) {
    const ground = heights[r * columns + c];
    const level = water[r * columns + c];
    const top = (value) => [at(r, c, value), at(r, c + 1, value), at(r + 1, c + 1, value), at(r + 1, c, value)];
    for (const side of sides) {
      const [dr, dc] = BEYOND[side];
      const beyond = r + dr < 0 || r + dr >= rows || c + dc < 0 || c + dc >= columns ? low : heights[(r + dr) * columns + c + dc];
      if (beyond < ground) faces.push({ kind: "wall", share: share(ground), side, points: wallPoints(at, r, c, side, beyond, ground) });
    }
    faces.push({ kind: "ground", share: share(ground), side: 0, points: top(ground) });
    if (level > ground) faces.push({ kind: "water", share: share(level), side: 0, points: top(level) });
  }
  return faces;
}

/** The squares farthest from the eye first. */
function squaresInOrder(rows, columns, turn) {
  const a = (turn * Math.PI) / 180;
  const [cos, sin] = [Math.cos(a), Math.sin(a)];
  // Rows one way and columns one way: whatever stands before a square comes after it.
  const order = (count, forwards) => Array.from({ length: count }, (_, i) => (forwards ? i : count - 1 - i));
  return order(rows, cos >= 0).flatMap((r) => order(columns, sin >= 0).map((c) => [r, c]));
}

/** The two sides of a square that face the eye: 0 down the rows, 1 along the columns, 2 and 3 the other ways. */
function seenSides(turn) {
  const a = (turn * Math.PI) / 180;
  return [Math.cos(a) >= 0 ? 0 : 2, Math.sin(a) >= 0 ? 1 : 3];
}

function wallPoints(at, r, c, side, from, to) {
  const [[r0, c0], [r1, c1]] = [[[r + 1, c], [r + 1, c + 1]], [[r, c + 1], [r + 1, c + 1]], [[r, c], [r, c + 1]], [[r, c], [r + 1, c]]][side];
  return [at(r0, c0, from), at(r1, c1, from), at(r1, c1, to), at(r0, c0, to)];
}
