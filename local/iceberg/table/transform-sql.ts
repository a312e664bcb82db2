import {
  BLOB,
  DuckDBBlobValue,
  type DuckDBConnection,
  DuckDBScalarFunction,
  type DuckDBType,
  HUGEINT,
  INTEGER,
} from "@duckdb/node-api";
import type { PrimitiveType, Transform } from "../format/model.ts";
import { murmur3 } from "../format/murmur3.ts";
import { resultType } from "../format/transform.ts";
import { decimalOf, duckType } from "../format/types.ts";
import { unscaledBytes } from "../format/value.ts";

/** Partition transforms (Iceberg spec "Partition Transforms", appendix B) as DuckDB SQL: as format/transform.ts, by column. */

const WORD = "4294967295::UBIGINT";

/**
 * Murmur3 of an eight-byte integer in integer arithmetic, which no call into JavaScript can match in speed. UBIGINT
 * products do not overflow: both factors are below 2^32. `p = 2^r`, `q = 2^(32 - r)` rotate left by r.
 */
const MACROS = [
  `iceberg_rotate(x, p, q) AS ((x * p) & ${WORD}) | (x // q)`,
  `iceberg_mix(k) AS (iceberg_rotate((k * 3432918353::UBIGINT) & ${WORD}, 32768::UBIGINT, 131072::UBIGINT) * 461845907::UBIGINT) & ${WORD}`,
  `iceberg_round(h, k) AS (iceberg_rotate(xor(h, iceberg_mix(k)), 8192::UBIGINT, 524288::UBIGINT) * 5::UBIGINT + 3864292196::UBIGINT) & ${WORD}`,
  `iceberg_final1(h) AS (xor(h, h // 65536::UBIGINT) * 2246822507::UBIGINT) & ${WORD}`,
  `iceberg_final2(h) AS (xor(h, h // 8192::UBIGINT) * 3266489909::UBIGINT) & ${WORD}`,
  `iceberg_final3(h) AS xor(h, h // 65536::UBIGINT)`,
  `iceberg_bits(v) AS CASE WHEN v < 0 THEN (v::HUGEINT + 18446744073709551616::HUGEINT)::UBIGINT ELSE v::UBIGINT END`,
  `iceberg_hash_words(x) AS iceberg_final3(iceberg_final2(iceberg_final1(xor(iceberg_round(iceberg_round(0::UBIGINT, x & ${WORD}), x // 4294967296::UBIGINT), 8::UBIGINT))))`,
  `iceberg_hash_long(v) AS iceberg_hash_words(iceberg_bits(v))`,
];

/** The rest is hashed in JavaScript. */
const FUNCTIONS: readonly {
  readonly name: string;
  readonly parameter: DuckDBType;
  bytes(value: unknown): Uint8Array | undefined;
}[] = [
  {
    name: "iceberg_hash_bytes",
    parameter: BLOB,
    bytes: (value) => (value instanceof DuckDBBlobValue ? value.bytes : undefined),
  },
  {
    name: "iceberg_hash_unscaled",
    parameter: HUGEINT,
    bytes: (value) => (typeof value === "bigint" ? unscaledBytes(value) : undefined),
  },
];

const prepared = new WeakSet<DuckDBConnection>();

/** Gives a connection what {@link transformSql} calls. Costs nothing the second time. */
export async function prepareIceberg(connection: DuckDBConnection): Promise<void> {
  if (prepared.has(connection)) return;
  // Bounds and partition values come back as text in the session's zone.
  await connection.run("SET TimeZone = 'UTC'");
  for (const macro of MACROS) await connection.run(`CREATE OR REPLACE TEMP MACRO ${macro}`);
  for (const { name, parameter, bytes } of FUNCTIONS) {
    const known = await connection.runAndReadAll(`SELECT 1 FROM duckdb_functions() WHERE function_name = '${name}'`);
    if (known.currentRowCount === 0) connection.registerScalarFunction(hashFunction(name, parameter, bytes));
  }
  prepared.add(connection);
}

function hashFunction(name: string, parameter: DuckDBType, bytes: (value: unknown) => Uint8Array | undefined) {
  return DuckDBScalarFunction.create({
    name,
    returnType: INTEGER,
    parameterTypes: [parameter],
    mainFunction(_info, input, output) {
      const values = input.getColumnVector(0);
      for (let row = 0; row < input.rowCount; row += 1) {
        const hashed = bytes(values.getItem(row));
        output.setItem(row, hashed === undefined ? null : murmur3(hashed));
      }
      output.flush();
    },
  });
}

/**
 * @param sql a column of the source type, evaluated more than once.
 * @returns an expression of the result type's DuckDB type; NULL stays NULL.
 */
