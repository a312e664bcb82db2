import type { Node } from "../ast.ts";
import type { Env, Expr } from "../scope.ts";
import {
  asDecimal,
  CAST_REAL,
  commonType,
  DOUBLE,
  decimal,
  display,
  duckType,
  INTERVAL,
  isInteger,
  isNumeric,
  isTemporal,
  meetsReal,
  type TrinoType,
  timestamp,
  zoned,
} from "../types.ts";
import { warn } from "../warnings.ts";
import { toInstant, toLocal, zoneOf } from "./zones.ts";

/** So few may be too few for a quotient or a mean. */
export const FEW_DECIMALS = 2;

/**
 * What macros may write several times: a column, or the parameter of a lambda. Anything else is given such a name first,
 * or quotients of quotients would grow beyond what DuckDB can plan.
 */
const NAMED = /^(?:trino_unscaled\()?(?:[\w.]|"[^"]*")+\)?$|^struct_extract_at\(trino_q, \d\)$/;

/** A decimal quotient on unscaled integers: `scale` digits, half away from zero. */
export function divideDecimals(
  left: string,
  leftScale: number,
  right: string,
  rightScale: number,
  precision: number,
  scale: number,
): string {
  if (![left, right].every((sql) => NAMED.test(sql))) {
    const [n, d] = [1, 2].map((at) => `struct_extract_at(trino_q, ${at})`);
    const inner = divideDecimals(n ?? left, leftScale, d ?? right, rightScale, precision, scale);
    // Not by names: with a column of the query around DuckDB loses them.
    return `list_transform([row(${left}, ${right})], lambda trino_q: ${inner})[1]`;
  }
  const shift = scale + rightScale - leftScale;
  const numerator = shift === 0 ? left : `trino_raised(${left}, CAST(1${"0".repeat(shift)} AS HUGEINT))`;
  // The faster way has no room for more digits.
  if (precision + scale > 38)
    return `CAST(list_transform([trino_div(${numerator}, ${right})], lambda trino_u: trino_scaled(trino_u, ${scale}))[1] AS DECIMAL(${precision},${scale}))`;
  const quotient = `CAST(trino_div(${numerator}, ${right}) AS DECIMAL(${38 - scale},0))`;
  const unit = scale === 0 ? "1" : `0.${"1".padStart(scale, "0")}`;
  return `CAST(${quotient} * ${unit} AS DECIMAL(${precision},${scale}))`;
}

/** Trino's `+ - * / %` with Trino's result types. */
export function arithmetic(operator: string, left: Expr, right: Expr, node: Node, env: Env): Expr {
  // Of a NULL in front Trino knows that it is a moment; elsewhere it often cannot choose.
  if (operator === "-" && left.type.kind === "unknown" && isTemporalOrTime(right))
    return { sql: "CAST(NULL AS INTERVAL)", type: INTERVAL };
  if ([left, right].some(({ type }) => type.kind === "unknown") && [left, right].some(timeLike))
    throw env.session.source.refuse(node, `NULL ${operator} without a type`, "cast the NULL");
  const dated = dateArithmetic(operator, left, right);
  if (dated !== undefined) return dated;
  const common = commonType(left.type, right.type);
  if ([left, right].every(timeLike) || [left, right].some(isInterval))
    throw env.session.source.refuse(
      node,
      `${display(left.type)} ${operator} ${display(right.type)}`,
      "use date_diff or date_add",
    );
  if (common?.kind === "real" || meetsReal(left.type, right.type))
    throw env.session.source.refuse(node, `${display(left.type)} ${operator} ${display(right.type)}`, CAST_REAL);
  if (common === undefined || (!isNumeric(common) && common.kind !== "unknown")) {
    const message = `Cannot apply operator: ${display(left.type)} ${operator} ${display(right.type)}`;
    throw env.session.source.error("TYPE_MISMATCH", node, message);
  }
  // Trino chooses between its operators by type and often cannot.
  if (left.type.kind === "unknown" || right.type.kind === "unknown")
    throw env.session.source.refuse(node, `NULL ${operator} without a type`, "cast the NULL");
  if (common.kind === "double")
    return { sql: `(CAST(${left.sql} AS DOUBLE) ${operator} CAST(${right.sql} AS DOUBLE))`, type: DOUBLE };
  if (isInteger(common)) {
    if (operator === "/") {
      warn("integerDivision", node, env);
      return { sql: `CAST(trino_int_div(${left.sql}, ${right.sql}) AS ${duckType(common)})`, type: common };
    }
    if (operator === "%")
      return { sql: `CAST(trino_int_mod(${left.sql}, ${right.sql}) AS ${duckType(common)})`, type: common };
    const [a, b] = [left, right].map((value) => widened(value, common));
    return { sql: `CAST((${a} ${operator} ${b}) AS ${duckType(common)})`, type: common };
  }
  return decimalArithmetic(operator, left, right, node, env);
}

/** DuckDB takes a number in the text for as narrow a one as it meets: `tiny * 10` would be a tinyint. */
const widened = ({ sql, type }: Expr, common: TrinoType): string =>
  type.kind !== common.kind && (type.kind === "tinyint" || type.kind === "smallint")
    ? `CAST(${sql} AS ${duckType(common)})`
    : sql;

function decimalArithmetic(operator: string, left: Expr, right: Expr, node: Node, env: Env): Expr {
  const a = asDecimal(left.type) ?? { precision: 1, scale: 0 };
  const b = asDecimal(right.type) ?? { precision: 1, scale: 0 };
  const scale = Math.max(a.scale, b.scale);
  const whole = Math.max(a.precision - a.scale, b.precision - b.scale);
  // DuckDB keeps to 18 digits while both operands do.
  const first = (precision: number): string =>
    precision > 18 && a.precision <= 18 && b.precision <= 18 ? `CAST(${left.sql} AS DECIMAL(19,${a.scale}))` : left.sql;
  switch (operator) {
    case "+":
    case "-": {
      const precision = Math.min(38, whole + scale + 1);
      return {
        sql: `CAST((${first(precision)} ${operator} ${right.sql}) AS DECIMAL(${precision},${scale}))`,
        type: decimal(precision, scale),
      };
    }
    case "*": {
      const product = a.scale + b.scale;
      if (product > 38)
        throw env.session.source.refuse(node, `a product with ${product} decimals`, "cast a factor to fewer");
      const precision = Math.min(38, a.precision + b.precision);
      return {
        sql: `CAST((${first(precision)} * ${right.sql}) AS DECIMAL(${precision},${product}))`,
        type: decimal(precision, product),
      };
    }
    case "/": {
      const precision = Math.min(38, a.precision + b.scale + Math.max(b.scale - a.scale, 0));
      if (scale + b.scale - a.scale > 38)
        throw env.session.source.refuse(node, `a quotient by ${b.scale} decimals`, "cast the divisor to fewer");
      if (scale <= FEW_DECIMALS) warn("decimalDivision", node, env);
      const sql = divideDecimals(
        `trino_unscaled(${left.sql})`,
        a.scale,
        `trino_unscaled(${right.sql})`,
        b.scale,
        precision,
        scale,
      );
      return { sql, type: decimal(precision, scale) };
    }
    default: {
      // DuckDB computes wider ones as double.
      if (whole + scale > 38) throw env.session.source.refuse(node, "% of decimals with more than 38 digits together");
      const precision = Math.min(a.precision - a.scale, b.precision - b.scale) + scale;
      return {
        sql: `CAST(trino_mod(${left.sql}, ${right.sql}) AS DECIMAL(${precision},${scale}))`,
        type: decimal(precision, scale),
      };
    }
  }
}

const isInterval = (value: Expr): boolean => value.type.kind === "interval" || value.type.kind === "months";

/** Dates, times and intervals: a date stays one. */
function dateArithmetic(operator: string, left: Expr, right: Expr): Expr | undefined {
  const sum = operator === "+" || operator === "-";
  if (operator === "+" && isInterval(left) && isTemporalOrTime(right)) return dateArithmetic("+", right, left);
  if (isInterval(left) && isInterval(right)) {
    if (!sum || left.type.kind !== right.type.kind) return undefined;
    return { sql: `(${left.sql} ${operator} ${right.sql})`, type: left.type };
  }
  if (operator === "*" && isInterval(right)) return dateArithmetic("*", right, left);
  if (isInterval(left)) return scaled(operator, left, right);
  if (!sum) return undefined;
  if (!isInterval(right)) return operator === "-" ? difference(left, right) : undefined;
  const { type } = left;
  const sql = `(${left.sql} ${operator} ${right.sql})`;
  const months = right.type.kind === "months";
  switch (type.kind) {
    case "date":
      if (months || /day'$/.test(right.sql)) return { sql: `CAST(${sql} AS DATE)`, type };
      return { sql: `trino_whole_days(${left.sql}, ${operator === "-" ? `-${right.sql}` : right.sql})`, type };
    case "timestamp":
      return { sql, type: months ? type : timestamp(Math.max(3, type.precision)) };
    case "timestamptz": {
      const zone = zoneOf(type);
      if (months) return { sql: toInstant(`(${toLocal(left.sql, zone)} ${operator} ${right.sql})`, zone), type };
      return {
        sql: `(${left.sql} ${operator} trino_milliseconds(trino_interval_ms(${right.sql})))`,
        type: zoned(Math.max(3, type.precision), zone),
      };
    }
    case "time":
      return months ? undefined : { sql, type: { kind: "time", precision: Math.max(3, type.precision) } };
    default:
      return undefined;
  }
}

const timeLike = (value: Expr): boolean => isTemporalOrTime(value) || isInterval(value);

const isTemporalOrTime = ({ type }: Expr): boolean => isTemporal(type) || type.kind === "time";

/** An interval times or by a whole number. */
function scaled(operator: string, interval: Expr, by: Expr): Expr | undefined {
  if (!isInteger(by.type) || operator !== "*" || interval.type.kind !== "interval") return undefined;
  const product = `CAST(trino_interval_ms(${interval.sql}) AS HUGEINT) * ${by.sql}`;
  return { sql: `trino_milliseconds(trino_interval_room(${product}))`, type: interval.type };
}

/** What lies between two dates or timestamps. */
function difference(left: Expr, right: Expr): Expr | undefined {
  const common = commonType(left.type, right.type);
  if (common?.kind === "date") return { sql: `trino_days_apart(${left.sql} - ${right.sql})`, type: INTERVAL };
  if (common?.kind !== "timestamp" && !(left.type.kind === "timestamptz" && right.type.kind === "timestamptz"))
    return undefined;
  const [a, b] = [left, right].map(({ sql, type }) => (type.kind === "date" ? `CAST(${sql} AS TIMESTAMP)` : sql));
  return { sql: `trino_between(${a}, ${b})`, type: INTERVAL };
}
