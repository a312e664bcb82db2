import type { TableMetadata } from "../../../iceberg/format/model.ts";
import type { NewColumn } from "../../../iceberg/format/schema.ts";
import { removeFiles } from "../../../iceberg/table/commit.ts";
import { createTable as writeFirstMetadata } from "../../../iceberg/table/create.ts";
import { insertRows } from "../../../iceberg/table/insert.ts";
import { icebergTableInput } from "../../glue/iceberg-entry-input.ts";
import { ident } from "../sql/ast.ts";
import type { CreateTable, CreateTableAsSelect, TableFormat, TableName } from "../sql/statement-types.ts";
import { S3Files } from "../tables/iceberg-files.ts";
import { icebergType } from "../tables/iceberg-types.ts";
import { NewTableEntry } from "../tables/new-table-entry.ts";
import { hiveInput } from "./create-hive.ts";
import { StatementError } from "./errors.ts";
import { NOTHING, type Result, type Run } from "./run.ts";
import { createHiveTable } from "./write-hive.ts";

type IcebergFormat = Extract<TableFormat, { readonly kind: "iceberg" }>;

/** Where a statement is to make a table; undefined when one is there and the statement says IF NOT EXISTS. */
function place(
  table: TableName,
  ifNotExists: boolean,
  { binder }: Run,
): { database: string; name: string } | undefined {
  const database = binder.database(table.database, table.name);
  if (binder.find(database, table.name) === undefined) return { database, name: table.name };
  if (ifNotExists) return undefined;
  throw new StatementError("TABLE_ALREADY_EXISTS", `Table 'awsdatacatalog.${database}.${table.name}' already exists`);
}

/**
 * Writes a table's first metadata where no files are yet.
 * @returns the table's entry, which the catalogue gets with the first commit, and that first metadata.
 */
async function begin(
  { database, name }: { readonly database: string; readonly name: string },
  columns: readonly NewColumn[],
  format: IcebergFormat,
  { context, call }: Run,
): Promise<{ entry: NewTableEntry; metadata: TableMetadata }> {
  const { objects, catalogue } = context.ports;
  catalogue.authorizeCreation(database, name, call);
  const io = new S3Files(objects, call);
  const location = format.location.replace(/\/+$/, "");
  if (!/^s3:\/\/[^/]+\/./.test(location))
    throw new StatementError(
      "INVALID_TABLE_PROPERTY",
      `Iceberg tables need a folder of a bucket as location: ${location}`,
    );
  if (io.list(`${location}/`).length > 0)
    throw new StatementError("ICEBERG_FILESYSTEM_ERROR", `Cannot create a table on a non-empty location: ${location}`);
  const { partitionedBy, properties } = format;
  const made = await writeFirstMetadata(io, { location, columns, partitionedBy, properties, now: context.clock.now() });
  const entry = new NewTableEntry(made.metadataLocation, (metadataLocation, metadata) =>
    catalogue.create(database, icebergTableInput({ Name: name }, metadataLocation, metadata), call),
  );
  return { entry, metadata: made.metadata };
}

/** `CREATE TABLE t (...) TBLPROPERTIES ('table_type' = 'ICEBERG')`, and `CREATE EXTERNAL TABLE`. */
export async function createTable(statement: CreateTable, run: Run): Promise<Result> {
  const { table, ifNotExists, columns, comment, format } = statement;
  const where = place(table, ifNotExists, run);
  if (where === undefined) return NOTHING;
  if (format.kind === "hive") {
    run.context.ports.catalogue.create(where.database, hiveInput(where.name, format, statement), run.call);
    return NOTHING;
  }
  const fields = columns.map((column) => ({
    name: column.name,
    type: icebergType(column.type),
    ...(column.comment !== undefined && { doc: column.comment }),
  }));
  const properties = { ...format.properties, ...(comment !== undefined && { comment }) };
  const { entry, metadata } = await begin(where, fields, { ...format, properties }, run);
  await register(entry, metadata);
  return NOTHING;
}

/** A table without rows. */
async function register(entry: NewTableEntry, metadata: TableMetadata): Promise<void> {
  const pointer = entry.current();
  await entry.swap(pointer, pointer.metadataLocation, metadata);
}

/** `CREATE TABLE t WITH (...) AS SELECT ...`: the table appears with its rows. */
export async function createTableAsSelect(statement: CreateTableAsSelect, run: Run): Promise<Result> {
  const { table, ifNotExists, columns, sql, format } = statement;
  const where = place(table, ifNotExists, run);
  if (where === undefined) return NOTHING;
  if (format.kind === "hive") return createHiveTable(statement, format, where, run);
  const { context, connection, call, relations } = run;
  const fields = columns.map(({ name, type }) => ({ name: name.toLowerCase(), type: icebergType(type) }));
  await relations.open();
  const { entry, metadata } = await begin(where, fields, format, run);
  const env = context.ports.tables.environment(entry, connection, call);
  try {
    const list = columns.map(({ name, emitted }) => `${ident(emitted)} AS ${ident(name.toLowerCase())}`);
    const rows =
      sql === undefined ? 0 : (await insertRows(env, `SELECT ${list.join(", ")} FROM (${relations.place(sql)})`)).rows;
    if (!entry.registered) await register(entry, metadata);
    return { columns: [], changed: rows };
  } catch (error) {
    if (!entry.registered) await removeFiles(env, [entry.current().metadataLocation]);
    throw error;
  }
}
