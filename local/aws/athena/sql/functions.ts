import { arithmetic } from "./arithmetic.ts";
import { quote } from "./ast.ts";
import { type FunctionCall, wrongArguments } from "./calls.ts";
import { cast } from "./casts.ts";
import { compare } from "./comparison.ts";
import { dateFunctions } from "./date-functions.ts";
import { unify } from "./expression.ts";
import { type Check, type FunctionRule, fixed, integer, literalText, text } from "./function-rule.ts";
import { groupsOf, replacesOtherwise, toRe2, toReplacement } from "./patterns.ts";
import type { Env } from "./scope.ts";
import {
  arrayOf,
  BIGINT,
  BOOLEAN,
  commonType,
  DOUBLE,
  decimal,
  isInteger,
  isNumeric,
  JSON_TYPE,
  VARBINARY,
  VARCHAR,
} from "./types.ts";

const double: Check = (type) => isNumeric(type) || type.kind === "unknown";
const binary: Check = (type) => type.kind === "varbinary";
const json: Check = (type) => type.kind === "json";
const array: Check = (type) => type.kind === "array";

const positive = (sql: string | undefined): boolean => sql !== undefined && /^[1-9]\d*$/.test(sql);

/** greatest and least: NULL when any argument is, in the type all share. */
function extreme(name: string): FunctionRule {
  return (call, env) => {
    const all = unify(call.args, env, call.node, `arguments of ${name}`);
    if (
      all.values.length === 0 ||
      !["varchar", "date", "timestamp", "decimal", "double", "integer", "bigint", "unknown"].includes(all.type.kind)
    )
      throw wrongArguments(call, env);
    const missing = all.values.map((value) => `${value} IS NULL`).join(" OR ");
    const values = all.values.map((value) => (all.type.kind === "double" ? `trino_no_nan(${value})` : value));
    return { sql: `CASE WHEN ${missing} THEN NULL ELSE ${name}(${values.join(", ")}) END`, type: all.type };
  };
}

/** floor, ceil and one-argument round: a decimal loses its scale, an integer stays what it is. */
function whole(name: string): FunctionRule {
  return (call, env) => {
    const [value, ...more] = call.args;
    if (value === undefined || more.length > 0 || !isNumeric(value.type)) throw wrongArguments(call, env);
    if (isInteger(value.type)) return value;
    if (value.type.kind !== "decimal") return { sql: `${name}(${value.sql})`, type: DOUBLE };
    const { precision, scale } = value.type;
    const digits = Math.min(38, precision - scale + Math.min(scale, 1));
    return { sql: `CAST(${name}(${value.sql}) AS DECIMAL(${digits},0))`, type: decimal(digits, 0) };
  };
}

const round: FunctionRule = (call, env) => {
  const [value, digits] = call.args;
  if (digits === undefined) return whole("round")(call, env);
  if (value === undefined || !isNumeric(value.type) || !isInteger(digits.type) || call.args.length !== 2)
    throw wrongArguments(call, env);
  if (value.type.kind === "double")
    throw env.session.source.refuse(
      call.node,
      "round of a double to digits (the two engines round its last bit differently)",
      "cast to decimal(38,n) first",
    );
  if (value.type.kind !== "decimal") throw env.session.source.refuse(call.node, "round of an integer to digits");
  if (!/^\d+$/.test(digits.sql))
    throw env.session.source.refuse(call.node, "round to a number of digits that is no literal");
  const { precision, scale } = value.type;
  const type = decimal(Math.min(38, precision + 1), scale);
  return { sql: `CAST(round(${value.sql}, ${digits.sql}) AS DECIMAL(${Math.min(38, precision + 1)},${scale}))`, type };
};

/** Both engines agree on plain patterns; what Java's engine has and RE2 has not (or does otherwise) is refused. */
function pattern(call: FunctionCall, env: Env): string {
  const regex = literalText(call, 1, env);
  const re2 = toRe2(regex);
  if (re2 === undefined)
    throw env.session.source.refuse(
      call.node,
      `the pattern ${quote(regex)}`,
      "avoid look-around, back references, \\b, possessive quantifiers and named groups",
    );
  return quote(re2);
}

const regexpReplace: FunctionRule = (call, env) => {
  const { source } = env.session;
  const regex = literalText(call, 1, env);
  const by = call.args.length === 3 ? literalText(call, 2, env) : "";
  const replacement = toReplacement(by, groupsOf(regex));
  if (replacement === undefined)
    throw source.refuse(call.node, `the replacement ${quote(by)}`, "use $1 for a group that the pattern has");
  if (replacesOtherwise(regex))
    throw source.refuse(call.node, `regexp_replace of ${quote(regex)}, which may match nothing`, "begin it with ^");
  return fixed(
    [text, text, text],
    VARCHAR,
    (x) => `regexp_replace(${x}, ${pattern(call, env)}, ${quote(replacement)}, 'g')`,
    1,
  )(call, env);
};

const nullif: FunctionRule = (call, env) => {
  const [value, other] = call.args;
  if (value === undefined || other === undefined || call.args.length !== 2) throw wrongArguments(call, env);
  const equal = compare("=", value, other, call.node, env);
  return { sql: `CASE WHEN ${equal.sql} THEN NULL ELSE ${value.sql} END`, type: value.type };
};

