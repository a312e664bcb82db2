import type { AlterDatabase, CreateDatabase, DropDatabase } from "../statement-types.ts";
import { properties } from "./definitions.ts";
import { folder } from "./iceberg-rules.ts";
import type { Reader } from "./tokens.ts";

/** `CREATE DATABASE [IF NOT EXISTS] d [COMMENT ''] [LOCATION ''] [WITH DBPROPERTIES (...)]`, after the word DATABASE. */
export function createDatabase(reader: Reader): CreateDatabase {
  const ifNotExists = reader.take("if not exists");
  const name = reader.name();
  const comment = reader.take("comment") ? reader.text() : undefined;
  const location = reader.take("location") ? folder(reader.text(), reader) : undefined;
  const given = reader.take("with dbproperties") ? Object.fromEntries(properties(reader)) : {};
  reader.end();
  return {
    kind: "CREATE_DATABASE",
    name,
    ifNotExists,
    ...(comment !== undefined && { comment }),
    ...(location !== undefined && { location }),
    properties: given,
  };
}

/** `ALTER DATABASE d SET DBPROPERTIES ('key' = 'value', ...)`, after the word DATABASE. */
export function alterDatabase(reader: Reader): AlterDatabase {
  const name = reader.name();
  if (reader.is("set location") || reader.is("set owner"))
    throw reader.error(
      "NOT_SUPPORTED",
      `ALTER DATABASE ... ${reader.words(2).toUpperCase()} is not supported by Athena`,
    );
  reader.expect("set dbproperties");
  const given = Object.fromEntries(properties(reader));
  reader.end();
  return { kind: "ALTER_DATABASE", name, properties: given };
}

/** `DROP DATABASE [IF EXISTS] d [RESTRICT | CASCADE]`, after the word DATABASE. */
export function dropDatabase(reader: Reader): DropDatabase {
  const ifExists = reader.take("if exists");
  const name = reader.name();
  const cascade = !reader.take("restrict") && reader.take("cascade");
  reader.end();
  return { kind: "DROP_DATABASE", name, ifExists, cascade };
}
