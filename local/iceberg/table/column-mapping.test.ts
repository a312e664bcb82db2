import { describe, expect, test } from "vitest";
import type { IcebergType, NestedField } from "../format/model.ts";
import { mapColumns } from "./column-mapping.ts";
import type { FileShape, StoredField, StoredType } from "./file-shape.ts";

const URI = "s3://t/a.parquet";

function shapeOf(...fields: StoredField[]): FileShape {
  return { fields, byId: new Map(fields.flatMap((field) => (field.id === undefined ? [] : [[field.id, field]]))) };
}

const stored = (id: number | undefined, name: string, type: StoredType): StoredField => ({ id, name, type });
const wanted = (id: number, name: string, type: IcebergType): NestedField => ({ id, name, required: false, type });
const columnOf = (type: StoredType, as: IcebergType): string | undefined =>
  mapColumns(shapeOf(stored(1, "c", type)), [wanted(1, "c", as)], "d", URI).columns[0];

const list = (id: number, element: IcebergType): IcebergType => ({
  type: "list",
  "element-id": id,
  element,
  "element-required": false,
});
const struct = (...fields: NestedField[]): IcebergType => ({ type: "struct", fields });

describe("A column is read", () => {
  const shape = shapeOf(stored(1, "a", "INTEGER"), stored(2, 'old "b"', "VARCHAR"), stored(undefined, "more", "DATE"));

  test("under its name in the file, and as NULL where the file has none.", () => {
    const fields = [wanted(2, "b", "string"), wanted(1, "a", "int"), wanted(3, "more", "date")];
    expect(mapColumns(shape, fields, "d", URI)).toEqual({
      options: "hive_partitioning = false",
      columns: ['d."old ""b"""', 'd."a"', "CAST(NULL AS DATE)"],
    });
  });

  test("by field id where the names in the file do not do.", () => {
    const hidden = shapeOf(stored(1, "File_Index", "INTEGER"), stored(2, "b", "VARCHAR"));
    const fields = [wanted(1, "a", "long"), wanted(2, "b", "string")];
    expect(mapColumns(hidden, fields, "d", URI)).toEqual({
      options:
        "schema = MAP {1: {name: 'f1', type: 'BIGINT', default_value: NULL}, 2: {name: 'f2', type: 'VARCHAR', default_value: NULL}}",
      columns: ["d.f1", "d.f2"],
    });
    const twins = shapeOf(stored(1, "a", "INTEGER"), stored(2, "A", "INTEGER"));
    expect(mapColumns(twins, [], "d", URI)).toEqual({
      options: "schema = MAP {0: {name: 'f0', type: 'INTEGER', default_value: NULL}}",
      columns: [],
    });
  });

  test.each<[StoredType, IcebergType, string]>([
    ["INTEGER", "long", 'CAST(d."c" AS BIGINT)'],
    ["FLOAT", "double", 'CAST(d."c" AS DOUBLE)'],
    ["DECIMAL(9,2)", "decimal(18,2)", 'CAST(d."c" AS DECIMAL(18,2))'],
    ["?2//8.3.0", "timestamp", 'CAST(d."c" AS TIMESTAMP)'],
    [{ kind: "list", element: stored(2, "x", "INTEGER") }, list(2, "int"), 'd."c"'],
    [{ kind: "list", element: stored(2, "x", "INTEGER") }, list(2, "long"), 'CAST(d."c" AS BIGINT[])'],
    [
      { kind: "struct", fields: [stored(2, "x", "INTEGER"), stored(3, "y", "DATE")] },
      struct(wanted(4, "z", "int"), wanted(2, "x", "int")),
      'CAST(d."c" AS STRUCT("z" INTEGER, "x" INTEGER))',
    ],
  ])("from %j in the file as %j", (type, as, sql) => {
    expect(columnOf(type, as)).toBe(sql);
  });
});

describe("A file is refused by name", () => {
  test("without field ids.", () => {
    const message = `Data file ${URI} has no Iceberg field ids: files that were only registered are not read`;
    expect(() => mapColumns(shapeOf(stored(undefined, "a", "INTEGER")), [], "d", URI)).toThrow(message);
  });

  test.each<[StoredType, IcebergType]>([
    ["BIGINT", "int"],
    ["BLOB", "string"],
    ["DATE", "timestamp"],
    ["DECIMAL(9,2)", "decimal(18,3)"],
    ["DECIMAL(18,2)", "decimal(9,2)"],
    ["VARCHAR", list(2, "string")],
    [{ kind: "struct", fields: [stored(2, "x", "INTEGER")] }, "string"],
    [{ kind: "map", key: stored(2, "k", "VARCHAR"), value: stored(3, "v", "BIGINT") }, list(2, "string")],
    [{ kind: "list", element: stored(2, "x", "BIGINT") }, list(2, "int")],
  ])("with %j for %j.", (type, as) => {
    expect(() => columnOf(type, as)).toThrow(`Column c of data file ${URI} is stored as another type: `);
  });

  test.each<[string, StoredField, NestedField, string]>([
    ["renamed", stored(2, "was", "INTEGER"), wanted(2, "x", "int"), "Field x in column c"],
    ["replaced", stored(9, "X", "INTEGER"), wanted(2, "x", "int"), "Field x in column c"],
    ["gone", stored(9, "y", "INTEGER"), wanted(2, "x", "int"), "No field of the struct in column c"],
  ])("with a field inside of a struct %s, however deep.", (_, there, field, message) => {
    const inner: StoredType = {
      kind: "map",
      key: stored(3, "k", "VARCHAR"),
      value: stored(4, "v", { kind: "struct", fields: [there] }),
    };
    const map: IcebergType = {
      type: "map",
      "key-id": 3,
      key: "string",
      "value-id": 4,
      value: struct(field),
      "value-required": false,
    };
    expect(() => columnOf({ kind: "list", element: stored(5, "e", inner) }, list(5, map))).toThrow(
      `${message} of data file ${URI}`,
    );
  });
});
