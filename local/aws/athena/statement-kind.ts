import { Source } from "./sql/ast.ts";
import { SqlError } from "./sql/errors.ts";
import { Reader } from "./sql/statements/tokens.ts";

/** What Athena says of a statement before it has run, by its words alone. */
export interface StatementKind {
  readonly type: "DDL" | "DML" | "UTILITY";
  readonly substatement: string;
  /**
   * The form of what lies at the output location: rows with a header, lines of text, or nothing but the metadata beside
   * (`table`: in the folder `tables/`).
   */
  readonly output: "csv" | "text" | "none" | "table";
}

type Kinds = readonly (readonly [words: string, kind: StatementKind])[];

const dml = (substatement: string, output: StatementKind["output"]): StatementKind => ({
  type: "DML",
  substatement,
  output,
});
const ddl = (substatement: string): StatementKind => ({ type: "DDL", substatement, output: "text" });
const utility = (substatement: string): StatementKind => ({ type: "UTILITY", substatement, output: "text" });

const SELECT = dml("SELECT", "csv");
const CREATE_TABLE = ddl("CREATE_TABLE");
const CREATE_TABLE_AS_SELECT: StatementKind = { ...ddl("CREATE_TABLE_AS_SELECT"), output: "table" };

/** By the words that a statement begins with; as seen on AWS, also where the documentation says otherwise. */
const kinds: Kinds = [
  ["select", SELECT],
  ["with", SELECT],
  ["values", SELECT],
  ["table", SELECT],
  ["insert", dml("INSERT", "none")],
  ["update", dml("UPDATE", "csv")],
  ["delete", dml("DELETE", "csv")],
  ["merge", dml("MERGE", "csv")],
  ["unload", dml("UNLOAD", "none")],
  ["explain", dml("EXPLAIN", "text")],
  ["vacuum", dml("VACUUM", "csv")],
  ["execute", dml("EXECUTE", "csv")],
  ["optimize", { ...ddl("OPTIMIZE"), output: "table" }],
  ["create external table", CREATE_TABLE],
  ["create view", ddl("CREATE_VIEW")],
  ["create or replace view", ddl("CREATE_VIEW")],
  ["create database", ddl("CREATE_DATABASE")],
  ["create schema", ddl("CREATE_DATABASE")],
  ["drop table", ddl("DROP_TABLE")],
  ["drop view", ddl("DROP_VIEW")],
  ["drop database", ddl("DROP_DATABASE")],
  ["drop schema", ddl("DROP_DATABASE")],
  ["msck", ddl("MSCK_REPAIR")],
  ["prepare", utility("PREPARE")],
  ["deallocate", utility("DEALLOCATE")],
  ["describe", utility("DESCRIBE_TABLE")],
  ["desc", utility("DESCRIBE_TABLE")],
  ["show databases", utility("SHOW_DATABASES")],
  ["show schemas", utility("SHOW_DATABASES")],
  ["show tables", utility("SHOW_TABLES")],
  ["show views", utility("SHOW_VIEWS")],
  ["show columns", utility("SHOW_COLUMNS")],
  ["show partitions", utility("SHOW_PARTITIONS")],
  ["show tblproperties", utility("SHOW_TABLE_PROPERTIES")],
  ["show create table", utility("SHOW_CREATE_TABLE")],
  ["show create view", utility("SHOW_CREATE_VIEW")],
];

/** What follows the table's name in ALTER TABLE. */
const alterations: Kinds = [
  ["add columns", ddl("ALTER_TABLE_ADD_COLUMN")],
  ["replace columns", ddl("ALTER_TABLE_REPLACE_COLUMN")],
  ["change", ddl("ALTER_TABLE_CHANGE_COLUMN")],
  ["drop column", ddl("ALTER_TABLE_DROP_COLUMN")],
  ["add", ddl("ALTER_TABLE_ADD_PARTITION")],
  ["drop", ddl("ALTER_TABLE_DROP_PARTITION")],
  ["rename", ddl("ALTER_TABLE_RENAME")],
  ["set location", ddl("ALTER_TABLE_SET_LOCATION")],
  ["set", ddl("ALTER_TABLE_PROPERTIES")],
  ["unset", ddl("ALTER_TABLE_PROPERTIES")],
];

const among = (list: Kinds, reader: Reader): StatementKind | undefined =>
  list.find(([words]) => reader.take(words))?.[1];

function skipName(reader: Reader): void {
  reader.take("if not exists");
  reader.anyName();
  while (reader.take(".")) reader.anyName();
}

function read(reader: Reader): StatementKind | undefined {
  while (reader.take("("));
  if (reader.take("create table")) {
    skipName(reader);
    return reader.is("(") ? CREATE_TABLE : CREATE_TABLE_AS_SELECT;
  }
  if (reader.take("alter table")) {
    skipName(reader);
    return among(alterations, reader) ?? ddl("ALTER_TABLE");
  }
  return among(kinds, reader);
}

/** The kind of a statement; one that nobody knows is taken for a definition. */
export function statementKind(sql: string): StatementKind {
  try {
    return read(new Reader(new Source(sql), "hive")) ?? ddl("UNKNOWN");
  } catch (error) {
    if (error instanceof SqlError) return ddl("UNKNOWN");
    throw error;
  }
}

/** Below an output location. */
export function outputKey(id: string, { output }: StatementKind): string {
  switch (output) {
    case "csv":
      return `${id}.csv`;
    case "text":
      return `${id}.txt`;
    case "none":
      return id;
    case "table":
      return `tables/${id}`;
  }
}
