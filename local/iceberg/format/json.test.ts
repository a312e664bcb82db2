import fc from "fast-check";
import { expect, test } from "vitest";
import { InvalidIceberg, UnsupportedIceberg } from "./errors.ts";
import { parseMetadata, parseSchema, printJson, printMetadata } from "./json.ts";
import { createMetadata } from "./metadata.ts";
import { javaMetadata, pyIcebergMetadata } from "./metadata-fixture.ts";

/** A metadata file with one member changed (undefined: without it). */
function changed(member: string, value: unknown, text = javaMetadata): string {
  const json: Record<string, unknown> = JSON.parse(text.replace(/: (\d{17,})/g, ': "id:$1"'));
  const { [member]: _before, ...rest } = json;
  return JSON.stringify(value === undefined ? rest : { ...rest, [member]: value }).replace(/"id:(\d+)"/g, "$1");
}

test("a created table's metadata file, byte for byte as Java Iceberg orders it", () => {
  const meta = createMetadata({
    uuid: "9c12d441-03fe-4693-9a96-a0705ddf69c1",
    location: "s3://lake/silver/orders/",
    columns: [
      { name: "order_id", type: "string", required: true, doc: "key" },
      { name: "placed_at", type: "timestamp" },
      { name: "total", type: "decimal(18,3)" },
      {
        name: "lines",
        type: { type: "list", "element-id": 0, element: "string", "element-required": false },
      },
    ],
    partitionedBy: [
      { column: "placed_at", transform: "month" },
      { column: "order_id", transform: "bucket[8]" },
    ],
    properties: { "write.parquet.compression-codec": "zstd" },
    now: 1_300_000_000_000,
  });
  expect(printMetadata(meta)).toBe(
    '{"format-version":2,"table-uuid":"9c12d441-03fe-4693-9a96-a0705ddf69c1","location":"s3://lake/silver/orders",' +
      '"last-sequence-number":0,"last-updated-ms":1300000000000,"last-column-id":5,"current-schema-id":0,"schemas":[' +
      '{"type":"struct","schema-id":0,"fields":[' +
      '{"id":1,"name":"order_id","required":true,"type":"string","doc":"key"},' +
      '{"id":2,"name":"placed_at","required":false,"type":"timestamp"},' +
      '{"id":3,"name":"total","required":false,"type":"decimal(18,3)"},' +
      '{"id":4,"name":"lines","required":false,"type":' +
      '{"type":"list","element-id":5,"element":"string","element-required":false}}]}],' +
      '"default-spec-id":0,"partition-specs":[{"spec-id":0,"fields":[' +
      '{"name":"placed_at_month","transform":"month","source-id":2,"field-id":1000},' +
      '{"name":"order_id_bucket","transform":"bucket[8]","source-id":1,"field-id":1001}]}],' +
      '"last-partition-id":1001,"default-sort-order-id":0,"sort-orders":[{"order-id":0,"fields":[]}],' +
      '"properties":{"write.parquet.compression-codec":"zstd"},"current-snapshot-id":-1,"refs":{},"snapshots":[],' +
      '"statistics":[],"partition-statistics":[],"snapshot-log":[],"metadata-log":[]}',
  );
});

test("what Java Iceberg wrote comes back whole: ids to the last digit, members nobody here knows", () => {
  const meta = parseMetadata(javaMetadata);
  expect(meta["current-snapshot-id"]).toBe(3055729675574597004n);
  expect(meta.snapshots[1]?.["parent-snapshot-id"]).toBe(3051729675574597004n);
  expect(meta.refs["audit"]).toEqual({
    "snapshot-id": 3051729675574597004n,
    type: "branch",
    "min-snapshots-to-keep": 2,
    "max-snapshot-age-ms": 86400000,
  });
  const printed = printMetadata(meta);
  expect(printed).toBe(withoutBlanks(javaMetadata));
  expect(parseMetadata(printed)).toEqual(meta);
});

/** As this code prints the same JSON: without blanks, also within decimals. */
function withoutBlanks(text: string): string {
  const bare = text.replace(/"[^"]*"|\s+/g, (token) => (token.startsWith('"') ? token : ""));
  return bare.replace("decimal(18, 3)", "decimal(18,3)").replace("decimal(18, 3)", "decimal(18,3)");
}

test("an empty table of PyIceberg is read", () => {
  const meta = parseMetadata(pyIcebergMetadata);
  expect(meta).toMatchObject({
    location: "s3://lake/silver/people",
    "current-snapshot-id": -1n,
    "partition-statistics": [],
    schemas: [{ "identifier-field-ids": [], fields: [{ type: "string" }, { type: "decimal(9,2)" }] }],
  });
  expect(parseMetadata(printMetadata(meta))).toEqual(meta);
  expect(parseMetadata(changed("current-snapshot-id", null, pyIcebergMetadata))).toEqual(meta);
  expect(parseMetadata(changed("refs", undefined, pyIcebergMetadata))).toEqual(meta);
  expect(parseMetadata(changed("current-snapshot-id", -1, pyIcebergMetadata))["current-snapshot-id"]).toBe(-1n);
});

test("without refs the current snapshot is the main branch", () => {
  const main = { "snapshot-id": 3055729675574597004n, type: "branch" };
  expect(parseMetadata(changed("refs", undefined)).refs).toEqual({ main });
  expect(parseMetadata(changed("refs", {})).refs).toEqual({ main });
});

