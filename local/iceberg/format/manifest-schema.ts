import { codecOf, membersOf } from "./avro-schema.ts";
import { InvalidIceberg } from "./errors.ts";
import type { PrimitiveType, Value } from "./model.ts";
import type { ResolvedSpec } from "./partition.ts";
import { remembered } from "./remember.ts";
import { decimalParameters, fixedLength } from "./type-parameters.ts";
import { sizedUnscaledBytes, unscaledFrom } from "./value.ts";

/** Iceberg spec, "Manifests" and appendix A: the Avro schema of `manifest_entry`, and partition values in Avro. */

export const entryCodec = remembered((schema) =>
  codecOf(
    schema,
    membersOf([
      [0, "status", "int"],
      [1, "snapshotId", "long?"],
      [3, "sequenceNumber", "count?"],
      [4, "fileSequenceNumber", "count?"],
      [2, "file", "record"],
      [134, "content", "int?"],
      [100, "path", "string"],
      [101, "format", "string"],
      [102, "partition", "record"],
      [103, "records", "count"],
      [104, "size", "count"],
      [108, "columnSizes", "map?"],
      [109, "valueCounts", "map?"],
      [110, "nullCounts", "map?"],
      [137, "nanCounts", "map?"],
      [125, "lowerBounds", "map?"],
      [128, "upperBounds", "map?"],
      [131, "keyMetadata", "bytes?"],
      [132, "splitOffsets", "array?"],
      [135, "equalityIds", "array?"],
      [140, "sortOrderId", "int?"],
      [143, "referencedDataFile", "string?"],
      ...[117, 119, 121, 138, 126, 129].map((id) => [id, "key", "int?"] as const),
      ...[118, 120, 122, 139].map((id) => [id, "value", "count?"] as const),
      ...[127, 130].map((id) => [id, "value", "bytes?"] as const),
    ]),
  ),
);

/** What the partition field with an id is called in an entry's `partition`. */
export function partitionMember(fieldId: number): string {
  return `f${fieldId}`;
}

const schemas = new WeakMap<ResolvedSpec, string>();

export function entrySchema(spec: ResolvedSpec): string {
  const known = schemas.get(spec);
  if (known !== undefined) return known;
  const schema = JSON.stringify(entryJson(spec));
  schemas.set(spec, schema);
  return schema;
}

function entryJson(spec: ResolvedSpec): object {
  return record("manifest_entry", [
    field(0, "status", "int"),
    optional(1, "snapshot_id", "long"),
    optional(3, "sequence_number", "long"),
    optional(4, "file_sequence_number", "long"),
    field(
      2,
      "data_file",
      record("r2", [
        field(134, "content", "int"),
        field(100, "file_path", "string"),
        field(101, "file_format", "string"),
        field(102, "partition", record("r102", partitionFields(spec))),
        field(103, "record_count", "long"),
        field(104, "file_size_in_bytes", "long"),
        optional(108, "column_sizes", intMap(117, 118, "long")),
        optional(109, "value_counts", intMap(119, 120, "long")),
        optional(110, "null_value_counts", intMap(121, 122, "long")),
        optional(137, "nan_value_counts", intMap(138, 139, "long")),
        optional(125, "lower_bounds", intMap(126, 127, "bytes")),
        optional(128, "upper_bounds", intMap(129, 130, "bytes")),
        optional(131, "key_metadata", "bytes"),
        optional(132, "split_offsets", { type: "array", items: "long", "element-id": 133 }),
        optional(135, "equality_ids", { type: "array", items: "int", "element-id": 136 }),
        optional(140, "sort_order_id", "int"),
        optional(143, "referenced_data_file", "string"),
      ]),
    ),
  ]);
}

export function record(name: string, fields: readonly object[]): object {
  return { type: "record", name, fields };
}

export function field(id: number, name: string, type: string | object): object {
  return { name, type, "field-id": id };
}

