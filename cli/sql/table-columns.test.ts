import type { Table } from "@aws-sdk/client-glue";
import { expect, it } from "vitest";
import { columnsOf } from "./table-columns.ts";

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

it("columnsOf leaves out what an Iceberg table once had", () => {
  expect(columnsOf(iceberg)).toEqual([
    { name: "n", type: "int", comment: "how many", partition: false },
    { name: "placed_at", type: "timestamp", comment: "", partition: false },
  ]);
  expect(columnsOf(hive).map(({ name, partition }) => [name, partition])).toEqual([
    ["time", false],
    ["event_date", true],
  ]);
});
