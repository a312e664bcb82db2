/** Whether the pattern matches the empty text; undefined when that cannot be told. */
function matchesEmpty(regex: string): boolean | undefined {
  try {
    return new RegExp(regex.replace(/^\(\?i\)/, "")).test("");
  } catch {
    return undefined;
  }
}

/**
 * A pattern of Java's kind in RE2's words, or undefined where the two may not agree: look-around, back references,
 * possessive quantifiers, named groups, classes inside classes. `\s` has the vertical tab in Java and not in RE2.
 */
export function toRe2(regex: string): string | undefined {
  if (/\(\?(?!i\)|:)|\\[1-9bBGZzAkpPQEhHRvVXuN]|[*+?}]\+|&&/.test(regex)) return undefined;
  let inClass = false;
  let out = "";
  for (let i = 0; i < regex.length; i++) {
    const c = regex.charAt(i);
    if (c === "\\") {
      const escaped = regex.charAt(++i);
      if (escaped === "s") out += inClass ? "\\s\\x0b" : "[\\s\\x0b]";
      else if (escaped !== "S") out += `\\${escaped}`;
      else if (inClass) return undefined;
      else out += "[^\\s\\x0b]";
      continue;
    }
    if (c === "[" && inClass) return undefined;
    if (c === "[") inClass = true;
    if (c === "]") inClass = false;
    out += c;
  }
  return out;
}

/** Whether the two engines may replace different matches: beside a match Java takes an empty one, RE2 does not. */
export function replacesOtherwise(regex: string): boolean {
  return matchesEmpty(regex) !== false && !/^\^[^|]*$/.test(regex);
}

/** How many groups the pattern catches. */
export function groupsOf(regex: string): number {
  const plain = regex.replace(/\\./g, "").replace(/\[[^\]]*\]/g, "");
  return plain.match(/\((?!\?)/g)?.length ?? 0;
}

/** `$1` of Java as `\1`, or undefined for what Java refuses and for what only one of the two has. */
export function toReplacement(text: string, groups: number): string | undefined {
  if (/[\\]|\$(?!\d(?!\d))/.test(text)) return undefined;
  const numbers = [...text.matchAll(/\$(\d)/g)].map((match) => Number(match[1]));
  return numbers.every((number) => number <= groups) ? text.replace(/\$(\d)/g, "\\$1") : undefined;
}
