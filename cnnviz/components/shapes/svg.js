// SVG made of few elements: many cells of one kind are one path, so that a drawing follows a drag at a frame's speed.

const SVG_SPACE = "http://www.w3.org/2000/svg";

/**
 * An SVG element with attributes and children.
 * @param {string} tag
 * @param {Object<string, any>} [attributes]
 * @param {...(Node | string)} children
 */
export function svgPart(tag, attributes = {}, ...children) {
  const el = document.createElementNS(SVG_SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) el.setAttribute(name, String(value));
  el.append(...children);
  return el;
}

const rounded = (/** @type {number} */ value) => Math.round(value * 100) / 100;

/** The path of a box, edges set in by `inset`. */
export function boxPath(x, y, width, height, inset = 0) {
  const [w, h] = [Math.max(0, width - 2 * inset), Math.max(0, height - 2 * inset)];
  return `M${rounded(x + inset)} ${rounded(y + inset)}h${rounded(w)}v${rounded(h)}h${rounded(-w)}z`;
}

/** The path of a straight line. */
export function linePath(x1, y1, x2, y2) {
  return `M${rounded(x1)} ${rounded(y1)}L${rounded(x2)} ${rounded(y2)}`;
}

/** A text in the middle of a place. */
export function svgText(x, y, text, className, size) {
  return svgPart("text", {
    x: rounded(x), y: rounded(y), class: className, "font-size": rounded(size), "text-anchor": "middle", "dominant-baseline": "central",
  }, text);
}

/** Diagonal strokes to fill what is dropped with: "not used" said without colour. */
export function hatchPattern(id) {
  const stroke = svgPart("path", { d: "M0 6L6 0M-1 1L1 -1M5 7L7 5", class: "hatch-stroke" });
  return svgPart("defs", {}, svgPart("pattern", { id, width: 6, height: 6, patternUnits: "userSpaceOnUse" }, stroke));
}

/** An SVG that is as large as its box, in CSS pixels; measured when the box changes, not at every drawing. */
export class SvgStage {
  /**
   * @param {SVGElement} svg
   * @param {() => void} redraw called when the box has another size
   */
  constructor(svg, redraw) {
    this.svg = svg;
    this.box = /** @type {HTMLElement} */ (svg.parentElement);
    this.watch = new ResizeObserver(() => {
      this.measured = null;
      redraw();
    });
    this.watch.observe(this.box);
  }

  /** Width and height in CSS pixels, and the size of normal type. @returns {{width: number, height: number, type: number}} */
  get size() {
    if (this.measured) return this.measured;
    const { clientWidth: width, clientHeight: height } = this.box;
    const type = parseFloat(getComputedStyle(this.svg).fontSize) || 14;
    if (!width || !height) return { width: 1, height: 1, type };
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.measured = { width, height, type };
    return this.measured;
  }

  /** Stop watching. */
  destroy() {
    this.watch.disconnect();
  }
}
