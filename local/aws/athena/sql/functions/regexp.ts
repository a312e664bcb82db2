/** A pattern in JavaScript's words. */
export interface JsPattern {
  /** `flags/source`, which is what the functions get. */
  readonly text: string;
  readonly groups: number;
  readonly names: readonly string[];
  /** Trino's word boundary knows all letters of the world, ours those of ASCII: texts with others are refused. */
  readonly asciiOnly: boolean;
}

const classes: Readonly<Record<string, string>> = { d: "0-9", w: "A-Za-z0-9_", s: " \\t-\\r" };
/** Escapes that mean the same character in both. */
const characters = "tnrf";

/** `[...]` from its bracket on: its text in JavaScript and the offset after it. */
function bracket(regex: string, start: number): { out: string; end: number } | undefined {
  let i = start + 1;
  let out = "[";
  if (regex[i] === "^") {
    out += "^";
    i++;
  }
  const first = i;
  for (; i < regex.length; i++) {
    const c = regex.charAt(i);
    if (c === "]") return i === first ? undefined : { out: `${out}]`, end: i + 1 };
    if (c === "[" || (c === "&" && regex[i + 1] === "&")) return undefined;
    if (c !== "\\") {
      out += c === "-" && (i === first || regex[i + 1] === "]") ? "\\-" : /[-^]/.test(c) ? c : escapeIn(c);
      continue;
    }
    const escaped = regex.charAt(++i);
    const property = escaped === "p" ? /^\{[A-Z][a-z]?\}/.exec(regex.slice(i + 1))?.[0] : undefined;
    if (property !== undefined) {
      out += `\\p${property}`;
      i += property.length;
    } else if (classes[escaped] !== undefined) out += classes[escaped];
    else if (characters.includes(escaped) && escaped !== "") out += `\\${escaped}`;
    else if (/[^A-Za-z0-9]/.test(escaped)) out += escaped === "-" ? "\\-" : escapeIn(escaped);
    else return undefined;
  }
  return undefined;
}

const escapeIn = (c: string): string => (/[\\\]^]/.test(c) ? `\\${c}` : c);
const escapeOut = (c: string): string => (/[\^$\\.*+?()[\]{}|/]/.test(c) ? `\\${c}` : c);

/** An escape outside of brackets. */
function escaped(regex: string, i: number): { out: string; length: number; boundary?: boolean } | undefined {
  const c = regex.charAt(i + 1);
  const known = classes[c.toLowerCase()];
  if (known !== undefined && c !== "") return { out: c === c.toLowerCase() ? `[${known}]` : `[^${known}]`, length: 2 };
  if (c === "b") return { out: "\\b", length: 2, boundary: true };
  if (c === "A") return { out: "^", length: 2 };
  if (c === "z") return { out: "$", length: 2 };
  const property = c === "p" || c === "P" ? /^\{[A-Z][a-z]?\}/.exec(regex.slice(i + 2))?.[0] : undefined;
  if (property !== undefined) return { out: `\\${c}${property}`, length: 2 + property.length };
  if (characters.includes(c) && c !== "") return { out: `\\${c}`, length: 2 };
  return /[^A-Za-z0-9]/.test(c) ? { out: escapeOut(c), length: 2 } : undefined;
}

/**
 * A pattern of Trino's (Joni, Java's syntax) for JavaScript, or undefined where the two may not agree: back references,
 * possessive quantifiers, inline flags but a leading `(?i)`, groups caught anew in a repeated group, classes in classes.
 */
export function toJs(pattern: string): JsPattern | undefined {
  if (!translated.has(pattern)) {
    if (translated.size >= 500) translated.clear();
    translated.set(pattern, translatePattern(pattern));
  }
  return translated.get(pattern);
}

/** A query names the same patterns again and again. */
const translated = new Map<string, JsPattern | undefined>();

