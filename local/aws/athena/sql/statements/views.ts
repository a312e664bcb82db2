import { toHive } from "../hive-type.ts";
import type { CreateView, DropView } from "../statement-types.ts";
import { checkOutput, tableName } from "./definitions.ts";
import type { Part } from "./part.ts";
import type { Reader } from "./tokens.ts";

/** `CREATE [OR REPLACE] VIEW v AS query`, after the word VIEW. */
export function createView(reader: Reader, part: Part, orReplace: boolean): CreateView {
  const view = tableName(reader);
  if (reader.is("(")) throw reader.refuse("column names of a view", "name the columns of its query");
  reader.expect("as");
  const [start, end] = [reader.offset, reader.textEnd];
  if (reader.has("?")) throw reader.error("NOT_SUPPORTED", "A view cannot have parameters");
  const { columns } = part.query(start, end);
  checkOutput(columns, reader);
  return {
    kind: "CREATE_VIEW",
    view,
    orReplace,
    query: part.session.source.text.slice(start, end),
    columns: columns.map(({ name, type }) => {
      const hive = toHive(type);
      if (hive === undefined) throw reader.refuse(`a view with a column of type ${type.kind}`);
      return { name: name.toLowerCase(), type, hive };
    }),
  };
}

/** `DROP VIEW [IF EXISTS] v`, after the word VIEW. */
export function dropView(reader: Reader): DropView {
  const ifExists = reader.take("if exists");
  const view = tableName(reader);
  reader.end();
  return { kind: "DROP_VIEW", view, ifExists };
}
