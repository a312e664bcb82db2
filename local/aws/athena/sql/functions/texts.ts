import { unify } from "../expressions/expression.ts";
import type { Env } from "../scope.ts";
import { arrayOf, BIGINT, BOOLEAN, decimal, display, INTEGER, isText, isTyped, VARBINARY, VARCHAR } from "../types.ts";
import { written } from "../written.ts";
import { type FunctionCall, wrongArguments } from "./calls.ts";
import { format } from "./format.ts";
import { binary, type Check, type FunctionRule, fixed, integer, literalText, text } from "./function-rule.ts";

/** Where Trino cannot tell which function an untyped NULL means. */
const typedText: Check = written("varchar", isText);
const textArray: Check = (type) => type.kind === "array" && text(type.element);

const positive = (sql: string | undefined): boolean => sql !== undefined && /^[1-9]\d*$/.test(sql);

const toVarchar = (sql: string): string => `CAST(${sql} AS VARCHAR)`;

/** Text or arrays joined; NULL when any part is. */
const concat: FunctionRule = (call, env) => {
  const lists = call.args.filter(({ type }) => type.kind === "array");
  const typed = lists.every(({ type }) => isTyped(type));
  if (typed && lists.length === call.args.length && lists.length > 1) {
    const all = unify(lists, env, call.node, "array elements");
    const missing = all.values.map((value) => `${value} IS NULL`).join(" OR ");
    return { sql: `CASE WHEN ${missing} THEN NULL ELSE list_concat(${all.values.join(", ")}) END`, type: all.type };
  }
  const bytes = call.args.every(({ type }) => binary(type));
  // Of two with an untyped NULL Trino makes an array.
  const most = call.args.length > 2 && call.args.some(({ type }) => isText(type));
  const texts = call.args.every(({ type }) => (most ? text(type) : isText(type)));
  if (call.args.length < 2 || !(bytes || texts)) throw wrongArguments(call, env);
  return { sql: `(${call.args.map((arg) => arg.sql).join(" || ")})`, type: bytes ? VARBINARY : VARCHAR };
};

/** Leaves NULLs out; only a NULL separator makes it NULL. */
const concatWs: FunctionRule = (call, env) => {
  const [separator, first, ...more] = call.args;
  if (separator === undefined || first === undefined || !text(separator.type)) throw wrongArguments(call, env);
  if (textArray(first.type) && more.length === 0)
    return { sql: `trino_array_join(${first.sql}, ${separator.sql})`, type: VARCHAR };
  if (![first, ...more].every(({ type }) => text(type)) || (more.length === 0 && !isText(first.type)))
    throw wrongArguments(call, env);
  const parts = [first, ...more].map(({ sql }) => toVarchar(sql)).join(", ");
  return { sql: `trino_array_join([${parts}], ${separator.sql})`, type: VARCHAR };
};

/** `trim([LEADING | TRAILING | BOTH] [characters] FROM text)`. */
function characters(call: FunctionCall, env: Env, name: string): string {
  const set = literalText(call, 1, env);
  if (set === "") throw env.session.source.refuse(call.node, "trim of no characters");
  return `${name}(${call.args[0]?.sql}, ${call.args[1]?.sql})`;
}

const trimming =
  (name: "trim" | "ltrim" | "rtrim"): FunctionRule =>
  (call, env) => {
    if (call.args.length === 2 && call.args.every(({ type }) => text(type)))
      return { sql: characters(call, env, name), type: VARCHAR };
    return fixed([text], VARCHAR, (x) => `trino_${name}(${x})`)(call, env);
  };

const FORMS = new Set(["NFD", "NFC", "NFKD", "NFKC"]);

/** Of bytes: as they are. */
const hash = (name: string): FunctionRule => fixed([binary], VARBINARY, (x) => `trino_${name}(${x})`);
const keyed = (name: string): FunctionRule =>
  fixed([binary, binary], VARBINARY, (x, key) => `trino_${name}(${x}, ${key})`);
const urlPart = (name: string): FunctionRule => fixed([text], VARCHAR, (x) => `trino_url_extract_${name}(${x})`);