function translatePattern(pattern: string): JsPattern | undefined {
  const ignoreCase = pattern.startsWith("(?i)");
  const regex = ignoreCase ? pattern.slice(4) : pattern;
  let out = "";
  let groups = 0;
  let asciiOnly = false;
  const names: string[] = [];
  /** For each open group, how many groups had been caught before it. */
  const open: number[] = [];
  for (let i = 0; i < regex.length; ) {
    const c = regex.charAt(i);
    if (c === "\\") {
      const step = escaped(regex, i);
      if (step === undefined) return undefined;
      asciiOnly ||= step.boundary === true;
      out += step.out;
      i += step.length;
    } else if (c === "[") {
      const set = bracket(regex, i);
      if (set === undefined) return undefined;
      out += set.out;
      i = set.end;
    } else if (c === "(") {
      const form = /^\((\?(:|=|!|<=|<!|<([A-Za-z][A-Za-z0-9]*)>))?/.exec(regex.slice(i));
      if (form === null || (regex[i + 1] === "?" && form[1] === undefined)) return undefined;
      open.push(groups);
      if (form[1] === undefined || form[3] !== undefined) groups++;
      if (form[3] !== undefined) names.push(form[3]);
      out += form[0];
      i += form[0].length;
    } else if (c === ")") {
      const before = open.pop();
      const repeated = /^\)([*+]|\{\d)/.test(regex.slice(i));
      // Beside the group itself, caught groups inside keep their last match in Joni and lose it in JavaScript.
      if (before === undefined || (repeated && groups - before > 1)) return undefined;
      out += ")";
      i++;
    } else if (/[*+?{]/.test(c)) {
      const quantifier = /^([*+?]|\{\d+(,\d*)?\})(\??)(?!\+)/.exec(regex.slice(i));
      if (quantifier === null || out === "" || /[(|]$/.test(out.replace(/\\./g, ""))) return undefined;
      out += quantifier[0];
      i += quantifier[0].length;
    } else {
      out += c === "." ? "[^\\n]" : c === "$" ? "(?=\\n?$)" : c === "^" || c === "|" ? c : escapeOut(c);
      i++;
    }
  }
  if (open.length > 0) return undefined;
  const text = `${ignoreCase ? "iu" : "u"}/${out}`;
  try {
    new RegExp(out, "u");
  } catch {
    return undefined;
  }
  return { text, groups, names, asciiOnly };
}

/** What replaces a match: texts and the numbers of groups. */
export type Template = readonly (string | number)[];

/**
 * `$1`, `${name}` and `\` before any character, as Java reads them.
 * @returns undefined for a group that is not there or a `$` without one, which Trino refuses
 */
export function readTemplate(text: string, { groups, names }: JsPattern): Template | undefined {
  const parts: (string | number)[] = [];
  let plain = "";
  for (let i = 0; i < text.length; i++) {
    const c = text.charAt(i);
    if (c === "\\") {
      if (i + 1 >= text.length) return undefined;
      plain += text.charAt(++i);
      continue;
    }
    if (c !== "$") {
      plain += c;
      continue;
    }
    const named = /^\$\{([A-Za-z][A-Za-z0-9]*)\}/.exec(text.slice(i));
    const digits = /^\$(\d+)/.exec(text.slice(i))?.[1];
    parts.push(plain);
    plain = "";
    if (named?.[1] !== undefined) {
      // Named groups have numbers only among themselves when there are others: then it is not told which.
      const index = names.indexOf(named[1]);
      if (index < 0 || names.length !== groups) return undefined;
      parts.push(index + 1);
      i += named[0].length - 1;
    } else if (digits !== undefined) {
      let group = Number(digits[0]);
      let used = 1;
      while (used < digits.length && group * 10 + Number(digits[used]) <= groups)
        group = group * 10 + Number(digits[used++]);
      if (group > groups) return undefined;
      parts.push(group);
      i += used;
    } else return undefined;
  }
  return [...parts, plain];
}
