import { field, items, type Kind, type Value } from "./values.ts";

/** A type as a statement of Athena's CREATE TABLE names it. */
export function ddlType(kind: Kind): string {
  if (typeof kind === "string") return kind === "long" ? "bigint" : kind;
  if ("list" in kind) return `array<${ddlType(kind.list)}>`;
  if ("map" in kind) return `map<${kind.map.map(ddlType).join(",")}>`;
  return `struct<${Object.entries(kind.struct)
    .map(([name, of]) => `${name}:${ddlType(of)}`)
    .join(",")}>`;
}

const sqlNames: Readonly<Record<string, string>> = {
  int: "integer",
  long: "bigint",
  float: "real",
  string: "varchar",
  binary: "varbinary",
  timestamp: "timestamp(6)",
  timestamptz: "timestamp(6) with time zone",
  time: "time(6)",
};

/** A type as Trino and Athena's queries name it. */
export function sqlType(kind: Kind): string {
  if (typeof kind === "string") return kind.startsWith("fixed") ? "varbinary" : (sqlNames[kind] ?? kind);
  if ("list" in kind) return `array(${sqlType(kind.list)})`;
  if ("map" in kind) return `map(${kind.map.map(sqlType).join(", ")})`;
  return `row(${Object.entries(kind.struct)
    .map(([name, of]) => `${name} ${sqlType(of)}`)
    .join(", ")})`;
}

/** Types of which every engine takes a literal with the digits of the type, but not every one casts text to them. */
const literals: Readonly<Record<string, string>> = { timestamp: "TIMESTAMP", timestamptz: "TIMESTAMP", time: "TIME" };

/** A value as SQL, with exactly its type. */
export function literal(kind: Kind, value: Value): string {
  const word = typeof kind === "string" && value !== null ? literals[kind] : undefined;
  if (word !== undefined) return `${word} '${String(value)}'`;
  return `CAST(${value === null ? "NULL" : bare(kind, value)} AS ${sqlType(kind)})`;
}

function bare(kind: Kind, value: Value): string {
  if (value === null) return "NULL";
  if (typeof kind === "string") {
    if (sqlType(kind) === "varbinary") return `X'${String(value).replaceAll(" ", "")}'`;
    return `'${String(value).replaceAll("'", "''")}'`;
  }
  if ("list" in kind) return `ARRAY[${list(kind.list, items(value))}]`;
  if ("map" in kind) {
    const [key, of] = kind.map;
    const pairs = items(value).map(items);
    const keys = pairs.map(([name = null]) => name);
    const values = pairs.map(([, item = null]) => item);
    return `MAP(ARRAY[${list(key, keys)}], ARRAY[${list(of, values)}])`;
  }
  return `ROW(${Object.entries(kind.struct)
    .map(([name, of]) => literal(of, field(value, name)))
    .join(", ")})`;
}

const list = (kind: Kind, values: readonly Value[]): string => values.map((value) => literal(kind, value)).join(", ");

/** A type in the form of Iceberg's table metadata; ids are for PyIceberg to give. */
export function icebergJson(kind: Kind, nextId: () => number): unknown {
  if (typeof kind === "string") return kind;
  if ("list" in kind)
    return {
      type: "list",
      "element-id": nextId(),
      element: icebergJson(kind.list, nextId),
      "element-required": false,
    };
  if ("map" in kind) {
    const [key, value] = kind.map;
    return {
      type: "map",
      "key-id": nextId(),
      key: icebergJson(key, nextId),
      "value-id": nextId(),
      value: icebergJson(value, nextId),
      "value-required": false,
    };
  }
  return {
    type: "struct",
    fields: Object.entries(kind.struct).map(([name, of]) => ({
      id: nextId(),
      name,
      type: icebergJson(of, nextId),
      required: false,
    })),
  };
}
