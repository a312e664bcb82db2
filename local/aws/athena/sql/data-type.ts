import { isObject, type Node } from "./ast.ts";
import type { Env } from "./scope.ts";
import {
  arrayOf,
  BIGINT,
  BOOLEAN,
  DATE,
  DOUBLE,
  decimal,
  INTEGER,
  JSON_TYPE,
  mapOf,
  REAL,
  type TrinoType,
  timestamp,
  VARBINARY,
  VARCHAR,
} from "./types.ts";

const simple: Readonly<Record<string, TrinoType>> = {
  boolean: BOOLEAN,
  tiny_int: { kind: "tinyint" },
  small_int: { kind: "smallint" },
  int: INTEGER,
  big_int: BIGINT,
  double: DOUBLE,
  date: DATE,
  json: JSON_TYPE,
  var_binary: VARBINARY,
};

/** Every type that CAST takes, as one writes it. */
export const typeForms: readonly string[] = [
  "boolean",
  "tinyint",
  "smallint",
  "integer",
  "bigint",
  "real",
  "double",
  "decimal(p,s)",
  "varchar",
  "varchar(n)",
  "varbinary",
  "date",
  "time(p)",
  "timestamp(p)",
  "timestamp(p) with time zone",
  "json",
  "array(T)",
  "map(K, V)",
  "row(name T, ...)",
];

/** The type a CAST names. @throws SqlError for one the local engine does not have. */
export function readType(value: unknown, at: Node, env: Env): TrinoType {
  const { source } = env.session;
  if (!isObject(value) || typeof value["data_type"] !== "string") throw source.refuse(at, "this type");
  const kind = value["data_type"];
  const number = (key: string, fallback: number): number => (typeof value[key] === "number" ? value[key] : fallback);
  switch (kind) {
    case "var_char":
    case "text":
      return typeof value["length"] === "number" ? { kind: "varchar", length: value["length"] } : VARCHAR;
    case "decimal":
      // The parser knows more names for it than Trino.
      if (/\bas\s+numeric\b/i.test(source.text)) throw source.refuse(at, "type numeric", "Athena calls it decimal");
      return decimal(number("precision", 38), number("scale", 0));
    case "float":
      // The parser reads Trino's `real` as other dialects' name of it.
      if (/\bas\s+float\b/i.test(source.text)) throw source.refuse(at, "type float", "Athena calls it real");
      return REAL;
    case "timestamp": {
      const precision = number("precision", 3);
      if (![0, 3, 6].includes(precision)) throw source.refuse(at, `timestamp(${precision})`, "use 0, 3 or 6 digits");
      return value["timezone"] === true ? { kind: "timestamptz", precision } : timestamp(precision);
    }
    case "time": {
      const precision = number("precision", 3);
      if (precision > 6 || value["timezone"] === true) throw source.refuse(at, "this type of time");
      return { kind: "time", precision };
    }
    case "array":
      return arrayOf(readType(value["element_type"], at, env));
    case "map":
      return mapOf(readType(value["key_type"], at, env), readType(value["value_type"], at, env));
    case "struct": {
      const fields: readonly unknown[] = Array.isArray(value["fields"]) ? value["fields"] : [];
      const names = new Set<string>();
      return {
        kind: "row",
        fields: fields.map((field) => {
          if (!isObject(field) || typeof field["name"] !== "string") throw source.refuse(at, "this ROW type");
          if (/^".*[A-Z].*"$/.test(field["name"]))
            throw source.refuse(at, `the quoted ROW field ${field["name"]}`, "leave the quotes");
          const written = field["name"].replace(/^"(.*)"$/, "$1");
          const name = written.toLowerCase();
          if (names.has(name)) throw source.refuse(at, `ROW with the field ${name} twice`);
          names.add(name);
          const type = readType(field["data_type"], at, env);
          return written === name ? { name, type } : { name, type, written };
        }),
      };
    }
    default: {
      const type = simple[kind];
      if (type === undefined) throw source.refuse(at, `type ${kind.replaceAll("_", " ")}`);
      return type;
    }
  }
}
