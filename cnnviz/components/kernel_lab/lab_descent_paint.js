// What a run of learning is drawn with: the map of a kernel, signed pictures, and the loss on a logarithmic scale.

/**
 * The map of a square kernel on a plane, without padding, stride 1, as PyTorch's conv2d has it.
 * @param {{data: Float32Array, shape: number[]}} plane @param {Float32Array} kernel @param {number} side
 * @returns {{data: Float32Array, width: number, height: number}}
 */
export function validMap(plane, kernel, side) {
  const [rows, cols] = plane.shape;
  const [height, width] = [rows - side + 1, cols - side + 1];
  const data = new Float32Array(width * height);
  for (let a = 0; a < side; a += 1) {
    for (let b = 0; b < side; b += 1) {
      const weight = kernel[a * side + b];
      for (let y = 0; weight !== 0 && y < height; y += 1) {
        const from = (y + a) * cols + b;
        for (let x = 0; x < width; x += 1) data[y * width + x] += weight * plane.data[from + x];
      }
    }
  }
  return { data, width, height };
}

/** Palette indices of numbers on a scale from −top to +top; what lies beyond has the end's colour. */
export function signedIndices(/** @type {ArrayLike<number>} */ numbers, /** @type {number} */ top) {
  return Uint8Array.from(numbers, (v) => (top ? Math.round(Math.max(-1, Math.min(1, v / top)) * 127) + 127 : 127));
}

/** Where a loss stands between the least (0) and the greatest (1) of a run, by its logarithm. */
export function lossShares(/** @type {ArrayLike<number>} */ losses) {
  const logs = Array.from(losses, (v) => Math.log10(Math.max(v, 1e-16)));
  const [low, high] = [Math.min(...logs), Math.max(...logs)];
  return logs.map((v) => (high > low ? (v - low) / (high - low) : 1));
}

/** A picture of signed numbers, a pixel a number; CSS makes it large. */
export function paintSigned(canvas, { data, width, height }, top, /** @type {Uint32Array} */ palette) {
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  const pen = canvas.getContext("2d");
  const image = pen.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  signedIndices(data, top).forEach((index, i) => { pixels[i] = palette[index]; });
  pen.putImageData(image, 0, 0);
}

/** The losses of a run, logarithmic, with the frame that is shown. */
export function paintLoss(canvas, losses, frame, house) {
  const ratio = 2;
  const [width, height] = [canvas.clientWidth || 120, canvas.clientHeight || 50];
  [canvas.width, canvas.height] = [width * ratio, height * ratio];
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  const shares = lossShares(losses);
  const at = (i) => [4 + (i / Math.max(1, shares.length - 1)) * (width - 8), height - 4 - shares[i] * (height - 8)];
  pen.strokeStyle = house.soft;
  pen.lineWidth = 1.5;
  pen.beginPath();
  shares.forEach((_, i) => pen.lineTo(...at(i)));
  pen.stroke();
  pen.fillStyle = house.kernel;
  pen.beginPath();
  pen.arc(...at(frame), 4, 0, 7);
  pen.fill();
}
