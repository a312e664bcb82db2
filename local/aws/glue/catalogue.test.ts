import { readdirSync } from "node:fs";
import { join } from "node:path";
import {
  BatchDeleteTableCommand,
  CreateTableCommand,
  DeleteTableCommand,
  GetTableCommand,
  GetTablesCommand,
  GetTableVersionCommand,
  GetTableVersionsCommand,
  type Table,
  UpdateTableCommand,
} from "@aws-sdk/client-glue";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { parseMetadata } from "../../iceberg/format/json.ts";
import { account, type Bench, errorOf, graph, startBench } from "../athena/fixture.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.stop());

const DatabaseName = "db";

async function get(Name: string): Promise<Table> {
  const { Table: table } = await bench.glue.send(new GetTableCommand({ DatabaseName, Name }));
  if (table === undefined) throw new Error(`no table ${Name}`);
  return table;
}

const notes = (Name: string) => ({
  Name,
  TableType: "EXTERNAL_TABLE",
  Parameters: { classification: "json" },
  PartitionKeys: [{ Name: "day", Type: "string" }],
  StorageDescriptor: {
    Location: `s3://lake/${Name}/`,
    Columns: [{ Name: "id", Type: "string", Comment: "who" }],
    SerdeInfo: { SerializationLibrary: "org.openx.data.jsonserde.JsonSerDe" },
  },
});

describe("tables of the graph", () => {
  test("are there at the start: Iceberg ones with their first metadata, as Glue makes them", async () => {
    const table = await get("sales");
    const location = table.Parameters?.["metadata_location"] ?? "";
    expect(location).toMatch(/^s3:\/\/lake\/silver\/sales\/metadata\/00000-[0-9a-f-]{36}\.metadata\.json$/);
    expect(table.Parameters).toEqual({ table_type: "ICEBERG", metadata_location: location });
    expect([table.TableType, table.VersionId, table.CatalogId]).toEqual(["EXTERNAL_TABLE", "0", account]);
    expect(table.StorageDescriptor?.Location).toBe("s3://lake/silver/sales");
    const column = (id: number, Name: string, Type: string) => ({
      Name,
      Type,
      Parameters: {
        "iceberg.field.current": "true",
        "iceberg.field.id": String(id),
        "iceberg.field.optional": "true",
      },
    });
    expect(table.StorageDescriptor?.Columns).toEqual([
      column(1, "sku", "string"),
      column(2, "n", "bigint"),
      column(3, "amount", "decimal(18,3)"),
      column(4, "sold_at", "timestamp"),
    ]);
    const key = location.replace("s3://lake/", "");
    const { body } = await bench.ports.objects.get({ bucket: "lake", key }, bench.call);
    const metadata = parseMetadata(body.toString());
    expect(metadata.location).toBe("s3://lake/silver/sales");
    expect(metadata.snapshots).toEqual([]);
    expect(metadata.schemas[0]?.fields.map(({ id, name, type }) => `${id} ${name} ${JSON.stringify(type)}`)).toEqual([
      '1 sku "string"',
      '2 n "long"',
      '3 amount "decimal(18,3)"',
      '4 sold_at "timestamp"',
    ]);
  });

  test("keep their rows' metadata over a restart, and come back after they were dropped", async () => {
    const before = await get("sales");
    await bench.glue.send(new DeleteTableCommand({ DatabaseName, Name: "wide" }));
    expect(await errorOf(get("wide"))).toBe("EntityNotFoundException: Table wide not found.");
    await bench.stop(true);
    bench = await startBench(bench.home);
    expect(await get("sales")).toEqual(before);
    expect((await get("wide")).VersionId).toBe("0");
  });

  test("that are declared otherwise later are refused, with what to do", async () => {
    await bench.stop(true);
    const changed = {
      ...graph,
      resources: graph.resources.map((resource) => {
        if (resource.name !== "sales") return resource;
        const fields = [
          { id: 1, name: "sku", type: '"string"', required: true },
          { id: 2, name: "n", type: '"int"', required: false },
          { id: 3, name: "colour", type: '"string"', required: false },
        ];
        const icebergTableInput = { location: "s3://lake/silver/sales", schema: { type: "struct", fields } };
        const icebergInput = { metadataOperation: "CREATE", icebergTableInput };
        return { ...resource, inputs: { ...resource.inputs, openTableFormatInput: { icebergInput } } };
      }),
    };
    expect(await errorOf(startBench(bench.home, changed))).toMatch(
      /^Error: Iceberg tables are declared other than they are\..*\ndb\.sales: column sku is not required: that cannot be changed in place; column n is bigint, not int: .*; it has no column colour: ALTER TABLE db\.sales ADD COLUMNS \(colour string\)$/s,
    );
    bench = await startBench(bench.home);
    expect((await get("sales")).VersionId).toBe("0");
  });

  test("of Hive follow their declaration; what the graph no longer declares is gone, and back when it is declared again", async () => {
    const without = { ...graph, resources: graph.resources.filter(({ name }) => name !== "sales") };
    const former = await get("sales");
    const renamed = {
      ...without,
      resources: without.resources.map((resource) =>
        resource.name === "notes" ? { ...resource, inputs: { ...resource.inputs, description: "new" } } : resource,
      ),
    };
    await bench.stop(true);
    bench = await startBench(bench.home, renamed);
    expect(await errorOf(get("sales"))).toBe("EntityNotFoundException: Table sales not found.");
    expect((await get("notes")).Description).toBe("new");
    const { TableVersions } = await bench.glue.send(new GetTableVersionsCommand({ DatabaseName, TableName: "notes" }));
    expect(TableVersions?.map(({ VersionId }) => VersionId)).toEqual(["1", "0"]);
    await bench.stop(true);
    bench = await startBench(bench.home);
    expect(await get("sales")).toEqual(former);
  });
});

