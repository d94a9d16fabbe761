// Where a reader's own picture comes in: the file dialog, a drop anywhere on the page, the clipboard, the camera.
// Whatever it is, it goes to Python as it is: what is a picture and what is not is decided in one place, there.

/** More than this is not sent at all; Python says the sentence (core/image_errors.py, MAX_BYTES). */
export const MOST_BYTES = 20_000_000;

/**
 * The first file of a drop or a paste, pictures before anything else; null when there is none.
 * @param {{files?: ArrayLike<{type: string}>} | null | undefined} transfer
 */
export function firstFile(transfer) {
  const files = Array.from(transfer?.files ?? []);
  return files.find((file) => file.type.startsWith("image/")) ?? files[0] ?? null;
}

/** Whether a drag carries files, told from the names of its types before the drop. */
export function carriesFiles(/** @type {{types?: ArrayLike<string>} | null} */ transfer) {
  return Array.from(transfer?.types ?? []).includes("Files");
}

/** What follows the comma of a data address: the file itself in base64, "" for an empty file. */
export function base64Of(/** @type {string} */ dataUrl) {
  const comma = dataUrl.indexOf(",");
  return comma < 0 ? "" : dataUrl.slice(comma + 1);
}

/**
 * What Python is told about a file: its content, or, when there is too much of it, only its size.
 * @param {number} n
 * @param {number} size
 * @param {string} dataUrl
 */
export function offerOf(n, size, dataUrl) {
  return size > MOST_BYTES ? { n, size } : { n, size, data: base64Of(dataUrl) };
}

/**
 * Read `file` and hand the offer on.
 * @param {Blob} file
 * @param {(offer: {n: number, size: number, data?: string}) => void} give
 * @param {() => void} fail called when the browser cannot read it (a folder, a file that went away)
 */
export function readFile(file, give, fail) {
  const n = Math.round(performance.timeOrigin + performance.now());
  if (file.size > MOST_BYTES) return give(offerOf(n, file.size, ""));
  const reader = new FileReader();
  reader.onload = () => give(offerOf(n, file.size, String(reader.result)));
  reader.onerror = fail;
  reader.readAsDataURL(file);
}

/**
 * Take drops and pasted pictures of the whole page while `owner` is on it; returns what ends that.
 * Text pasted into a field, or into a grid of numbers, is none of our business: only files are.
 * @param {Document} doc
 * @param {(file: any) => void} take
 * @param {(over: boolean) => void} hint shows and hides "drop it here"
 */
export function watchPage(doc, take, hint) {
  const used = (/** @type {any} */ event) => {
    event.preventDefault();
    event.stopPropagation();
  };
  const handlers = {
    onpaste: (event) => {
      const file = firstFile(event.clipboardData);
      if (file && !event.defaultPrevented) {
        used(event);
        take(file);
      }
    },
    ondragover: (event) => {
      if (!carriesFiles(event.dataTransfer)) return;
      used(event);
      event.dataTransfer.dropEffect = "copy";
      hint(true);
    },
    ondragleave: (event) => {
      if (event.relatedTarget === null) hint(false);
    },
    ondrop: (event) => {
      hint(false);
      if (!carriesFiles(event.dataTransfer)) return;
      used(event);
      const file = firstFile(event.dataTransfer);
      if (file) take(file);
    },
  };
  Object.assign(doc, handlers);
  return () => {
    for (const [name, handler] of Object.entries(handlers)) if (doc[name] === handler) doc[name] = null;
  };
}
