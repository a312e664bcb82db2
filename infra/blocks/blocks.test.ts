import * as pulumi from "@pulumi/pulumi";
import { beforeAll, describe, expect, test } from "vitest";
import { withDefaults } from "./defaults.ts";
import { icebergFields, icebergPartitions, icebergType } from "./iceberg-schema.ts";
import { type Grant, policyOf } from "./policy.ts";
import { projection } from "./tables.ts";

beforeAll(async () => {
  await pulumi.runtime.setMocks(
    { newResource: ({ name, inputs }) => ({ id: name, state: inputs }), call: () => ({}) },
    "c360",
    "test",
  );
});

const resolved = <T>(output: pulumi.Output<T>): Promise<pulumi.Unwrap<T>> =>
  new Promise((resolve) => pulumi.output(output).apply(resolve));

test("withDefaults: undefined is absent, 0 and false are values", () => {
  const args: { a?: number | undefined; b?: boolean; c?: string; d: string } = { a: undefined, b: false, d: "d" };
  expect(withDefaults(args, { a: 1, b: true, c: "c" })).toEqual({ a: 1, b: false, c: "c", d: "d" });
  expect(withDefaults({ a: 0 }, { a: 1 })).toEqual({ a: 0 });
});

describe("policyOf", () => {
  const grant: Grant = { sid: "Read", actions: ["s3:GetObject"], resources: [pulumi.output("arn:aws:s3:::b/*")] };

  test("writes plain policy JSON", async () => {
    const text = await resolved(
      policyOf([{ ...grant, condition: { StringEquals: { "aws:SourceAccount": pulumi.output("1") } } }]),
    );
    expect(JSON.parse(text)).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "Read",
          Effect: "Allow",
          Action: ["s3:GetObject"],
          Resource: ["arn:aws:s3:::b/*"],
          Condition: { StringEquals: { "aws:SourceAccount": "1" } },
        },
      ],
    });
  });

  test.each([
    [{ ...grant, actions: ["s3:*"] }, 'Grant Read: "s3:*" is not one named action.'],
    [{ ...grant, actions: ["*"] }, 'Grant Read: "*" is not one named action.'],
    [{ ...grant, actions: [] }, "Grant Read needs at least one action and one resource."],
    [{ ...grant, resources: [] }, "Grant Read needs at least one action and one resource."],
    [{ ...grant, sid: "read it" }, 'Grant "read it": a Sid has letters and digits only.'],
  ])("refuses %o", (wrong, message) => {
    expect(() => policyOf([wrong])).toThrow(message);
  });

  test("refuses two grants of one name", () => {
    expect(() => policyOf([grant, grant])).toThrow("Two grants of one policy are called Read.");
  });
});

describe("Iceberg schema", () => {
  const columns = [
    { name: "id", type: "string", comment: "Who.", required: true },
    { name: "at", type: "timestamp" },
    { name: "value", type: "decimal(18,3)" },
  ];

  test("types by their Iceberg names, each a JSON document as Glue takes it", () => {
    expect(icebergFields(columns)).toEqual([
      { id: 1, name: "id", type: '"string"', required: true, doc: "Who." },
      { id: 2, name: "at", type: '"timestamp"', required: false },
      { id: 3, name: "value", type: '"decimal(18, 3)"', required: false },
    ]);
  });

  test.each([
    ["bigint", "long"],
    ["int", "int"],
    ["boolean", "boolean"],
    ["decimal(38,38)", "decimal(38, 38)"],
  ])("%s is %s", (hive, iceberg) => {
    expect(icebergType(hive)).toBe(iceberg);
  });

  test.each(["array<string>", "decimal(39,0)", "decimal(3,4)", "tinyint", "String"])("%s is refused", (type) => {
    expect(() => icebergType(type)).toThrow(`Iceberg column type for "${type}" is not known.`);
  });

  test("partition fields are numbered from 1000 and named by their transform", () => {
    expect(
      icebergPartitions(columns, [
        { column: "at", transform: "month" },
        { column: "id", transform: "bucket[16]" },
        { column: "id", transform: "truncate[4]" },
        { column: "value", transform: "identity" },
      ]),
    ).toEqual([
      { name: "at_month", sourceId: 2, transform: "month", fieldId: 1000 },
      { name: "id_bucket", sourceId: 1, transform: "bucket[16]", fieldId: 1001 },
      { name: "id_trunc", sourceId: 1, transform: "truncate[4]", fieldId: 1002 },
      { name: "value", sourceId: 3, transform: "identity", fieldId: 1003 },
    ]);
    expect(() => icebergPartitions(columns, [{ column: "no", transform: "day" }])).toThrow(
      'Partition field: the table has no column "no".',
    );
    expect(() => icebergPartitions(columns, [{ column: "at", transform: "week" }])).toThrow(
      'Partition field at: "week" is no transform of Iceberg.',
    );
  });
});

test("partition projection, as Athena reads it", () => {
  expect(
    projection([
      { name: "event_date", kind: "date", from: "2010-01-01" },
      { name: "event_type", kind: "enum", values: ["A", "B"] },
    ]),
  ).toEqual({
    "projection.enabled": "true",
    "projection.event_date.type": "date",
    "projection.event_date.format": "yyyy-MM-dd",
    "projection.event_date.range": "2010-01-01,NOW",
    "projection.event_date.interval": "1",
    "projection.event_date.interval.unit": "DAYS",
    "projection.event_type.type": "enum",
    "projection.event_type.values": "A,B",
  });
});