export function optional(id: number, name: string, type: string | object): object {
  return { name, type: ["null", type], default: null, "field-id": id };
}

/** Appendix A: Avro's own maps have text keys only. */
function intMap(keyId: number, valueId: number, value: string): object {
  const items = record(`k${keyId}_v${valueId}`, [field(keyId, "key", "int"), field(valueId, "value", value)]);
  return { type: "array", logicalType: "map", items };
}

function partitionFields(spec: ResolvedSpec): object[] {
  const taken = new Set<string>();
  return spec.fields.map(({ field: { name, "field-id": id }, type }) => {
    const plain = avroName(name);
    const unique = taken.has(plain) ? `${plain}_${id}` : plain;
    taken.add(unique);
    const written = optional(id, unique, partitionType(type, id));
    return unique === name ? written : { ...written, "iceberg-field-name": name };
  });
}

/** As Java's `AvroSchemaUtil.sanitize`, but for every character that the Avro specification does not allow. */
function avroName(name: string): string {
  return Array.from({ length: name.length }, (_, at) => {
    const unit = name.charAt(at);
    if (/[A-Za-z_]/.test(unit) || (at > 0 && /\d/.test(unit))) return unit;
    return /\d/.test(unit) ? `_${unit}` : `_x${unit.charCodeAt(0).toString(16).toUpperCase()}`;
  }).join("");
}

/** Names carry the field's id because Avro wants each named type once. */
function partitionType(type: PrimitiveType, id: number): string | object {
  const decimal = decimalParameters(type);
  if (decimal !== undefined) {
    const { precision, scale } = decimal;
    const name = `decimal_${precision}_${scale}_${id}`;
    return { type: "fixed", name, size: decimalBytes(precision), logicalType: "decimal", precision, scale };
  }
  const length = fixedLength(type);
  if (length !== undefined) return { type: "fixed", name: `fixed_${length}_${id}`, size: length };
  switch (type) {
    case "date":
      return { type: "int", logicalType: "date" };
    case "time":
      return { type: "long", logicalType: "time-micros" };
    case "timestamp":
      return { type: "long", logicalType: "timestamp-micros", "adjust-to-utc": false };
    case "timestamptz":
      return { type: "long", logicalType: "timestamp-micros", "adjust-to-utc": true };
    case "uuid":
      return { type: "fixed", name: `uuid_fixed_${id}`, size: 16, logicalType: "uuid" };
    case "binary":
      return "bytes";
    default:
      return type;
  }
}

/** Appendix A: the fewest bytes that hold every decimal of the precision. */
function decimalBytes(precision: number): number {
  const bits = (10n ** BigInt(precision) - 1n).toString(2).length + 1;
  return Math.ceil(bits / 8);
}

export function partitionToAvro(value: Value | null, type: PrimitiveType): Value | null {
  const decimal = decimalParameters(type);
  if (decimal === undefined || typeof value !== "bigint") return value;
  return sizedUnscaledBytes(value, decimalBytes(decimal.precision));
}

/**
 * @param type of the partition value now; the file may have been written under one it was widened from.
 * @throws InvalidIceberg when the file holds something else.
 */
export function partitionFromAvro(value: unknown, type: PrimitiveType): Value | null {
  if (value === null || value === undefined) return null;
  switch (type) {
    case "boolean":
      if (typeof value === "boolean") return value;
      break;
    case "int":
    case "date":
    case "float":
    case "double":
      if (typeof value === "number") return value;
      break;
    case "long":
    case "time":
    case "timestamp":
    case "timestamptz":
      if (typeof value === "number" || typeof value === "bigint") return BigInt(value);
      break;
    case "string":
      if (typeof value === "string") return value;
      break;
    default:
      if (Buffer.isBuffer(value)) return decimalParameters(type) === undefined ? value : unscaledFrom(value, type);
  }
  throw new InvalidIceberg(`Manifest: a partition value of type ${type} is written as a ${typeof value}`);
}
