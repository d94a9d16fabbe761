// Sizes of canvases and of the boxes that clip them, touched only where they change.

/**
 * A canvas of at least this size in its own pixels. It only grows: making one anew costs more than painting it. What
 * lies beyond the grid is clipped by the element around it.
 */
export function growCanvas(canvas, width, height, scale = 0) {
  if (canvas.width < width) canvas.width = width;
  if (canvas.height < height) canvas.height = height;
  if (scale) setBoxSize(canvas, canvas.width / scale, canvas.height / scale);
}

/** An element of this size in CSS pixels. */
export function setBoxSize(element, width, height) {
  if (element.style.width !== `${width}px`) element.style.width = `${width}px`;
  if (element.style.height !== `${height}px`) element.style.height = `${height}px`;
}
