// Every layer's output as a box: as high as its rows are many, to scale, and wider the more channels it has.

import { boxPath, hatchPattern, svgPart, svgText } from "../shapes/svg.js";

/**
 * Where the boxes lie: [x, y, width, height] of each shape in an area; heights are to scale, widths grow with the logarithm.
 * @param {number[][]} shapes [C, H, W] or [features]
 * @param {{width: number, height: number}} area
 */
export function placeBoxes(shapes, area) {
  const slot = Math.min(area.width / Math.max(1, shapes.length), area.height * 0.9);
  const tallest = Math.max(...shapes.map((shape) => shape[1] ?? 1));
  const most = Math.max(...shapes.map((shape) => Math.log2(1 + shape[0])));
  return shapes.map((shape, i) => {
    const width = Math.max(2, (slot * 0.8 * Math.log2(1 + shape[0])) / Math.max(1, most));
    const height = shape.length > 1 ? Math.max(1.5, (area.height * shape[1]) / tallest) : Math.max(1.5, area.height / tallest);
    return [slot * (i + 0.5) - width / 2, (area.height - height) / 2, width, height];
  });
}

/** What a box is drawn as. */
export function boxRole(/** @type {string} */ kind) {
  if (kind === "input") return "input-box";
  if (kind.endsWith("pool")) return "pool";
  return kind.startsWith("conv") || kind === "linear" ? "weights" : "other";
}

/**
 * Draw the boxes; the layer that breaks is hatched.
 * @param {{shape: number[], kind: string, name: string, bad?: boolean}[]} stages the input first
 * @param {number} now the chosen one
 * @param {(i: number) => void} choose
 */
export function drawBoxes(svg, stages, now, type, { width, height }, choose) {
  const foot = type * 1.5;
  const head = type * 1.3;
  const places = placeBoxes(stages.map((stage) => stage.shape), { width, height: height - foot - head });
  const slot = places.length > 1 ? places[1][0] + places[1][2] / 2 - places[0][0] - places[0][2] / 2 : width;
  const parts = stages.flatMap((stage, i) => {
    const [x, y, w, h] = places[i];
    const middle = x + w / 2;
    const hit = svgPart("rect", { x: middle - slot / 2, y: 0, width: Math.max(0, slot), height, class: "stage-hit" }, svgPart("title", {}, `${stage.name} ${stage.shape.join(" × ")}`));
    hit.onclick = () => choose(i);
    const words = stage.shape.length > 1 ? String(stage.shape[1]) : String(stage.shape[0]);
    const size = Math.min(type * 0.82, slot / Math.max(2.4, 0.62 * words.length));
    const texts = size >= 7 ? [svgText(middle, height - foot * 0.5, words, stage.bad ? "bad-number" : "small-number", size)] : [];
    if (slot > type * 3.4) texts.push(svgText(middle, head * 0.45, stage.name, stage.bad ? "bad-number" : "small-number", Math.min(type * 0.78, (slot * 1.7) / stage.name.length)));
    const role = stage.bad ? "bad" : boxRole(stage.kind);
    return [svgPart("path", { d: boxPath(x, y + head, w, h), class: `stage-box ${role}${i === now ? " now" : ""}` }), ...texts, hit];
  });
  svg.replaceChildren(hatchPattern("hatch"), ...parts);
}
