import { DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PrimitiveType, Value } from "./model.ts";
import { fromBytes, parseValue, toBytes, valueText } from "./value.ts";
import { primitiveTypes, valuesOf } from "./value-fixture.ts";

describe("values from text", () => {
  const day = 86_400_000_000n;
  test.each([
    ["boolean", "true", true],
    ["boolean", "0", false],
    ["int", "-2147483648", -2147483648],
    ["long", "+9223372036854775807", 2n ** 63n - 1n],
    ["float", "0.1", Math.fround(0.1)],
    ["double", "-1.5e300", -1.5e300],
    ["double", "-inf", -Infinity],
    ["float", "nan", Number.NaN],
    ["decimal(9,2)", "-.5", -50n],
    ["decimal(9,2)", "14.2000", 1420n],
    ["date", "1969-12-31", -1],
    ["date", "0044-03-15 (BC)", -735160],
    ["time", "22:31:08", 81_068_000_000n],
    ["timestamp", "1970-01-02", day],
    ["timestamp", "1969-12-31 23:59:59.999999", -1n],
    ["timestamp", "1970-01-01T00:01", 60_000_000n],
    ["timestamp", "1970-01-01 00:00:00.000001000", 1n],
    ["timestamptz", "1970-01-01 05:30:00+05:30", 0n],
    ["timestamptz", "1969-12-31 16:00:00-08", 0n],
    ["timestamptz", "1970-01-01 00:00:00 UTC", 0n],
    ["timestamptz", "1970-01-01 00:00:00", 0n],
    ["string", "infinity", "infinity"],
    ["binary", "a\\x00\\xFF", Buffer.of(0x61, 0, 0xff)],
    ["fixed[2]", "ab", Buffer.from("ab")],
  ] satisfies [PrimitiveType, string, Value][])("%s %s", (type, text, value) => {
    expect(parseValue(text, type)).toEqual(value);
  });

  test.each([
    ["boolean", "yes"],
    ["int", "2147483648"],
    ["int", "1.0"],
    ["int", ""],
    ["long", "9223372036854775808"],
    ["double", "1,5"],
    ["float", ""],
    ["decimal(9,2)", "1.001"],
    ["decimal(9,2)", "10000000"],
    ["decimal(9,2)", "."],
    ["decimal(9,2)", "1e3"],
    ["date", "infinity"],
    ["date", "2021-02-29"],
    ["date", "2021-13-01"],
    ["date", "2021-1-1"],
    ["time", "24:00:00"],
    ["timestamp", "-infinity"],
    ["timestamp", "2021-01-01 00:00:00+01"],
    ["timestamp", "2021-01-01 00:60"],
    ["timestamp", "2021-01-01 00:00:00.0000001"],
    ["timestamptz", "2021-01-01 00:00:00 Europe/London"],
    ["uuid", "f79c3e09"],
    ["binary", "é"],
    ["fixed[2]", "a"],
  ] satisfies [PrimitiveType, string][])("%s has no value %j", (type, text) => {
    expect(parseValue(text, type)).toBeUndefined();
  });

  test("whatever DuckDB prints is read as the value it printed", async () => {
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    try {
      await connection.run("SET TimeZone = 'UTC'");
      for (const type of primitiveTypes) {
        const values = fc
          .sample(valuesOf(type), { numRuns: 60, seed: 7 })
          .filter((value) => duckSql(value, type) !== "");
        const rows = values.map((value) => `(${duckSql(value, type)})`);
        const read = await connection.runAndReadAll(`SELECT v::VARCHAR FROM (VALUES ${rows.join(", ")}) t(v)`);
        const parsed = read.getRows().map(([text]) => parseValue(String(text), type));
        expect(parsed, type).toEqual(values);
      }
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  });
});

/** The value built without the text that is tested; empty where DuckDB has no such value. */
function duckSql(value: Value, type: PrimitiveType): string {
  const hex = toBytes(value, type).toString("hex");
  switch (type) {
    case "date":
      return `DATE '1970-01-01' + ${value}`;
    case "time":
      return `TIME '00:00:00' + to_microseconds(${value})`;
    case "timestamp":
      return `make_timestamp(${value}::BIGINT)`;
    case "timestamptz":
      return `make_timestamp(${value}::BIGINT)::TIMESTAMPTZ`;
    case "string":
      return String(value).includes("\0") ? "" : `'${String(value).replaceAll("'", "''")}'`;
    case "uuid":
      return `'${hex}'::UUID`;
    case "binary":
    case "fixed[5]":
      return `unhex('${hex}')`;
    case "float":
    case "double":
      return `'${Object.is(value, -0) ? "-0.0" : value}'::${type}`;
    case "boolean":
    case "int":
    case "long":
      return `'${value}'::${type}`;
    default:
      return `'${valueText(value, type)}'::${type}`;
  }
}

describe("values as text, as Java prints them", () => {
  test.each([
    ["boolean", true, "true"],
    ["int", -5, "-5"],
    ["long", 2n ** 62n, "4611686018427387904"],
    ["decimal(9,2)", -5n, "-0.05"],
    ["decimal(9,2)", 1420n, "14.20"],
    ["decimal(18,0)", 7n, "7"],
    ["date", 18263, "2020-01-02"],
    ["date", -719529, "-0001-12-31"],
    ["date", 2932897, "+10000-01-01"],
    ["time", 0n, "00:00"],
    ["time", 81_068_000_000n, "22:31:08"],
    ["time", 1_500_000n, "00:00:01.500"],
    ["timestamp", 1577934245000001n, "2020-01-02T03:04:05.000001"],
    ["timestamp", 1577934240000000n, "2020-01-02T03:04"],
    ["timestamp", -1n, "1969-12-31T23:59:59.999999"],
    ["timestamptz", 1577934245000000n, "2020-01-02T03:04:05Z"],
    ["string", "é", "é"],
    ["float", 1, "1.0"],
    ["double", -0, "-0.0"],
    ["double", 1.5e10, "1.5E10"],
    ["double", 1e-5, "1.0E-5"],
    ["double", Infinity, "Infinity"],
    ["uuid", Buffer.from("f79c3e09677c4bbda4793f349cb785e7", "hex"), "f79c3e09-677c-4bbd-a479-3f349cb785e7"],
    ["binary", Buffer.of(0, 1, 97), "AAFh"],
  ] satisfies [PrimitiveType, Value, string][])("%s %s", (type, value, text) => {
    expect(valueText(value, type)).toBe(text);
  });

  test("is read again as the value, but for bytes and years that SQL writes otherwise", () => {
    const types = primitiveTypes.filter((type) => !["binary", "fixed[5]", "float"].includes(type));
    fc.assert(
      fc.property(
        fc.constantFrom(...types).chain((type) => fc.tuple(fc.constant(type), valuesOf(type))),
        ([type, value]) => {
          const text = valueText(value, type);
          if (/^[+-]\d+-\d\d-\d\d/.test(text)) return;
          expect(parseValue(text, type)).toEqual(fromBytes(toBytes(value, type), type));
        },
      ),
    );
  });
});