describe("tables of clients", () => {
  test("are made, listed, found and deleted, and survive a restart", async () => {
    await bench.glue.send(new CreateTableCommand({ DatabaseName, TableInput: { ...notes("mine"), Name: "Mine" } }));
    expect(await get("mine")).toMatchObject({ ...notes("mine"), DatabaseName, VersionId: "0", Retention: 0 });
    expect(await errorOf(bench.glue.send(new CreateTableCommand({ DatabaseName, TableInput: notes("mine") })))).toBe(
      "AlreadyExistsException: Table already exists.",
    );
    await bench.stop(true);
    bench = await startBench(bench.home);
    const { TableList } = await bench.glue.send(new GetTablesCommand({ DatabaseName, Expression: "m.*|n.*" }));
    expect(TableList?.map(({ Name }) => Name)).toEqual(["mine", "notes"]);
    const { Errors } = await bench.glue.send(
      new BatchDeleteTableCommand({ DatabaseName, TablesToDelete: ["mine", "nobody"] }),
    );
    expect(Errors).toEqual([
      {
        TableName: "nobody",
        ErrorDetail: { ErrorCode: "EntityNotFoundException", ErrorMessage: "Table nobody not found." },
      },
    ]);
    expect(await errorOf(get("mine"))).toBe("EntityNotFoundException: Table mine not found.");
    expect(readdirSync(join(bench.home, "glue", "tables", "db"))).not.toContain("mine.json");
  });

  test("are updated if the version is the one the writer saw; former versions are archived unless it says no", async () => {
    await bench.glue.send(new CreateTableCommand({ DatabaseName, TableInput: notes("t") }));
    const update = (Description: string, VersionId: string | undefined, SkipArchive: boolean) =>
      bench.glue.send(
        new UpdateTableCommand({ DatabaseName, TableInput: { ...notes("t"), Description }, VersionId, SkipArchive }),
      );
    await update("one", "0", false);
    await update("two", "1", true);
    expect(await errorOf(update("late", "1", true))).toBe(
      "ConcurrentModificationException: Update table failed due to concurrent modifications.",
    );
    await update("three", undefined, false);
    const { TableVersions } = await bench.glue.send(new GetTableVersionsCommand({ DatabaseName, TableName: "t" }));
    expect(TableVersions?.map(({ VersionId, Table: table }) => [VersionId, table?.Description])).toEqual([
      ["3", "three"],
      ["2", "two"],
      ["0", undefined],
    ]);
    const { TableVersion } = await bench.glue.send(
      new GetTableVersionCommand({ DatabaseName, TableName: "t", VersionId: "2" }),
    );
    expect(TableVersion?.Table?.Description).toBe("two");
    expect(
      await errorOf(bench.glue.send(new GetTableVersionCommand({ DatabaseName, TableName: "t", VersionId: "1" }))),
    ).toBe("EntityNotFoundException: Version 1 of table t not found.");
  });

  test("of Iceberg are made by Glue from either form of OpenTableFormatInput", async () => {
    const IcebergInput = { MetadataOperation: "CREATE", Version: "2" } as const;
    await bench.glue.send(
      new CreateTableCommand({
        DatabaseName,
        TableInput: {
          Name: "old_form",
          StorageDescriptor: {
            Location: "s3://lake/old_form/",
            Columns: [
              { Name: "id", Type: "bigint" },
              { Name: "tags", Type: "array<struct<k:string,v:int>>" },
            ],
          },
        },
        OpenTableFormatInput: { IcebergInput },
      }),
    );
    await bench.glue.send(
      new CreateTableCommand({
        DatabaseName,
        Name: "new_form",
        OpenTableFormatInput: {
          IcebergInput: {
            ...IcebergInput,
            CreateIcebergTableInput: {
              Location: "s3://lake/new_form",
              Schema: {
                Type: "struct",
                Fields: [
                  { Id: 1, Name: "id", Type: "long", Required: true, Doc: "key" },
                  { Id: 2, Name: "at", Type: "timestamptz", Required: false },
                ],
              },
              PartitionSpec: { Fields: [{ SourceId: 2, Transform: "day", Name: "at_day", FieldId: 1000 }] },
              Properties: { "write.parquet.compression-codec": "zstd", "format-version": "2" },
            },
          },
        },
      }),
    );
    const columns = async (name: string) =>
      (await get(name)).StorageDescriptor?.Columns?.map(({ Name, Type, Comment, Parameters }) => [
        Name,
        Type,
        Comment,
        Parameters?.["iceberg.field.id"],
        Parameters?.["iceberg.field.optional"],
      ]);
    expect(await columns("old_form")).toEqual([
      ["id", "bigint", undefined, "1", "true"],
      ["tags", "array<struct<k:string,v:int>>", undefined, "2", "true"],
    ]);
    expect(await columns("new_form")).toEqual([
      ["id", "bigint", "key", "1", "false"],
      ["at", "timestamp", undefined, "2", "true"],
    ]);
    const location = (await get("new_form")).Parameters?.["metadata_location"]?.replace("s3://lake/", "") ?? "";
    const { body } = await bench.ports.objects.get({ bucket: "lake", key: location }, bench.call);
    const metadata = parseMetadata(body.toString());
    expect(metadata.properties).toEqual({ "write.parquet.compression-codec": "zstd" });
    expect(metadata["partition-specs"]).toEqual([
      { "spec-id": 0, fields: [{ name: "at_day", transform: "day", "source-id": 2, "field-id": 1000 }] },
    ]);
  });

  test("are refused where the catalogue would keep what nobody reads", async () => {
    const create = (TableInput: object, more: object = {}) =>
      errorOf(
        bench.glue.send(new CreateTableCommand({ DatabaseName, TableInput: { Name: "x", ...TableInput }, ...more })),
      );
    expect(await create({ TargetTable: { Name: "y" } })).toContain("glue:CreateTable TableInput with TargetTable");
    expect(await create({}, { TransactionId: "1" })).toContain("glue:CreateTable with TransactionId");
    expect(await create({ StorageDescriptor: { AdditionalLocations: ["s3://a/"] } })).toContain(
      "glue:CreateTable StorageDescriptor with AdditionalLocations",
    );
    expect(await create({ Name: "" })).toContain("InvalidInputException");
    expect(
      await errorOf(bench.glue.send(new CreateTableCommand({ DatabaseName: "nowhere", TableInput: notes("x") }))),
    ).toBe("EntityNotFoundException: Database nowhere not found.");
  });

  test("need IAM's leave on the catalogue, the database and the table", async () => {
    const arn = `arn:aws:glue:eu-west-1:${account}`;
    const asked = async (action: string, work: Promise<unknown>): Promise<string[]> => {
      bench.asked.clear();
      await work;
      return [...bench.asked]
        .filter((ask) => ask.startsWith(action))
        .map((ask) => ask.replace(`${action} ${arn}:`, ""));
    };
    const all = ["catalog", "database/db", "table/db/t"];
    const TableInput = notes("t");
    const { glue } = bench;
    expect(await asked("glue:CreateTable", glue.send(new CreateTableCommand({ DatabaseName, TableInput })))).toEqual(
      all,
    );
    expect(await asked("glue:UpdateTable", glue.send(new UpdateTableCommand({ DatabaseName, TableInput })))).toEqual(
      all,
    );
    bench.denied.add("glue:DeleteTable");
    expect(await errorOf(glue.send(new DeleteTableCommand({ DatabaseName, Name: "t" })))).toMatch(/^AccessDenied/);
    bench.denied.clear();
    expect(await asked("glue:DeleteTable", glue.send(new DeleteTableCommand({ DatabaseName, Name: "t" })))).toEqual(
      all,
    );
  });
});
