import { type Node, quote } from "../ast.ts";
import type { Env, Expr } from "../scope.ts";
import {
  asDecimal,
  BIGINT,
  DATE,
  DOUBLE,
  decimal,
  INTEGER,
  INTERVAL,
  MONTHS,
  timestamp,
  VARBINARY,
  VARCHAR,
  zoned,
} from "../types.ts";
import { warn } from "../warnings.ts";
import { toInstant, zoneName } from "./zones.ts";

function number(text: string, node: Node, env: Env): Expr {
  if (!/^[\d.]+(e[+-]?\d+)?$/i.test(text))
    throw env.session.source.refuse(node, `the number ${text}`, "write plain digits");
  if (/^\d+$/.test(text)) {
    const value = BigInt(text);
    if (value <= 2147483647n) return { sql: text, type: INTEGER };
    if (value <= 9223372036854775807n) return { sql: `CAST(${text} AS BIGINT)`, type: BIGINT };
    throw env.session.source.error("SYNTAX_ERROR", node, `Invalid numeric literal: ${text}`);
  }
  if (/e/i.test(text)) return { sql: `CAST(${text} AS DOUBLE)`, type: DOUBLE };
  const [whole = "", fraction = ""] = text.split(".");
  const precision = Math.max(1, whole.replace(/^0+/, "").length + fraction.length);
  return {
    sql: `CAST(${text} AS DECIMAL(${precision},${fraction.length}))`,
    type: decimal(precision, fraction.length),
  };
}

/** What only the sign before it makes a number of its type. */
export function leastInteger({ kind, members }: Node): Expr | undefined {
  if (kind !== "literal" || members["literal_type"] !== "number") return undefined;
  const digits = String(members["value"]).replace(/^0+/, "");
  if (digits === "2147483648") return { sql: `CAST(-${digits} AS INTEGER)`, type: INTEGER };
  return digits === "9223372036854775808" ? { sql: `CAST(-${digits} AS BIGINT)`, type: BIGINT } : undefined;
}

function timestampLiteral(text: string, node: Node, env: Env): Expr {
  const { source } = env.session;
  const match =
    /^(\d{4}-\d{1,2}-\d{1,2}(?: \d{1,2}:\d{1,2}(?::\d{1,2}(?:\.(\d{1,6}))?)?)?)(?: ?([A-Z][\w/+-]*|[+-]\d\d:\d\d))?$/.exec(
      text,
    );
  const zone = match?.[3] === undefined ? undefined : zoneName(match[3]);
  if (match?.[1] === undefined || (match[3] !== undefined && zone === undefined))
    throw source.refuse(node, `timestamp literal '${text}'`, "write 'YYYY-MM-DD HH:MM:SS[.ffffff] [zone]'");
  const precision = match[2]?.length ?? 0;
  const sql = `TIMESTAMP ${quote(match[1])}`;
  return zone === undefined
    ? { sql, type: timestamp(precision) }
    : { sql: toInstant(sql, zone), type: zoned(precision, zone) };
}

/** Numbers, text, dates and timestamps, with the types Trino gives them. */
export function literal(node: Node, env: Env): Expr {
  const { source } = env.session;
  const { literal_type: kind, value } = source.only(node, "literal_type", "value");
  const text = String(value);
  switch (kind) {
    case "number":
      if (text.includes(".") && !/e/i.test(text)) warn("decimalLiteral", node, env);
      return number(text, node, env);
    case "string":
      return { sql: quote(text), type: VARCHAR };
    case "date":
      if (!/^\d{4}-\d{1,2}-\d{1,2}$/.test(text))
        throw source.error("SYNTAX_ERROR", node, `'${text}' is not a valid date literal`);
      return { sql: `DATE ${quote(text)}`, type: DATE };
    case "timestamp":
      return timestampLiteral(text, node, env);
    case "time": {
      const match = /^([01]?\d|2[0-3]):[0-5]?\d(?::[0-5]?\d(?:\.(\d{1,6}))?)?$/.exec(text);
      if (match === null) throw source.refuse(node, `time literal '${text}'`, "write 'HH:MM:SS[.ffffff]'");
      return { sql: `TIME ${quote(text)}`, type: { kind: "time", precision: match[2]?.length ?? 0 } };
    }
    case "hex_string":
      if (!/^([0-9a-f]{2})*$/i.test(text))
        throw source.error("SYNTAX_ERROR", node, "a binary literal has pairs of hexadecimal digits");
      return { sql: `unhex(${quote(text)})`, type: VARBINARY };
    default:
      throw source.refuse(node, `a literal of kind ${String(kind)}`);
  }
}

