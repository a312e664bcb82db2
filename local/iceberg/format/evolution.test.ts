import fc from "fast-check";
import { expect, test } from "vitest";
import { InvalidChange, UnsupportedIceberg } from "./errors.ts";
import { addColumns, commentColumn, dropColumn, moveColumn, renameColumn, widenColumn } from "./evolution.ts";
import { parseMetadata, printMetadata } from "./json.ts";
import { createMetadata } from "./metadata.ts";
import { javaMetadata } from "./metadata-fixture.ts";
import type { IcebergType, StructType, TableMetadata } from "./model.ts";
import { currentSchema } from "./schema.ts";

const pair = (type: IcebergType): StructType => ({
  type: "struct",
  fields: [{ id: 0, name: "x", required: false, type }],
});

const table = createMetadata({
  uuid: "u",
  location: "s3://lake/t",
  columns: [
    { name: "id", type: "int", required: true },
    { name: "at", type: "timestamp" },
    { name: "price", type: "decimal(9,2)" },
    { name: "rate", type: "float" },
    { name: "place", type: pair("int") },
  ],
  partitionedBy: [{ column: "at", transform: "day" }],
  properties: {},
  now: 1,
});

const shown = (meta: TableMetadata): string[] =>
  currentSchema(meta).fields.map(
    ({ id, name, type }) => `${id} ${name} ${typeof type === "string" ? type : type.type}`,
  );

test("added columns come last, one after the other, with new ids and NULL for the rows there are", () => {
  const next = addColumns(table, [
    { name: "home", type: pair("string") },
    { name: "note", type: "string", doc: "free" },
  ]);
  expect(shown(next)).toEqual([...shown(table), "7 home struct", "9 note string"]);
  expect(next["last-column-id"]).toBe(9);
  expect(next["current-schema-id"]).toBe(1);
  expect(next.schemas.map((schema) => schema["schema-id"])).toEqual([0, 1]);
  expect(next.schemas[0]).toBe(table.schemas[0]);
});

test("columns that cannot be added are refused", () => {
  const add = (name: string, required = false) => addColumns(table, [{ name, type: "int", required }]);
  expect(() => add("ID")).toThrow(new InvalidChange("Column 'ID' already exists"));
  expect(() => add("file_index")).toThrow(new InvalidChange("Column name file_index is reserved by the local engine"));
  expect(() => add("at_day")).toThrow(new InvalidChange("Column name at_day is the name of a partition field"));
  expect(() => add("must", true)).toThrow(new InvalidChange("Cannot add required column must: rows exist without it"));
});

test("a dropped column's name may come back as another column", () => {
  const dropped = dropColumn(table, "rate");
  expect(shown(dropped)).toEqual(["1 id int", "2 at timestamp", "3 price decimal(9,2)", "5 place struct"]);
  const again = addColumns(dropped, [{ name: "rate", type: "float" }]);
  expect(shown(again).at(-1)).toBe("7 rate float");
  expect(again["current-schema-id"]).toBe(2);
});

test("columns that something needs are not dropped, in Trino's words", () => {
  const java = parseMetadata(javaMetadata);
  expect(() => dropColumn(table, "at")).toThrow(new InvalidChange("Cannot drop partition field: at"));
  expect(() => dropColumn(java, "id")).toThrow(new InvalidChange("Cannot drop partition field: id"));
  const current = { ...java, "default-spec-id": 0 };
  expect(() => dropColumn(current, "id")).toThrow(
    new InvalidChange("Cannot drop column which is used by an old partition spec: id"),
  );
  const free = { ...java, "default-spec-id": 0, "partition-specs": [{ "spec-id": 0, fields: [] }] };
  expect(() => dropColumn(free, "id")).toThrow(new InvalidChange("Cannot drop sort field: id"));
  const unsorted = { ...free, "default-sort-order-id": 0, "sort-orders": [{ "order-id": 0, fields: [] }] };
  expect(() => dropColumn(unsorted, "id")).toThrow(new InvalidChange("Cannot drop identifier field: id"));
  expect(shown(dropColumn(unsorted, "seen_at"))).toEqual([
    "1 id long",
    "4 price decimal(18,3)",
    "5 tags list",
    "7 extra map",
  ]);
});

test("the last column stays", () => {
  const rest = ["id", "price", "rate"].reduce(dropColumn, {
    ...table,
    "partition-specs": [{ "spec-id": 0, fields: [] }],
  });
  expect(() => dropColumn(dropColumn(rest, "place"), "at")).toThrow(
    new InvalidChange("Cannot drop the only column of a table: at"),
  );
});

test("a renamed column keeps its id; partition names stay", () => {
  const next = renameColumn(table, "AT", "happened_at");
  expect(shown(next)[1]).toBe("2 happened_at timestamp");
  expect(next["partition-specs"]).toBe(table["partition-specs"]);
  expect(() => renameColumn(table, "rate", "Price")).toThrow(new InvalidChange("Column 'Price' already exists"));
  expect(() => renameColumn(table, "rate", "at_day")).toThrow(
    new InvalidChange("Column name at_day is the name of a partition field"),
  );
  expect(() => renameColumn(table, "nothing", "x")).toThrow(new InvalidChange("Column 'nothing' does not exist"));
  expect(shown(renameColumn(table, "rate", "RATE"))[3]).toBe("4 RATE float");
});

