import type { CatalogueTable } from "../../ports.ts";
import { type Call, NotImplementedLocally, type ServiceContext } from "../../service.ts";
import { ident, quote } from "../sql/ast.ts";
import { SqlError } from "../sql/errors.ts";
import { duckType } from "../sql/types.ts";
import { NULL_FOLDER } from "./hive-folders.ts";
import { boundColumn } from "./hive-relation.ts";
import { projectionOf } from "./projection.ts";
import type { OpenTable } from "./reader.ts";
import { registeredPartitions } from "./registered-partitions.ts";

/**
 * `"t$partitions"` of a Hive table: a row for each registered partition, whether it has files or not, with the partition
 * columns in their types (Trino 476, hive connector). A table without partition columns has none.
 */
export function partitionsTable(
  table: CatalogueTable,
  { clock, dispatch }: Pick<ServiceContext, "clock" | "dispatch">,
  call: Call,
): OpenTable {
  const name = `${table.name}$partitions`;
  if (table.partitionKeys.length === 0)
    throw new SqlError("TABLE_NOT_FOUND", `Table 'awsdatacatalog.${table.database}.${name}' does not exist`);
  if (projectionOf(table, clock.now()) !== undefined)
    throw new NotImplementedLocally(
      `${name} of a table with partition projection: write SELECT DISTINCT of its columns`,
    );
  const columns = table.partitionKeys.map((key) => boundColumn(table, key));
  return {
    table,
    bound(at) {
      if (at !== undefined) throw new SqlError("NOT_SUPPORTED", "This connector does not support versioned tables");
      return { database: table.database, name, columns, kind: "metadata" };
    },
    async read() {
      const registered = await registeredPartitions(dispatch)(table, call);
      const text = (value = ""): string => (value === NULL_FOLDER ? "NULL" : quote(value));
      const rows = registered.map(({ values }) => `(${columns.map((_, i) => text(values[i])).join(", ")})`);
      const none = `(${columns.map(() => "NULL").join(", ")})`;
      const listed = `(VALUES ${rows.length === 0 ? none : rows.join(", ")}) AS p(${columns.map((it) => ident(it.name)).join(", ")})`;
      const selected = columns.map(
        (it) => `CAST(CAST(p.${ident(it.name)} AS VARCHAR) AS ${duckType(it.type)}) AS ${ident(it.name)}`,
      );
      return {
        sql: `(SELECT ${selected.join(", ")} FROM ${listed}${rows.length === 0 ? " WHERE false" : ""})`,
        // Asked of the catalogue, which Athena does not count.
        bytes: 0,
        files: 0,
      };
    },
    files: async () => 0,
  };
}
