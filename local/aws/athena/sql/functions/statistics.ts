import type { Expr } from "../scope.ts";
import { DOUBLE, isNumeric, REAL, type TrinoType, VARBINARY } from "../types.ts";
import { nearly, written } from "../written.ts";
import type { Call } from "./aggregates.ts";
import { hashOf } from "./approx-distinct.ts";
import { asDouble } from "./function-rule.ts";
import type { AggregateRule } from "./more-aggregates.ts";

const NAN = "CAST('NaN' AS DOUBLE)";

/** FILTER with one more condition, then OVER. */
const where = (condition: string, { filter, over }: Call): string =>
  ` FILTER (WHERE ${filter === undefined ? condition : `${condition} AND ${filter}`})${over}`;

const numeric = (value: Expr | undefined): value is Expr => value !== undefined && isNumeric(value.type);
/** NaN and infinities, of which DuckDB's statistics fail or are 0. */
const odd = (value: Expr): string | undefined =>
  value.type.kind === "double" ? `NOT isfinite(${value.sql})` : undefined;

/** As a double whose square is no infinity, by which DuckDB's statistics fail. */
const moderate = ({ sql, type }: Expr): string => (type.kind === "double" ? `trino_moderate(${sql})` : asDouble(sql));

/** Variances: NaN as soon as one value is no finite number; `least` values at least, else NULL. */
const spread = (name: string, least: 1 | 2): AggregateRule =>
  nearly(
    written("(double) → double", (call: Call) => {
      const [value] = call.args;
      if (!numeric(value) || call.distinct !== "") return undefined;
      const strange = odd(value);
      const sql = `${name}(${moderate(value)})`;
      if (strange === undefined) return { sql: `${sql}${call.suffix}`, type: DOUBLE };
      const many = least === 1 ? "" : ` AND count(${value.sql})${call.suffix} > 1`;
      return {
        sql: `CASE WHEN bool_or(${strange})${call.suffix}${many} THEN ${NAN} ELSE ${sql}${where(`isfinite(${value.sql})`, call)} END`,
        type: DOUBLE,
      };
    }),
  );

const ofList = (name: string): AggregateRule =>
  nearly(
    written("(double) → double", (call: Call) => {
      const [value] = call.args;
      if (!numeric(value) || call.distinct !== "") return undefined;
      return {
        sql: `trino_${name}(list(${asDouble(value.sql)})${where(`${value.sql} IS NOT NULL`, call)})`,
        type: DOUBLE,
      };
    }),
  );

/** Two columns as doubles, over the rows that have both. */
interface Pairs {
  /** Trino takes whole numbers and decimals for reals where none of the two is a double, and gives a real. */
  readonly type: TrinoType;
  readonly y: string;
  readonly x: string;
  /** An aggregate of the pairs. */
  readonly of: (sql: string) => string;
  /** The same of pairs of finite numbers. */
  readonly finite: (sql: string) => string;
  /** Whether there is a pair such that; undefined where the types have none. */
  readonly some: (check: "isnan" | "isinf") => string | undefined;
}

function pairsOf(call: Call): Pairs | undefined {
  const [first, second] = call.args;
  if (!numeric(first) || !numeric(second) || call.distinct !== "") return undefined;
  const doubles = [first, second].filter(({ type }) => type.kind === "double");
  const present = `${first.sql} IS NOT NULL AND ${second.sql} IS NOT NULL`;
  const finite = [present, ...doubles.map(({ sql }) => `isfinite(${sql})`)].join(" AND ");
  const of = (sql: string): string => `${sql}${where(present, call)}`;
  const side = (value: Expr): string =>
    doubles.length > 0 ? moderate(value) : asDouble(`CAST(${value.sql} AS FLOAT)`);
  return {
    type: doubles.length > 0 ? DOUBLE : REAL,
    y: side(first),
    x: side(second),
    of,
    finite: (sql) => `${sql}${where(finite, call)}`,
    some: (check) =>
      doubles.length === 0 ? undefined : of(`bool_or(${doubles.map(({ sql }) => `${check}(${sql})`).join(" OR ")})`),
  };
}

const ofPairs = (sql: (pairs: Pairs) => string): AggregateRule =>
  nearly(
    written(["(double, double) → double", "(bigint | decimal, bigint | decimal) → real"], (call: Call) => {
      const pairs = pairsOf(call);
      return pairs && { sql: pairs.type === REAL ? `CAST(${sql(pairs)} AS FLOAT)` : sql(pairs), type: pairs.type };
    }),
  );

