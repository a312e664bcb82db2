import { Dialect, parse } from "@polyglot-sql/sdk";
import { type Position, SqlError } from "./errors.ts";
import { checkLexically } from "./lexical.ts";

/** A node of the parser's tree: one key, its kind, over its members. */
export interface Node {
  readonly kind: string;
  readonly members: Members;
}

export type Members = Readonly<Record<string, unknown>>;

/** Athena's limit of a query's text, bytes. */
export const MAX_QUERY_BYTES = 262_144;

const isObject = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What a node may carry without changing what the query means. */
const IGNORED = new Set([
  "span",
  "inferred_type",
  "original_name",
  "alias_explicit_as",
  "alias_keyword",
  "kind_text",
  "start_side_text",
  "end_side_text",
  "alias_first",
  "use_inner_keyword",
  "use_outer_keyword",
  "no_parens",
  "quoted",
]);
const isIgnored = (key: string): boolean => IGNORED.has(key) || key.endsWith("comments");

const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || value === false || (Array.isArray(value) && value.length === 0);

/** The text being translated: finds positions for errors and reads nodes so that nothing in them goes unseen. */
export class Source {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }

  /** @throws SqlError when the text is no single statement of the dialect. */
  static parse(text: string): { source: Source; root: Node } {
    const source = new Source(text);
    if (Buffer.byteLength(text) > MAX_QUERY_BYTES)
      throw new SqlError("SYNTAX_ERROR", `Query is longer than ${MAX_QUERY_BYTES} bytes.`);
    if (text.includes("\0")) throw new SqlError("SYNTAX_ERROR", "Query holds a NUL character.");
    checkLexically(text, (offset) => source.at(offset));
    const result: Members = { ...parse(text, Dialect.Trino) };
    if (result["success"] !== true || !Array.isArray(result["ast"])) {
      const message = String(result["error"] ?? "cannot be parsed").replace(/^Parse error at [^:]*: /, "");
      const start = result["errorStart"];
      throw new SqlError("SYNTAX_ERROR", message, typeof start === "number" ? source.at(start) : undefined);
    }
    const statements: readonly unknown[] = result["ast"];
    if (statements.length !== 1) throw new SqlError("SYNTAX_ERROR", "Only one sql statement is allowed.");
    return { source, root: source.node(statements[0]) };
  }

  /** Line and column of a character offset. */
  at(offset: number): Position {
    const before = this.text.slice(0, offset);
    const newline = before.lastIndexOf("\n");
    return { line: before.split("\n").length, column: offset - newline };
  }

  /** The position of a node: its own span, else that of the first thing in it that has one. */
  position(value: unknown): Position | undefined {
    if (Array.isArray(value)) {
      for (const item of value) {
        const found = this.position(item);
        if (found) return found;
      }
      return undefined;
    }
    if (!isObject(value)) return undefined;
    const span = value["span"];
    if (isObject(span) && typeof span["start"] === "number") return this.at(span["start"]);
    return this.position(Object.values(value));
  }

  /** Not every node has a span: where one of the words stands first. */
  private find(words: readonly string[]): Position | undefined {
    const text = this.text.toLowerCase();
    const offsets = words.map((word) => text.indexOf(word.toLowerCase())).filter((offset) => offset >= 0);
    return offsets[0] === undefined ? undefined : this.at(offsets[0]);
  }

  node(value: unknown): Node {
    if (isObject(value)) {
      const [kind, ...more] = Object.keys(value).filter((key) => !isIgnored(key));
      if (kind !== undefined && more.length === 0) {
        const members = value[kind];
        // Only carries comments, such as the parameter markers of the models.
        if (kind === "annotated" && isObject(members)) return this.node(members["this"]);
        return { kind, members: isObject(members) ? members : {} };
      }
    }
    throw new SqlError("NOT_IMPLEMENTED_LOCALLY", "a construct the parser gives no name to", this.position(value));
  }

  optional(value: unknown): Node | undefined {
    return isEmpty(value) ? undefined : this.node(value);
  }

  nodes(value: unknown): Node[] {
    return Array.isArray(value) ? value.map((item) => this.node(item)) : [];
  }

  /** Fails closed: every member that says something must be one a rule reads. */
  only(node: Node, ...read: string[]): Members {
    for (const [key, value] of Object.entries(node.members)) {
      if (isIgnored(key) || isEmpty(value) || read.includes(key)) continue;
      throw this.refuse(node, `${node.kind.replaceAll("_", " ")} with ${key.replaceAll("_", " ")}`);
    }
    return node.members;
  }

  /** An identifier's name as written. */
  name(value: unknown): string {
    if (typeof value === "string") return value;
    if (isObject(value) && typeof value["name"] === "string") return value["name"];
    throw new SqlError("SYNTAX_ERROR", "an identifier is expected", this.position(value));
  }

  error(code: SqlError["code"], at: Node | unknown, message: string): SqlError {
    return new SqlError(code, message, this.position(isObject(at) && "members" in at ? at["members"] : at));
  }

  /** `instead` says what to write. */
  refuse(at: Node, what: string, instead?: string): SqlError {
    const message = `${what} is not implemented locally${instead === undefined ? "" : `; ${instead}`}`;
    const word = what.split(" ").at(-1) ?? what;
    const position =
      at.kind === "function"
        ? this.find([`${word}(`, word])
        : (this.position(at.members) ?? this.find([at.kind, word]));
    return new SqlError("NOT_IMPLEMENTED_LOCALLY", message, position);
  }
}

/** `it's` -> `'it''s'` */
export const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A DuckDB identifier, always quoted. */
export const ident = (name: string): string => `"${name.replaceAll('"', '""')}"`;
