import { addColumns, dropColumn, renameColumn, widenColumn } from "../format/evolution.ts";
import { withProperties } from "../format/metadata.ts";
import type { IcebergType, TableMetadata } from "../format/model.ts";
import type { NewColumn } from "../format/schema.ts";
import { commit } from "./commit.ts";
import type { Environment } from "./environment.ts";
import { loadTable, type TableState } from "./state.ts";

/** One ALTER TABLE. Columns keep their ids, so no data file changes. */
export type Alteration =
  | { readonly kind: "add columns"; readonly columns: readonly NewColumn[] }
  | { readonly kind: "drop column"; readonly column: string }
  | { readonly kind: "rename column"; readonly column: string; readonly to: string }
  | { readonly kind: "widen column"; readonly column: string; readonly type: IcebergType }
  | {
      readonly kind: "properties";
      readonly set?: Readonly<Record<string, string>>;
      readonly unset?: readonly string[];
    };

/**
 * Changes a table's columns or properties: all alterations in one commit, in their order.
 * @throws InvalidChange for one that the table does not allow; nothing is changed then.
 */
export async function alterTable(env: Environment, alterations: readonly Alteration[]): Promise<TableState> {
  const { state } = await commit(loadTable(env), { update: (metadata) => alterations.reduce(altered, metadata) });
  return state;
}

function altered(metadata: TableMetadata, alteration: Alteration): TableMetadata {
  switch (alteration.kind) {
    case "add columns":
      return addColumns(metadata, alteration.columns);
    case "drop column":
      return dropColumn(metadata, alteration.column);
    case "rename column":
      return renameColumn(metadata, alteration.column, alteration.to);
    case "widen column":
      return widenColumn(metadata, alteration.column, alteration.type);
    case "properties":
      return withProperties(metadata, alteration.set ?? {}, alteration.unset);
  }
}
