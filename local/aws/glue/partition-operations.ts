import { objectIn, onlyMembers, requiredText } from "../members.ts";
import { AwsError, type Call, type Operation, type Shape } from "../service.ts";
import type { CatalogueAccess } from "./access.ts";
import { listIn, partitionOf, partitionValues } from "./partition-input.ts";
import { partitionPage } from "./partition-pages.ts";
import type { Partition } from "./partitions.ts";
import { invalidInput } from "./table-input.ts";
import type { StoredTable } from "./table-store.ts";
import { partitionView } from "./views.ts";

/** What one request may hold (API reference). */
const MOST_CREATED = 100;
const MOST_UPDATED = 100;
const MOST_DELETED = 25;
const MOST_READ = 1000;

const address = ["CatalogId", "DatabaseName", "TableName"];

/** Registered partitions of Hive tables. */
export function partitionOperations({
  catalogue,
  account,
  own,
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
  const found = (table: StoredTable, value: unknown): Partition =>
    partitions.get(table.database, table.name, partitionValues(table, value));
  const register = (action: string, table: StoredTable, input: unknown): void =>
    partitions.add(table.database, table.name, partitionOf(action, table, input, clock.now()));
  const update = (action: string, table: StoredTable, entry: Shape): void => {
    const { values } = found(table, entry["PartitionValueList"]);
    const next = partitionOf(action, table, entry["PartitionInput"], clock.now());
    if (next.values.some((value, i) => value !== values[i]))
      throw invalidInput("The Values of a partition cannot be changed: delete the partition and create it again");
    partitions.replace(table.database, table.name, next);
  };

  /** Does the same for each of a list; what goes wrong is told of each. */
  const each = (
    list: readonly unknown[],
    act: (item: Shape) => void,
    nameOf: (item: Shape) => Shape = ({ Values }) => ({ PartitionValues: Values }),
  ): Shape => {
    const Errors: Shape[] = [];
    for (const item of list.map((it) => objectIn(it) ?? {})) {
      try {
        act(item);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        Errors.push({ ...nameOf(item), ErrorDetail: { ErrorCode: error.code, ErrorMessage: error.message } });
      }
    }
    partitions.save();
    return { Errors };
  };

  return {
    GetPartitions(input, call) {
      const known = [...paging, "DatabaseName", "TableName", "Expression", "Segment", "ExcludeColumnSchema"];
      onlyMembers("glue:GetPartitions", input, known);
      const table = partitioned(input, call, "glue:GetPartitions");
      const page = partitionPage(input, table, partitions);
      const withColumns = input["ExcludeColumnSchema"] !== true;
      return {
        Partitions: page.partitions.map((partition) => partitionView(table, partition, account, withColumns)),
        ...(page.next !== undefined && { NextToken: page.next }),
      };
    },
    GetPartition(input, call) {
      onlyMembers("glue:GetPartition", input, [...address, "PartitionValues"]);
      const table = partitioned(input, call, "glue:GetPartition");
      return { Partition: partitionView(table, found(table, input["PartitionValues"]), account) };
    },
    BatchGetPartition(input, call) {
      onlyMembers("glue:BatchGetPartition", input, [...address, "PartitionsToGet"]);
      const table = partitioned(input, call, "glue:BatchGetPartition");
      const Partitions: Shape[] = [];
      const UnprocessedKeys: Shape[] = [];
      for (const asked of listIn(input, "PartitionsToGet", 0, MOST_READ)) {
        const Values = partitionValues(table, objectIn(asked)?.["Values"]);
        const partition = partitions.find(table.database, table.name, Values);
        if (partition === undefined) UnprocessedKeys.push({ Values });
        else Partitions.push(partitionView(table, partition, account));
      }
      return { Partitions, UnprocessedKeys };
    },
    CreatePartition(input, call) {
      onlyMembers("glue:CreatePartition", input, [...address, "PartitionInput"]);
      const table = partitioned(input, call, "glue:CreatePartition");
      register("glue:CreatePartition", table, input["PartitionInput"]);
      partitions.save();
      return {};
    },
    BatchCreatePartition(input, call) {
      onlyMembers("glue:BatchCreatePartition", input, [...address, "PartitionInputList"]);
      const table = partitioned(input, call, "glue:BatchCreatePartition");
      return each(listIn(input, "PartitionInputList", 0, MOST_CREATED), (item) =>
        register("glue:BatchCreatePartition", table, item),
      );
    },
    UpdatePartition(input, call) {
      onlyMembers("glue:UpdatePartition", input, [...address, "PartitionValueList", "PartitionInput"]);
      update("glue:UpdatePartition", partitioned(input, call, "glue:UpdatePartition"), input);
      partitions.save();
      return {};
    },
    BatchUpdatePartition(input, call) {
      onlyMembers("glue:BatchUpdatePartition", input, [...address, "Entries"]);
      const table = partitioned(input, call, "glue:BatchUpdatePartition");
      return each(
        listIn(input, "Entries", 1, MOST_UPDATED),
        (entry) => {
          onlyMembers("glue:BatchUpdatePartition Entries", entry, ["PartitionValueList", "PartitionInput"]);
          update("glue:BatchUpdatePartition", table, entry);
        },
        ({ PartitionValueList }) => ({ PartitionValueList }),
      );
    },
    DeletePartition(input, call) {
      onlyMembers("glue:DeletePartition", input, [...address, "PartitionValues"]);
      const table = partitioned(input, call, "glue:DeletePartition");
      partitions.remove(table.database, table.name, partitionValues(table, input["PartitionValues"]));
      partitions.save();
      return {};
    },
    BatchDeletePartition(input, call) {
      onlyMembers("glue:BatchDeletePartition", input, [...address, "PartitionsToDelete"]);
      const table = partitioned(input, call, "glue:BatchDeletePartition");
      return each(listIn(input, "PartitionsToDelete", 0, MOST_DELETED), ({ Values }) =>
        partitions.remove(table.database, table.name, partitionValues(table, Values)),
      );
    },
  };
}