/** Every function with a rule; whatever is not here is refused by name. */
export const functions: Readonly<Record<string, FunctionRule>> = {
  ...dateFunctions,
  lower: fixed([text], VARCHAR, (x) => `lower(${x})`),
  // Java keeps a sharp s, ICU makes a capital one.
  upper: fixed([text], VARCHAR, (x) => `replace(upper(${x}), 'ẞ', 'ß')`),
  length: fixed([text], BIGINT, (x) => `length(${x})`),
  trim: fixed([text], VARCHAR, (x) => `trino_trim(${x})`),
  ltrim: fixed([text], VARCHAR, (x) => `trino_ltrim(${x})`),
  rtrim: fixed([text], VARCHAR, (x) => `trino_rtrim(${x})`),
  // DuckDB's reverse keeps composed characters whole, Trino's does not.
  reverse: fixed([text], VARCHAR, (x) => `array_to_string(list_reverse(string_split(${x}, '')), '')`),
  replace: fixed(
    [text, text, text],
    VARCHAR,
    (x, from, to = "''") => `${/^'.+'$/.test(from) ? "replace" : "trino_replace"}(${x}, ${from}, ${to})`,
    1,
  ),
  substr: fixed(
    [text, integer, integer],
    VARCHAR,
    (x, start, n) => {
      if (positive(start) && (n === undefined || positive(n)))
        return `substr(${[x, start, n].filter(Boolean).join(", ")})`;
      return n === undefined ? `trino_substr(${x}, ${start})` : `trino_substr3(${x}, ${start}, ${n})`;
    },
    1,
  ),
  strpos: fixed([text, text], BIGINT, (x, part) => `CAST(strpos(${x}, ${part}) AS BIGINT)`),
  starts_with: fixed([text, text], BOOLEAN, (x, part) => `starts_with(${x}, ${part})`),
  split_part: fixed([text, text, integer], VARCHAR, (x, by, n) => `trino_split_part(${x}, ${by}, ${n})`),
  split: fixed([text, text], arrayOf(VARCHAR), (x, by) => `trino_split(${x}, ${by})`),
  lpad: fixed([text, integer, text], VARCHAR, (x, n, fill) => `trino_lpad(${x}, CAST(${n} AS INTEGER), ${fill})`),
  rpad: fixed([text, integer, text], VARCHAR, (x, n, fill) => `trino_rpad(${x}, CAST(${n} AS INTEGER), ${fill})`),
  concat: (call, env) => {
    if (call.args.length < 2 || !call.args.every((arg) => text(arg.type))) throw wrongArguments(call, env);
    return { sql: `(${call.args.map((arg) => arg.sql).join(" || ")})`, type: VARCHAR };
  },
  regexp_like: (call, env) =>
    fixed([text, text], BOOLEAN, (x) => `regexp_matches(${x}, ${pattern(call, env)})`)(call, env),
  regexp_replace: regexpReplace,
  to_utf8: fixed([text], VARBINARY, (x) => `encode(${x})`),
  from_utf8: fixed([binary], VARCHAR, (x) => `decode(${x})`),
  sha256: fixed([binary], VARBINARY, (x) => `unhex(sha256(${x}))`),
  md5: fixed([binary], VARBINARY, (x) => `unhex(md5(${x}))`),
  // DuckDB's hashes are hexadecimal text already.
  to_hex: fixed([binary], VARCHAR, (x) =>
    /^unhex\((sha256|md5)\(/.test(x) ? `upper(${x.slice("unhex(".length, -1)})` : `hex(${x})`,
  ),
  abs: (call, env) => {
    const [value] = call.args;
    if (value === undefined || call.args.length !== 1 || !isNumeric(value.type)) throw wrongArguments(call, env);
    return { sql: `abs(${value.sql})`, type: value.type };
  },
  round,
  floor: whole("floor"),
  ceil: whole("ceil"),
  sqrt: fixed([double], DOUBLE, (x) => `trino_sqrt(CAST(${x} AS DOUBLE))`),
  ln: fixed([double], DOUBLE, (x) => `trino_ln(CAST(${x} AS DOUBLE))`),
  mod: (call, env) => {
    const [left, right] = call.args;
    if (left === undefined || right === undefined || call.args.length !== 2) throw wrongArguments(call, env);
    return arithmetic("%", left, right, call.node, env);
  },
  greatest: extreme("greatest"),
  least: extreme("least"),
  coalesce: (call, env) => {
    if (call.args.length < 2) throw wrongArguments(call, env);
    const all = unify(call.args, env, call.node, "COALESCE operands");
    return { sql: `coalesce(${all.values.join(", ")})`, type: all.type };
  },
  nullif,
  cardinality: fixed([array], BIGINT, (x) => `CAST(len(${x}) AS BIGINT)`),
  contains: (call, env) => {
    const [list, value] = call.args;
    if (list?.type.kind !== "array" || value === undefined || call.args.length !== 2) throw wrongArguments(call, env);
    const common = commonType(list.type.element, value.type);
    if (common === undefined) throw wrongArguments(call, env);
    const plain = cast(value.sql, value.type, common, false);
    const item = common.kind === "double" ? `trino_no_nan(${plain})` : plain;
    return { sql: `trino_contains(${cast(list.sql, list.type, arrayOf(common), false)}, ${item})`, type: BOOLEAN };
  },
  array_join: (call, env) => {
    const [list] = call.args;
    const element = list?.type.kind === "array" ? list.type.element : undefined;
    const joined = element && cast(list?.sql ?? "", arrayOf(element), arrayOf(VARCHAR), false);
    if (joined === undefined) throw wrongArguments(call, env);
    return fixed([array, text], VARCHAR, (_list, by) => `trino_array_join(${joined}, ${by})`)(call, env);
  },
  json_parse: fixed([text], JSON_TYPE, (x) => `trino_json_parse(${x})`),
  json_array_length: (call, env) => {
    const known = call.args[0]?.type.kind === "json";
    const macro = known ? "trino_json_length" : "trino_json_array_length";
    return fixed([(type) => json(type) || text(type)], BIGINT, (x) => `${macro}(${x})`)(call, env);
  },
};
