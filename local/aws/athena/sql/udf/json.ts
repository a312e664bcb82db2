import { FLAG, fail, LONG, ofTexts, refuse, TEXT, type Udf } from "./udf.ts";

/** A JSON value that keeps the text of numbers and the order of members. */
type Json =
  | { readonly kind: "object"; readonly members: ReadonlyMap<string, Json> }
  | { readonly kind: "array"; readonly items: readonly Json[] }
  | { readonly kind: "string" | "number" | "word"; readonly text: string };

class Invalid extends Error {}

/** Reads strict JSON (RFC 8259). @throws Invalid; refuses a member twice, of which Trino's readers take different ones */
class Reader {
  readonly #text: string;
  #at = 0;
  constructor(text: string) {
    this.#text = text;
  }

  whole(): Json {
    const value = this.#value();
    this.#take(/[ \t\r\n]*$/y);
    return value;
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match === null) throw new Invalid();
    this.#at += match[0].length;
    return match[0];
  }

  #next(): string {
    this.#take(/[ \t\r\n]*/y);
    return this.#text.charAt(this.#at);
  }

  #string(): string {
    const text: unknown = JSON.parse(this.#take(/"(?:[^"\\\p{Cc}]|\\(?:["\\/bfnrt]|u[0-9A-Fa-f]{4}))*"/uy));
    return String(text);
  }

  #value(): Json {
    const c = this.#next();
    if (c === "{") return this.#object();
    if (c === "[") return this.#array();
    if (c === '"') return { kind: "string", text: this.#string() };
    if (/[a-z]/.test(c)) return { kind: "word", text: this.#take(/true|false|null/y) };
    return { kind: "number", text: this.#take(/-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y) };
  }

  #object(): Json {
    const members = new Map<string, Json>();
    this.#at++;
    if (this.#next() !== "}") {
      do {
        this.#next();
        const name = this.#string();
        this.#next();
        this.#take(/:/y);
        if (members.has(name)) refuse("JSON with a member twice");
        members.set(name, this.#value());
      } while (this.#next() === "," && this.#at++ >= 0);
    }
    this.#take(/\}/y);
    return { kind: "object", members };
  }

  #array(): Json {
    const items: Json[] = [];
    this.#at++;
    if (this.#next() !== "]") {
      do items.push(this.#value());
      while (this.#next() === "," && this.#at++ >= 0);
    }
    this.#take(/\]/y);
    return { kind: "array", items };
  }
}

function read(text: string): Json | undefined {
  try {
    return new Reader(text).whole();
  } catch (error) {
    if (error instanceof Invalid) return undefined;
    throw error;
  }
}

function steps(path: string): readonly (string | number)[] {
  const list: unknown = JSON.parse(path);
  return Array.isArray(list) ? list.map((step) => (typeof step === "number" ? step : String(step))) : [];
}

/** What stands at a path, undefined when nothing does. `lax`: where SQL/JSON would open or make arrays, it is refused. */
function at(json: Json, path: string, lax: boolean): Json | undefined {
  let value: Json | undefined = json;
  for (const step of steps(path)) {
    if (value === undefined) return undefined;
    if (typeof step === "number") {
      if (lax && value.kind !== "array") refuse("a lax JSON path with an index of what is no array");
      value = value.kind === "array" ? value.items[step] : undefined;
    } else {
      if (lax && value.kind === "array") refuse("a lax JSON path into the members of an array's elements");
      value = value.kind === "object" ? value.members.get(step) : undefined;
    }
  }
  return value;
}

const isInteger = (text: string): boolean => /^-?\d{1,18}$/.test(text) && text !== "-0";

/** Compact, as Jackson writes it; what is a fraction it would write in its own way. */
function print(json: Json): string {
  switch (json.kind) {
    case "object":
      return `{${[...json.members].map(([name, value]) => `${quoted(name)}:${print(value)}`).join(",")}}`;
    case "array":
      return `[${json.items.map(print).join(",")}]`;
    case "string":
      return quoted(json.text);
    case "number":
      return isInteger(json.text) ? json.text : refuse("JSON with a fraction as text");
    default:
      return json.text;
  }
}

function quoted(text: string): string {
  if (/[\u{10000}-\u{10ffff}]|[^\P{Cc}\t\n\r\f\b]/u.test(text))
    refuse("JSON text with control characters or beyond the basic plane");
  return JSON.stringify(text);
}

function size(json: Json | undefined): bigint | null {
  if (json === undefined) return null;
  return BigInt(json.kind === "object" ? json.members.size : json.kind === "array" ? json.items.length : 0);
}

function value(json: Json | undefined): string | null {
  if (json === undefined || json.kind === "object" || json.kind === "array" || json.text === "null") {
    return json?.kind === "string" ? json.text : null;
  }
  return json.kind !== "number" || isInteger(json.text)
    ? json.text
    : refuse("json_value of a fraction; use json_extract_scalar");
}

/** Trino may find its answer before the place where JSON breaks. */
const readOrRefuse = (text: string | undefined): Json => read(text ?? "") ?? refuse("a value out of broken JSON");

/** JSON that SQL does not reach: the text of numbers, SQL/JSON's functions. A path is a JSON array of steps. */
export const jsonUdfs: readonly Udf[] = [
  ofTexts(
    "trino_json_number_text",
    2,
    TEXT,
    (text, path) => {
      const found = at(readOrRefuse(text), path ?? "[]", false);
      return found?.kind === "number" ? found.text : null;
    },
    true,
  ),
  ofTexts("trino_json_size", 2, LONG, (text, path) => size(at(readOrRefuse(text), path ?? "[]", false)), true),
  ofTexts(
    "trino_json_array_contains",
    3,
    FLAG,
    (text, kind, sought) => {
      const json = readOrRefuse(text);
      if (json.kind !== "array") return null;
      if (kind === "number" && json.items.some((item) => item.kind === "number" && !isInteger(item.text)))
        refuse("json_array_contains among fractions");
      return json.items.some((item) => item.kind === kind && "text" in item && item.text === sought);
    },
    true,
  ),
  ofTexts(
    "trino_is_json_scalar",
    1,
    FLAG,
    (text) => {
      const json = read(text ?? "") ?? fail("INVALID_FUNCTION_ARGUMENT", `Invalid JSON value: ${text}`);
      return json.kind !== "object" && json.kind !== "array";
    },
    true,
  ),
  ofTexts("trino_sql_json_value", 2, TEXT, (text, path) => lax(text, path, null, value), true),
  ofTexts(
    "trino_sql_json_query",
    2,
    TEXT,
    (text, path) => lax(text, path, null, (json) => (json === undefined ? null : print(json))),
    true,
  ),
  ofTexts("trino_sql_json_exists", 2, FLAG, (text, path) => lax(text, path, false, (json) => json !== undefined), true),
];

/** SQL/JSON's functions answer broken JSON with their default. */
function lax<T>(
  text: string | undefined,
  path: string | undefined,
  broken: T,
  answer: (json: Json | undefined) => T,
): T {
  const json = read(text ?? "");
  return json === undefined ? broken : answer(at(json, path ?? "[]", true));
}
