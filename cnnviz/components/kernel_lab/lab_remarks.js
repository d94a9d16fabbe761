// One remark under the picture at a time: what is wrong, else what is worth knowing about the settings as they are.

import { fillText, numberText } from "../shared/numbers.js";

/** @typedef {import("./lab_model.js").LabModel} LabModel */

/** What a padding mode does to 1 2 3 4, two cells wide on the left and on the right. */
const MODE_EFFECTS = {
  reflect: ["3 2", "3 2"], replicate: ["1 1", "4 4"], circular: ["3 4", "1 2"],
};

/** @returns {{text: string, fault: boolean}} */
export function remarkFor(/** @type {LabModel} */ lab, texts) {
  if (lab.fault) return { text: lab.fault, fault: true };
  const { laid, scene, unmetCount } = lab;
  const said = (text) => ({ text, fault: false });
  if (!laid || !scene) return said("");
  const [[top, bottom], [left, right]] = laid.pads;
  if (unmetCount.rows + unmetCount.cols > 0) return said(fillText(texts.remark_unmet, unmetCount));
  if (top !== bottom || left !== right) {
    const even = laid.rows % 2 === 0 || laid.cols % 2 === 0;
    return said(fillText(even && scene.padding === "same" ? texts.remark_even : texts.remark_uneven, { top, bottom, left, right }));
  }
  if (scene.mode === "constant") return said(fillText(texts.remark_constant, { value: numberText(laid.fill) }));
  if (MODE_EFFECTS[scene.mode]) {
    const [before, after] = MODE_EFFECTS[scene.mode];
    return said(fillText(texts.remark_mode, { before, after }));
  }
  if (scene.flip) return said(lab.facts?.symmetric ? texts.remark_flip_same : texts.remark_flip);
  return said(texts.remark_range);
}

/** One sentence about the pixel, for readers who hear it. */
export function spokenPixel(/** @type {LabModel} */ lab, texts) {
  const pixel = lab.pixel();
  if (!pixel) return "";
  return fillText(texts.spoken, {
    row: pixel.row, column: pixel.col, products: pixel.taps.length * pixel.names.length,
    sum: numberText(pixel.result.sum, 4), value: numberText(pixel.result.value, 4),
  });
}
