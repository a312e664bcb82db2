import { afterAll, beforeAll, expect, test } from "vitest";
import type { IcebergType, PrimitiveType } from "../format/model.ts";
import { duckType } from "../format/types.ts";
import { parseValue } from "../format/value.ts";
import { type Fixture, openFixture } from "./fixture.ts";
import { mapCell, relation, valueCell } from "./relation.ts";
import { arrayOf, mapOf, rowOf, trinoType } from "./trino-type.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await openFixture();
});
afterAll(() => fixture.close());

const values: readonly [PrimitiveType, string, string][] = [
  ["boolean", "true", "boolean"],
  ["int", "-2147483648", "integer"],
  ["long", "9223372036854775807", "bigint"],
  ["float", "1.5", "real"],
  ["double", "-Infinity", "double"],
  ["date", "0001-01-01", "date"],
  ["time", "23:59:59.999999", "time(6)"],
  ["timestamp", "1969-12-31 23:59:59.999999", "timestamp(6)"],
  ["timestamptz", "2010-12-01 08:26:00.000001+00", "timestamp(6) with time zone"],
  ["string", 'it\'s "é" 😀 {a=b} \n \\', "varchar"],
  ["uuid", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6", "uuid"],
  ["binary", "a\\x00\\xFF'", "varbinary"],
  ["fixed[2]", "\\xAB\\x5C", "varbinary"],
  ["decimal(18,3)", "-0.001", "decimal(18,3)"],
  ["decimal(38,10)", "1234567890123456789012345678.0123456789", "decimal(38,10)"],
];

test("Values of every type come back as they were, under Trino's names of the types.", async () => {
  for (const [type, text, trino] of values) {
    const value = parseValue(text, type);
    expect(value, type).toBeDefined();
    const made = relation([{ name: 'a "b"', type }], [[valueCell(value, type)], [valueCell(null, type)]]);
    expect(made.columns).toEqual([{ name: 'a "b"', type: trino }]);
    const sql = `SELECT "a ""b""" IS NOT DISTINCT FROM CAST(${type === "string" ? `e'${text.replace(/['\\]/g, "\\$&")}'` : `'${text.replaceAll("'", "''")}'`} AS ${duckType(type)}) AS same, typeof("a ""b""") AS type FROM ${made.sql}`;
    expect(await fixture.rows(sql), type).toEqual([
      { same: true, type: duckType(type) },
      { same: false, type: duckType(type) },
    ]);
  }
});

test("Rows, lists and maps too; a map that is missing is NULL, one without entries is empty.", async () => {
  const row = rowOf([
    ["a b", "decimal(9,2)"],
    ["inner", rowOf([["x", "long"]])],
  ]);
  const list = arrayOf(row);
  const map = mapOf("int", "string");
  const cells = [{ "a b": "1.50", inner: { x: 2n ** 62n } }, [{ "a b": null, inner: null }], mapCell([[1, "one"]])];
  const made = relation(
    [row, list, map].map((type: IcebergType, i) => ({ name: `c${i}`, type })),
    [cells, [null, [], mapCell([])], [null, null, null]],
  );
  expect(made.columns.map(({ type }) => type)).toEqual([
    'row("a b" decimal(9,2), inner row(x bigint))',
    'array(row("a b" decimal(9,2), inner row(x bigint)))',
    "map(integer, varchar)",
  ]);
  expect((await fixture.rows(`SELECT * FROM ${made.sql}`)).map((one) => Object.values(one))).toEqual([
    [{ "a b": "1.50", inner: { x: String(2n ** 62n) } }, [{ "a b": null, inner: null }], [{ key: 1, value: "one" }]],
    [null, [], []],
    [null, null, null],
  ]);
});

test("Trino's name of a map of lists.", () => {
  expect(trinoType(mapOf("string", arrayOf("timestamptz")))).toBe("map(varchar, array(timestamp(6) with time zone))");
});
