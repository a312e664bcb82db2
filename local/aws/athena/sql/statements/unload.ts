import type { Unload } from "../statement-types.ts";
import { checkOutput, withProperties } from "./definitions.ts";
import { folder } from "./iceberg-rules.ts";
import type { Part } from "./part.ts";
import type { Reader } from "./tokens.ts";

const formats = ["parquet", "json", "textfile"] as const;
const compressions = ["gzip", "snappy", "zstd", "none"] as const;

const among = <T extends string>(list: readonly T[], value: string): T | undefined => list.find((one) => one === value);

/** `UNLOAD (query) TO 's3://...' WITH (format = 'PARQUET', ...)`, after the first word. */
export function unload(reader: Reader, part: Part): Unload {
  const start = reader.offset;
  reader.skipBrackets();
  const { sql, columns } = part.query(start, reader.lastEnd);
  reader.expect("to");
  const location = folder(reader.text(), reader);
  reader.expect("with");
  const values = withProperties(reader);
  reader.end();
  const format = values.text("format")?.toLowerCase();
  if (format === undefined) throw reader.error("INVALID_ARGUMENTS", "UNLOAD needs a format: WITH (format = 'PARQUET')");
  const known = among(formats, format);
  if (known === undefined)
    throw reader.refuse(`UNLOAD as ${format.toUpperCase()}`, `one of ${formats.join(", ").toUpperCase()}`);
  const compression = values.text("compression")?.toLowerCase() ?? "gzip";
  const codec = among(compressions, compression);
  if (codec === undefined || (codec === "snappy" && known !== "parquet"))
    throw reader.refuse(`UNLOAD as ${format.toUpperCase()} with compression ${compression.toUpperCase()}`);
  const partitionedBy = values.list("partitioned_by").map((name) => name.toLowerCase());
  const fieldDelimiter = values.text("field_delimiter") ?? "\u0001";
  values.checkEmpty();
  checkOutput(columns, reader);
  const last = columns.slice(columns.length - partitionedBy.length).map(({ name }) => name.toLowerCase());
  if (partitionedBy.length >= columns.length || last.join() !== partitionedBy.join())
    throw reader.error(
      "INVALID_ARGUMENTS",
      `Partition columns must be the last columns of the query, in the same order: ${partitionedBy.join(", ")}`,
    );
  return { kind: "UNLOAD", sql, columns, location, format: known, compression: codec, partitionedBy, fieldDelimiter };
}
