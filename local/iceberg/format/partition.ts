/** Iceberg spec "Partitioning": partition specs resolved against the table's columns, partition folders and keys. */
import { InvalidChange, InvalidIceberg } from "./errors.ts";
import type {
  NestedField,
  PartitionField,
  PrimitiveType,
  StructType,
  TableMetadata,
  Transform,
  Value,
} from "./model.ts";
import { columnNamed, currentSchema, fieldById } from "./schema.ts";
import { humanValue, resultType } from "./transform.ts";
import { isPrimitive } from "./types.ts";

/** A column whose values a transform can take. */
export interface PrimitiveField extends NestedField {
  readonly type: PrimitiveType;
}

/** A partition field with its column. */
export interface ResolvedField {
  readonly field: PartitionField;
  readonly source: PrimitiveField;
  /** Of the transform's result. */
  readonly type: PrimitiveType;
}

export interface ResolvedSpec {
  readonly id: number;
  readonly fields: readonly ResolvedField[];
}

/** One part of a PARTITIONED BY. */
export interface PartitionedBy {
  /** A top-level column. */
  readonly column: string;
  readonly transform: Transform;
  /** Default: the name that Trino and Athena give. */
  readonly name?: string;
}

/** The id that comes before the first partition field's. */
export const noPartitionFields = 999;

/**
 * A partition spec with the columns it partitions by. Columns that the current schema no longer has are taken from the
 * youngest schema that has them, because files of an old spec still carry their values.
 * @throws InvalidIceberg when there is no such spec or no schema has a column of it.
 */
export function resolveSpec(meta: TableMetadata, specId: number): ResolvedSpec {
  const spec = meta["partition-specs"].find((candidate) => candidate["spec-id"] === specId);
  if (!spec) throw new InvalidIceberg(`Iceberg metadata: there is no partition spec ${specId}`);
  return { id: specId, fields: spec.fields.map((field) => resolveField(meta, field)) };
}

function resolveField(meta: TableMetadata, field: PartitionField): ResolvedField {
  const source = sourceOf(meta, field["source-id"]);
  if (!source || !isPrimitiveField(source)) {
    throw new InvalidIceberg(`Iceberg metadata: partition field ${field.name} has no column of a primitive type`);
  }
  return { field, source, type: resultType(field.transform, source.type) };
}

function isPrimitiveField(field: NestedField): field is PrimitiveField {
  return isPrimitive(field.type);
}

function sourceOf(meta: TableMetadata, id: number): NestedField | undefined {
  const youngestFirst = meta.schemas.toSorted((a, b) => b["schema-id"] - a["schema-id"]);
  for (const schema of [currentSchema(meta), ...youngestFirst]) {
    const field = fieldById(schema, id);
    if (field) return field;
  }
  return undefined;
}

/**
 * The fields of a new partition spec, named as Trino and Athena name them (`ts_day`, `id_bucket`, `name_trunc`, the
 * column's own name for identity; with `_2` and so on when a column has the name).
 * @param lastPartitionId last partition field id in use, {@link noPartitionFields} in a new table.
 * @throws InvalidChange for an unknown column, a transform its type has not, or the same partitioning twice.
 */
export function specFields(
  schema: StructType,
  partitionedBy: readonly PartitionedBy[],
  lastPartitionId: number,
): { readonly fields: readonly PartitionField[]; readonly last: number } {
  const fields: PartitionField[] = [];
  for (const part of partitionedBy) {
    const source = columnNamed(schema, part.column);
    if (!source) throw new InvalidChange(`Column cannot be used for partitioning: ${part.column} does not exist`);
    if (!isPrimitiveField(source)) {
      throw new InvalidChange(`Column cannot be used for partitioning: ${part.column} is not of a primitive type`);
    }
    refuseTransform(part.transform, source.type);
    const name = part.name ?? defaultName(schema, source, part.transform);
    refuseClash(schema, fields, { name, source, transform: part.transform });
    const id = lastPartitionId + fields.length + 1;
    fields.push({ name, transform: part.transform, "source-id": source.id, "field-id": id });
  }
  return { fields, last: lastPartitionId + fields.length };
}

function refuseTransform(transform: Transform, type: PrimitiveType): void {
  try {
    resultType(transform, type);
  } catch (error) {
    throw new InvalidChange(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function defaultName(schema: StructType, source: NestedField, transform: Transform): string {
  if (transform === "identity") return source.name;
  const base = `${source.name}_${transformSuffix(transform)}`;
  const taken = new Set(schema.fields.map((field) => field.name));
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? base : `${base}_${n}`;
    if (!taken.has(name)) return name;
  }
}

function transformSuffix(transform: Transform): string {
  if (transform === "void") return "null";
  return transform.replace("truncate", "trunc").replace(/\[.*/, "");
}

function refuseClash(
  schema: StructType,
  fields: readonly PartitionField[],
  part: { readonly name: string; readonly source: NestedField; readonly transform: Transform },
): void {
  const column = schema.fields.find((field) => field.name === part.name);
  if (part.name === "" || (column && !(part.transform === "identity" && column.id === part.source.id))) {
    throw new InvalidChange(`Cannot create partition from name that exists in schema: ${part.name}`);
  }
  if (fields.some((field) => field.name === part.name)) {
    throw new InvalidChange(`Cannot use partition name more than once: ${part.name}`);
  }
  const granularity = sameGranularity(part.transform);
  const twin = fields.find(
    (field) => field["source-id"] === part.source.id && sameGranularity(field.transform) === granularity,
  );
  if (twin) throw new InvalidChange(`Cannot add redundant partition: ${twin.name} conflicts with ${part.name}`);
}

/** Java Iceberg refuses two time transforms of one column, and one transform twice. */
function sameGranularity(transform: Transform): string {
  return /^(?:year|month|day|hour)$/.test(transform) ? "time" : transform;
}

/** What file systems allow a name to have is 255 bytes. */
const FOLDER_NAME = 200;

/**
 * The folder of a partition below `data/`, e.g. `ts_day=2020-01-02/id_bucket=3`, as Java Iceberg names it; empty for a
 * table that is not partitioned. Folders are for people, who get the beginning of a long text: readers go by the manifests.
 */
export function partitionFolder(spec: ResolvedSpec, values: readonly (Value | null)[]): string {
  return spec.fields
    .map(({ field, source }, index) => {
      const text = humanValue(field.transform, source.type, values[index] ?? null);
      return `${formEncoded(field.name)}=${formEncoded(text)}`.slice(0, FOLDER_NAME).replace(/%.?$/, "");
    })
    .join("/");
}

/** As java.net.URLEncoder: a blank becomes `+`, and only `.`, `-`, `*`, `_`, letters and digits stay. */
function formEncoded(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replace(/[!'()~]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%20", "+");
}

/** A text that two partitions share only when they are the same partition of the same spec. */
export function partitionKey(specId: number, values: readonly (Value | null)[]): string {
  return `${specId}:${values.map(keyPart).join(",")}`;
}

function keyPart(value: Value | null): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (Buffer.isBuffer(value)) return `x${value.toString("hex")}`;
  return Object.is(value, -0) ? "-0" : String(value);
}
