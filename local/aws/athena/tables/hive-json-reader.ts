/** What a line of JSON holds: numbers and words keep the text they have there. */
export type JsonValue =
  | { readonly text: string; readonly quoted: boolean }
  | readonly JsonValue[]
  | ReadonlyMap<string, JsonValue>
  | null;

/** A line that is no JSON. */
export class MalformedJson extends Error {}

/** A key that is there twice: SerDes differ on which counts. */
export class DuplicateKey extends Error {}

/** How a SerDe reads its lines. */
export interface JsonReading {
  /**
   * As the OpenX SerDe does: comments, single or no quotes, `;` for `,` and `=` for `:` pass. Otherwise JSON's own rules.
   */
  readonly lenient: boolean;
  /** Keys that differ by case only are one, and so there twice. */
  readonly caseInsensitive: boolean;
}

const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
const escapes: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
const lenientEscapes: Readonly<Record<string, string>> = { ...escapes, a: "\u0007", v: "\u0009" };
/** What ends a word without quotes. */
const ENDS = new Set(" \r\n\t\f{}[]/\\:,=;#");

/** Reads the value that a line begins with; what comes after it does not matter. */
export function readJson(line: string, reading: JsonReading): JsonValue {
  return new JsonLine(line, reading).value();
}

class JsonLine {
  readonly #line: string;
  readonly #reading: JsonReading;
  #at = 0;

  constructor(line: string, reading: JsonReading) {
    this.#line = line;
    this.#reading = reading;
  }

  value(): JsonValue {
    const c = this.#next();
    if (c === "{") return this.#object();
    if (c === "[") return this.#array();
    if (c === '"' || (c === "'" && this.#reading.lenient)) return { text: this.#string(c), quoted: true };
    this.#at -= c.length;
    return this.#word();
  }

  #fail(what: string): never {
    throw new MalformedJson(`${what} at character ${this.#at}`);
  }

  /** The next character that is neither blank nor comment; empty at the end. */
  #next(): string {
    while (this.#at < this.#line.length) {
      const c = this.#line.charAt(this.#at++);
      if (c === " " || c === "\t" || c === "\n" || c === "\r") continue;
      if (!this.#reading.lenient) return c;
      if (c === "#" || (c === "/" && this.#line.startsWith("/", this.#at))) this.#at = this.#line.length;
      else if (c === "/" && this.#line.startsWith("*", this.#at)) {
        const end = this.#line.indexOf("*/", this.#at + 1);
        if (end < 0) this.#fail("Unterminated comment");
        this.#at = end + 2;
      } else return c;
    }
    return "";
  }

  #object(): JsonValue {
    const { lenient, caseInsensitive } = this.#reading;
    const object = new Map<string, JsonValue>();
    const seen = new Set<string>();
    let c = this.#next();
    if (c === "}") return object;
    for (;;) {
      this.#at -= c.length;
      if (!lenient && c !== '"') this.#fail("Expected a field name");
      const name = this.value();
      if (name === null || !("text" in name)) return this.#fail("Expected a field name");
      const separator = this.#next();
      if (separator !== ":" && !(lenient && separator === "=")) this.#fail("Expected ':'");
      if (separator === "=" && this.#line.startsWith(">", this.#at)) this.#at++;
      const key = caseInsensitive ? name.text.toLowerCase() : name.text;
      if (seen.has(key)) throw new DuplicateKey(`Duplicate key "${name.text}"`);
      seen.add(key);
      object.set(name.text, this.value());
      c = this.#next();
      if (c === "}") return object;
      if (c !== "," && !(lenient && c === ";")) this.#fail("Unterminated object");
      c = this.#next();
    }
  }

  #array(): JsonValue {
    const { lenient } = this.#reading;
    const array: JsonValue[] = [];
    let isFirst = true;
    for (;;) {
      let c = this.#next();
      if (c === "]" && isFirst) return array;
      // A separator without a value before it stands for NULL.
      if (lenient && (c === "," || c === ";")) array.push(null);
      else if (lenient && c === "]") {
        array.push(null);
        return array;
      } else {
        this.#at -= c.length;
        array.push(this.value());
        c = this.#next();
        if (c === "]") return array;
        if (c !== "," && !(lenient && c === ";")) this.#fail("Unterminated array");
      }
      isFirst = false;
    }
  }

  #string(quote: string): string {
    let text = "";
    let start = this.#at;
    for (;;) {
      const c = this.#line.charAt(this.#at++);
      if (c === "") this.#fail("Unterminated string");
      if (c === quote) return text + this.#line.slice(start, this.#at - 1);
      if (c < " " && !this.#reading.lenient) this.#fail("A control character in a string");
      if (c !== "\\") continue;
      text += this.#line.slice(start, this.#at - 1) + this.#escaped();
      start = this.#at;
    }
  }

  #escaped(): string {
    const c = this.#line.charAt(this.#at++);
    if (c === "u") {
      const hex = this.#line.slice(this.#at, this.#at + 4);
      if (!/^[0-9a-fA-F]{4}$/.test(hex)) this.#fail("Invalid escape sequence");
      this.#at += 4;
      return String.fromCharCode(Number.parseInt(hex, 16));
    }
    const known = (this.#reading.lenient ? lenientEscapes : escapes)[c];
    if (known !== undefined) return known;
    if (c === "" || !(this.#reading.lenient || '"\\/'.includes(c))) this.#fail("Invalid escape sequence");
    return c;
  }

  #word(): JsonValue {
    const start = this.#at;
    while (this.#at < this.#line.length && !ENDS.has(this.#line.charAt(this.#at))) this.#at++;
    const text = this.#line.slice(start, this.#at);
    if (text === "") this.#fail("Expected a value");
    if (text === "null" || (this.#reading.lenient && text.toLowerCase() === "null")) return null;
    if (!this.#reading.lenient && text !== "true" && text !== "false" && !NUMBER.test(text))
      this.#fail(`Unrecognized '${text}'`);
    return { text, quoted: false };
  }
}
