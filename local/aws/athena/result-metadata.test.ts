import { expect, test } from "vitest";
import { columnFacts, resultMetadata } from "./result-metadata.ts";

test("the metadata of a changing statement has the bytes that AWS writes after the query's id", () => {
  const file = resultMetadata({
    id: "q",
    update: "MERGE",
    updateCount: 1,
    columns: [{ name: "rows", type: "bigint" }],
  });
  // Seen on AWS: field 2 the kind, 3 the count, 4 one column `rows bigint`: precision 19, scale 0, nullable 3, no case.
  expect(file.toString("hex")).toBe(
    `0a0171${"12054d45524745"}${"1801"}${"2222"}${"0a0468697665"}${"2204726f7773"}${"2a04726f7773"}${"3206626967696e74"}${"3813"}${"4000"}${"4803"}${"5000"}`,
  );
});

test("a column of the catalogue's text has neither size nor case; a long name takes two bytes of length", () => {
  const name = "n".repeat(200);
  const file = resultMetadata({ id: "", columns: [{ name, type: "string" }] });
  const inner = Buffer.concat([
    Buffer.from("0a0468697665", "hex"),
    Buffer.from([0x22, 0xc8, 1]),
    Buffer.from(name),
    Buffer.from([0x2a, 0xc8, 1]),
    Buffer.from(name),
    Buffer.from("3206737472696e67", "hex"),
    Buffer.from("4803", "hex"),
  ]);
  const length = Buffer.from([(inner.length % 128) + 128, Math.floor(inner.length / 128)]);
  expect(file).toEqual(Buffer.concat([Buffer.from([0x0a, 0, 0x22]), length, inner]));
});

test("which facts a type has", () => {
  const shown = (type: string) => {
    const facts = columnFacts(type);
    return [facts.type, facts.precision ?? "-", facts.scale ?? "-", facts.caseSensitive ?? "-"].join(" ");
  };
  expect(
    [
      "varchar",
      "varchar(3)",
      "char(2)",
      "decimal(18,3)",
      "bigint",
      "real",
      "double",
      "boolean",
      "date",
      "timestamp(6)",
      "timestamp(3) with time zone",
      "time(3)",
      "varbinary",
      "interval day to second",
      "array(varchar(3))",
      "row(a integer, b decimal(3,1))",
      "json",
      "string",
    ].map(shown),
  ).toEqual([
    "varchar 2147483647 0 true",
    "varchar 3 0 true",
    "char 2 0 true",
    "decimal 18 3 false",
    "bigint 19 0 false",
    "float 17 0 false",
    "double 17 0 false",
    "boolean - - false",
    "date - 0 false",
    "timestamp 3 0 false",
    "timestamp with time zone 3 0 false",
    "time 3 0 false",
    "varbinary 1073741824 0 false",
    "interval day to second - - false",
    "array - - -",
    "row - - -",
    "json - - -",
    "string - - -",
  ]);
});
