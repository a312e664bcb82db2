import { lowerBound, upperBound } from "../format/bounds.ts";
import type { DataFile, IcebergType, NestedField, PrimitiveType } from "../format/model.ts";
import { identifier, isPrimitive } from "../format/types.ts";

/** What COPY's RETURN_STATS says of the files it wrote, as a manifest says it. */

/** One file of this machine that COPY has written. */
export interface CopiedFile {
  readonly localPath: string;
  readonly records: number;
  readonly size: number;
  /** By DuckDB's path of the leaf, e.g. `"a"."x"`. */
  readonly columns: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Texts of the columns that COPY partitioned by; null is NULL. */
  readonly partitionKeys: ReadonlyMap<string, string | null>;
}

export type Metrics = Pick<
  DataFile,
  "columnSizes" | "valueCounts" | "nullCounts" | "nanCounts" | "lowerBounds" | "upperBounds"
>;

/** A column of a Parquet file. */
export interface Leaf {
  readonly id: number;
  readonly type: PrimitiveType;
  readonly path: string;
  /** Inside a list or map: has more or fewer values than the file has rows. */
  readonly repeated: boolean;
}

/** @param row one row of the result of `COPY ... (RETURN_STATS)`, as JSON. */
export function copiedFile(row: Readonly<Record<string, unknown>>): CopiedFile {
  const columns = pairs(row["column_statistics"]).map(([path, statistics]): [string, Map<string, string>] => [
    path,
    new Map(pairs(statistics).map(([name, text]) => [name, String(text)])),
  ]);
  return {
    localPath: String(row["filename"]),
    records: Number(row["count"]),
    size: Number(row["file_size_bytes"]),
    columns: new Map(columns),
    partitionKeys: new Map(
      pairs(row["partition_keys"]).map(([name, text]) => [name, text === null ? null : String(text)]),
    ),
  };
}

/** A MAP as DuckDB's JSON gives it; NULL has no entries. */
function pairs(map: unknown): [string, unknown][] {
  if (map === null || map === undefined) return [];
  if (!Array.isArray(map)) throw new Error("RETURN_STATS gave no map");
  return map.map((entry: { readonly key: unknown; readonly value: unknown }) => [String(entry.key), entry.value]);
}

/** The leaves of columns, depth first. */
export function leavesOf(fields: readonly NestedField[]): readonly Leaf[] {
  return fields.flatMap((field) => leavesAt(field.id, field.type, identifier(field.name), false));
}

function leavesAt(id: number, type: IcebergType, path: string, repeated: boolean): readonly Leaf[] {
  if (isPrimitive(type)) return [{ id, type, path, repeated }];
  switch (type.type) {
    case "struct":
      return type.fields.flatMap((field) =>
        leavesAt(field.id, field.type, `${path}.${identifier(field.name)}`, repeated),
      );
    case "list":
      return leavesAt(type["element-id"], type.element, `${path}."element"`, true);
    case "map":
      return [
        ...leavesAt(type["key-id"], type.key, `${path}."key"`, true),
        ...leavesAt(type["value-id"], type.value, `${path}."value"`, true),
      ];
  }
}

/** Bounds, counts and sizes of a file's columns. What DuckDB does not say exactly is left out. */
export function metricsOf(file: CopiedFile, leaves: readonly Leaf[]): Metrics {
  const metrics = {
    columnSizes: new Map<number, number>(),
    valueCounts: new Map<number, number>(),
    nullCounts: new Map<number, number>(),
    nanCounts: new Map<number, number>(),
    lowerBounds: new Map<number, Buffer>(),
    upperBounds: new Map<number, Buffer>(),
  };
  for (const { id, type, path, repeated } of leaves) {
    const statistics = file.columns.get(path);
    if (statistics === undefined) continue;
    const size = statistics.get("column_size_bytes");
    if (size !== undefined) metrics.columnSizes.set(id, Number(size));
    if (repeated) continue;
    metrics.valueCounts.set(id, file.records);
    const nulls = statistics.get("null_count");
    if (nulls !== undefined) metrics.nullCounts.set(id, Number(nulls));
    // DuckDB counts NaN as the greatest value; Iceberg's bounds know none.
    if (statistics.get("has_nan") === "true") continue;
    const lower = bound(statistics.get("min"), (text) => lowerBound(text, type));
    const upper = bound(statistics.get("max"), (text) => upperBound(text, type));
    if (lower) metrics.lowerBounds.set(id, lower);
    if (upper) metrics.upperBounds.set(id, upper);
  }
  return metrics;
}

function bound(text: string | undefined, of: (text: string) => Buffer | undefined): Buffer | undefined {
  return text === undefined ? undefined : of(text);
}
