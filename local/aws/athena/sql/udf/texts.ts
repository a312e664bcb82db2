import { FLAG, fail, LONG, ofTexts, refuse, TEXT, type Udf } from "./udf.ts";

/** The number of single-character changes between two texts. */
function levenshtein(left: string, right: string): number {
  const a = [...left];
  const b = [...right];
  let row = b.map((_, j) => j + 1);
  for (const [i, x] of a.entries()) {
    let corner = i;
    let before = i + 1;
    row = b.map((y, j) => {
      const above = row[j] ?? 0;
      before = Math.min(above + 1, before + 1, corner + (x === y ? 0 : 1));
      corner = above;
      return before;
    });
  }
  return row.at(-1) ?? a.length;
}

function hamming(left: string, right: string): number {
  const a = [...left];
  const b = [...right];
  if (a.length !== b.length)
    fail("INVALID_FUNCTION_ARGUMENT", "The input strings to hamming_distance function must have the same length");
  return a.filter((x, i) => x !== b[i]).length;
}

const codes = "01230120022455012623010202";

/** American Soundex as Apache's: H and W do not part equal codes. */
function soundex(text: string): string {
  const letters = text.toUpperCase().replace(/[^\p{L}]/gu, "");
  if (/[^A-Z]/.test(letters)) refuse("soundex of letters outside of A to Z");
  if (letters === "") return "";
  const code = (letter: string): string => codes.charAt(letter.charCodeAt(0) - 65);
  let out = letters.charAt(0);
  let last = code(out);
  for (const letter of letters.slice(1)) {
    if (letter === "H" || letter === "W") continue;
    const next = code(letter);
    if (next !== "0" && next !== last) out += next;
    last = next;
  }
  return out.slice(0, 4).padEnd(4, "0");
}

function luhn(text: string): boolean {
  if (!/^\d*$/.test(text)) fail("INVALID_FUNCTION_ARGUMENT", "Input contains non-digit character");
  const sum = [...text].reverse().reduce((total, digit, i) => {
    const value = Number(digit) * (i % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return text !== "" && sum % 10 === 0;
}

const radixOf = (radix: string): number => {
  const number = Number(radix);
  if (number < 2 || number > 36) fail("INVALID_FUNCTION_ARGUMENT", "Radix must be between 2 and 36");
  return number;
};

function fromBase(text: string, radixText: string): bigint {
  const radix = BigInt(radixOf(radixText));
  const digits = /^([+-]?)([0-9a-z]+)$/i.exec(text);
  let value = 0n;
  for (const digit of digits?.[2] ?? "?") {
    const next = Number.parseInt(digit, Number(radix));
    if (Number.isNaN(next)) fail("INVALID_FUNCTION_ARGUMENT", `Not a valid base-${radixText} number: ${text}`);
    value = value * radix + BigInt(next);
  }
  if (digits?.[1] === "-") value = -value;
  if (value !== BigInt.asIntN(64, value))
    fail("INVALID_FUNCTION_ARGUMENT", `Not a valid base-${radixText} number: ${text}`);
  return value;
}

/** A decimal text rounded half up to digits, as Java's formatter does with the shortest text of a double. */
function rounded(text: string, digits: number): string {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? refuse(`format of ${text} with a precision`);
  const shift = Number(exponent);
  if (Math.abs(shift) > 40) refuse("format of a very large or small number with a precision");
  const all = `${whole}${fraction}${"0".repeat(Math.max(0, shift - fraction.length))}`;
  const point = whole.length + shift;
  const padded = point > 0 ? all : `${"0".repeat(1 - point)}${all}`;
  const at = Math.max(point, 1);
  const cut = padded.padEnd(at + digits + 1, "0");
  const kept = BigInt(cut.slice(0, at + digits)) + (Number(cut.charAt(at + digits)) >= 5 ? 1n : 0n);
  const out = kept.toString().padStart(digits + 1, "0");
  return `${sign}${digits === 0 ? out : `${out.slice(0, -digits)}.${out.slice(-digits)}`}`;
}

/** `,` puts a comma between thousands, `0` fills with zeros after the sign. */
function decorate(text: string, flags: string, width: string): string {
  const [, sign = "", whole = "", rest = ""] = /^(-?)(\d+)(.*)$/.exec(text) ?? ["", "", text, ""];
  const grouped = flags.includes(",") ? whole.replace(/\B(?=(\d{3})+$)/g, ",") : whole;
  const size = Number(width);
  return flags.includes("0")
    ? `${sign}${`${grouped}${rest}`.padStart(size - sign.length, "0")}`
    : `${sign}${grouped}${rest}`;
}

const pad = (text: string, flags: string, width: string): string => {
  const missing = Number(width) - [...text].length;
  const blanks = " ".repeat(Math.max(0, missing));
  return flags.includes("-") ? `${text}${blanks}` : `${blanks}${text}`;
};

const SIZES = ["B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];

/** `2.3MB` in bytes; what is less than one is cut off. */
export function parseDataSize(text: string): string {
  if (/[^ -~]/.test(text)) refuse("parse_data_size of what is not ASCII");
  const bad = (): never => fail("INVALID_FUNCTION_ARGUMENT", `Invalid data size: '${text}'`);
  const [, whole = "", fraction = "", unit = ""] = /^(\d*)\.?(\d*)([A-Za-z]+)$/.exec(text) ?? bad();
  const power = SIZES.indexOf(unit);
  if (power < 0 || whole + fraction === "") bad();
  const bytes = (BigInt(whole + fraction) * 1024n ** BigInt(power)) / 10n ** BigInt(fraction.length);
  return bytes < 10n ** 38n ? bytes.toString() : fail("NUMERIC_VALUE_OUT_OF_RANGE", `Value out of range: '${text}'`);
}

const FORMS = ["NFD", "NFC", "NFKD", "NFKC"];

/** Functions on text that SQL does not reach; numbers come as text. */
export const textUdfs: readonly Udf[] = [
  ofTexts("trino_levenshtein", 2, LONG, (a, b) => BigInt(levenshtein(a ?? "", b ?? ""))),
  ofTexts("trino_hamming", 2, LONG, (a, b) => BigInt(hamming(a ?? "", b ?? ""))),
  ofTexts("trino_soundex", 1, TEXT, soundex, true),
  ofTexts("trino_luhn", 1, FLAG, luhn),
  ofTexts("trino_parse_data_size", 1, TEXT, (text) => parseDataSize(text ?? ""), true),
  ofTexts("trino_normalize", 2, TEXT, (x, form) => {
    if (!FORMS.includes(form ?? "")) refuse(`normalize to ${form}`);
    return x?.normalize(form) ?? null;
  }),
  ofTexts("trino_from_base", 2, LONG, fromBase),
  ofTexts("trino_to_base", 2, TEXT, (x, radix) => BigInt(x ?? "0").toString(radixOf(radix ?? ""))),
  ofTexts(
    "trino_format_number",
    4,
    TEXT,
    (x, digits, flags, width) =>
      pad(
        decorate(digits === "" ? (x ?? "") : rounded(x ?? "", Number(digits)), flags ?? "", width ?? ""),
        flags ?? "",
        width ?? "",
      ),
    true,
  ),
  ofTexts("trino_format_text", 3, TEXT, (x, flags, width) => pad(x ?? "", flags ?? "", width ?? "")),
];
