import type { Statement } from "../statement-types.ts";
import { type Written, written } from "../written.ts";
import { alterTable } from "./alter-table.ts";
import { createTable } from "./create-table.ts";
import { createTableAs } from "./create-table-as.ts";
import { alterDatabase, createDatabase, dropDatabase } from "./databases.ts";
import { dropTable, msckRepair, optimize, vacuum } from "./maintenance.ts";
import type { Part } from "./part.ts";
import { deallocate, execute, explain, prepare } from "./prepared.ts";
import { describeTable, show } from "./show.ts";
import { Reader } from "./tokens.ts";
import { unload } from "./unload.ts";
import { createView, dropView } from "./views.ts";

type Command = ((hive: Reader, part: Part) => Statement) & Written;

const trino = (hive: Reader, words: string): Reader => {
  const reader = new Reader(hive.source, "trino");
  reader.expect(words);
  return reader;
};

/** By the words they begin with, the longer ones first. */
export const commands: readonly (readonly [string, Command])[] = [
  [
    "create external table",
    written(
      "CREATE EXTERNAL TABLE [IF NOT EXISTS] t (column type, ...) [PARTITIONED BY (...)] ROW FORMAT SERDE ... | STORED AS ... LOCATION 's3://...' [TBLPROPERTIES (...)]",
      (hive) => createTable(hive, true),
    ),
  ],
  [
    "create table",
    written(
      [
        "CREATE TABLE [IF NOT EXISTS] t (column type, ...) [PARTITIONED BY (column, month(column), bucket(n, column), ...)] LOCATION 's3://...' TBLPROPERTIES ('table_type' = 'ICEBERG')",
        "CREATE TABLE [IF NOT EXISTS] t [WITH (...)] AS SELECT ...",
      ],
      (hive, part) =>
        definesColumns(hive) ? createTable(hive, false) : createTableAs(trino(hive, "create table"), part),
    ),
  ],
  [
    "create or replace view",
    written("CREATE OR REPLACE VIEW v AS SELECT ...", (hive, part) =>
      createView(trino(hive, "create or replace view"), part, true),
    ),
  ],
  [
    "create view",
    written("CREATE VIEW v AS SELECT ...", (hive, part) => createView(trino(hive, "create view"), part, false)),
  ],
  ["create database", written("CREATE DATABASE | SCHEMA [IF NOT EXISTS] d", createDatabase)],
  ["create schema", createDatabase],
  [
    "alter database",
    written("ALTER DATABASE | SCHEMA d SET DBPROPERTIES ('key' = 'value', ...)", (hive) => alterDatabase(hive)),
  ],
  ["alter schema", alterDatabase],
  ["drop table", written("DROP TABLE [IF EXISTS] t", dropTable)],
  ["drop view", written("DROP VIEW [IF EXISTS] v", dropView)],
  ["drop database", written("DROP DATABASE | SCHEMA [IF EXISTS] d [CASCADE]", dropDatabase)],
  ["drop schema", dropDatabase],
  [
    "alter table",
    written(
      [
        "ALTER TABLE t ADD COLUMNS (column type, ...)",
        "ALTER TABLE t DROP COLUMN column",
        "ALTER TABLE t CHANGE COLUMN column name type",
        "ALTER TABLE t REPLACE COLUMNS (column type, ...)",
        "ALTER TABLE t RENAME TO name",
        "ALTER TABLE t SET | UNSET TBLPROPERTIES (...)",
        "ALTER TABLE t ADD [IF NOT EXISTS] | DROP [IF EXISTS] PARTITION (column = 'value', ...) [LOCATION 's3://...']",
        "ALTER TABLE t [PARTITION (column = 'value', ...)] SET LOCATION 's3://...'",
        "ALTER TABLE t PARTITION (column = 'value', ...) RENAME TO PARTITION (column = 'value', ...)",
      ],
      (hive, { session }) => alterTable(hive, session),
    ),
  ],
  ["msck repair table", written("MSCK REPAIR TABLE t", msckRepair)],
  ["optimize", written("OPTIMIZE t REWRITE DATA USING BIN_PACK [WHERE p]", optimize)],
  ["vacuum", written("VACUUM t", vacuum)],
  [
    "show",
    written(
      [
        "SHOW DATABASES [LIKE 'pattern']",
        "SHOW TABLES | VIEWS [IN d] ['pattern']",
        "SHOW COLUMNS IN t",
        "SHOW PARTITIONS t",
        "SHOW TBLPROPERTIES t [('name')]",
        "SHOW CREATE TABLE | VIEW t",
      ],
      show,
    ),
  ],
  ["describe", written("DESCRIBE [EXTENDED | FORMATTED] t", describeTable)],
  ["desc", describeTable],
  [
    "explain",
    written("EXPLAIN [ANALYZE] [(FORMAT TEXT | JSON)] statement", (hive, part) =>
      explain(trino(hive, "explain"), part),
    ),
  ],
  [
    "unload",
    written("UNLOAD (SELECT ...) TO 's3://...' WITH (format = 'PARQUET', ...)", (hive, part) =>
      unload(trino(hive, "unload"), part),
    ),
  ],
  ["prepare", written("PREPARE name FROM statement", (hive, part) => prepare(trino(hive, "prepare"), part))],
  ["execute", written("EXECUTE name [USING literal, ...]", (hive, part) => execute(trino(hive, "execute"), part))],
  ["deallocate", written("DEALLOCATE PREPARE name", deallocate)],
];

/** `CREATE TABLE t (a int)`, not `CREATE TABLE t AS ...` */
function definesColumns(hive: Reader): boolean {
  const placeOf = (word: string): number => {
    const ahead = hive.fork();
    return ahead.skipTo(word) ? ahead.offset : Number.POSITIVE_INFINITY;
  };
  return placeOf("(") < Math.min(placeOf("as"), placeOf("with"));
}

const FIRST_WORD = /^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*([A-Za-z]+)/;
const known = new Set(commands.map(([words]) => words.split(" ")[0]));

/** Statements that the parser library does not know, or not as Athena has them; undefined for the others. */
export function command(part: Part): Statement | undefined {
  const { source } = part.session;
  const first = FIRST_WORD.exec(source.text)?.[1]?.toLowerCase();
  if (first === undefined || !known.has(first)) return undefined;
  const reader = new Reader(source, "hive");
  for (const [words, run] of commands) if (reader.take(words)) return run(reader, part);
  throw reader.refuse(reader.words(2).toUpperCase());
}
