import type { Node } from "./ast.ts";
import type { Env, Expr } from "./scope.ts";
import {
  asDecimal,
  commonType,
  DOUBLE,
  decimal,
  display,
  duckType,
  isInteger,
  isNumeric,
  isTemporal,
  timestamp,
} from "./types.ts";

/** A decimal quotient on unscaled integers: `scale` digits, half away from zero. */
export function divideDecimals(
  left: string,
  leftScale: number,
  right: string,
  rightScale: number,
  precision: number,
  scale: number,
): string {
  const shift = scale + rightScale - leftScale;
  const numerator = shift === 0 ? left : `${left} * CAST(1${"0".repeat(shift)} AS HUGEINT)`;
  const quotient = `CAST(trino_div(${numerator}, ${right}) AS DECIMAL(${38 - scale},0))`;
  const unit = scale === 0 ? "1" : `0.${"1".padStart(scale, "0")}`;
  return `CAST(${quotient} * ${unit} AS DECIMAL(${precision},${scale}))`;
}

/** Trino's `+ - * / %` with Trino's result types. */
export function arithmetic(operator: string, left: Expr, right: Expr, node: Node, env: Env): Expr {
  const dated = dateArithmetic(operator, left, right);
  if (dated !== undefined) return dated;
  const both = `${left.sql} ${operator} ${right.sql}`;
  const common = commonType(left.type, right.type);
  if ([left, right].every(({ type }) => isTemporal(type) || type.kind === "interval"))
    throw env.session.source.refuse(
      node,
      `${display(left.type)} ${operator} ${display(right.type)}`,
      "use date_diff or date_add",
    );
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
    if (operator === "/")
      return { sql: `CAST(trino_int_div(${left.sql}, ${right.sql}) AS ${duckType(common)})`, type: common };
    if (operator === "%")
      return { sql: `CAST(trino_mod(${left.sql}, ${right.sql}) AS ${duckType(common)})`, type: common };
    return { sql: `CAST((${both}) AS ${duckType(common)})`, type: common };
  }
  return decimalArithmetic(operator, left, right, node, env);
}

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

/** A date or timestamp plus or minus an interval; a date stays one. */
function dateArithmetic(operator: string, left: Expr, right: Expr): Expr | undefined {
  if (right.type.kind !== "interval" || (operator !== "+" && operator !== "-")) return undefined;
  const sql = `(${left.sql} ${operator} ${right.sql})`;
  if (left.type.kind === "timestamp") return { sql, type: timestamp(Math.max(3, left.type.precision)) };
  if (left.type.kind === "timestamptz") return { sql, type: left.type };
  if (left.type.kind === "date" && /day'$/.test(right.sql)) return { sql: `CAST(${sql} AS DATE)`, type: left.type };
  return undefined;
}
