import { BIGINT, type TrinoType } from "../types.ts";
import { written } from "../written.ts";
import type { Call } from "./aggregates.ts";
import type { AggregateRule } from "./more-aggregates.ts";

/** Bits of a hash that HyperLogLog's sparse form tells values apart by. */
const SPARSE_BITS = 26;
const DEFAULT_ERROR = 0.023;
const [LOWEST_ERROR, HIGHEST_ERROR] = [0.0040625, 0.26];

/** What Trino hashes: the value as its type holds it. */
export function hashOf(sql: string, type: TrinoType): string | undefined {
  switch (type.kind) {
    case "tinyint":
    case "smallint":
    case "integer":
    case "bigint":
      return `trino_hash_long(${sql})`;
    case "decimal":
      return `trino_hash_${type.precision > 18 ? "halves" : "long"}(trino_unscaled(${sql}))`;
    case "double":
      return `trino_hash_double(${sql})`;
    case "varchar":
      return `trino_hash_text(${sql})`;
    case "varbinary":
      return `trino_hash_blob(${sql})`;
    case "date":
      return `trino_hash_long(${sql} - DATE '1970-01-01')`;
    case "timestamp":
      return `trino_hash_long(epoch_us(${sql}))`;
    case "timestamptz":
      return type.precision > 3 ? undefined : `trino_hash_long(epoch_ms(${sql}))`;
    default:
      return undefined;
  }
}

/** The standard error a call asks for, when it is a literal and Trino takes it. */
function standardError({ args }: Call): number | undefined {
  if (args.length === 1) return DEFAULT_ERROR;
  const digits = /^CAST\(([\d.eE+-]+) AS (DECIMAL|DOUBLE)/.exec(args[1]?.sql ?? "")?.[1];
  const error = Number(digits ?? Number.NaN);
  return error >= LOWEST_ERROR && error <= HIGHEST_ERROR ? error : undefined;
}

/**
 * The most values of which the library's sparse form is sure, and of which it may be: it turns dense where that takes less
 * room. Values added one by one get room by tens, merged sets what they need; a large Java heap has larger objects.
 */
function turningPoint(bits: number): { readonly sure: number; readonly possible: number } {
  const most = 2 ** (bits - 3) + 4;
  return { sure: Math.floor((most - 1) / 10) * 10 + 1, possible: most + 2 };
}

/**
 * `approx_distinct(x[, e])`: Trino's HyperLogLog. Up to some hundreds of values it is sparse and counts them; beyond it
 * estimates from buckets, which do not depend on the order of the rows. In between Trino's own answer depends on how its
 * workers share the rows.
 */
const approxDistinct: AggregateRule = (call) => {
  const [value] = call.args;
  const error = standardError(call);
  if (value === undefined || error === undefined || call.over !== "") return undefined;
  if (value.type.kind === "unknown") return { sql: "count(NULL)", type: BIGINT };
  if (value.type.kind === "boolean") return { sql: `count(DISTINCT ${value.sql})${call.suffix}`, type: BIGINT };
  const hash = hashOf(value.sql, value.type);
  if (hash === undefined) return undefined;
  const bits = 32 - Math.clz32(Math.ceil(1.0816 / (error * error)) - 1);
  const { sure, possible } = turningPoint(bits);
  const present = `${value.sql} IS NOT NULL${call.filter === undefined ? "" : ` AND ${call.filter}`}`;
  const entries = `count(DISTINCT ${hash} >> ${64 - SPARSE_BITS}) FILTER (WHERE ${present})`;
  const buckets = `list(DISTINCT trino_bucket(${hash}, ${bits})) FILTER (WHERE ${present})`;
  const between = `error('NOT_IMPLEMENTED_LOCALLY: approx_distinct of ${sure + 1} to ${possible} values, where it depends on how Trino shares the rows')`;
  return {
    sql: `CASE WHEN ${entries} <= ${sure} THEN ${entries} WHEN ${entries} <= ${possible} THEN ${between} ELSE trino_hyperloglog(${buckets}, ${bits}) END`,
    type: BIGINT,
  };
};

/** Aggregates that estimate. */
export const approximateAggregates: Readonly<Record<string, AggregateRule>> = {
  approx_distinct: written("([DISTINCT] T[, error]) → bigint", approxDistinct),
};
