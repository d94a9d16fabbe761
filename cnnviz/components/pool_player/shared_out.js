// The windows of an adaptive axis, drawn: a row of pixels, and beneath it a bar for each window; where two windows share
// a pixel their bars stand on two levels.

import { spanOfWindow } from "../shared/windows.js";
import { boxPath, svgPart, svgText } from "../shapes/svg.js";

const BOX = { width: 320, line: 12, bar: 9, gap: 14 };

/** The bars of one axis: [first pixel, pixels, level]. */
export function windowBars(/** @type {import("../shared/windows.js").AxisSpec} */ axis, size) {
  return Array.from({ length: axis.windows }, (_, o) => {
    const { start, taps } = spanOfWindow(axis, size, o);
    return [start, taps, o % 2];
  });
}

/** Both axes, rows above columns. */
export function drawShared(/** @type {SVGElement} */ svg, /** @type {import("../shared/windows.js").Plan} */ plan, texts) {
  const { layer } = plan;
  const parts = [];
  let top = 2;
  layer.axes.forEach((axis, i) => {
    const size = layer.size[i];
    const unit = (BOX.width - 28) / size;
    const bars = ["", ""];
    let cells = "";
    for (let p = 0; p < size; p++) cells += boxPath(28 + p * unit, top, unit, BOX.line, 0.5);
    for (const [start, taps, level] of windowBars(axis, size)) {
      bars[level] += boxPath(28 + start * unit, top + BOX.line + 3 + level * (BOX.bar + 2), taps * unit, BOX.bar, Math.min(2, unit / 6));
    }
    parts.push(svgText(12, top + BOX.line / 2, texts[i ? "short_columns" : "short_rows"], "axis-number", 11));
    parts.push(svgPart("path", { d: cells, class: "shared-pixel" }), svgPart("path", { d: bars[0], class: "shared-even" }), svgPart("path", { d: bars[1], class: "shared-odd" }));
    top += BOX.line + 2 * (BOX.bar + 2) + BOX.gap;
  });
  svg.setAttribute("viewBox", `0 0 ${BOX.width} ${top}`);
  svg.setAttribute("aria-label", texts.shared_label);
  svg.replaceChildren(...parts);
}
