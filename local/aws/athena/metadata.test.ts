import {
  GetNamedQueryCommand,
  GetTableMetadataCommand,
  GetWorkGroupCommand,
  ListNamedQueriesCommand,
} from "@aws-sdk/client-athena";
import { GetTableCommand, GetTablesCommand } from "@aws-sdk/client-glue";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Bench, startBench } from "./fixture.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.stop());

test("workgroups, saved queries and the catalogue are the graph's", async () => {
  const { WorkGroup } = await bench.athena.send(new GetWorkGroupCommand({ WorkGroup: "wg" }));
  expect(WorkGroup?.Configuration?.BytesScannedCutoffPerQuery).toBe(10_000_000);
  const { NamedQueryIds } = await bench.athena.send(new ListNamedQueriesCommand({ WorkGroup: "wg" }));
  expect(NamedQueryIds).toEqual(["q1"]);
  const { NamedQuery } = await bench.athena.send(new GetNamedQueryCommand({ NamedQueryId: "q1" }));
  expect(NamedQuery).toMatchObject({ Name: "how-many", Database: "db", QueryString: "SELECT count(*) FROM sales" });
  const { TableMetadata } = await bench.athena.send(
    new GetTableMetadataCommand({ CatalogName: "AwsDataCatalog", DatabaseName: "db", TableName: "raw" }),
  );
  expect(TableMetadata?.PartitionKeys?.map(({ Name }) => Name)).toEqual(["day", "kind"]);
  const { Table } = await bench.glue.send(new GetTableCommand({ DatabaseName: "db", Name: "sales" }));
  expect(Table?.Parameters?.["table_type"]).toBe("ICEBERG");
  expect(Table?.StorageDescriptor?.Columns?.map(({ Name, Type }) => `${Name} ${Type}`)).toEqual([
    "sku string",
    "n bigint",
    "amount decimal(18,3)",
    "sold_at timestamp",
  ]);
  const { TableList } = await bench.glue.send(new GetTablesCommand({ DatabaseName: "db", Expression: "s.*" }));
  expect(TableList?.map(({ Name }) => Name)).toEqual(["sales"]);
  await expect(bench.glue.send(new GetTableCommand({ DatabaseName: "db", Name: "nowhere" }))).rejects.toThrow(
    "Table nowhere not found",
  );
});
