import { expect, test } from "vitest";
import { InvalidChange, InvalidIceberg } from "./errors.ts";
import { parseMetadata } from "./json.ts";
import { javaMetadata } from "./metadata-fixture.ts";
import type { IcebergType, StructType } from "./model.ts";
import { assignIds, columnNamed, currentSchema, fieldById, refuseNames, refuseTwins, schemaOf } from "./schema.ts";

const struct = (...names: string[]): StructType => ({
  type: "struct",
  fields: names.map((name) => ({ id: 0, name, required: false, type: "int" })),
});

test("ids go to a whole level first, then into each column, as Java Iceberg gives them", () => {
  const list: IcebergType = {
    type: "list",
    "element-id": 0,
    element: struct("p", "q"),
    "element-required": true,
  };
  const map: IcebergType = {
    type: "map",
    "key-id": 0,
    key: "string",
    "value-id": 0,
    value: struct("v"),
    "value-required": false,
  };
  const { fields, last } = assignIds(
    [
      { name: "a", type: struct("x", "y"), doc: "first" },
      { name: "b", type: list },
      { name: "c", type: map, required: true },
      { name: "d", type: "long" },
    ],
    10,
  );
  expect(last).toBe(22);
  expect(fields).toEqual([
    {
      id: 11,
      name: "a",
      required: false,
      type: {
        type: "struct",
        fields: [
          { id: 15, name: "x", required: false, type: "int" },
          { id: 16, name: "y", required: false, type: "int" },
        ],
      },
      doc: "first",
    },
    {
      id: 12,
      name: "b",
      required: false,
      type: {
        type: "list",
        "element-id": 17,
        element: {
          type: "struct",
          fields: [
            { id: 18, name: "p", required: false, type: "int" },
            { id: 19, name: "q", required: false, type: "int" },
          ],
        },
        "element-required": true,
      },
    },
    {
      id: 13,
      name: "c",
      required: true,
      type: {
        type: "map",
        "key-id": 20,
        key: "string",
        "value-id": 21,
        value: { type: "struct", fields: [{ id: 22, name: "v", required: false, type: "int" }] },
        "value-required": false,
      },
    },
    { id: 14, name: "d", required: false, type: "long" },
  ]);
});

test("schemas and fields are found by id, also inside structs", () => {
  const meta = parseMetadata(javaMetadata);
  expect(currentSchema(meta)["schema-id"]).toBe(1);
  expect(fieldById(schemaOf(meta, 0), 3)?.name).toBe("page");
  expect(fieldById(currentSchema(meta), 3)).toBeUndefined();
  expect(() => schemaOf(meta, 7)).toThrow(new InvalidIceberg("Iceberg metadata: there is no schema 7"));
  const { fields } = assignIds([{ name: "a", type: struct("x", "y") }], 0);
  expect(fieldById({ type: "struct", fields }, 3)?.name).toBe("y");
});

test("a column is found by its exact name before case is ignored", () => {
  const schema = struct("Name", "name", "Other");
  expect(columnNamed(schema, "name")?.name).toBe("name");
  expect(columnNamed(schema, "OTHER")?.name).toBe("Other");
  expect(columnNamed(schema, "others")).toBeUndefined();
});

test("names that DuckDB would hide, twins and empty ones are refused", () => {
  expect(() => refuseNames(["a", "filename2"], ["b"])).not.toThrow();
  for (const name of ["filename", "File_Row_Number", "file_index", "__file", "__pos", "__OP"]) {
    expect(() => refuseNames([name], [])).toThrow(
      new InvalidChange(`Column name ${name} is reserved by the local engine`),
    );
  }
  expect(() => refuseNames(["a", "A"], [])).toThrow(new InvalidChange("Column 'A' already exists"));
  expect(() => refuseNames(["b"], ["B"])).toThrow(new InvalidChange("Column 'b' already exists"));
  expect(() => refuseNames([""], [])).toThrow(new InvalidChange("A column name is empty"));
  const twins = { type: "list", "element-id": 1, element: struct("x", "X"), "element-required": false } as const;
  expect(() => refuseTwins(twins)).toThrow(new InvalidChange("Field name 'X' is empty or used twice"));
  expect(() => refuseTwins(struct("x", "y"))).not.toThrow();
});
