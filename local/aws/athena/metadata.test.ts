import {
  GetDatabaseCommand,
  GetDataCatalogCommand,
  GetNamedQueryCommand,
  GetTableMetadataCommand,
  GetWorkGroupCommand,
  ListDatabasesCommand,
  ListDataCatalogsCommand,
  ListNamedQueriesCommand,
  ListTableMetadataCommand,
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

test("the catalogue as database tools ask for it", async () => {
  const CatalogName = "AwsDataCatalog";
  const { DataCatalogsSummary } = await bench.athena.send(new ListDataCatalogsCommand({}));
  expect(DataCatalogsSummary?.map(({ CatalogName: name, Type }) => [name, Type])).toEqual([[CatalogName, "GLUE"]]);
  const { DataCatalog } = await bench.athena.send(new GetDataCatalogCommand({ Name: "awsdatacatalog" }));
  expect(DataCatalog?.Parameters).toEqual({ "catalog-id": "123456789012" });
  const { DatabaseList } = await bench.athena.send(new ListDatabasesCommand({ CatalogName }));
  expect(DatabaseList).toEqual([{ Name: "db", Parameters: {} }]);
  const { Database } = await bench.athena.send(new GetDatabaseCommand({ CatalogName, DatabaseName: "db" }));
  expect(Database?.Name).toBe("db");
  const asked = { CatalogName, DatabaseName: "db" };
  const first = await bench.athena.send(
    new ListTableMetadataCommand({ ...asked, Expression: "n.*|s.*", MaxResults: 1 }),
  );
  const second = await bench.athena.send(
    new ListTableMetadataCommand({ ...asked, Expression: "n.*|s.*", NextToken: first.NextToken }),
  );
  expect([first, second].map(({ TableMetadataList }) => TableMetadataList?.map(({ Name }) => Name))).toEqual([
    ["notes"],
    ["sales"],
  ]);
  const { TableMetadata } = await bench.athena.send(new GetTableMetadataCommand({ ...asked, TableName: "notes" }));
  expect(TableMetadata).toMatchObject({
    TableType: "EXTERNAL_TABLE",
    CreateTime: expect.any(Date),
    Columns: [
      { Name: "id", Type: "string" },
      { Name: "n", Type: "bigint" },
    ],
    PartitionKeys: [{ Name: "day", Type: "string" }],
    Parameters: {
      location: "s3://lake/notes/",
      "serde.serialization.lib": "org.openx.data.jsonserde.JsonSerDe",
    },
  });
  await expect(
    bench.athena.send(new GetTableMetadataCommand({ ...asked, TableName: "nowhere" })),
  ).rejects.toMatchObject({ name: "MetadataException", message: expect.stringContaining("EntityNotFoundException") });
});
