import { Dialect, parse } from "@polyglot-sql/sdk";
import { unreadConstruct } from "./constructs.ts";
import { notHere, type Position, SqlError } from "./errors.ts";
import { checkLexically, type Token } from "./lexical.ts";
import { type Form, tableForms, unread, valuesForms, withForms } from "./query-forms.ts";

/** A node of the parser's tree: one key, its kind, over its members. */
export interface Node {
  readonly kind: string;
  readonly members: Members;
}

export type Members = Readonly<Record<string, unknown>>;

/** Athena's limit of a query's text, bytes. */
export const MAX_QUERY_BYTES = 262_144;

/** Whether a part of a tree has members. */
export const isObject = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Ends the number that stands for a `?` while the text is parsed. */
const MARK = "e-98765";

/** A place of the text and what the parser sees there; without a text the next number that stands for a `?`. */
interface Edit {
  readonly offset: number;
  readonly length: number;
  readonly text?: string;
}

const placeholder = ({ kind, text, offset }: Token): Edit | undefined =>
  kind === "symbol" && text === "?" ? { offset, length: 1 } : undefined;

const literalTypes = new Set(["tinyint", "smallint", "integer", "int", "bigint", "double", "real", "boolean"]);

function typedLiteral({ kind, text, offset }: Token, next: Token | undefined): Edit | undefined {
  if (kind !== "word" || next?.kind !== "string" || !literalTypes.has(text)) return undefined;
  return { offset, length: next.offset + next.text.length - offset, text: `CAST(${next.text} AS ${text})` };
}

/** By its shorter name the parser takes `random` for a function of one argument. */
const shortName = ({ kind, text, offset }: Token, next: Token | undefined): Edit | undefined =>
  kind === "word" && text === "rand" && next?.text === "("
    ? { offset, length: text.length, text: "random" }
    : undefined;

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

const parsed = (text: string): Members => ({ ...parse(text, Dialect.Trino) });

/** What marks have made longer. */
type Longer = readonly { readonly from: number; readonly by: number }[];

const KEPT_TREES = 32;
/** A tree takes many times the room of its text. */
const KEPT_LENGTH = 16_384;
const trees = new Map<string, { readonly tree: Node; readonly longer: Longer }>();

/**
 * A statement is parsed when it is submitted and again when it runs, and people ask the same again: the last trees are
 * kept. They hang on the text alone, and nobody changes them.
 */
function keep(text: string, tree: Node, longer: Longer): void {
  if (text.length > KEPT_LENGTH) return;
  const [oldest] = trees.keys();
  if (trees.size >= KEPT_TREES && oldest !== undefined) trees.delete(oldest);
  trees.set(text, { tree, longer });
}

/** The text being translated: finds positions for errors and reads nodes so that nothing in them goes unseen. */
export class Source {
  readonly text: string;
  /** Where marks have made the text longer. */
  #longer: Longer = [];

  constructor(text: string) {
    this.text = text;
    if (Buffer.byteLength(text) > MAX_QUERY_BYTES)
      throw new SqlError("SYNTAX_ERROR", `Query is longer than ${MAX_QUERY_BYTES} bytes.`);
    if (text.includes("\0")) throw new SqlError("SYNTAX_ERROR", "Query holds a NUL character.");
  }

