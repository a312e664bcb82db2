import fc from "fast-check";
import { expect, test } from "vitest";
import { InvalidChange, InvalidIceberg } from "./errors.ts";
import { addColumns, renameColumn, widenColumn } from "./evolution.ts";
import { parseMetadata } from "./json.ts";
import { createMetadata } from "./metadata.ts";
import { javaMetadata } from "./metadata-fixture.ts";
import type { PrimitiveType, Transform, Value } from "./model.ts";
import {
  noPartitionFields,
  type PartitionedBy,
  partitionFolder,
  partitionKey,
  resolveSpec,
  specFields,
} from "./partition.ts";

const schema = {
  type: "struct",
  fields: (
    [
      ["id", "long"],
      ["name", "string"],
      ["ts", "timestamp"],
      ["ts_month", "string"],
      ["flag", "boolean"],
    ] as const satisfies readonly (readonly [string, PrimitiveType])[]
  ).map(([name, type], index) => ({ id: index + 1, name, required: false, type })),
} as const;

const by = (column: string, transform: Transform, name?: string): PartitionedBy => ({
  column,
  transform,
  ...(name === undefined ? {} : { name }),
});

test("partition fields are named as Trino and Athena name them", () => {
  const made = specFields(
    schema,
    [by("flag", "identity"), by("TS", "day"), by("id", "bucket[16]"), by("name", "truncate[4]"), by("flag", "void")],
    noPartitionFields,
  );
  expect(made.last).toBe(1004);
  expect(made.fields).toEqual([
    { name: "flag", transform: "identity", "source-id": 5, "field-id": 1000 },
    { name: "ts_day", transform: "day", "source-id": 3, "field-id": 1001 },
    { name: "id_bucket", transform: "bucket[16]", "source-id": 1, "field-id": 1002 },
    { name: "name_trunc", transform: "truncate[4]", "source-id": 2, "field-id": 1003 },
    { name: "flag_null", transform: "void", "source-id": 5, "field-id": 1004 },
  ]);
});

test("a name that a column has gets a number, and a given name is taken as it is", () => {
  const names = (...parts: PartitionedBy[]): string[] => specFields(schema, parts, 1007).fields.map(({ name }) => name);
  expect(names(by("ts", "month"))).toEqual(["ts_month_2"]);
  expect(names(by("ts", "hour", "h"), by("id", "identity", "key"))).toEqual(["h", "key"]);
  expect(specFields(schema, [], 1007)).toEqual({ fields: [], last: 1007 });
});

test("partitioning that Java Iceberg refuses is refused", () => {
  const refused = (...parts: PartitionedBy[]): unknown => specFields(schema, parts, noPartitionFields);
  const change = (message: string): InvalidChange => new InvalidChange(message);
  expect(() => refused(by("nothing", "day"))).toThrow(
    change("Column cannot be used for partitioning: nothing does not exist"),
  );
  expect(() => refused(by("ts", "year"), by("ts", "day"))).toThrow(
    change("Cannot add redundant partition: ts_year conflicts with ts_day"),
  );
  expect(() => refused(by("id", "bucket[4]"), by("id", "bucket[8]"))).toThrow(
    change("Cannot use partition name more than once: id_bucket"),
  );
  expect(() => refused(by("id", "bucket[4]"), by("id", "bucket[4]", "other"))).toThrow(
    change("Cannot add redundant partition: id_bucket conflicts with other"),
  );
  expect(() => refused(by("id", "bucket[4]", "name"))).toThrow(
    change("Cannot create partition from name that exists in schema: name"),
  );
  expect(() => refused(by("name", "day"))).toThrow(change("The transform day does not take a column of type string."));
  const nested = { type: "struct", fields: [{ id: 1, name: "s", required: false, type: schema }] } as const;
  expect(() => specFields(nested, [by("s", "identity")], noPartitionFields)).toThrow(
    change("Column cannot be used for partitioning: s is not of a primitive type"),
  );
  expect(specFields(schema, [by("id", "bucket[4]"), by("id", "identity")], noPartitionFields).last).toBe(1001);
});

