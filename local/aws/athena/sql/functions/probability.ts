import { DOUBLE } from "../types.ts";
import { nearly } from "../written.ts";
import { asDouble, type FunctionRule, fixed, integer, number } from "./function-rule.ts";

const ofThree = (name: string): FunctionRule =>
  nearly(
    fixed(
      [number, number, number],
      DOUBLE,
      (a, b, c) => `trino_${name}(${asDouble(a)}, ${asDouble(b)}, ${asDouble(c)})`,
    ),
  );

/** A bound of Wilson's interval; only roots and quotients, which are exact. */
const wilson = (sign: "" | "-"): FunctionRule =>
  fixed(
    [integer, integer, number],
    DOUBLE,
    (successes, trials, z) => `trino_wilson_checked(${successes}, ${trials}, ${asDouble(z)}, ${sign}${asDouble(z)})`,
  );

/** Distributions and intervals. */
export const probability: Readonly<Record<string, FunctionRule>> = {
  normal_cdf: ofThree("normal_cdf"),
  inverse_normal_cdf: ofThree("inverse_normal_cdf"),
  beta_cdf: ofThree("beta_cdf"),
  wilson_interval_lower: wilson("-"),
  wilson_interval_upper: wilson(""),
};
