import { currentSchema } from "../../../iceberg/format/schema.ts";
import { alterTable as alterIceberg, type Alteration as IcebergAlteration } from "../../../iceberg/table/evolve.ts";
import type { CatalogueTable } from "../../ports.ts";
import { NotImplementedLocally } from "../../service.ts";
import type { Alteration, AlterTable, ColumnDefinition, DropTable, TableName } from "../sql/statement-types.ts";
import { S3Files } from "../tables/iceberg-files.ts";
import type { IcebergTable } from "../tables/iceberg-table.ts";
import { icebergType } from "../tables/iceberg-types.ts";
import { alterHive } from "./alter-hive.ts";
import { committing, StatementError } from "./errors.ts";
import { NOTHING, type Result, type Run } from "./run.ts";

/** `ALTER TABLE`: of an Iceberg table, one commit of metadata. */
export async function alterTable({ table: named, action }: AlterTable, run: Run): Promise<Result> {
  const { binder } = run;
  const table = binder.find(binder.database(named.database, named.name), named.name);
  if (table?.kind === "hive") return alterHive(table, action, run);
  const iceberg = binder.iceberg(named.database, named.name);
  if (action.kind === "rename") return rename(iceberg, action.to, run);
  await committing(iceberg.table, alterIceberg(iceberg.state.env, alterations(action, iceberg)));
  return NOTHING;
}

const newColumn = (column: ColumnDefinition) => ({
  name: column.name,
  type: icebergType(column.type),
  ...(column.comment !== undefined && { doc: column.comment }),
});

function alterations(action: Exclude<Alteration, { kind: "rename" }>, iceberg: IcebergTable): IcebergAlteration[] {
  switch (action.kind) {
    case "add columns":
      return [{ kind: "add columns", columns: action.columns.map(newColumn) }];
    case "drop column":
      return [{ kind: "drop column", column: stored(iceberg, action.name) }];
    case "change column": {
      const column = stored(iceberg, action.name);
      const widened = { kind: "widen column", column, type: icebergType(action.to.type) } as const;
      return action.to.name === action.name
        ? [widened]
        : [widened, { kind: "rename column", column, to: action.to.name }];
    }
    case "set properties":
      return [{ kind: "properties", set: action.properties }];
    case "unset properties":
      return [{ kind: "properties", unset: action.names }];
    default:
      throw new NotImplementedLocally(`ALTER TABLE ... ${action.kind} of an Iceberg table`);
  }
}

/** The column's name as the table has it: statements know no case. */
function stored({ state }: IcebergTable, name: string): string {
  const field = currentSchema(state.metadata).fields.find((it) => it.name.toLowerCase() === name);
  if (field === undefined) throw new StatementError("COLUMN_NOT_FOUND", `Column '${name}' does not exist`);
  return field.name;
}

/** Another name in the catalogue: the files stay where they are. */
function rename(
  { table }: IcebergTable,
  { database = table.database, name }: TableName,
  { context, call }: Run,
): Result {
  const { catalogue } = context.ports;
  catalogue.create(database, { ...table.input, Name: name }, call);
  catalogue.drop(table.database, table.name, call);
  return NOTHING;
}

/** `DROP TABLE`. An Iceberg table's files go with it, as Athena does it; those of other tables stay. */
export async function dropTable(
  { table: named, ifExists }: DropTable,
  { binder, context, call }: Run,
): Promise<Result> {
  const database = binder.database(named.database, named.name);
  const table = binder.find(database, named.name);
  if (table === undefined) {
    if (ifExists) return NOTHING;
    throw new StatementError("TABLE_NOT_FOUND", `Table 'awsdatacatalog.${database}.${named.name}' does not exist`);
  }
  if (table.kind === "view")
    throw new StatementError("GENERIC_USER_ERROR", `${database}.${named.name} is a view: use DROP VIEW`);
  const { catalogue, objects } = context.ports;
  const folder = table.kind === "iceberg" ? folderOf(table, binder.iceberg(database, table.name)) : undefined;
  // Whoever is stopped in between leaves files that nothing names, not a table without files.
  catalogue.drop(database, table.name, call);
  if (folder === undefined) return NOTHING;
  const io = new S3Files(objects, call);
  for (const { uri } of io.list(folder)) await io.delete(uri);
  return NOTHING;
}

/** Where the table's files are, by its own word: other writers leave that out of the catalogue's entry. */
function folderOf({ database, name }: CatalogueTable, { state }: IcebergTable): string {
  const folder = `${state.metadata.location}/`;
  if (/^s3:\/\/[^/]+\/./.test(folder)) return folder;
  throw new StatementError(
    "NOT_SUPPORTED",
    `${database}.${name} lies at the root of its bucket: other tables may lie there`,
  );
}
