import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, test } from "vitest";
import { InvalidIceberg, UnsupportedIceberg } from "./errors.ts";
import type { IcebergType, NestedField } from "./model.ts";
import { checkType, duckFieldIds, duckType, isPrimitive, parsePrimitive } from "./types.ts";

test("primitive types are read with and without blanks", () => {
  const plain = [
    ..."boolean int long float double date time timestamp timestamptz string uuid binary".split(" "),
    "decimal(38,0)",
    "fixed[16]",
  ];
  expect(plain.map(parsePrimitive)).toEqual(plain);
  expect(parsePrimitive("decimal(18, 3)")).toBe("decimal(18,3)");
  expect(parsePrimitive("decimal( 9 ,2 )")).toBe("decimal(9,2)");
});

test("what is no type, and what format v3 brought, is refused by name", () => {
  for (const text of [
    "",
    "varchar",
    "decimal(39,0)",
    "decimal(0,0)",
    "decimal(3,4)",
    "decimal(3)",
    "fixed[]",
    "toString",
  ]) {
    expect(() => parsePrimitive(text), text).toThrow(new InvalidIceberg(`Iceberg metadata: there is no type ${text}`));
  }
  for (const text of ["variant", "timestamp_ns", "timestamptz_ns", "unknown", "geometry(srid:4326)", "geography"]) {
    expect(() => parsePrimitive(text), text).toThrow(
      new UnsupportedIceberg(`Iceberg type ${text} is not supported: it needs format v3`),
    );
  }
});

const nested: IcebergType = {
  type: "struct",
  fields: [
    { id: 2, name: "a b", required: true, type: "decimal(18,3)" },
    {
      id: 3,
      name: 'qu"ote',
      required: false,
      type: {
        type: "map",
        "key-id": 4,
        key: "string",
        "value-id": 5,
        value: {
          type: "list",
          "element-id": 6,
          element: { type: "struct", fields: [{ id: 7, name: "x", required: false, type: "fixed[4]" }] },
          "element-required": true,
        },
        "value-required": false,
      },
    },
  ],
};

test("nested types are read from JSON as they are", () => {
  expect(checkType(JSON.parse(JSON.stringify(nested)))).toEqual(nested);
  expect(isPrimitive(nested)).toBe(false);
  expect(isPrimitive("int")).toBe(true);
  const field = { id: 1, name: "x", required: false, type: "int" };
  expect(() => checkType({ type: "struct", fields: [{ ...field, "initial-default": 1 }] })).toThrow(
    new UnsupportedIceberg("Iceberg column x has initial-default: it needs format v3"),
  );
  expect(checkType({ type: "struct", fields: [{ ...field, "initial-default": null, doc: null }] })).toEqual({
    type: "struct",
    fields: [field],
  });
  expect(() => checkType({ type: "union" }, "c")).toThrow(
    new InvalidIceberg("Iceberg metadata: c is no struct, list or map"),
  );
  expect(() => checkType({ type: "list", "element-id": 1, element: "int" }, "c")).toThrow(
    new InvalidIceberg("Iceberg metadata: c.element-required is not true or false"),
  );
});

test("types and field ids in DuckDB's words", () => {
  expect(duckType(nested)).toBe('STRUCT("a b" DECIMAL(18,3), "qu""ote" MAP(VARCHAR, STRUCT("x" BLOB)[]))');
  expect(duckFieldIds([{ id: 1, name: "s", required: false, type: nested }])).toBe(
    '{"s": {__duckdb_field_id: 1, "a b": 2, "qu""ote": {__duckdb_field_id: 3, key: 4, ' +
      'value: {__duckdb_field_id: 5, element: {__duckdb_field_id: 6, "x": 7}}}}}',
  );
});

test("DuckDB takes every type, and writes the ids at every level", async () => {
  const primitives =
    "boolean int long float double date time timestamp timestamptz string uuid binary decimal(38,9) fixed[3]".split(
      " ",
    );
  const fields: NestedField[] = [
    { id: 1, name: "s", required: false, type: nested },
    ...primitives.map((type, index) => ({ id: 20 + index, name: type, required: false, type: parsePrimitive(type) })),
  ];
  const folder = await mkdtemp(join(tmpdir(), "types-"));
  const connection = await (await DuckDBInstance.create()).connect();
  try {
    const columns = fields.map(({ name, type }) => `NULL::${duckType(type)} AS "${name}"`).join(", ");
    const file = join(folder, "a.parquet");
    await connection.run(`COPY (SELECT ${columns}) TO '${file}' (FORMAT parquet, FIELD_IDS ${duckFieldIds(fields)})`);
    const reader = await connection.runAndReadAll(
      `SELECT name, field_id::INTEGER FROM parquet_schema('${file}') WHERE field_id IS NOT NULL ORDER BY field_id`,
    );
    expect(reader.getRowsJson()).toEqual([
      ["s", 1],
      ["a b", 2],
      ['qu"ote', 3],
      ["key", 4],
      ["value", 5],
      ["element", 6],
      ["x", 7],
      ...primitives.map((type, index) => [type, 20 + index]),
    ]);
  } finally {
    connection.closeSync();
    await rm(folder, { recursive: true });
  }
});
