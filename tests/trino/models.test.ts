import { describe, expect, it } from "vitest";
import { tables } from "../../analytics/models/index.ts";
import { icebergTableSql, rawTableSql } from "../../verify/trino/lake-schema.ts";
import { fuzzSection, modelsSection } from "../../verify/trino/report.ts";
import { type TableText, tableDifference, textOfAthena, textOfTrino } from "../../verify/trino/table-text.ts";

describe("the lake's tables on Trino", () => {
  it("have the graph's columns, NOT NULL and partitions", () => {
    const rfm = tables.find(({ name }) => name === "rfm");
    if (rfm === undefined) throw new Error("no rfm");
    expect(icebergTableSql("iceberg.s", rfm)).toBe(
      `CREATE TABLE iceberg.s.rfm ("as_of" date NOT NULL, "customer_id" varchar NOT NULL, "recency_days" integer NOT NULL, "frequency" integer NOT NULL, "monetary" decimal(18,3) NOT NULL, "r" integer NOT NULL, "f" integer NOT NULL, "m" integer NOT NULL)
WITH (format = 'PARQUET', partitioning = ARRAY['as_of'])`,
    );
    const orders = tables.find(({ name }) => name === "orders");
    if (orders === undefined) throw new Error("no orders");
    expect(icebergTableSql("iceberg.s", orders)).toContain("partitioning = ARRAY['month(placed_at)']");
  });

  it("read the raw files where they are, by day and type", () => {
    const sql = rawTableSql("hive.s.raw_events", "local:///tmp/raw");
    expect(sql).toContain(`"time" timestamp(3)`);
    expect(sql).toContain("external_location = 'local:///tmp/raw'");
    expect(sql).toContain("partitioned_by = ARRAY['event_date', 'event_type']");
  });
});

describe("two results", () => {
  const table = (rows: readonly (readonly (string | null)[])[]): TableText => ({
    columns: [
      { name: "a", type: "bigint" },
      { name: "b", type: "varchar" },
    ],
    rows,
  });

  it("are the same in any order, unless the query orders them", () => {
    const [one, other] = [
      table([
        ["1", "x"],
        ["2", null],
      ]),
      table([
        ["2", null],
        ["1", "x"],
      ]),
    ];
    expect(tableDifference(one, other, false)).toBeUndefined();
    expect(tableDifference(one, other, true)).toBe(
      "2 of 2 rows; columns that differ: none, but rows put together otherwise",
    );
  });

  it("tell the columns that differ, and no value", () => {
    expect(tableDifference(table([["1", "x"]]), table([["1", null]]), false)).toBe(
      "1 of 1 rows; columns that differ: b",
    );
    expect(tableDifference(table([["1", "x"]]), table([]), false)).toBe("1 rows, Trino has 0");
  });

  it("are compared in the names and texts that both have", () => {
    const ours = textOfAthena({
      columns: [{ name: "d", type: "double" }],
      rows: [["1.0E10"]],
      bytesScanned: 0,
      milliseconds: 0,
      queryExecutionId: "",
      statementType: "DML",
    });
    const typeSignature = { rawType: "double", arguments: [] };
    const theirs = textOfTrino({ columns: [{ name: "d", type: "double", typeSignature }], rows: [["1.0E10"]] });
    expect(tableDifference(ours, theirs, true)).toBeUndefined();
  });
});

describe("the page", () => {
  it("says how often what was found", () => {
    const text = fuzzSection(
      {
        seed: 1,
        batches: 1,
        compared: 1015,
        statements: 6,
        findings: [],
        seen: {},
        counts: { windows: { equal: 9, value: 1 }, joins: { equal: 1005 } },
      },
      "476",
    );
    expect(text).toContain("seed 1: **1,015 queries judged**, in 6 statements on Trino.");
    expect(text).toContain("| joins | 1,005 | 0 | 0 | 0 | 0 | 0 | 0 | 0 |");
    expect(text).toContain("| **all** | 1,014 | 0 | 0 | 0 | 0 | 0 | 0 | 1 |");
  });

  it("names what differs between the models' tables", () => {
    const text = modelsSection({
      trino: "476",
      refreshes: 1,
      statements: 19,
      rawFiles: 405,
      until: "2011-01-01",
      tables: [{ name: "rfm", rows: 885, difference: "1 rows, Trino has 0" }],
      questions: [],
    });
    expect(text).toContain("**1 DIFFERENCES.**");
    expect(text).toContain("| rfm | 885 | 1 rows, Trino has 0 |");
  });
});