/**
 * `DECIMAL '1.50'`: the parser gives it the tree of `CAST('1.50' AS decimal)`, which rounds to a whole number; the text
 * tells them apart.
 */
export function decimalLiteral(inner: Node, env: Env): Expr | undefined {
  const { literal_type: kind, value } = inner.members;
  if (inner.kind !== "literal" || kind !== "string" || typeof value !== "string" || !/^[+-]?\d+(\.\d+)?$/.test(value))
    return undefined;
  const escaped = value.replace(/[.+]/g, "\\$&");
  const { source } = env.session;
  if (!new RegExp(`\\bdecimal\\s*'${escaped}'`, "i").test(source.text)) return undefined;
  if (new RegExp(`'${escaped}'\\s+as\\s+decimal\\s*\\)`, "i").test(source.text))
    throw source.refuse(
      inner,
      `both DECIMAL '${value}' and CAST('${value}' AS decimal)`,
      "say the precision and scale in the cast",
    );
  const unsigned = number(value.replace(/^[+-]/, ""), inner, env);
  const { precision, scale } = asDecimal(unsigned.type) ?? { precision: 1, scale: 0 };
  const digits = unsigned.type.kind === "decimal" ? precision : value.replace(/\D/g, "").length;
  return { sql: `CAST(${value} AS DECIMAL(${digits},${scale}))`, type: decimal(digits, scale) };
}

const dayUnits = ["Day", "Hour", "Minute", "Second"];

/** `INTERVAL 'n' unit`, and the spans `YEAR TO MONTH` and `DAY TO SECOND`. */
export function interval(node: Node, env: Env): Expr {
  const { source } = env.session;
  const { this: value, unit } = source.only(node, "this", "unit");
  const text = String(source.node(value).members["value"]);
  const form: Readonly<Record<string, unknown>> = Object(unit);
  const words = ["type", "unit", "this", "expression"].flatMap((key) =>
    typeof form[key] === "string" ? [form[key]] : [],
  );
  const name = words.at(-1) ?? "";
  const [, minus = "", digits] = /^(-?)(\d{1,9})$/.exec(text) ?? [];
  if (digits !== undefined && words[0] === "simple") {
    const months = name === "Month" || name === "Year";
    if (months || dayUnits.includes(name))
      return { sql: `INTERVAL ${quote(`${minus}${digits} ${name.toLowerCase()}`)}`, type: months ? MONTHS : INTERVAL };
  }
  const years = /^(\d{1,6})-(\d{1,2})$/.exec(text);
  if (years !== null && words.join(" ") === "span Year Month")
    return { sql: `to_months(${Number(years[1]) * 12 + Number(years[2])})`, type: MONTHS };
  const days = /^(\d{1,9}) (\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,3}))?$/.exec(text);
  if (days !== null && words.join(" ") === "span Day Second") {
    const [d = 0, h = 0, m = 0, s = 0] = days.slice(1, 5).map(Number);
    const millis = (((d * 24 + h) * 60 + m) * 60 + s) * 1000 + Number((days[5] ?? "").padEnd(3, "0"));
    return { sql: `to_milliseconds(${millis})`, type: INTERVAL };
  }
  throw source.refuse(
    node,
    `interval '${text}' ${words.slice(1).join(" to ")}`,
    "write INTERVAL 'n' DAY, HOUR, MINUTE, SECOND, MONTH or YEAR",
  );
}
