import { FLAG, fail, LONG, ofTexts, type Plain, TEXT, TEXT_LISTS, TEXTS, type Udf } from "./udf.ts";

const compiled = new Map<string, RegExp>();

/** `flags/source` as a global pattern; a few are kept. */
function compile(text: string): RegExp {
  const known = compiled.get(text);
  if (known !== undefined) {
    // Where the last search ended, the next one would go on.
    known.lastIndex = 0;
    return known;
  }
  const slash = text.indexOf("/");
  const regex = new RegExp(text.slice(slash + 1), `${text.slice(0, slash)}g`);
  if (compiled.size > 500) compiled.clear();
  compiled.set(text, regex);
  return regex;
}

const matches = (x: string, pattern: string): RegExpExecArray[] => [...x.matchAll(compile(pattern))];

function template(text: string): readonly (string | number)[] {
  const parts: unknown = JSON.parse(text);
  return Array.isArray(parts) ? parts.map((part) => (typeof part === "number" ? part : String(part))) : [];
}

function replace(x: string, pattern: string, by: string): string {
  const parts = template(by);
  return x.replace(compile(pattern), (...match) =>
    parts.map((part) => (typeof part === "number" ? String(match[part] ?? "") : part)).join(""),
  );
}

/** The text between matches, as Joni's split gives it: also what is empty at the ends. */
function split(x: string, pattern: string): string[] {
  const parts: string[] = [];
  let last = 0;
  for (const match of matches(x, pattern)) {
    parts.push(x.slice(last, match.index));
    last = match.index + match[0].length;
  }
  return [...parts, x.slice(last)];
}

/** For each match the text before it, then its groups; at the end the rest. */
function pieces(x: string, pattern: string): Plain {
  const parts: (string | null)[][] = [];
  let last = 0;
  for (const match of matches(x, pattern)) {
    parts.push([x.slice(last, match.index), ...match.slice(1).map((group) => group ?? null)]);
    last = match.index + match[0].length;
  }
  return [...parts, [x.slice(last)]];
}

function group(match: RegExpExecArray, index: string): string | null {
  const number = Number(index);
  if (number < 0 || number >= match.length)
    fail("INVALID_FUNCTION_ARGUMENT", `Pattern has ${match.length - 1} groups. Cannot access group ${index}`);
  return match[number] ?? null;
}

/** Patterns that RE2 does not have or reads otherwise; a group's number comes as text. */
export const regexpUdfs: readonly Udf[] = [
  ofTexts("trino_regexp_like", 2, FLAG, (x, pattern) => x.search(compile(pattern)) >= 0),
  ofTexts("trino_regexp_extract", 3, TEXT, (x, pattern, index) => {
    const match = compile(pattern).exec(x);
    return match === null ? null : group(match, index ?? "0");
  }),
  ofTexts("trino_regexp_extract_all", 3, TEXTS, (x, pattern, index) =>
    matches(x, pattern).map((match) => group(match, index ?? "0")),
  ),
  ofTexts("trino_regexp_split", 2, TEXTS, split),
  ofTexts("trino_regexp_count", 2, LONG, (x, pattern) => BigInt(matches(x, pattern).length)),
  ofTexts("trino_regexp_position", 2, LONG, (x, pattern) => {
    const index = x.search(compile(pattern));
    return BigInt(index < 0 ? -1 : [...x.slice(0, index)].length + 1);
  }),
  ofTexts("trino_regexp_replace", 3, TEXT, replace),
  ofTexts("trino_regexp_pieces", 2, TEXT_LISTS, pieces),
];
