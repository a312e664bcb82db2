import type { Statement } from "../statement-types.ts";
import { alterTable } from "./alter-table.ts";
import { createTable } from "./create-table.ts";
import { createTableAs } from "./create-table-as.ts";
import { createDatabase, dropDatabase } from "./databases.ts";
import { dropTable, optimize, vacuum } from "./maintenance.ts";
import type { Part } from "./part.ts";
import { deallocate, execute, explain, prepare } from "./prepared.ts";
import { describeTable, show } from "./show.ts";
import { Reader } from "./tokens.ts";
import { unload } from "./unload.ts";
import { createView, dropView } from "./views.ts";

type Command = (hive: Reader, part: Part) => Statement;

const trino = (hive: Reader, words: string): Reader => {
  const reader = new Reader(hive.source, "trino");
  reader.expect(words);
  return reader;
};

/** By the words they begin with, the longer ones first. */
const commands: readonly (readonly [string, Command])[] = [
  ["create external table", (hive) => createTable(hive, true)],
  [
    "create table",
    (hive, part) =>
      definesColumns(hive) ? createTable(hive, false) : createTableAs(trino(hive, "create table"), part),
  ],
  ["create or replace view", (hive, part) => createView(trino(hive, "create or replace view"), part, true)],
  ["create view", (hive, part) => createView(trino(hive, "create view"), part, false)],
  ["create database", createDatabase],
  ["create schema", createDatabase],
  ["drop table", dropTable],
  ["drop view", dropView],
  ["drop database", dropDatabase],
  ["drop schema", dropDatabase],
  ["alter table", (hive, { session }) => alterTable(hive, session)],
  ["optimize", optimize],
  ["vacuum", vacuum],
  ["show", show],
  ["describe", describeTable],
  ["desc", describeTable],
  ["explain", (hive, part) => explain(trino(hive, "explain"), part)],
  ["unload", (hive, part) => unload(trino(hive, "unload"), part)],
  ["prepare", (hive, part) => prepare(trino(hive, "prepare"), part)],
  ["execute", (hive, part) => execute(trino(hive, "execute"), part)],
  ["deallocate", deallocate],
];

/** `CREATE TABLE t (a int)`, not `CREATE TABLE t AS ...` */
function definesColumns(hive: Reader): boolean {
  const ahead = hive.fork();
  ahead.take("if not exists");
  ahead.name();
  while (ahead.take(".")) ahead.name();
  return ahead.is("(");
}

const FIRST_WORD = /^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*([A-Za-z]+)/;
const known = new Set([...commands.map(([words]) => words.split(" ")[0]), "msck"]);

/** Statements that the parser library does not know, or not as Athena has them; undefined for the others. */
export function command(part: Part): Statement | undefined {
  const { source } = part.session;
  const first = FIRST_WORD.exec(source.text)?.[1]?.toLowerCase();
  if (first === undefined || !known.has(first)) return undefined;
  const reader = new Reader(source, "hive");
  for (const [words, run] of commands) if (reader.take(words)) return run(reader, part);
  throw reader.refuse(reader.words(2).toUpperCase());
}
