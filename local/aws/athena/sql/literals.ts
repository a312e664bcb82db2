import { type Node, quote } from "./ast.ts";
import type { Env, Expr } from "./scope.ts";
import { asDecimal, BIGINT, DATE, DOUBLE, decimal, INTEGER, INTERVAL, timestamp, VARCHAR } from "./types.ts";

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

/** Numbers, text, dates and timestamps, with the types Trino gives them. */
export function literal(node: Node, env: Env): Expr {
  const { source } = env.session;
  const { literal_type: kind, value } = source.only(node, "literal_type", "value");
  const text = String(value);
  switch (kind) {
    case "number":
      return number(text, node, env);
    case "string":
      return { sql: quote(text), type: VARCHAR };
    case "date":
      if (!/^\d{4}-\d{1,2}-\d{1,2}$/.test(text))
        throw source.error("SYNTAX_ERROR", node, `'${text}' is not a valid date literal`);
      return { sql: `DATE ${quote(text)}`, type: DATE };
    case "timestamp": {
      const match = /^\d{4}-\d{1,2}-\d{1,2}(?: \d{1,2}:\d{1,2}(?::\d{1,2}(?:\.(\d{1,6}))?)?)?$/.exec(text);
      if (match === null)
        throw source.refuse(node, `timestamp literal '${text}'`, "write 'YYYY-MM-DD HH:MM:SS[.ffffff]' without a zone");
      return { sql: `TIMESTAMP ${quote(text)}`, type: timestamp(match[1]?.length ?? 0) };
    }
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

/** `INTERVAL 'n' DAY` and smaller units. */
export function interval(node: Node, env: Env): Expr {
  const { source } = env.session;
  const { this: value, unit } = source.only(node, "this", "unit");
  const text = String(source.node(value).members["value"]);
  const name = typeof unit === "object" && unit !== null && "unit" in unit ? String(unit.unit) : "";
  if (!/^\d+$/.test(text) || !["Day", "Hour", "Minute", "Second"].includes(name))
    throw source.refuse(
      node,
      `interval '${text}' ${name}`,
      "write INTERVAL 'n' DAY, HOUR, MINUTE or SECOND, or use date_add",
    );
  return { sql: `INTERVAL ${quote(`${text} ${name.toLowerCase()}`)}`, type: INTERVAL };
}

/** Athena's execution parameters are literals: text in quotes, or a number. */
export function parameterNode(text: string): unknown {
  const string = /^'((?:[^']|'')*)'$/.exec(text);
  if (string?.[1] !== undefined) return { literal: { literal_type: "string", value: string[1].replaceAll("''", "'") } };
  const dated = /^(date|timestamp) '([^']*)'$/i.exec(text);
  if (dated) return { literal: { literal_type: dated[1]?.toLowerCase(), value: dated[2] } };
  if (/^\d+(\.\d+)?$/.test(text)) return { literal: { literal_type: "number", value: text } };
  return { "an execution parameter that is no quoted text, number, DATE or TIMESTAMP literal": {} };
}