  /** The statement's tree. @throws SqlError when the text is no single statement of the dialect. */
  parse(): Node {
    const known = trees.get(this.text);
    if (known !== undefined) {
      this.#longer = known.longer;
      return known.tree;
    }
    const tree = this.#parse();
    keep(this.text, tree, this.#longer);
    return tree;
  }

  #parse(): Node {
    const tokens = checkLexically(this.text, (offset) => this.at(offset));
    const odd = unread(tokens);
    if (odd !== undefined) {
      const at = this.at(odd.token.offset);
      if (odd.missing === undefined) throw new SqlError("SYNTAX_ERROR", `mismatched input '${odd.token.text}'`, at);
      throw notHere(odd.missing, odd.instead, at);
    }
    const always = [...tableForms(tokens), ...withForms(tokens), ...valuesForms(tokens, this.text.length, true)];
    let result = parsed(this.#marked(tokens, always));
    const forms = result["success"] === true ? [] : valuesForms(tokens, this.text.length, false);
    if (forms.length > 0) {
      const again = parsed(this.#marked(tokens, [...always, ...forms]));
      if (again["success"] === true) result = again;
    }
    if (result["success"] !== true || !Array.isArray(result["ast"])) {
      const construct = unreadConstruct(tokens, (offset) => this.at(offset));
      if (construct !== undefined) throw construct;
      const message = String(result["error"] ?? "cannot be parsed").replace(/^Parse error at [^:]*: /, "");
      const start = result["errorStart"];
      throw new SqlError("SYNTAX_ERROR", message, typeof start === "number" ? this.#parsedAt(start) : undefined);
    }
    const statements: readonly unknown[] = result["ast"];
    if (statements.length !== 1) throw new SqlError("SYNTAX_ERROR", "Only one sql statement is allowed.");
    return this.node(statements[0]);
  }

  /**
   * The text with a number of its own for every `?`, in which the parser would see no order: it is no matter then when
   * a rule comes to it. And with a cast for `BIGINT '5'`, which the parser does not know of every type.
   */
  #marked(tokens: readonly Token[], forms: readonly Form[]): string {
    this.#longer = [];
    const marks = tokens.flatMap((token, i): Edit[] => {
      const mark = placeholder(token) ?? typedLiteral(token, tokens[i + 1]) ?? shortName(token, tokens[i + 1]);
      return mark === undefined ? [] : [mark];
    });
    const edits = [...marks, ...forms].sort((a, b) => a.offset - b.offset);
    if (edits.length === 0) return this.text;
    if (this.text.includes(MARK)) throw new SqlError("NOT_IMPLEMENTED_LOCALLY", `the number ${MARK}`);
    const longer: { readonly from: number; readonly by: number }[] = [];
    let marked = "";
    let from = 0;
    let placeholders = 0;
    for (const { offset, length, text } of edits) {
      const put = text ?? ` ${placeholders++}${MARK} `;
      marked += this.text.slice(from, offset) + put;
      from = offset + length;
      longer.push({ from: marked.length, by: put.length - length });
    }
    this.#longer = longer;
    return marked + this.text.slice(from);
  }

  /** The position of an offset into what the parser saw. */
  #parsedAt(offset: number): Position {
    const longer = this.#longer.filter(({ from }) => from <= offset).reduce((sum, { by }) => sum + by, 0);
    return this.at(offset - longer);
  }

  /** An expression that stands alone, or undefined for what is none. */
  static expressionOf(text: string): Node | undefined {
    const result: Members = { ...parse(`SELECT ${text}`, Dialect.Trino) };
    const source = new Source(text);
    const [root, ...more]: readonly unknown[] = Array.isArray(result["ast"]) ? result["ast"] : [];
    if (root === undefined || more.length > 0) return undefined;
    const select = source.node(root);
    const [only, ...others] = source.nodes(
      select.kind === "select" ? source.only(select, "expressions")["expressions"] : [],
    );
    return others.length > 0 || only?.kind === "raw" ? undefined : only;
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
    if (isObject(span) && typeof span["start"] === "number") return this.#parsedAt(span["start"]);
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
        if (kind === "literal" && isObject(members)) {
          const value = String(members["value"]);
          if (value.endsWith(MARK)) return { kind: "placeholder", members: { index: Number.parseInt(value, 10) } };
        }
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
    const word = what.split(" ").at(-1) ?? what;
    const position =
      at.kind === "function"
        ? this.find([`${word}(`, word])
        : (this.position(at.members) ?? this.find([at.kind, word]));
    return notHere(what, instead, position);
  }
}

/** `it's` -> `'it''s'` */
export const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A DuckDB identifier, always quoted. */
export const ident = (name: string): string => `"${name.replaceAll('"', '""')}"`;
