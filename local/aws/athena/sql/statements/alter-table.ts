import type { BoundTable, Session } from "../scope.ts";
import type { Alteration, AlterTable, ColumnDefinition, PartitionValues } from "../statement-types.ts";
import { checkColumns, columnDefinition, properties, tableName } from "./definitions.ts";
import { folder, icebergProperties, notIceberg, storedName } from "./iceberg-rules.ts";
import type { Reader } from "./tokens.ts";

/** `ALTER TABLE t ...` in Hive's words, after these two. */
export function alterTable(reader: Reader, session: Session): AlterTable {
  const table = tableName(reader);
  const bound = session.binder.table(table.database, table.name);
  if ("query" in bound) throw reader.error("NOT_SUPPORTED", `${table.name} is a view`);
  const action = bound.kind === "iceberg" ? icebergAction(reader) : hiveAction(bound, reader);
  reader.end();
  return { kind: "ALTER_TABLE", table, action };
}

/** User guide, "Evolve Iceberg table schema" and "Perform other DDL operations on Iceberg tables". */
function icebergAction(reader: Reader): Alteration {
  if (reader.take("add columns")) return { kind: "add columns", columns: newColumns(reader, "iceberg") };
  if (reader.take("drop column")) return { kind: "drop column", name: reader.name() };
  if (reader.take("change")) {
    const change = changeColumn(reader, "iceberg");
    if (change.to.comment !== undefined)
      throw reader.refuse("COMMENT in CHANGE COLUMN of an Iceberg table", "give the comment when the column is added");
    return change;
  }
  if (reader.take("set tblproperties"))
    return { kind: "set properties", properties: icebergProperties(properties(reader), reader) };
  if (reader.take("unset tblproperties"))
    return { kind: "unset properties", names: reader.list(() => reader.text()).map((key) => storedName(key, reader)) };
  if (reader.take("rename to")) return { kind: "rename", to: tableName(reader) };
  if (reader.is("replace columns"))
    throw reader.error(
      "NOT_SUPPORTED",
      "ALTER TABLE REPLACE COLUMNS is not supported for table type ICEBERG; use CHANGE COLUMN",
    );
  if (reader.is("set location"))
    throw reader.error("NOT_SUPPORTED", "ALTER TABLE SET LOCATION is not supported for table type ICEBERG");
  if (/^(add|drop|rename)$/.test(reader.word()))
    throw reader.error("NOT_SUPPORTED", "Partitions of a table of type ICEBERG are not changed by hand");
  throw reader.mismatched(
    "'ADD COLUMNS', 'DROP COLUMN', 'CHANGE COLUMN', 'RENAME TO', 'SET TBLPROPERTIES', 'UNSET TBLPROPERTIES'",
  );
}

function hiveAction(bound: BoundTable, reader: Reader): Alteration {
  if (bound.kind !== "hive") throw reader.error("NOT_SUPPORTED", `${bound.name} cannot be altered`);
  if (reader.take("add columns")) return { kind: "add columns", columns: newColumns(reader, "hive") };
  if (reader.take("replace columns")) return { kind: "replace columns", columns: newColumns(reader, "hive") };
  if (reader.take("change")) return changeColumn(reader, "hive");
  if (reader.take("set tblproperties"))
    return { kind: "set properties", properties: Object.fromEntries(properties(reader)) };
  if (reader.take("add")) {
    const ifNotExists = reader.take("if not exists");
    const partitions = [];
    do {
      reader.expect("partition");
      const values = partitionValues(reader);
      partitions.push({ values, ...(reader.take("location") && { location: reader.text() }) });
    } while (reader.is("partition"));
    return { kind: "add partitions", ifNotExists, partitions };
  }
  if (reader.take("drop")) {
    const ifExists = reader.take("if exists");
    const partitions = [];
    do {
      reader.expect("partition");
      partitions.push({ values: partitionValues(reader) });
    } while (reader.take(","));
    return { kind: "drop partitions", ifExists, partitions };
  }
  if (reader.take("set location")) return { kind: "set location", location: folder(reader.text(), reader) };
  if (reader.take("partition")) return partitionAction(reader);
  if (ELSEWHERE.test(reader.words(2)))
    throw reader.error("NOT_SUPPORTED", `ALTER TABLE ... ${reader.words(2).toUpperCase()} is not supported by Athena`);
  throw reader.refuse(`ALTER TABLE ... ${reader.words(2).toUpperCase()}`);
}

/** Hive's, which Athena has not for Hive tables: user guide, "Unsupported DDL". */
const ELSEWHERE =
  /^(archive|clustered|compact|concatenate|exchange|not|rename to|set fileformat|set serdeproperties|set skewed|skewed|touch|unarchive)\b/;

/** `PARTITION (...) SET LOCATION '...'`, `PARTITION (...) RENAME TO PARTITION (...)` */
function partitionAction(reader: Reader): Alteration {
  const partition = partitionValues(reader);
  if (reader.take("set location")) return { kind: "set location", location: folder(reader.text(), reader), partition };
  reader.expect("rename to partition");
  return { kind: "rename partition", partition, to: partitionValues(reader) };
}

function newColumns(reader: Reader, kind: "hive" | "iceberg"): ColumnDefinition[] {
  const columns = reader.list(() => columnDefinition(reader, kind));
  checkColumns(columns, reader);
  return columns.map((column) => checked(column, kind, reader));
}

function checked(column: ColumnDefinition, kind: "hive" | "iceberg", reader: Reader): ColumnDefinition {
  const problem = kind === "iceberg" ? notIceberg(column.type) : undefined;
  if (problem !== undefined) throw reader.error("NOT_SUPPORTED", `${problem} (column ${column.name})`);
  return column;
}

/** `CHANGE [COLUMN] old new type [COMMENT 'text'] [FIRST | AFTER name]` */
function changeColumn(reader: Reader, kind: "hive" | "iceberg"): Alteration & { readonly kind: "change column" } {
  reader.take("column");
  const name = reader.name();
  const to = checked(columnDefinition(reader, kind), kind, reader);
  if (reader.is("first") || reader.is("after")) throw reader.refuse("moving a column");
  return { kind: "change column", name, to };
}

/** `(key = 'value', ...)`; numbers may stand without quotes. */
function partitionValues(reader: Reader): PartitionValues {
  return Object.fromEntries(
    reader.list((): [string, string] => {
      const key = reader.name();
      if (!reader.is("=")) throw reader.refuse("a partition by another comparison than =");
      reader.expect("=");
      return [key, reader.isNumberNext() ? reader.number() : reader.text()];
    }),
  );
}
