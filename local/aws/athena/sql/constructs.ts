import { notHere, type Position, type SqlError } from "./errors.ts";
import type { Token } from "./lexical.ts";

/** A construct of Trino's grammar that the parser does not know: its name, and what to write instead. */
interface Construct {
  /** The tokens that tell it, side by side; `?` is any word, `'` a literal text, `"` a quoted name. */
  readonly tokens: readonly string[];
  readonly name: string;
  readonly instead: string;
  /** Another word that must be in the text. */
  readonly beside?: string;
}

const construct = (tokens: string, name: string, instead: string, beside?: string): Construct => ({
  tokens: tokens.split(" "),
  name,
  instead,
  ...(beside !== undefined && { beside }),
});

const WINDOWS = "use window functions";
const CLAUSE = "leave the clause out, or test the value with json_extract";
const SAMPLE = "choose rows by a hash of their key";
const literalOf = (type: string, instead: string): Construct =>
  construct(`${type} '`, `a literal ${type.toUpperCase()} '...'`, instead);

const constructs: readonly Construct[] = [
  construct("pattern (", "row pattern recognition in a window", WINDOWS, "define"),
  construct("=>", "an argument by name (=>)", "give the arguments in their order"),
  construct("with session", "WITH SESSION", "leave it out"),
  construct("with function", "WITH FUNCTION", "write the function's body where it is called"),
  construct("u & '", "a text with code points (U&'...')", "write the characters themselves, or use chr"),
  construct('u & "', 'a name with code points (U&"...")', "write the characters themselves"),
  construct("' passing", "PASSING", CLAUSE),
  construct("format json", "FORMAT JSON", CLAUSE),
  construct("on empty", "ON EMPTY", CLAUSE),
  construct("on error", "ON ERROR", CLAUSE),
  construct("keep quotes", "KEEP QUOTES", CLAUSE),
  construct("omit quotes", "OMIT QUOTES", CLAUSE),
  construct("final ? (", "FINAL", WINDOWS),
  construct("running ? (", "RUNNING", WINDOWS),
  construct("double precision '", "a literal DOUBLE PRECISION '...'", "write DOUBLE '...'"),
  ...["corr", "covar_pop", "covar_samp", "regr_slope", "regr_intercept", "kurtosis"].map((name) =>
    construct(`${name} ( distinct`, `${name} of DISTINCT values`, "choose the DISTINCT values in a sub-query"),
  ),
  literalOf("char", "write '...'"),
  literalOf("varchar", "write '...'"),
  literalOf("varbinary", "write to_utf8('...')"),
  literalOf("ipaddress", "compare addresses as text"),
];

/** What the parser takes for something else. */
const misread: readonly Construct[] = [
  construct("match_recognize (", "MATCH_RECOGNIZE", WINDOWS),
  construct("json_table (", "JSON_TABLE", "UNNEST the elements of a cast to array(json) or array(row(...))"),
  construct("tablesample bernoulli", "TABLESAMPLE", SAMPLE),
  construct("tablesample system", "TABLESAMPLE", SAMPLE),
  construct(") . *", "all fields of a row (.*)", "name the fields"),
  construct("current_path", "CURRENT_PATH", "leave it out"),
];

function tells(sign: string, { kind, text }: Token): boolean {
  if (sign === "'") return kind === "string";
  if (sign === '"') return kind === "quoted";
  if (kind === "string" || kind === "quoted") return false;
  return sign === "?" ? kind === "word" : text === sign;
}

function found(list: readonly Token[], among: readonly Construct[], at: (offset: number) => Position) {
  for (const [i, token] of list.entries()) {
    // A column may have any of these names.
    if (list[i - 1]?.text === ".") continue;
    const one = among.find(
      ({ tokens, beside }) =>
        tokens.every((sign, n) => {
          const other = list[i + n];
          return other !== undefined && tells(sign, other);
        }) &&
        (beside === undefined || list.some(({ kind, text }) => kind === "word" && text === beside)),
    );
    if (one === undefined) continue;
    return notHere(one.name, one.instead, at(token.offset));
  }
  return undefined;
}

/** The refusal of what the parser could not read although it is Trino's, or undefined where it is nobody's. */
export const unreadConstruct = (list: readonly Token[], at: (offset: number) => Position): SqlError | undefined =>
  found(list, constructs, at);

/** The refusal of what the parser would take for something else. */
export const misreadConstruct = (list: readonly Token[], at: (offset: number) => Position): SqlError | undefined =>
  found(list, misread, at);
