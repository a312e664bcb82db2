import { objectIn, onlyMembers, requiredText } from "../members.ts";
import { AwsError, type Call, type Operation, type Shape } from "../service.ts";
import type { CatalogueAccess } from "./access.ts";
import { catalogueTable } from "./table-input.ts";
import type { StoredTable } from "./table-store.ts";
import { partitionView } from "./views.ts";

/** Registered partitions of Hive tables. */
export function partitionOperations({
  catalogue,
  account,
  own,
  page,
  paging,
  clock,
}: CatalogueAccess): Record<string, Operation> {
  const { partitions } = catalogue;
  /** The table of a partition operation, authorised as that operation. */
  const partitioned = (input: Shape, call: Call, action: string): StoredTable => {
    own(input);
    const [database, name] = [requiredText(input, "DatabaseName"), requiredText(input, "TableName").toLowerCase()];
    catalogue.authorize(call, action, database, name);
    return catalogue.find(database, name);
  };
  const values = (table: StoredTable, value: unknown): string[] => {
    if (!Array.isArray(value) || value.length !== catalogueTable(table).partitionKeys.length)
      throw new AwsError(
        "InvalidInputException",
        "The number of partition keys do not match the number of partition values",
      );
    return value.map(String);
  };
  const register = (table: StoredTable, value: unknown): void => {
    const input = objectIn(value) ?? {};
    onlyMembers("glue:CreatePartition PartitionInput", input, ["Values", "StorageDescriptor", "Parameters"]);
    const keys = values(table, input["Values"]);
    const location = objectIn(input["StorageDescriptor"])?.["Location"];
    const { partitionKeys, location: root } = catalogueTable(table);
    const folder = partitionKeys.map((key, i) => `${key.name}=${keys[i]}/`).join("");
    partitions.add(table.database, table.name, {
      values: keys,
      location: typeof location === "string" ? location.replace(/\/?$/, "/") : `${root}${folder}`,
      created: clock.now(),
    });
  };

  /** Does the same for each of a list; what goes wrong is told of each. */
  const each = (list: unknown, member: string, act: (item: unknown) => void): Shape => {
    if (!Array.isArray(list)) throw new AwsError("InvalidInputException", `${member} is missing`);
    const Errors: Shape[] = [];
    for (const item of list) {
      try {
        act(item);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        Errors.push({
          PartitionValues: objectIn(item)?.["Values"],
          ErrorDetail: { ErrorCode: error.code, ErrorMessage: error.message },
        });
      }
    }
    partitions.save();
    return { Errors };
  };

  return {
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
      partitions.save();
      return {};
    },
    BatchCreatePartition(input, call) {
      onlyMembers("glue:BatchCreatePartition", input, ["CatalogId", "DatabaseName", "TableName", "PartitionInputList"]);
      const table = partitioned(input, call, "glue:BatchCreatePartition");
      return each(input["PartitionInputList"], "PartitionInputList", (item) => register(table, item));
    },
    DeletePartition(input, call) {
      onlyMembers("glue:DeletePartition", input, ["CatalogId", "DatabaseName", "TableName", "PartitionValues"]);
      const table = partitioned(input, call, "glue:DeletePartition");
      partitions.remove(table.database, table.name, values(table, input["PartitionValues"]));
      partitions.save();
      return {};
    },
    BatchDeletePartition(input, call) {
      onlyMembers("glue:BatchDeletePartition", input, ["CatalogId", "DatabaseName", "TableName", "PartitionsToDelete"]);
      const table = partitioned(input, call, "glue:BatchDeletePartition");
      return each(input["PartitionsToDelete"], "PartitionsToDelete", (item) =>
        partitions.remove(table.database, table.name, values(table, objectIn(item)?.["Values"])),
      );
    },
  };
}
