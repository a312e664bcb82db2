/** Piece of a policy pattern: text as it is, `*`, `?` or a policy variable. */
export type Token =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "any" }
  | { readonly kind: "one" }
  | { readonly kind: "variable"; readonly key: string; readonly fallback?: string };

/** Value of a policy variable in this request; undefined when the request has none. */
export type Lookup = (key: string) => string | undefined;

/** Tells whether a request value fits a pattern. */
export type Matcher = (value: string, lookup: Lookup) => boolean;

/**
 * How `*` spreads. `text` matches anything. `arn` follows IAM's rule for resource ARNs: a star crosses a colon only at
 * the end of its segment.
 */
export type GlobMode = "text" | "arn";

const VARIABLE = /\$\{([^}]*)\}|\*|\?/g;

/** Splits a policy pattern; `${*}`, `${?}` and `${$}` are the characters themselves. */
export function tokenize(pattern: string): readonly Token[] {
  const tokens: Token[] = [];
  let from = 0;
  const text = (value: string): void => {
    if (value !== "") tokens.push({ kind: "text", text: value });
  };
  for (const match of pattern.matchAll(VARIABLE)) {
    text(pattern.slice(from, match.index));
    from = match.index + match[0].length;
    const inner = match[1];
    if (inner === undefined) tokens.push({ kind: match[0] === "*" ? "any" : "one" });
    else if (inner === "*" || inner === "?" || inner === "$") text(inner);
    else tokens.push(variable(inner));
  }
  text(pattern.slice(from));
  return tokens;
}

function variable(inner: string): Token {
  const match = /^\s*([^,\s]+)\s*(?:,\s*'([^']*)'\s*)?$/.exec(inner);
  if (match?.[1] === undefined) throw new Error(`policy variable \${${inner}} is not well-formed`);
  const key = match[1].toLowerCase();
  return match[2] === undefined ? { kind: "variable", key } : { kind: "variable", key, fallback: match[2] };
}

/** Compiles a pattern; a variable that the request does not have never matches. */
export function compileGlob(pattern: string, mode: GlobMode, ignoreCase = false): Matcher {
  const tokens = tokenize(pattern);
  if (tokens.every((token) => token.kind === "text")) {
    const literal = tokens.map((token) => token.text).join("");
    if (!ignoreCase) return (value) => value === literal;
    const lower = literal.toLowerCase();
    return (value) => value.toLowerCase() === lower;
  }
  const flags = ignoreCase ? "is" : "s";
  if (tokens.every((token) => token.kind !== "variable")) {
    const expression = new RegExp(source(tokens, mode, () => undefined) ?? "", flags);
    return (value) => expression.test(value);
  }
  return (value, lookup) => {
    const text = source(tokens, mode, lookup);
    return text !== undefined && new RegExp(text, flags).test(value);
  };
}

function source(tokens: readonly Token[], mode: GlobMode, lookup: Lookup): string | undefined {
  let text = "^";
  for (const [index, token] of tokens.entries()) {
    if (token.kind === "text") text += escapeText(token.text);
    else if (token.kind === "any") text += mode === "arn" && !endsSegment(tokens[index + 1]) ? "[^:]*" : ".*";
    else if (token.kind === "one") text += mode === "arn" ? "[^:]" : ".";
    else {
      const value = lookup(token.key) ?? token.fallback;
      if (value === undefined) return undefined;
      text += escapeText(value);
    }
  }
  return `${text}$`;
}

function endsSegment(next: Token | undefined): boolean {
  return next === undefined || (next.kind === "text" && next.text.startsWith(":"));
}

function escapeText(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

/** True when some value fits both patterns; a variable stands for anything. */
export function globsOverlap(left: string, right: string): boolean {
  const a = characters(left);
  const b = characters(right);
  // reach[j]: the part of `a` read so far and the first j characters of `b` can be the same text.
  let reach = [true];
  for (let j = 1; j <= b.length; j++) reach[j] = reach[j - 1] === true && b[j - 1] === "*";
  for (const char of a) {
    const next = [reach[0] === true && char === "*"];
    for (let j = 1; j <= b.length; j++) {
      const other = b[j - 1];
      const same = char === other || char === "?" || other === "?";
      next[j] =
        char === "*" || other === "*"
          ? reach[j] === true || next[j - 1] === true || (reach[j - 1] ?? false)
          : same && reach[j - 1] === true;
    }
    reach = next;
  }
  return reach[b.length] === true;
}

/** Single characters, with `*` and `?` as wildcards (a literal star is read as a wildcard too, which only widens). */
function characters(pattern: string): readonly string[] {
  return tokenize(pattern).flatMap((token) =>
    token.kind === "text" ? [...token.text] : [token.kind === "one" ? "?" : "*"],
  );
}