/** Covariances: of infinities the order of the rows decides. */
const covariance = (name: string, least: 1 | 2): AggregateRule =>
  ofPairs(({ y, x, of, finite, some }) => {
    const plain = finite(`${name}(${y}, ${x})`);
    const [nan, infinite] = [some("isnan"), some("isinf")];
    if (nan === undefined || infinite === undefined) return plain;
    const many = least === 1 ? "" : `WHEN ${of("count(*)")} < 2 THEN NULL `;
    return `CASE ${many}WHEN ${nan} THEN ${NAN} WHEN ${infinite} THEN error('NOT_IMPLEMENTED_LOCALLY: ${name} of infinities') ELSE ${plain} END`;
  });

/** A quotient of covariances is NULL unless it is finite: where a side is always the same, or has NaN or an infinity. */
const quotient = (sql: (pairs: Pairs) => string, divisors: readonly ("x" | "y")[]): AggregateRule =>
  ofPairs((pairs) => {
    const constant = divisors.map(
      (side) => `${pairs.finite(`min(${pairs[side]})`)} = ${pairs.finite(`max(${pairs[side]})`)}`,
    );
    const undefinedWhen = [...constant, pairs.some("isnan"), pairs.some("isinf")].filter((it) => it !== undefined);
    return `CASE WHEN ${undefinedWhen.join(" OR ")} THEN NULL ELSE trino_finite(${sql(pairs)}) END`;
  });

/** The exponential of the mean logarithm; a decimal is taken for a real, and gives one. */
const geometricMean: AggregateRule = nearly(
  written(["(double) → double", "(decimal) → real"], (call: Call) => {
    const [value] = call.args;
    if (!numeric(value) || call.distinct !== "") return undefined;
    const real = value.type.kind === "decimal";
    const log = `trino_ln(${asDouble(real ? `CAST(${value.sql} AS FLOAT)` : value.sql)})`;
    const sql = `exp(sum(${log})${call.suffix} / nullif(count(${value.sql})${call.suffix}, 0))`;
    return real ? { sql: `CAST(${sql} AS FLOAT)`, type: REAL } : { sql, type: DOUBLE };
  }),
);

const together = ({ y, x, finite }: Pairs): string => finite(`covar_pop(${y}, ${x})`);

/** The sum of the values' hashes, each times a prime, and of the prime for each NULL (xxHash64's first). */
const checksum: AggregateRule = written("([DISTINCT] T) → varbinary", (call: Call) => {
  const [value] = call.args;
  if (value === undefined) return undefined;
  const { sql, type } = value;
  const hash = type.kind === "boolean" ? `trino_hash_long(CAST(${sql} AS INTEGER))` : hashOf(sql, type);
  if (hash === undefined) return undefined;
  const term = `trino_checksum_term(${sql} IS NULL, ${hash})`;
  return { sql: `trino_checksum(sum(${call.distinct}${term})${call.suffix})`, type: VARBINARY };
});

/** Statistics of one column or of two, and the checksum of one. */
export const statistics: Readonly<Record<string, AggregateRule>> = {
  stddev: spread("stddev_samp", 2),
  stddev_samp: spread("stddev_samp", 2),
  stddev_pop: spread("stddev_pop", 1),
  variance: spread("var_samp", 2),
  var_samp: spread("var_samp", 2),
  var_pop: spread("var_pop", 1),
  geometric_mean: geometricMean,
  // DuckDB's are by sums of powers, and its skewness is a sample's.
  skewness: ofList("skewness"),
  kurtosis: ofList("kurtosis"),
  covar_pop: covariance("covar_pop", 1),
  covar_samp: covariance("covar_samp", 2),
  corr: quotient(
    (pairs) =>
      `${together(pairs)} / sqrt(${pairs.finite(`var_pop(${pairs.x})`)}) / sqrt(${pairs.finite(`var_pop(${pairs.y})`)})`,
    ["x", "y"],
  ),
  regr_slope: quotient((pairs) => `${together(pairs)} / ${pairs.finite(`var_pop(${pairs.x})`)}`, ["x"]),
  regr_intercept: ofPairs(({ y, x, of }) => `trino_regr_intercept(${of(`list(${y})`)}, ${of(`list(${x})`)})`),
  checksum,
};
