import type { PartitionColumn, TableFormat } from "../statement-types.ts";
import { display, type TrinoType } from "../types.ts";
import type { Reader } from "./tokens.ts";

interface Rule {
  /** As the table's metadata calls it, when it has another name there. */
  readonly stored?: string;
  readonly allows: (value: string) => boolean;
  readonly allowed: string;
}

const GIGABYTE = 1_073_741_824;
const oneOf = (stored: string, ...values: readonly string[]): Rule => ({
  stored,
  allows: (value) => values.includes(value.toLowerCase()),
  allowed: values.join(", "),
});
const whole = (least: number, most: number, stored?: string): Rule => ({
  ...(stored !== undefined && { stored }),
  allows: (value) => /^\d+$/.test(value) && Number(value) >= least && Number(value) <= most,
  allowed: `a whole number from ${least} to ${most}`,
});

/** The only properties Athena takes for an Iceberg table: user guide, "Create Iceberg tables", table properties. */
const rules: Readonly<Record<string, Rule>> = {
  format: oneOf("write.format.default", "parquet"),
  write_compression: oneOf("write.parquet.compression-codec", "zstd", "snappy", "gzip"),
  write_target_data_file_size_bytes: whole(1, 10 * GIGABYTE, "write.target-file-size-bytes"),
  optimize_rewrite_min_data_file_size_bytes: whole(0, 10 * GIGABYTE),
  optimize_rewrite_max_data_file_size_bytes: whole(1, 10 * GIGABYTE),
  optimize_rewrite_data_file_threshold: whole(1, 49),
  optimize_rewrite_delete_file_threshold: whole(1, 49),
  vacuum_min_snapshots_to_keep: whole(1, Number.MAX_SAFE_INTEGER),
  vacuum_max_snapshot_age_seconds: whole(1, Number.MAX_SAFE_INTEGER),
  vacuum_max_metadata_files_to_keep: whole(1, Number.MAX_SAFE_INTEGER),
};

/** Properties under the names that the table's metadata keeps. */
export function icebergProperties(given: ReadonlyMap<string, string>, reader: Reader): Record<string, string> {
  const stored: Record<string, string> = {};
  for (const [key, value] of given) {
    const rule = icebergProperty(key, reader);
    if (!rule.allows(value))
      throw reader.error(
        "INVALID_TABLE_PROPERTY",
        `Invalid value '${value}' for table property ${key}: ${rule.allowed}`,
      );
    stored[rule.stored ?? key] = rule.stored?.startsWith("write.") ? value.toLowerCase() : value;
  }
  return stored;
}

/** The name under which the metadata keeps the property. */
export const storedName = (key: string, reader: Reader): string => icebergProperty(key, reader).stored ?? key;

/** Athena's name of a property in the metadata; undefined for one it does not show. */
export const athenaName = (stored: string): string | undefined =>
  Object.keys(rules).find((key) => (rules[key]?.stored ?? key) === stored);

function icebergProperty(key: string, reader: Reader): Rule {
  const rule = rules[key];
  if (rule === undefined) throw reader.error("INVALID_TABLE_PROPERTY", `Unsupported table property key: ${key}`);
  return rule;
}

/** The types of columns that Athena makes Iceberg tables with. @returns what is wrong, if anything. */
export function notIceberg(type: TrinoType): string | undefined {
  switch (type.kind) {
    case "array":
      return notIceberg(type.element);
    case "map":
      return notIceberg(type.key) ?? notIceberg(type.value);
    case "row":
      return type.fields.map((field) => notIceberg(field.type)).find((problem) => problem !== undefined);
    case "varchar":
    case "boolean":
    case "integer":
    case "bigint":
    case "real":
    case "double":
    case "decimal":
    case "date":
    case "varbinary":
      return undefined;
    case "timestamp":
      if (type.precision === 6) return undefined;
      return `Timestamp precision (${type.precision}) not supported for Iceberg. Use "timestamp(6)" instead.`;
    default:
      return `Type not supported for Iceberg: ${display(type)}`;
  }
}

const temporal = ["date", "timestamp"];
const sources: Readonly<Record<string, readonly string[]>> = {
  year: temporal,
  month: temporal,
  day: temporal,
  hour: ["timestamp"],
  bucket: ["integer", "bigint", "decimal", "varchar", "varbinary", ...temporal],
  truncate: ["integer", "bigint", "decimal", "varchar"],
  identity: ["boolean", "integer", "bigint", "decimal", "varchar", "varbinary", ...temporal],
};

export const isTransform = (name: string): boolean => sources[name] !== undefined && name !== "identity";

/**
 * A field of a partition spec over the table's columns.
 * @param width of `bucket` and `truncate`.
 */
export function partitionColumn(
  transform: string,
  width: number | undefined,
  name: string,
  columns: readonly { readonly name: string; readonly type: TrinoType }[],
  reader: Reader,
): PartitionColumn {
  const column = columns.find((one) => one.name === name);
  if (column === undefined)
    throw reader.error("COLUMN_NOT_FOUND", `Partition column '${name}' is no column of the table`);
  if (sources[transform]?.includes(column.type.kind) !== true)
    throw reader.error(
      "INVALID_TABLE_PROPERTY",
      `Cannot partition by ${transform}(${name}): ${name} is ${display(column.type)}`,
    );
  if (transform === "bucket" || transform === "truncate") {
    if (width === undefined || width < 1)
      throw reader.error("INVALID_TABLE_PROPERTY", `${transform} needs a positive number: ${transform}(16, ${name})`);
    return { column: name, transform: `${transform}[${width}]` };
  }
  if (width !== undefined) throw reader.error("INVALID_TABLE_PROPERTY", `${transform} takes a column only`);
  if (transform === "year" || transform === "month" || transform === "day" || transform === "hour")
    return { column: name, transform };
  return { column: name, transform: "identity" };
}

/** Two fields over one column with one transform are refused, as Iceberg does. */
export function checkPartitions(partitionedBy: readonly PartitionColumn[], reader: Reader): void {
  const seen = new Set<string>();
  for (const { column, transform } of partitionedBy) {
    const key = `${transform}(${column})`;
    if (seen.has(key)) throw reader.error("INVALID_TABLE_PROPERTY", `Partition field ${key} is there twice`);
    seen.add(key);
  }
}

/** `s3://bucket/folder/`, with the last `/`. */
export function folder(location: string, reader: Reader): string {
  if (!/^s3:\/\/[a-z0-9][a-z0-9.-]+(\/[^*?]*)?$/.test(location))
    throw reader.error("INVALID_TABLE_PROPERTY", `'${location}' is no location: write s3://bucket/folder/`);
  return location.endsWith("/") ? location : `${location}/`;
}

/** An Iceberg table of these columns. */
export function icebergFormat(
  location: string | undefined,
  partitionedBy: readonly PartitionColumn[],
  columns: readonly { readonly name: string; readonly type: TrinoType }[],
  properties: ReadonlyMap<string, string>,
  reader: Reader,
): TableFormat {
  if (location === undefined)
    throw reader.error("INVALID_TABLE_PROPERTY", "An Iceberg table needs a location: LOCATION 's3://bucket/folder/'");
  for (const column of columns) {
    const problem = notIceberg(column.type);
    if (problem !== undefined) throw reader.error("NOT_SUPPORTED", `${problem} (column ${column.name})`);
  }
  checkPartitions(partitionedBy, reader);
  return {
    kind: "iceberg",
    location: folder(location, reader),
    partitionedBy,
    properties: icebergProperties(properties, reader),
  };
}
