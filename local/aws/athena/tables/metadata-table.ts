import { isMetadataTable, metadataTable } from "../../../iceberg/table/metadata-tables.ts";
import { SqlError } from "../sql/errors.ts";
import { translateQuery } from "../sql/translate.ts";
import type { TrinoType } from "../sql/types.ts";
import type { IcebergTable } from "./iceberg-table.ts";
import type { OpenTable } from "./reader.ts";

/** Types by their text, as the translator understands them. */
function typesOf(texts: readonly string[]): readonly TrinoType[] {
  const binder = {
    table(): never {
      throw new SqlError("SYNTAX_ERROR", "a type names no table");
    },
  };
  const columns = texts.map((text, i) => `CAST(NULL AS ${text}) AS c${i}`);
  return translateQuery(`SELECT ${columns.join(", ")}`, binder).columns.map(({ type }) => type);
}

/**
 * One of an Iceberg table's metadata tables.
 * @param name without the table's, e.g. `snapshots`.
 * @throws SqlError `TABLE_NOT_FOUND` for one that Athena does not have.
 */
export function metadataTableOf(iceberg: IcebergTable, name: string): OpenTable {
  const { table, state } = iceberg;
  if (!isMetadataTable(name))
    throw new SqlError(
      "TABLE_NOT_FOUND",
      `Table 'awsdatacatalog.${table.database}.${table.name}$${name}' does not exist`,
    );
  const { columns, sql } = metadataTable(state, name);
  const types = typesOf(columns.map(({ type }) => type));
  return {
    table,
    bound(at) {
      if (at !== undefined) throw new SqlError("NOT_SUPPORTED", "This connector does not support versioned tables");
      return {
        database: table.database,
        name: `${table.name}$${name}`,
        columns: columns.map((column, i) => ({ name: column.name, type: types[i] ?? { kind: "unknown" } })),
        kind: "metadata",
      };
    },
    // It is made of metadata files, which Athena does not count.
    read: async () => ({ sql, bytes: 0, files: 0 }),
    files: async () => 0,
  };
}
