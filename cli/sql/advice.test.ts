import type { Table } from "@aws-sdk/client-glue";
import { describe, expect, it } from "vitest";
import { viewInput } from "../../local/aws/athena/views.ts";
import { adviceOn, type FindTable } from "./advice.ts";

const iceberg: Table = {
  Name: "orders",
  Parameters: { table_type: "ICEBERG" },
  StorageDescriptor: {
    Columns: [
      { Name: "n", Type: "int", Comment: "how many" },
      { Name: "placed_at", Type: "timestamp" },
      { Name: "gone", Type: "string", Parameters: { "iceberg.field.current": "false" } },
    ],
  },
};
const hive: Table = {
  Name: "raw_events",
  StorageDescriptor: { Columns: [{ Name: "time", Type: "timestamp" }] },
  PartitionKeys: [{ Name: "event_date", Type: "string" }],
};
const halves = viewInput({ database: "lake", name: "halves", query: "SELECT n / 2 AS half FROM orders" }, []);
const tables: Readonly<Record<string, Table>> = {
  "lake.orders": iceberg,
  "lake.raw_events": hive,
  "lake.halves": { Name: "halves", TableType: "VIRTUAL_VIEW", ViewOriginalText: String(halves["ViewOriginalText"]) },
};
const find: FindTable = async (database, name) => tables[`${database}.${name}`];
const titles = async (sql: string) =>
  (await adviceOn(sql, "lake", find)).map((warning) => warning.replace(/^line \S+ /, "").split(": ")[0]);

describe("adviceOn", () => {
  it("knows the types of every kind of table from the catalogue", async () => {
    expect(await titles("SELECT o.n / 2 FROM orders o JOIN raw_events e ON e.time = o.placed_at")).toEqual([
      "integer division",
    ]);
    expect(await titles("SELECT half / 2, CAST(time AS timestamp) FROM halves CROSS JOIN raw_events")).toEqual([
      "integer division",
    ]);
    // Microseconds are an Iceberg table's, a Hive table has milliseconds.
    expect(await titles("SELECT CAST(placed_at AS timestamp) FROM orders")).toEqual(["timestamp means timestamp(3)"]);
  });

  it("says nothing where a statement cannot be read", async () => {
    expect(await titles("SELECT 1 / 2 FROM missing")).toEqual([]);
    expect(await titles("SELECT 1 /")).toEqual([]);
    const denied = async () => {
      throw new Error("AccessDeniedException");
    };
    expect(await adviceOn("SELECT n / 2 FROM orders", "lake", denied)).toEqual([]);
  });
});
