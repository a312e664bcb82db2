import { DOUBLE } from "../types.ts";
import { nearly } from "../written.ts";
import { asDouble, type FunctionRule, fixed, number } from "./function-rule.ts";

const ofAngle = (sql: (x: string) => string): FunctionRule => fixed([number], DOUBLE, (x) => sql(asDouble(x)));
const plain = (name: string): FunctionRule => nearly(ofAngle((x) => `${name}(${x})`));
/** Beyond its domain Trino's is NaN, DuckDB's fails; or DuckDB's is less exact. */
const guarded = (name: string): FunctionRule => plain(`trino_${name}`);

/** Functions on angles, and roots and logarithms beside them. */
export const trigonometry: Readonly<Record<string, FunctionRule>> = {
  acos: guarded("acos"),
  asin: guarded("asin"),
  atan: plain("atan"),
  atan2: nearly(fixed([number, number], DOUBLE, (y, x) => `atan2(${asDouble(y)}, ${asDouble(x)})`)),
  cos: guarded("cos"),
  cosh: plain("cosh"),
  sin: guarded("sin"),
  sinh: plain("sinh"),
  tan: guarded("tan"),
  tanh: plain("tanh"),
  cbrt: guarded("cbrt"),
  log10: guarded("log10"),
  // Java multiplies by the double nearest to the factor, which is exact to the last digit.
  degrees: ofAngle((x) => `(${x} * CAST(57.29577951308232 AS DOUBLE))`),
  radians: ofAngle((x) => `(${x} * CAST(0.017453292519943295 AS DOUBLE))`),
};
