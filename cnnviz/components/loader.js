const folder = location.origin + location.pathname.replace(/\/[^/]*\/?$/, "");
const [part, style] = await Promise.all([
  import(`${folder}/parts/PART.js`),
  fetch(`${folder}/parts/PART.css`).then((answer) => answer.text()),
]);
const sheet = new CSSStyleSheet();
sheet.replaceSync(style);

export default function (given) {
  const root = given.parentElement.getRootNode();
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  return part.default(given);
}