test("every spec of a table resolves, also with void fields and columns that were dropped", () => {
  const meta = parseMetadata(javaMetadata);
  const shown = (id: number): string[] =>
    resolveSpec(meta, id).fields.map(
      ({ field, source, type }) => `${field.name}: ${source.name} ${source.type} ${type}`,
    );
  expect(shown(0)).toEqual(["page: page string string"]);
  expect(shown(1)).toEqual(["page: page string string", "seen_at_day: seen_at timestamptz date"]);
  expect(shown(2)).toEqual(["seen_at_day: seen_at timestamptz date", "id_bucket: id long int"]);
  expect(() => resolveSpec(meta, 3)).toThrow(new InvalidIceberg("Iceberg metadata: there is no partition spec 3"));
  const gone = { ...meta, schemas: meta.schemas.slice(1) };
  expect(() => resolveSpec(gone, 0)).toThrow(
    new InvalidIceberg("Iceberg metadata: partition field page has no column of a primitive type"),
  );
});

test("a spec follows its column when that is renamed and widened", () => {
  const meta = createMetadata({
    uuid: "u",
    location: "s3://lake/t",
    columns: [{ name: "id", type: "int" }],
    partitionedBy: [by("id", "truncate[10]")],
    properties: {},
    now: 1,
  });
  const next = widenColumn(renameColumn(addColumns(meta, [{ name: "x", type: "int" }]), "id", "key"), "key", "long");
  const [field] = resolveSpec(next, 0).fields;
  expect(field).toEqual({
    field: { name: "id_trunc", transform: "truncate[10]", "source-id": 1, "field-id": 1000 },
    source: { id: 1, name: "key", required: false, type: "long" },
    type: "long",
  });
});

test("folders are named as Java Iceberg names them", () => {
  const meta = createMetadata({
    uuid: "u",
    location: "s3://lake/t",
    columns: [
      { name: "ts", type: "timestamp" },
      { name: "id", type: "long" },
      { name: "na me", type: "string" },
    ],
    partitionedBy: [by("ts", "day"), by("id", "bucket[16]"), by("na me", "identity")],
    properties: {},
    now: 1,
  });
  const spec = resolveSpec(meta, 0);
  expect(partitionFolder(spec, [18263, 3, "plain"])).toBe("ts_day=2020-01-02/id_bucket=3/na+me=plain");
  expect(partitionFolder(spec, [-1, 0, "a b/c=%é+(~'!*._-)"])).toBe(
    "ts_day=1969-12-31/id_bucket=0/na+me=a+b%2Fc%3D%25%C3%A9%2B%28%7E%27%21*._-%29",
  );
  expect(partitionFolder(spec, [null, null, null])).toBe("ts_day=null/id_bucket=null/na+me=null");
  expect(partitionFolder(spec, [0, 0, "\ud800"])).toBe("ts_day=1970-01-01/id_bucket=0/na+me=%EF%BF%BD");
  expect(partitionFolder({ id: 0, fields: [] }, [])).toBe("");
});

test("a partition has one key, and no other partition has it", () => {
  expect(partitionKey(3, [null, 1, 1n, "1,", Buffer.from([1, 255]), true, -0, 0])).toBe(
    '3:null,1,1,"1,",x01ff,true,-0,0',
  );
  const value = fc.oneof(
    fc.constant(null),
    fc.boolean(),
    fc.integer({ min: -2, max: 2 }),
    fc.constantFrom("", ",", "null", '"', '","', "1", "x01"),
    fc.uint8Array({ maxLength: 2 }).map((bytes) => Buffer.from(bytes)),
  );
  const values = fc.array<Value | null>(value, { maxLength: 3 });
  fc.assert(
    fc.property(fc.nat(2), values, fc.nat(2), values, (specA, a, specB, b) => {
      const same = specA === specB && a.length === b.length && a.every((part, index) => equal(part, b[index]));
      expect(partitionKey(specA, a) === partitionKey(specB, b)).toBe(same);
    }),
    { numRuns: 2000 },
  );
});

function equal(a: Value | null | undefined, b: Value | null | undefined): boolean {
  return Buffer.isBuffer(a) && Buffer.isBuffer(b) ? a.equals(b) : a === b;
}
