import type { Env, Expr } from "../scope.ts";
import { DOUBLE, INTEGER, isInteger, REAL, type TrinoType, VARBINARY, VARCHAR } from "../types.ts";
import { written } from "../written.ts";
import { type FunctionCall, wrongArguments } from "./calls.ts";
import { binary, type Check, type FunctionRule, fixed, number, text } from "./function-rule.ts";

const integer32: Check = written("integer", (type) => isInteger(type) && type.kind !== "bigint");
/** A double is no real; a decimal would be one, by way of its text. */
const real: Check = written("real", (type) => type.kind === "real" || isInteger(type));

const ofBytes = (name: string, type: TrinoType = VARBINARY): FunctionRule =>
  fixed([binary], type, (x) => `trino_${name}(${x})`);

function fromBase32(call: FunctionCall, env: Env): Expr {
  const [value] = call.args;
  if (value === undefined || call.args.length !== 1 || !(text(value.type) || binary(value.type)))
    throw wrongArguments(call, env);
  const sql = text(value.type) ? `encode(${value.sql})` : value.sql;
  return { sql: `trino_from_base32(${sql})`, type: VARBINARY };
}

/** Functions on bytes that are no text. */
export const byteFunctions: Readonly<Record<string, FunctionRule>> = {
  to_base32: ofBytes("to_base32", VARCHAR),
  from_base32: written("(varchar | varbinary) → varbinary", fromBase32),
  to_big_endian_32: fixed([integer32], VARBINARY, (x) => `trino_to_big_endian_32(CAST(${x} AS DOUBLE))`),
  from_big_endian_32: fixed([binary], INTEGER, (x) => `CAST(trino_from_big_endian_32(${x}) AS INTEGER)`),
  to_ieee754_32: fixed([real], VARBINARY, (x) => `trino_to_ieee754_32(CAST(CAST(${x} AS FLOAT) AS DOUBLE))`),
  from_ieee754_32: fixed([binary], REAL, (x) => `CAST(trino_from_ieee754_32(${x}) AS FLOAT)`),
  to_ieee754_64: fixed([number], VARBINARY, (x) => `trino_to_ieee754_64(CAST(${x} AS DOUBLE))`),
  from_ieee754_64: ofBytes("from_ieee754_64", DOUBLE),
  murmur3: ofBytes("murmur3"),
  spooky_hash_v2_32: ofBytes("spooky_32"),
  spooky_hash_v2_64: ofBytes("spooky_64"),
};