export function transformSql(transform: Transform, source: PrimitiveType, sql: string): string {
  return `(${bare(transform, source, sql)})::${duckType(resultType(transform, source))}`;
}

function bare(transform: Transform, source: PrimitiveType, sql: string): string {
  // Casts between timestamps with and without zone would ask for the ICU extension.
  const time = source === "timestamptz" ? `make_timestamp(epoch_us(${sql}))` : sql;
  switch (transform) {
    case "identity":
      return sql;
    case "void":
      return "NULL";
    case "year":
      return `year(${time}) - 1970`;
    case "month":
      return `(year(${time}) - 1970) * 12 + month(${time}) - 1`;
    case "day":
      return `${time}::DATE`;
    case "hour":
      return floored(`epoch_us(${time})`, "3600000000");
    default: {
      const parameter = Number(/\d+/.exec(transform)?.[0]);
      return transform.startsWith("bucket") ? bucket(source, sql, parameter) : truncate(source, sql, parameter);
    }
  }
}

/** DuckDB's `//` rounds towards zero. */
function floored(sql: string, divisor: string): string {
  return `(${sql} - ${nonNegativeRemainder(sql, divisor)}) // ${divisor}`;
}

function nonNegativeRemainder(sql: string, divisor: string): string {
  return `(((${sql} % ${divisor}) + ${divisor}) % ${divisor})`;
}

function truncate(source: PrimitiveType, sql: string, width: number): string {
  const decimal = decimalOf(source);
  if (decimal) {
    // The width counts units of the last digit. With 38 digits the sum of remainder and width does not overflow.
    const wide = `${sql}::DECIMAL(38,${decimal.scale})`;
    const unit = `${lastDigits(width, decimal.scale)}::DECIMAL(38,${decimal.scale})`;
    return `${wide} - ${nonNegativeRemainder(wide, unit)}`;
  }
  switch (source) {
    case "string":
      return `left(${sql}, ${width})`;
    case "binary":
      return `${sql}[1:${width}]`;
    case "int":
      return wrappedInt(`${sql}::BIGINT - ${nonNegativeRemainder(`${sql}::BIGINT`, String(width))}`);
    default:
      return wrappedLong(sql, width);
  }
}

/** As in Java, what would leave the type's range at its lower end comes back at the upper one. */
function wrappedInt(sql: string): string {
  return `((${sql} + 2147483648) & 4294967295) - 2147483648`;
}

function wrappedLong(sql: string, width: number): string {
  const lowest = -(2n ** 63n);
  const cut = `${sql} - ${nonNegativeRemainder(sql, String(width))}`;
  const wide = `${sql}::HUGEINT - ${nonNegativeRemainder(sql, String(width))}`;
  return `CASE WHEN ${sql} >= ${lowest + BigInt(width)} THEN ${cut}
    WHEN ${wide} < ${lowest}::HUGEINT THEN ${wide} + ${2n ** 64n}::HUGEINT ELSE ${wide} END`;
}

function lastDigits(count: number, scale: number): string {
  const digits = String(count).padStart(scale + 1, "0");
  return `${digits.slice(0, digits.length - scale)}.${digits.slice(digits.length - scale)}`;
}

function bucket(source: PrimitiveType, sql: string, buckets: number): string {
  return `((${hash(source, sql)}) & 2147483647) % ${buckets}`;
}

function hash(source: PrimitiveType, sql: string): string {
  switch (source) {
    case "int":
      return `iceberg_hash_long(${sql}::BIGINT)`;
    case "long":
      return `iceberg_hash_long(${sql})`;
    case "date":
      return `iceberg_hash_long(datediff('day', DATE '1970-01-01', ${sql})::BIGINT)`;
    case "time":
    case "timestamp":
    case "timestamptz":
      return `iceberg_hash_long(epoch_us(${sql}))`;
    case "string":
      return ofDistinct("iceberg_hash_bytes", `encode(${sql})`);
    case "uuid":
      return ofDistinct("iceberg_hash_bytes", `unhex(replace(${sql}::VARCHAR, '-', ''))`);
    default:
      return decimalOf(source)
        ? ofDistinct("iceberg_hash_unscaled", `replace(${sql}::VARCHAR, '.', '')::HUGEINT`)
        : ofDistinct("iceberg_hash_bytes", sql);
  }
}

/** A correlated sub-query is evaluated once a distinct value: few calls into JavaScript for many rows. */
function ofDistinct(name: string, argument: string): string {
  return `SELECT ${name}(v.x) FROM (SELECT ${argument} AS x) v`;
}
