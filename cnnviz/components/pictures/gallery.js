// The gallery: every sample with its picture, its name and one line on what it shows well.

/** @type {WeakMap<object, {bytes: Uint8Array, url: string}>} */
const SPRITES = new WeakMap();

/** The address of the sheet that holds all small pictures; made once for each sheet that comes. */
function sheetAddress(dialog, bytes) {
  const held = SPRITES.get(dialog);
  if (held && held.bytes.length === bytes.length) return held.url;
  if (held) URL.revokeObjectURL(held.url);
  const url = URL.createObjectURL(new Blob([bytes], { type: "image/webp" }));
  SPRITES.set(dialog, { bytes, url });
  return url;
}

function card(sample, place, count, address, side, chosen, choose) {
  const button = document.createElement("button");
  const thumb = document.createElement("span");
  const words = document.createElement("span");
  const name = document.createElement("strong");
  const line = document.createElement("span");
  button.type = "button";
  button.className = "card";
  button.setAttribute("aria-pressed", String(chosen));
  thumb.className = "thumb";
  thumb.style.backgroundImage = address ? `url(${address})` : "none";
  thumb.style.backgroundSize = `${count * side}px ${side}px`;
  thumb.style.backgroundPosition = `-${place * side}px 0`;
  thumb.style.width = thumb.style.height = `${side}px`;
  words.className = "words";
  name.textContent = sample.name;
  line.textContent = sample.line;
  words.append(name, line);
  button.append(thumb, words);
  button.onclick = () => choose(sample.id);
  return button;
}

/**
 * Fill the gallery.
 * @param {HTMLDialogElement} dialog
 * @param {{texts: any, groups: {title: string, samples: {id: string, name: string, line: string}[]}[], picture: string, side: number}} header
 * @param {Uint8Array | undefined} sheet a WebP with all small pictures side by side, in the order of the samples
 * @param {(id: string) => void} choose
 */
export function fillGallery(dialog, header, sheet, choose) {
  dialog.querySelector("h2").textContent = header.texts.gallery;
  const close = /** @type {HTMLButtonElement} */ (dialog.querySelector(".close"));
  close.textContent = header.texts.close;
  close.onclick = () => dialog.close();
  const address = sheet ? sheetAddress(dialog, sheet) : "";
  const shelf = dialog.querySelector(".shelf");
  const focused = [...shelf.querySelectorAll(".card")].indexOf(/** @type {any} */ (shelf.getRootNode()).activeElement);
  const count = header.groups.reduce((sum, group) => sum + group.samples.length, 0);
  let place = 0;
  const parts = header.groups.flatMap((group) => {
    const title = document.createElement("h3");
    const grid = document.createElement("div");
    title.textContent = group.title;
    grid.className = "cards";
    grid.append(...group.samples.map((s) => card(s, place++, count, address, header.side, s.id === header.picture, choose)));
    return [title, grid];
  });
  shelf.replaceChildren(...parts);
  if (focused >= 0) /** @type {any} */ (shelf.querySelectorAll(".card")[focused])?.focus();
}