test("other versions of the format, and what belongs to them, are refused by name", () => {
  const unsupported = (text: string): unknown => expect(() => parseMetadata(text)).toThrow(UnsupportedIceberg);
  for (const version of [1, 3]) {
    expect(() => parseMetadata(changed("format-version", version))).toThrow(
      new UnsupportedIceberg(`Iceberg format version ${version} is not supported, only 2`),
    );
  }
  const snapshot = { "snapshot-id": 1, "timestamp-ms": 1, summary: { operation: "append" }, manifests: ["a"] };
  expect(() => parseMetadata(changed("snapshots", [snapshot]))).toThrow(
    new UnsupportedIceberg("Iceberg snapshot 1 lists its manifests as format v1 does"),
  );
  unsupported(changed("schemas", [schemaWith({ type: "variant" })]));
  unsupported(changed("schemas", [schemaWith({ "write-default": 1 })]));
  const field = { name: "x", transform: "bucket[4]", "source-ids": [1, 2], "field-id": 1000 };
  unsupported(changed("partition-specs", [{ "spec-id": 2, fields: [field] }]));
});

function schemaWith(member: object): object {
  return {
    type: "struct",
    "schema-id": 1,
    fields: [{ id: 1, name: "id", required: false, type: "int", ...member }],
  };
}

test("what the specification demands is demanded, by name", () => {
  const demanded: Record<string, string> = {
    "table-uuid": "table-uuid is not text",
    location: "location is not text",
    "last-sequence-number": "last-sequence-number is not an integer",
    "last-updated-ms": "last-updated-ms is not an integer",
    "last-column-id": "last-column-id is not an integer",
    schemas: "schemas is not a list",
    "current-schema-id": "current-schema-id is not an integer",
    "partition-specs": "partition-specs is not a list",
    "default-spec-id": "default-spec-id is not an integer",
    "last-partition-id": "last-partition-id is not an integer",
    "sort-orders": "sort-orders is not a list",
    "default-sort-order-id": "default-sort-order-id is not an integer",
  };
  for (const [member, message] of Object.entries(demanded)) {
    expect(() => parseMetadata(changed(member, undefined)), member).toThrow(
      new InvalidIceberg(`Iceberg metadata: ${message}`),
    );
  }
  expect(() => parseMetadata("{")).toThrow(new InvalidIceberg("Iceberg metadata file is not JSON"));
  expect(() => parseMetadata("[]")).toThrow(new InvalidIceberg("Iceberg metadata: table metadata is not an object"));
  const broken: [string, unknown, string][] = [
    ["properties", { a: 1 }, "properties.a is not text"],
    ["current-snapshot-id", 1.5, "current-snapshot-id is not an integer"],
    ["refs", { main: { "snapshot-id": 1, type: "twig" } }, "refs.main.type is twig"],
    ["snapshots", [{ "snapshot-id": 1, "timestamp-ms": 1 }], "snapshots[0].manifest-list is not text"],
    [
      "snapshots",
      [{ "snapshot-id": 1, "timestamp-ms": 1, "manifest-list": "a", summary: { operation: "x" } }],
      "snapshots[0].summary.operation is x",
    ],
    [
      "sort-orders",
      [{ "order-id": 3, fields: [{ transform: "identity", "source-id": 1, direction: "up", "null-order": "x" }] }],
      "sort-orders[0].fields[0].direction is up",
    ],
  ];
  for (const [member, value, message] of broken) {
    expect(() => parseMetadata(changed(member, value))).toThrow(new InvalidIceberg(`Iceberg metadata: ${message}`));
  }
});

test("metadata that points at nothing is refused", () => {
  const dangling: [string, unknown, string][] = [
    ["current-schema-id", 9, "current-schema-id"],
    ["default-spec-id", 9, "default-spec-id"],
    ["default-sort-order-id", 0, "default-sort-order-id"],
    ["snapshots", [], "current-snapshot-id"],
    ["current-snapshot-id", undefined, "refs.main"],
    ["refs", { old: { "snapshot-id": 5, type: "tag" } }, "refs.old"],
  ];
  for (const [member, value, what] of dangling) {
    expect(() => parseMetadata(changed(member, value)), what).toThrow(
      new InvalidIceberg(`Iceberg metadata: ${what} points at nothing`),
    );
  }
});

test("a schema out of a manifest, with or without its id", () => {
  const field = { id: 1, name: "a", required: false, type: "decimal(9, 2)" };
  expect(parseSchema(JSON.stringify({ type: "struct", fields: [field] }))).toEqual({
    type: "struct",
    "schema-id": 0,
    fields: [{ ...field, type: "decimal(9,2)" }],
  });
  expect(parseSchema(JSON.stringify({ type: "struct", "schema-id": 4, fields: [] }))["schema-id"]).toBe(4);
  expect(() => parseSchema("struct")).toThrow(new InvalidIceberg("Iceberg schema is not JSON"));
});

test("every 64-bit id survives reading and printing, wherever it stands", () => {
  const id = fc.bigInt({ min: 1n, max: 2n ** 63n - 1n });
  fc.assert(
    fc.property(id, id, (a, b) => {
      const text = javaMetadata
        .replaceAll("3055729675574597004", String(a))
        .replaceAll("3051729675574597004", String(b));
      const meta = parseMetadata(text);
      expect(meta["current-snapshot-id"]).toBe(a);
      expect(meta["snapshot-log"].map((entry) => entry["snapshot-id"])).toEqual([b, a]);
      expect(meta.statistics[0]?.["snapshot-id"]).toBe(a);
      expect(printMetadata(meta)).toBe(withoutBlanks(text));
    }),
  );
  expect(printJson({ a: [9223372036854775807n, 1n, -1n, 2], b: "1n" })).toBe(
    '{"a":[9223372036854775807,1,-1,2],"b":"1n"}',
  );
  expect(() => parseMetadata(javaMetadata.replaceAll("3055729675574597004", "9223372036854775808"))).toThrow(
    new InvalidIceberg("Iceberg metadata: current-snapshot-id has more than 64 bits"),
  );
});
