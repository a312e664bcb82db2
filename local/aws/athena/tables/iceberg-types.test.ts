import { describe, expect, test } from "vitest";
import type { IcebergType } from "../../../iceberg/format/model.ts";
import { arrayOf, decimal, display, mapOf, rowOf, type TrinoType, timestamp, VARCHAR } from "../sql/types.ts";
import { icebergType, trinoType } from "./iceberg-types.ts";

describe("types of Iceberg columns", () => {
  const pairs: readonly (readonly [IcebergType, string])[] = [
    ["boolean", "boolean"],
    ["int", "integer"],
    ["long", "bigint"],
    ["float", "real"],
    ["double", "double"],
    ["date", "date"],
    ["time", "time(6)"],
    ["timestamp", "timestamp(6)"],
    ["timestamptz", "timestamp(6) with time zone"],
    ["string", "varchar"],
    ["binary", "varbinary"],
    ["decimal(18,3)", "decimal(18,3)"],
  ];

  test.each(pairs)("%s is %s in Athena, and back", (iceberg, trino) => {
    const type = trinoType(iceberg);
    expect(display(type)).toBe(trino);
    expect(icebergType(type)).toBe(iceberg);
  });

  test("nest", () => {
    const type = mapOf(VARCHAR, arrayOf(rowOf([{ name: "at", type: timestamp(6) }])));
    expect(trinoType(icebergType(type))).toEqual(type);
  });

  test("fixed is read as bytes", () => {
    expect(display(trinoType("fixed[16]"))).toBe("varbinary");
  });

  const refused: readonly (readonly [TrinoType, string])[] = [
    [timestamp(3), 'NOT_SUPPORTED: Timestamp precision (3) not supported for Iceberg. Use "timestamp(6)" instead.'],
    [{ kind: "smallint" }, "NOT_SUPPORTED: Type not supported for Iceberg: smallint"],
    [arrayOf({ kind: "json" }), "NOT_SUPPORTED: Type not supported for Iceberg: json"],
    [rowOf([{ name: "", type: decimal(3, 1) }]), "NOT_SUPPORTED: Row type field does not have a name"],
  ];

  test.each(refused)("$kind is refused as Athena refuses it", (type, message) => {
    expect(() => icebergType(type)).toThrow(message);
  });
});
