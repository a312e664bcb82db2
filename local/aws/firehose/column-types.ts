import { NotImplementedLocally } from "../service.ts";

/** A column of the table whose schema the records are converted by. */
export interface SchemaColumn {
  readonly name: string;
  /** Hive type text. */
  readonly type: string;
}

type Cast = "CAST" | "TRY_CAST";

const number = "^\\s*[+-]?[0-9]+(\\.[0-9]+)?\\s*$";
const wholeNumber = "^\\s*[+-]?[0-9]+\\s*$";

/** Integers by Hive name. DuckDB would round `1.5`; the SerDe refuses it. */
const integers: Readonly<Record<string, string>> = {
  tinyint: "TINYINT",
  smallint: "SMALLINT",
  int: "INTEGER",
  integer: "INTEGER",
  bigint: "BIGINT",
};

/**
 * SQL for the value of a column from the text of its JSON member, as the OpenX JSON SerDe reads it: `CAST` fails on a
 * text that is no such value, `TRY_CAST` gives NULL for it. Nested types are refused by name.
 */
export function columnValue({ name, type }: SchemaColumn, cast: Cast): string {
  const member = `"${name.replaceAll('"', '""')}"`;
  const hive = type.trim().toLowerCase();
  const integer = integers[hive];
  if (integer)
    return `${cast}(CASE WHEN ${member} IS NULL OR regexp_matches(${member}, '${wholeNumber}') THEN ${member} ELSE 'not a whole number' END AS ${integer})`;
  if (/^decimal\(\d+,\s*\d+\)$/.test(hive)) return `${cast}(${member} AS ${hive.toUpperCase()})`;
  switch (hive) {
    case "string":
      return member;
    case "boolean":
      return `${cast}(CASE WHEN ${member} IS NULL OR lower(${member}) IN ('true', 'false') THEN ${member} ELSE 'not a boolean' END AS BOOLEAN)`;
    case "double":
      return `${cast}(${member} AS DOUBLE)`;
    case "float":
      return `${cast}(${member} AS FLOAT)`;
    case "date":
      return `${cast}(${member} AS DATE)`;
    case "timestamp":
      // Numbers are epoch milliseconds, or seconds when they are too small for that.
      return `CASE WHEN regexp_matches(${member}, '${number}') THEN make_timestamp(CAST(CAST(${member} AS DOUBLE) * CASE WHEN abs(CAST(${member} AS DOUBLE)) >= 1e11 THEN 1e3 ELSE 1e6 END AS BIGINT)) ELSE ${cast}(${member} AS TIMESTAMP) END`;
    default:
      throw new NotImplementedLocally(`Firehose conversion to the column type ${type} (${name})`);
  }
}
