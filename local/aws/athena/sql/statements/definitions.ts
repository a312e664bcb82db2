import { fromHive } from "../hive-type.ts";
import type { OutputColumn } from "../scope.ts";
import type { ColumnDefinition, TableName } from "../statement-types.ts";
import type { Reader } from "./tokens.ts";

/** `[catalog.][database.]table` */
export function tableName(reader: Reader): TableName {
  const parts = [reader.name()];
  while (parts.length < 3 && reader.take(".")) parts.push(reader.name());
  // SHOW CREATE TABLE puts both names into one pair of backticks, and Athena reads that again.
  if (parts.length === 1) parts.splice(0, 1, ...(parts[0] ?? "").split("."));
  const [name = "", database, catalog] = parts.reverse();
  if (catalog !== undefined && catalog !== "awsdatacatalog")
    throw reader.error("SYNTAX_ERROR", `Catalog '${catalog}' does not exist`);
  return { database, name };
}

const plain = new Set("boolean tinyint smallint int bigint float double date timestamp string binary".split(" "));
const instead: Readonly<Record<string, string>> = {
  integer: "in DDL Athena calls it int",
  varchar: "write string, or varchar(n)",
  real: "in DDL Athena calls it float",
  text: "Athena calls it string",
};

/** A type in Hive's words, as Glue writes it. */
function hiveType(reader: Reader): string {
  if (reader.take("array <")) return closed(reader, `array<${hiveType(reader)}`);
  if (reader.take("map <")) {
    const key = hiveType(reader);
    reader.expect(",");
    return closed(reader, `map<${key},${hiveType(reader)}`);
  }
  if (reader.take("struct <")) {
    const fields: string[] = [];
    do {
      const name = reader.name();
      reader.expect(":");
      fields.push(`${name}:${hiveType(reader)}`);
      if (reader.is("comment")) throw reader.refuse("COMMENT on a field of a struct");
    } while (reader.take(","));
    return closed(reader, `struct<${fields.join(",")}`);
  }
  if (reader.take("decimal")) {
    const [precision = 10, scale = 0] = reader.is("(") ? reader.list(() => Number(reader.number())) : [];
    if (precision < 1 || precision > 38 || scale > precision)
      throw reader.error(
        "SYNTAX_ERROR",
        `decimal(${precision},${scale}): at most 38 digits, no more after the point than in all`,
      );
    return `decimal(${precision},${scale})`;
  }
  for (const name of ["varchar", "char"]) {
    if (!reader.is(`${name} (`)) continue;
    reader.expect(name);
    return `${name}(${reader.list(() => reader.number()).join(",")})`;
  }
  const known = [...plain].find((name) => reader.is(name));
  if (known === undefined) {
    const hint = Object.keys(instead).find((name) => reader.is(name));
    throw reader.mismatched(`a type${hint === undefined ? "" : ` (${instead[hint]})`}`);
  }
  reader.expect(known);
  return known;
}

function closed(reader: Reader, type: string): string {
  reader.expect(">");
  return `${type}>`;
}

/** `name type [COMMENT 'text']`; timestamps have milliseconds in Hive tables and microseconds in Iceberg ones. */
export function columnDefinition(reader: Reader, kind: "hive" | "iceberg"): ColumnDefinition {
  const name = reader.name();
  const hive = hiveType(reader);
  const type = fromHive(hive, kind === "iceberg" ? 6 : 3);
  if (type === undefined) throw reader.refuse(`type ${hive}`);
  const comment = reader.take("comment") ? reader.text() : undefined;
  return { name, type, hive, ...(comment !== undefined && { comment }) };
}

/** Two columns of one name cannot be told apart: Glue knows no case. */
export function checkColumns(columns: readonly { readonly name: string }[], reader: Reader): void {
  const seen = new Set<string>();
  for (const { name } of columns) {
    if (seen.has(name)) throw reader.error("DUPLICATE_COLUMN_NAME", `Column name '${name}' specified more than once`);
    seen.add(name);
  }
}

/** `('key' = 'value', ...)`, keys as written. */
export function properties(reader: Reader): Map<string, string> {
  const pairs = reader.list((): [string, string] => {
    const key = reader.text();
    reader.expect("=");
    return [key, reader.text()];
  });
  const map = new Map(pairs);
  if (map.size < pairs.length) throw reader.error("INVALID_TABLE_PROPERTY", "A table property is there twice");
  return map;
}

/** Every column of a query that becomes a table or files has a name of its own and a type. */
export function checkOutput(columns: readonly OutputColumn[], reader: Reader): void {
  const unnamed = columns.findIndex(({ anonymous }) => anonymous === true);
  if (unnamed >= 0) throw reader.error("MISSING_COLUMN_NAME", `Column name not specified at position ${unnamed + 1}`);
  checkColumns(
    columns.map(({ name }) => ({ name: name.toLowerCase() })),
    reader,
  );
  const unknown = columns.find(({ type }) => type.kind === "unknown");
  if (unknown !== undefined)
    throw reader.error("COLUMN_TYPE_UNKNOWN", `Column type is unknown at position ${columns.indexOf(unknown) + 1}`);
}

/** The values of WITH: texts, numbers and booleans as text; ARRAY['a', 'b'] as a list. Each is taken out once. */
export class Values {
  readonly #reader: Reader;
  readonly #values: Map<string, string | readonly string[]>;

  constructor(reader: Reader, pairs: readonly (readonly [string, string | readonly string[]])[]) {
    this.#reader = reader;
    this.#values = new Map(pairs);
    if (this.#values.size < pairs.length) throw reader.error("INVALID_TABLE_PROPERTY", "A property is there twice");
  }

  #take(key: string): string | readonly string[] | undefined {
    const value = this.#values.get(key);
    this.#values.delete(key);
    return value;
  }

  text(key: string): string | undefined {
    const value = this.#take(key);
    if (value === undefined || typeof value === "string") return value;
    throw this.#reader.error("INVALID_TABLE_PROPERTY", `${key} is no list`);
  }

  list(key: string): readonly string[] {
    const value = this.#take(key) ?? [];
    if (typeof value !== "string") return value;
    throw this.#reader.error("INVALID_TABLE_PROPERTY", `${key} is a list: ARRAY['${value}']`);
  }

  /** What was not asked for by name. */
  rest(): Map<string, string> {
    return new Map([...this.#values.keys()].map((key) => [key, this.text(key) ?? ""]));
  }

  /** @throws SqlError for what nobody asked for. */
  checkEmpty(): void {
    const [left] = this.#values.keys();
    if (left !== undefined) throw this.#reader.refuse(`the property ${left}`);
  }
}

/** `(key = value, ...)` in Trino's words. */
export function withProperties(reader: Reader): Values {
  return new Values(
    reader,
    reader.list(() => [reader.assigned(), property(reader)]),
  );
}

function property(reader: Reader): string | readonly string[] {
  if (reader.take("array [")) {
    const items: string[] = [];
    if (!reader.is("]"))
      do items.push(reader.text());
      while (reader.take(","));
    reader.expect("]");
    return items;
  }
  for (const word of ["true", "false"]) if (reader.take(word)) return word;
  return reader.isNumberNext() ? reader.number() : reader.text();
}
