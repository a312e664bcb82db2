import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PrimitiveType, Transform, Value } from "../format/model.ts";
import { applyTransform, resultType } from "../format/transform.ts";
import { duckType } from "../format/types.ts";
import { parseValue } from "../format/value-text.ts";
import { type Fixture, openFixture } from "./fixture.ts";
import { literal } from "./sql.ts";
import { prepareIceberg, transformSql } from "./transform-sql.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await openFixture();
  await prepareIceberg(fixture.connection);
});
afterAll(() => fixture.close());

const MICROS = 1000;
/** Years 1 to 9999. */
const instant = fc
  .date({ min: new Date("0001-01-02T00:00:00Z"), max: new Date("9999-12-30T00:00:00Z"), noInvalidDate: true })
  .chain((date) =>
    fc.nat(MICROS - 1).map((micros) => `${date.toISOString().slice(0, 23)}${String(micros).padStart(3, "0")}`),
  );

/** Texts that DuckDB casts to the type. */
const texts: Record<string, fc.Arbitrary<string>> = {
  boolean: fc.boolean().map(String),
  int: fc.oneof(fc.integer(), fc.integer({ max: -(2 ** 31) + 2000 })).map(String),
  long: fc
    .oneof(
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
      fc.bigInt({ min: -(2n ** 63n), max: -(2n ** 63n) + 2000n }),
    )
    .map(String),
  date: instant.map((text) => text.slice(0, 10)),
  time: instant.map((text) => text.slice(11)),
  timestamp: instant.map((text) => text.replace("T", " ")),
  timestamptz: instant.map((text) => `${text.replace("T", " ")}+00`),
  string: fc.string({ unit: "binary" }).filter((text) => !text.includes("\0")),
  uuid: fc.uuid(),
  binary: fc
    .uint8Array({ maxLength: 20 })
    .map((bytes) => Array.from(bytes, (byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("")),
  "decimal(9,2)": decimals(9, 2),
  "decimal(18,3)": decimals(18, 3),
  "decimal(38,10)": decimals(38, 10),
  "decimal(4,4)": decimals(4, 4),
  "decimal(7,0)": decimals(7, 0),
};

/** Leaves out the lowest values, which truncation would take out of the type's range. */
function decimals(precision: number, scale: number): fc.Arbitrary<string> {
  const max = 10n ** BigInt(precision) - 1n;
  return fc.bigInt({ min: 1000n - max, max }).map((unscaled) => {
    const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, "0");
    const whole = digits.slice(0, digits.length - scale);
    return `${unscaled < 0n ? "-" : ""}${whole}${scale === 0 ? "" : `.${digits.slice(digits.length - scale)}`}`;
  });
}

const transforms: readonly Transform[] = [
  "identity",
  "void",
  "year",
  "month",
  "day",
  "hour",
  "bucket[1]",
  "bucket[16]",
  "bucket[997]",
  "truncate[1]",
  "truncate[3]",
  "truncate[1000]",
];

const combinations = Object.keys(texts).flatMap((source) =>
  transforms.flatMap((transform) => (accepts(transform, source) ? [{ source, transform }] : [])),
);

function accepts(transform: Transform, source: string): source is PrimitiveType {
  try {
    resultType(transform, source as PrimitiveType);
    return true;
  } catch {
    return false;
  }
}

test.each(combinations)("$transform of $source is what format/transform.ts says", async ({ source, transform }) => {
  const type = source as PrimitiveType;
  const samples = fc.sample(texts[source] ?? fc.constant(""), 150);
  const rows = samples.map((text, index) => `(${index}, ${literal(text)}::${duckType(type)})`);
  const found = await fixture.rows(
    `SELECT v::VARCHAR AS v, r::VARCHAR AS r, typeof(r) AS t FROM (
      SELECT i, v, ${transformSql(transform, type, "v")} AS r FROM (VALUES ${rows.join(", ")}, (-1, NULL)) x(i, v)
    ) ORDER BY i`,
  );
  const result = resultType(transform, type);
  expect(found.map((row) => [row["v"], value(row["r"], result), row["t"]])).toEqual(
    found.map((row) => [row["v"], applyTransform(transform, type, value(row["v"], type)), duckType(result)]),
  );
  expect(found).toHaveLength(151);
});

function value(text: unknown, type: PrimitiveType): Value | null {
  if (text === null) return null;
  const parsed = parseValue(String(text), type);
  if (parsed === undefined) throw new Error(`${String(text)} is no ${type}`);
  return parsed;
}

test("the specification's examples of truncation", async () => {
  const of = (transform: Transform, type: PrimitiveType, text: string): string =>
    `${transformSql(transform, type, `${literal(text)}::${duckType(type)}`)}::VARCHAR`;
  const [row] = await fixture.rows(
    `SELECT ${of("truncate[10]", "int", "-1")} AS a, ${of("truncate[50]", "decimal(9,2)", "10.65")} AS b,
      ${of("truncate[50]", "decimal(9,2)", "-0.05")} AS c, ${of("truncate[3]", "string", "iceberg")} AS d,
      ${of("hour", "timestamp", "1969-12-31 23:59:59.999999")} AS e, ${of("bucket[16]", "string", "iceberg")} AS f`,
  );
  expect(row).toEqual({ a: "-10", b: "10.50", c: "-0.50", d: "ice", e: "-1", f: String(1210000089 % 16) });
});

test("a connection is prepared once, a second one of the same database as well", async () => {
  await prepareIceberg(fixture.connection);
  await prepareIceberg(fixture.connection);
  expect(await fixture.rows("SELECT iceberg_hash_long(34)::BIGINT & 2147483647 AS h")).toEqual([{ h: "2017239379" }]);
});
