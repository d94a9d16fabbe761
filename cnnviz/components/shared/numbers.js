// Numbers as readers see them: figures/numbers.py in the browser, with the same minus sign and the same rounding.

export const MINUS_SIGN = "\u2212";

/** `value` with `places` decimals, halves to even as Python rounds them (toFixed takes the larger). */
export function fixedText(value, places) {
  const text = Math.abs(value).toFixed(places);
  const halves = Math.abs(value) * 2 ** (places + 1);
  // A number is exactly between two decimals only if this many doublings make it an odd whole number.
  const tie = Number.isSafeInteger(halves) && halves % 2 === 1;
  const last = text.length - 1;
  if (!tie || Number(text[last]) % 2 === 0) return (value < 0 ? "-" : "") + text;
  return (value < 0 ? "-" : "") + text.slice(0, last) + (Number(text[last]) - 1);
}

function withoutZeros(text) {
  return text.includes(".") ? text.replace(/0+$/, "").replace(/\.$/, "") : text;
}

/** A number in at most `digits` significant digits, more where whole digits need them; never "−0". */
export function numberText(value, digits = 3) {
  if (Number.isInteger(value) && value < 1e6 && value > -1e6) return value < 0 ? MINUS_SIGN + -value : String(value + 0);
  if (Number.isNaN(value)) return "?";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : MINUS_SIGN + "∞";
  const size = Math.abs(value);
  let text;
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) {
    const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
    text = `${withoutZeros(mantissa)}e${Number(exponent)}`;
  } else {
    const whole = size >= 1 ? String(Math.trunc(size)).length : 0;
    text = withoutZeros(fixedText(value, Math.max(0, digits - whole)));
  }
  return text === "-0" ? "0" : text.replaceAll("-", MINUS_SIGN);
}

/** The shortest text that reads back as the same float64, with a real minus sign. */
export function exactText(value) {
  if (!Number.isFinite(value)) return numberText(value);
  return String(value === 0 ? 0 : value).replace("e+", "e").replaceAll("-", MINUS_SIGN);
}

/** A factor as a formula writes it: a negative one in brackets. */
export function inBrackets(text) {
  return text.startsWith(MINUS_SIGN) ? `(${text})` : text;
}

/** What a reader typed as a number: either minus sign, a decimal comma, full-width digits, a fraction; else NaN. */
export function typedNumber(text) {
  const plain = text.normalize("NFKC").trim().replace(/[\u2212\u2013]/g, "-").replace(",", ".");
  const parts = plain.split("/");
  if (parts.length > 2 || parts.some((part) => !/^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?\s*$/i.test(part))) return NaN;
  const value = parts.length === 2 ? Number(parts[0]) / Number(parts[1]) : Number(parts[0]);
  return Number.isFinite(value) ? value + 0 : NaN;
}

/** A text with {holes} filled, as Python's str.format fills them. */
export function fillText(text, values) {
  return text.replace(/\{(\w+)\}/g, (hole, name) => (name in values ? String(values[name]) : hole));
}

/** A small index under the line: 12 becomes ₁₂. */
export function subscript(number) {
  return String(number).replace(/\d/g, (digit) => String.fromCharCode(0x2080 + Number(digit)));
}

/** A whole number with thin groups of three: 1 000 100; exact while a float64 is. */
export function groupedText(/** @type {number} */ value) {
  return String(value).replace(/\B(?=(\d{3})+$)/g, "\u202f");
}