/** Functions on text and bytes. */
export const textFunctions: Readonly<Record<string, FunctionRule>> = {
  lower: fixed([text], VARCHAR, (x) => `lower(${x})`),
  // Java keeps a sharp s, ICU makes a capital one.
  upper: fixed([text], VARCHAR, (x) => `replace(upper(${x}), 'ẞ', 'ß')`),
  length: written("(varchar | varbinary) → bigint", (call, env) =>
    fixed([(type) => text(type) || binary(type)], BIGINT, (x) =>
      call.args[0]?.type.kind === "varbinary" ? `CAST(octet_length(${x}) AS BIGINT)` : `length(${x})`,
    )(call, env),
  ),
  trim: written(
    ["(varchar) → varchar", "trim([LEADING | TRAILING | BOTH] ['characters'] FROM varchar) → varchar"],
    trimming("trim"),
  ),
  ltrim: written("(varchar) → varchar", trimming("ltrim")),
  rtrim: written("(varchar) → varchar", trimming("rtrim")),
  // DuckDB's reverse keeps composed characters whole, Trino's does not.
  reverse: written(["(varchar) → varchar", "(array(T)) → array(T)"], (call, env) => {
    const [list] = call.args;
    if (list?.type.kind === "array" && call.args.length === 1)
      return { sql: `list_reverse(${list.sql})`, type: list.type };
    return fixed([typedText], VARCHAR, (x) => `array_to_string(list_reverse(string_split(${x}, '')), '')`)(call, env);
  }),
  replace: fixed(
    [text, text, text],
    VARCHAR,
    (x, from, to = "''") => `${/^'.+'$/.test(from ?? "") ? "replace" : "trino_replace"}(${x}, ${from}, ${to})`,
    1,
  ),
  substr: fixed(
    [typedText, integer, integer],
    VARCHAR,
    (x, start, n) => {
      if (positive(start) && (n === undefined || positive(n)))
        return `substr(${[x, start, n].filter(Boolean).join(", ")})`;
      return n === undefined ? `trino_substr(${x}, ${start})` : `trino_substr3(${x}, ${start}, ${n})`;
    },
    1,
  ),
  strpos: fixed(
    [text, text, integer],
    BIGINT,
    (x, part, n) => (n === undefined ? `CAST(strpos(${x}, ${part}) AS BIGINT)` : `trino_strpos(${x}, ${part}, ${n})`),
    1,
  ),
  starts_with: fixed([text, text], BOOLEAN, (x, part) => `starts_with(${x}, ${part})`),
  split_part: fixed([text, text, integer], VARCHAR, (x, by, n) => `trino_split_part(${x}, ${by}, ${n})`),
  split: fixed(
    [text, text, integer],
    arrayOf(VARCHAR),
    (x, by, n) => (n === undefined ? `trino_split(${x}, ${by})` : `trino_split3(${x}, ${by}, ${n})`),
    1,
  ),
  lpad: fixed([text, integer, text], VARCHAR, (x, n, fill) => `trino_lpad(${x}, CAST(${n} AS INTEGER), ${fill})`),
  rpad: fixed([text, integer, text], VARCHAR, (x, n, fill) => `trino_rpad(${x}, CAST(${n} AS INTEGER), ${fill})`),
  translate: fixed([text, text, text], VARCHAR, (x, from, to) => `translate(${x}, ${from}, ${to})`),
  concat: written(
    [
      "(varchar, varchar, ...) → varchar",
      "(varbinary, varbinary, ...) → varbinary",
      "(array(T), array(T), ...) → array(T)",
    ],
    concat,
  ),
  concat_ws: written(["(varchar, varchar, ...) → varchar", "(varchar, array(varchar)) → varchar"], concatWs),
  chr: fixed([integer], VARCHAR, (n) => `trino_chr(${n})`),
  codepoint: written("('c') → integer", (call, env) => {
    if (
      call.args[0]?.type.kind !== "varchar" ||
      call.nodes[0]?.kind !== "literal" ||
      [...literalText(call, 0, env)].length !== 1
    )
      throw env.session.source.refuse(call.node, "codepoint of what is no literal of one character");
    return fixed([text], INTEGER, (x) => `unicode(${x})`)(call, env);
  }),
  normalize: written("(varchar[, NFC | NFD | NFKC | NFKD]) → varchar", (call, env) => {
    const form = call.args.length === 1 ? "NFC" : literalText(call, 1, env);
    if (!FORMS.has(form)) throw wrongArguments(call, env);
    return fixed([text, text], VARCHAR, (x) => `trino_normalize(${x}, '${form}')`, 1)(call, env);
  }),
  format: written("('template', T, ...) → varchar", format),
  levenshtein_distance: fixed([text, text], BIGINT, (a, b) => `trino_levenshtein(${a}, ${b})`),
  hamming_distance: fixed([text, text], BIGINT, (a, b) => `trino_hamming(${a}, ${b})`),
  soundex: fixed([text], VARCHAR, (x) => `trino_soundex(${x})`),
  parse_data_size: fixed([text], decimal(38, 0), (x) => `CAST(trino_parse_data_size(${x}) AS DECIMAL(38,0))`),
  luhn_check: fixed([text], BOOLEAN, (x) => `trino_luhn(${x})`),
  to_utf8: fixed([text], VARBINARY, (x) => `encode(${x})`),
  from_utf8: fixed([binary], VARCHAR, (x) => `trino_from_utf8(${x})`),
  sha256: fixed([binary], VARBINARY, (x) => `unhex(sha256(${x}))`),
  md5: fixed([binary], VARBINARY, (x) => `unhex(md5(${x}))`),
  sha1: hash("sha1"),
  sha512: hash("sha512"),
  xxhash64: hash("xxhash64"),
  crc32: fixed([binary], BIGINT, (x) => `trino_crc32(${x})`),
  hmac_md5: keyed("hmac_md5"),
  hmac_sha1: keyed("hmac_sha1"),
  hmac_sha256: keyed("hmac_sha256"),
  hmac_sha512: keyed("hmac_sha512"),
  from_hex: fixed([text], VARBINARY, (x) => `trino_from_hex(${x})`),
  // DuckDB's hashes are hexadecimal text already.
  to_hex: fixed([binary], VARCHAR, (x = "") =>
    /^unhex\((sha256|md5)\(/.test(x) ? `upper(${x.slice("unhex(".length, -1)})` : `hex(${x})`,
  ),
  from_base64: fixed([text], VARBINARY, (x) => `trino_from_base64(${x})`),
  to_base64: fixed([binary], VARCHAR, (x) => `to_base64(${x})`),
  from_base64url: fixed([text], VARBINARY, (x) => `trino_from_base64url(${x})`),
  to_base64url: fixed([binary], VARCHAR, (x) => `trino_to_base64url(${x})`),
  to_big_endian_64: fixed([integer], VARBINARY, (x) => `trino_to_big_endian_64(CAST(${x} AS BIGINT))`),
  from_big_endian_64: fixed([binary], BIGINT, (x) => `trino_from_big_endian_64(${x})`),
  url_extract_protocol: urlPart("protocol"),
  url_extract_host: urlPart("host"),
  url_extract_path: urlPart("path"),
  url_extract_query: urlPart("query"),
  url_extract_fragment: urlPart("fragment"),
  url_extract_port: fixed([text], BIGINT, (x) => `trino_url_extract_port(${x})`),
  url_extract_parameter: fixed([text, text], VARCHAR, (x, name) => `trino_url_extract_parameter(${x}, ${name})`),
  url_encode: fixed([text], VARCHAR, (x) => `trino_url_encode(${x})`),
  url_decode: fixed([text], VARCHAR, (x) => `trino_url_decode(${x})`),
  typeof: written("(T) → varchar", (call, env) => {
    const [value] = call.args;
    if (value === undefined || call.args.length !== 1) throw wrongArguments(call, env);
    const shown = display(value.type);
    // Trino's name of a text has its length.
    if (/\bvarchar\b/.test(shown)) throw wrongArguments(call, env);
    // What fails does so here, too.
    if (!value.sql.includes("(")) return { sql: `'${shown}'`, type: VARCHAR };
    return { sql: `CASE WHEN ${value.sql} IS NULL THEN '${shown}' ELSE '${shown}' END`, type: VARCHAR };
  }),
};