test("only types that hold every old value are taken", () => {
  expect(shown(widenColumn(table, "id", "long"))[0]).toBe("1 id long");
  expect(shown(widenColumn(table, "rate", "double"))[3]).toBe("4 rate double");
  expect(shown(widenColumn(table, "price", "decimal(18,2)"))[2]).toBe("3 price decimal(18,2)");
  expect(widenColumn(table, "price", "decimal(9,2)")).toBe(table);
  expect(widenColumn(table, "place", pair("int"))).toBe(table);
  const refused: [string, IcebergType, string][] = [
    ["id", "string", "int to string"],
    ["id", "double", "int to double"],
    ["price", "decimal(18,3)", "decimal(9,2) to decimal(18,3)"],
    ["price", "decimal(8,2)", "decimal(9,2) to decimal(8,2)"],
    ["rate", "int", "float to int"],
    ["at", "timestamptz", "timestamp to timestamptz"],
    ["place", "string", "struct to string"],
  ];
  for (const [name, type, what] of refused) {
    expect(() => widenColumn(table, name, type)).toThrow(
      new InvalidChange(`Cannot change type of column ${name}: ${what}`),
    );
  }
});

test("changes inside a column are refused by name", () => {
  expect(() => widenColumn(table, "place", pair("long"))).toThrow(
    new UnsupportedIceberg("Changing a type inside column place is not supported"),
  );
  for (const change of [
    () => renameColumn(table, "place.x", "y"),
    () => dropColumn(table, "place.x"),
    () => widenColumn(table, "place.x", "long"),
  ]) {
    expect(change).toThrow(new UnsupportedIceberg("Changing a field inside a column (place.x) is not supported"));
  }
});

test("comments and the order of columns change as CHANGE COLUMN has it", () => {
  const noted = commentColumn(table, "id", "key");
  expect(currentSchema(noted).fields[0]).toEqual({ id: 1, name: "id", required: true, type: "int", doc: "key" });
  expect(commentColumn(noted, "id", undefined)["current-schema-id"]).toBe(0);
  const names = (meta: TableMetadata): string[] => currentSchema(meta).fields.map((field) => field.name);
  expect(names(moveColumn(table, "rate", "first"))).toEqual(["rate", "id", "at", "price", "place"]);
  expect(names(moveColumn(table, "id", { after: "price" }))).toEqual(["at", "price", "id", "rate", "place"]);
  expect(names(moveColumn(table, "place", { after: "id" }))).toEqual(["id", "place", "at", "price", "rate"]);
  expect(() => moveColumn(table, "id", { after: "id" })).toThrow(
    new InvalidChange("Cannot move column id behind itself"),
  );
});

test("a change to what there is already gives the same object", () => {
  expect(renameColumn(table, "rate", "rate")).toBe(table);
  expect(moveColumn(table, "at", { after: "id" })).toBe(table);
  expect(commentColumn(table, "id", undefined)).toBe(table);
  expect(addColumns(table, [])).toBe(table);
});

test("going back to an equal schema takes its id again", () => {
  const there = renameColumn(table, "rate", "r");
  const back = renameColumn(there, "r", "rate");
  expect(back["current-schema-id"]).toBe(0);
  expect(back.schemas).toHaveLength(2);
  expect(renameColumn(back, "rate", "r")["current-schema-id"]).toBe(1);
});

test("whatever the order of changes, an id means one column for ever and the metadata stays readable", () => {
  const names = ["a", "b", "c", "d"];
  const step = fc.oneof(
    fc.record({ kind: fc.constant("add" as const), name: fc.constantFrom(...names) }),
    fc.record({ kind: fc.constant("drop" as const), name: fc.constantFrom(...names) }),
    fc.record({ kind: fc.constant("rename" as const), name: fc.constantFrom(...names), to: fc.constantFrom(...names) }),
    fc.record({ kind: fc.constant("widen" as const), name: fc.constantFrom(...names) }),
    fc.record({ kind: fc.constant("first" as const), name: fc.constantFrom(...names) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      let meta = table;
      const everUsed = new Set(currentSchema(meta).fields.map((field) => field.id));
      // What each column should be, by id: the plain model of the same steps.
      const model = new Map(currentSchema(meta).fields.map((field) => [field.name, field.id]));
      for (const change of steps) {
        const id = model.get(change.name);
        try {
          if (change.kind === "add") {
            meta = addColumns(meta, [{ name: change.name, type: "int" }]);
            const added = meta["last-column-id"];
            expect(everUsed.has(added)).toBe(false);
            everUsed.add(added);
            model.set(change.name, added);
          } else if (change.kind === "drop") {
            meta = dropColumn(meta, change.name);
            model.delete(change.name);
          } else if (change.kind === "rename") {
            meta = renameColumn(meta, change.name, change.to);
            model.delete(change.name);
            if (id !== undefined) model.set(change.to, id);
          } else if (change.kind === "widen") {
            meta = widenColumn(meta, change.name, "long");
          } else {
            meta = moveColumn(meta, change.name, "first");
          }
        } catch (error) {
          expect(error).toBeInstanceOf(InvalidChange);
        }
        const columns = new Map(currentSchema(meta).fields.map((field) => [field.name, field.id]));
        expect(columns).toEqual(model);
        const ids = meta.schemas.map((schema) => schema["schema-id"]);
        expect(new Set(ids).size).toBe(ids.length);
      }
      expect(parseMetadata(printMetadata(meta))).toEqual(meta);
    }),
    { numRuns: 150 },
  );
});
