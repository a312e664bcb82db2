/** A column as the lake's tables declare it: Hive type text, as Glue and Athena show it. */
export interface ColumnSpec {
  readonly name: string;
  readonly type: string;
  readonly comment?: string;
  /** Iceberg required. Default false. */
  readonly required?: boolean;
}

/** A partition field of the Iceberg specification. */
export interface PartitionSpec {
  readonly column: string;
  readonly transform: string;
}

const SAME = new Set(["string", "boolean", "double", "float", "date", "timestamp", "binary"]);

/**
 * Iceberg's name of a Hive type. Nested types are refused: no table of the lake has one yet.
 * @throws Error naming the type.
 */
export function icebergType(hive: string): string {
  if (SAME.has(hive)) return hive;
  if (hive === "bigint") return "long";
  if (hive === "int") return "int";
  const decimal = /^decimal\((\d{1,2}),(\d{1,2})\)$/.exec(hive);
  if (decimal !== null && Number(decimal[1]) <= 38 && Number(decimal[2]) <= Number(decimal[1]))
    return `decimal(${decimal[1]}, ${decimal[2]})`;
  throw new Error(`Iceberg column type for "${hive}" is not known.`);
}

/** Fields of the schema, numbered from 1 in the order of the columns. Glue takes each type as a JSON document. */
export function icebergFields(
  columns: readonly ColumnSpec[],
): { id: number; name: string; type: string; required: boolean; doc?: string }[] {
  return columns.map(({ name, type, comment, required }, index) => ({
    id: index + 1,
    name,
    type: JSON.stringify(icebergType(type)),
    required: required ?? false,
    ...(comment === undefined ? {} : { doc: comment.slice(0, 255) }),
  }));
}

/**
 * Partition fields, named as the reference implementation names them (`ordered_at_month`, `sku_bucket`).
 * @throws Error when a column is not of the table or a transform is not of the Iceberg specification.
 */
export function icebergPartitions(
  columns: readonly ColumnSpec[],
  partitionedBy: readonly PartitionSpec[],
): { name: string; sourceId: number; transform: string; fieldId: number }[] {
  return partitionedBy.map(({ column, transform }, index) => {
    const sourceId = columns.findIndex(({ name }) => name === column) + 1;
    if (sourceId === 0) throw new Error(`Partition field: the table has no column "${column}".`);
    const kind = /^(identity|year|month|day|hour|bucket\[\d+\]|truncate\[\d+\])$/
      .exec(transform)?.[1]
      ?.replace(/\[.*/, "");
    if (kind === undefined) throw new Error(`Partition field ${column}: "${transform}" is no transform of Iceberg.`);
    const suffix = kind === "identity" ? "" : kind === "truncate" ? "_trunc" : `_${kind}`;
    return { name: `${column}${suffix}`, sourceId, transform, fieldId: 1000 + index };
  });
}
