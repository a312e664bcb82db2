import { objectIn, onlyMembers, optionalText, pageOf, requiredText } from "../members.ts";
import {
  AwsError,
  type Call,
  NotImplementedLocally,
  type Operation,
  type ServiceFactory,
  type Shape,
} from "../service.ts";
import { type GlueTable, GraphCatalogue } from "./catalogue.ts";
import { PartitionStore } from "./partitions.ts";
import { qualityOperations } from "./quality.ts";
import { createTableSource } from "./table-source.ts";
import { databaseView, partitionView, tableView } from "./views.ts";

const paging = ["NextToken", "MaxResults", "CatalogId"];

/** Glue's catalogue over the graph's databases and tables. Fills `ports.catalogue`. */
export const glue: ServiceFactory = (context) => {
  const catalogue = new GraphCatalogue(context.graph);
  const partitions = new PartitionStore(context.home);
  context.ports.catalogue = catalogue;
  const created = new Date(context.clock.now());
  const { account } = context;

  const own = (input: Shape): void => {
    const id = optionalText(input, "CatalogId");
    if (id !== undefined && id !== account) throw new AwsError("EntityNotFoundException", `Catalog ${id} not found.`);
  };
  const page = (input: Shape, items: readonly Shape[], member: string): Shape => {
    const { items: shown, next } = pageOf(items, input["MaxResults"], input["NextToken"], 100);
    return { [member]: shown, ...(next !== undefined && { NextToken: next }) };
  };
  /** The table of a partition operation, authorised as that operation. */
  const partitioned = (input: Shape, call: Call, action: string): GlueTable => {
    own(input);
    const [database, name] = [requiredText(input, "DatabaseName"), requiredText(input, "TableName").toLowerCase()];
    catalogue.authorize(call, action, database, name);
    return catalogue.find(database, name);
  };
  const values = (table: GlueTable, value: unknown): string[] => {
    if (!Array.isArray(value) || value.length !== table.partitionKeys.length)
      throw new AwsError(
        "InvalidInputException",
        "The number of partition keys do not match the number of partition values",
      );
    return value.map(String);
  };
  const register = (table: GlueTable, value: unknown): void => {
    const input = objectIn(value) ?? {};
    onlyMembers("glue:CreatePartition PartitionInput", input, ["Values", "StorageDescriptor", "Parameters"]);
    const keys = values(table, input["Values"]);
    const location = objectIn(input["StorageDescriptor"])?.["Location"];
    const folder = table.partitionKeys.map((key, i) => `${key.name}=${keys[i]}/`).join("");
    partitions.add(table.database, table.name, {
      values: keys,
      location: typeof location === "string" ? location.replace(/\/?$/, "/") : `${table.location}${folder}`,
      created: context.clock.now(),
    });
  };

  const operations: Record<string, Operation> = {
    GetDatabase(input, call) {
      onlyMembers("glue:GetDatabase", input, ["Name", "CatalogId"]);
      own(input);
      const name = requiredText(input, "Name");
      catalogue.authorize(call, "glue:GetDatabase", name);
      return { Database: databaseView(catalogue.database(name), account, created) };
    },
    GetDatabases(input, call) {
      onlyMembers("glue:GetDatabases", input, paging);
      own(input);
      catalogue.authorize(call, "glue:GetDatabases");
      for (const { name } of catalogue.databases.values()) catalogue.authorize(call, "glue:GetDatabases", name);
      return page(
        input,
        [...catalogue.databases.values()].map((database) => databaseView(database, account, created)),
        "DatabaseList",
      );
    },
    GetTable(input, call) {
      onlyMembers("glue:GetTable", input, ["DatabaseName", "Name", "CatalogId"]);
      own(input);
      const table = catalogue.table(
        requiredText(input, "DatabaseName"),
        requiredText(input, "Name").toLowerCase(),
        call,
      );
      return { Table: tableView(table, account, created) };
    },
    GetTables(input, call) {
      onlyMembers("glue:GetTables", input, [...paging, "DatabaseName", "Expression"]);
      own(input);
      const expression = optionalText(input, "Expression");
      const pattern = expression === undefined ? undefined : new RegExp(`^(?:${expression})$`);
      const tables = catalogue
        .tables(requiredText(input, "DatabaseName"), call)
        .filter((table) => pattern?.test(table.name) ?? true);
      return page(
        input,
        tables.map((table) => tableView(table, account, created)),
        "TableList",
      );
    },
    GetTableVersions(input, call) {
      onlyMembers("glue:GetTableVersions", input, [...paging, "DatabaseName", "TableName"]);
      const table = partitioned(input, call, "glue:GetTableVersions");
      return page(input, [{ Table: tableView(table, account, created), VersionId: "0" }], "TableVersions");
    },
    GetTableVersion(input, call) {
      onlyMembers("glue:GetTableVersion", input, ["CatalogId", "DatabaseName", "TableName", "VersionId"]);
      const table = partitioned(input, call, "glue:GetTableVersion");
      const version = optionalText(input, "VersionId") ?? "0";
      if (version !== "0")
        throw new AwsError("EntityNotFoundException", `Version ${version} of table ${table.name} not found.`);
      return { TableVersion: { Table: tableView(table, account, created), VersionId: "0" } };
    },
    GetPartitions(input, call) {
      onlyMembers("glue:GetPartitions", input, [...paging, "DatabaseName", "TableName", "ExcludeColumnSchema"]);
      const table = partitioned(input, call, "glue:GetPartitions");
      return page(
        input,
        partitions.of(table.database, table.name).map((partition) => partitionView(table, partition, account)),
        "Partitions",
      );
    },
    GetPartition(input, call) {
      onlyMembers("glue:GetPartition", input, ["CatalogId", "DatabaseName", "TableName", "PartitionValues"]);
      const table = partitioned(input, call, "glue:GetPartition");
      const partition = partitions.get(table.database, table.name, values(table, input["PartitionValues"]));
      return { Partition: partitionView(table, partition, account) };
    },
    CreatePartition(input, call) {
      onlyMembers("glue:CreatePartition", input, ["CatalogId", "DatabaseName", "TableName", "PartitionInput"]);
      register(partitioned(input, call, "glue:CreatePartition"), input["PartitionInput"]);
      return {};
    },
    BatchCreatePartition(input, call) {
      onlyMembers("glue:BatchCreatePartition", input, ["CatalogId", "DatabaseName", "TableName", "PartitionInputList"]);
      const table = partitioned(input, call, "glue:BatchCreatePartition");
      const list = input["PartitionInputList"];
      if (!Array.isArray(list)) throw new NotImplementedLocally("glue:BatchCreatePartition without PartitionInputList");
      const Errors: Shape[] = [];
      for (const item of list) {
        try {
          register(table, item);
        } catch (error) {
          if (!(error instanceof AwsError)) throw error;
          Errors.push({
            PartitionValues: objectIn(item)?.["Values"],
            ErrorDetail: { ErrorCode: error.code, ErrorMessage: error.message },
          });
        }
      }
      return { Errors };
    },
  };

  Object.assign(operations, qualityOperations(context, createTableSource(context)));

  return {
    name: "glue",
    binding: { protocol: "json", version: "1.1", target: "AWSGlue" },
    operations,
    runs: [
      "aws:glue/catalogDatabase:CatalogDatabase",
      "aws:glue/catalogTable:CatalogTable",
      "aws:glue/dataQualityRuleset:DataQualityRuleset",
    ],
  };
};
