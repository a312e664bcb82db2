import type { Show } from "../statement-types.ts";
import { tableName } from "./definitions.ts";
import type { Reader } from "./tokens.ts";

/** `SHOW ...`, after this word. */
export function show(reader: Reader): Show {
  const statement = shown(reader);
  reader.end();
  return statement;
}

function shown(reader: Reader): Show {
  if (reader.take("databases") || reader.take("schemas")) return { kind: "SHOW_DATABASES", ...pattern(reader) };
  if (reader.take("tables")) return { kind: "SHOW_TABLES", database: inDatabase(reader), ...pattern(reader) };
  if (reader.take("views")) return { kind: "SHOW_VIEWS", database: inDatabase(reader), ...pattern(reader) };
  if (reader.take("columns")) {
    if (!reader.take("from")) reader.expect("in");
    const table = tableName(reader);
    const database = inDatabase(reader) ?? table.database;
    return { kind: "SHOW_COLUMNS", table: { ...table, database } };
  }
  if (reader.take("partitions")) return { kind: "SHOW_PARTITIONS", table: tableName(reader) };
  if (reader.take("create table")) return { kind: "SHOW_CREATE_TABLE", table: tableName(reader) };
  if (reader.take("create view")) return { kind: "SHOW_CREATE_VIEW", table: tableName(reader) };
  if (reader.take("tblproperties")) {
    const table = tableName(reader);
    const [property] = reader.is("(") ? reader.list(() => reader.text()) : [];
    return { kind: "SHOW_TBLPROPERTIES", table, ...(property !== undefined && { property }) };
  }
  throw reader.refuse(`SHOW ${reader.word().toUpperCase()}`);
}

function inDatabase(reader: Reader): string | undefined {
  return reader.take("in") || reader.take("from") ? reader.name() : undefined;
}

function pattern(reader: Reader): { readonly pattern?: string } {
  return reader.take("like") || reader.isText() ? { pattern: reader.text() } : {};
}

/** `DESCRIBE [EXTENDED | FORMATTED] t`, after the first word. */
export function describeTable(reader: Reader): Show {
  const extended = reader.take("extended") || reader.take("formatted");
  const table = tableName(reader);
  if (!reader.is("partition") && !reader.atEnd) throw reader.refuse("DESCRIBE of a column");
  if (reader.is("partition")) throw reader.refuse("DESCRIBE of a partition");
  return { kind: "DESCRIBE", table, extended };
}
