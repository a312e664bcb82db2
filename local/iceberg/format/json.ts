/** Iceberg spec "Table Metadata Fields" and appendix C: the metadata file as text, with 64-bit ids kept exact. */
import { InvalidIceberg, UnsupportedIceberg } from "./errors.ts";
import {
  asInteger,
  asList,
  asLong,
  asMap,
  asObject,
  asText,
  asTextMap,
  type JsonObject,
  withoutNulls,
} from "./json-checks.ts";
import { checkRef, checkSchema, checkSnapshot, checkSortOrder, checkSpec } from "./metadata-parts.ts";
import type { Schema, SnapshotRef, StatisticsFile, TableMetadata } from "./model.ts";

/** `JSON` with source text access (ECMAScript 2026), which the compiler's libraries do not have yet. */
interface ExactJson {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): unknown;
}
const exactJson = JSON as unknown as ExactJson;

/** A value as JSON text; bigints become plain integers of any size. */
export function printJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === "bigint" ? exactJson.rawJSON(String(member)) : member,
  );
}

/** Integers that a number does not hold exactly come as bigint. */
function parseJson(text: string, what: string): unknown {
  try {
    return exactJson.parse(text, (_key, value, { source }) =>
      source !== undefined && Number.isInteger(value) && !Number.isSafeInteger(value) ? BigInt(source) : value,
    );
  } catch {
    throw new InvalidIceberg(`Iceberg ${what} is not JSON`);
  }
}

/** Reads a schema's JSON, as manifests carry it. */
export function parseSchema(text: string): Schema {
  return checkSchema(parseJson(text, "schema"));
}

/**
 * Reads a metadata file. Members that this code does not know are kept.
 * @throws UnsupportedIceberg for format versions 1 and 3 and whatever belongs to them, InvalidIceberg for what the
 * specification does not allow.
 */
export function parseMetadata(text: string): TableMetadata {
  const json = withoutNulls(asObject(parseJson(text, "metadata file"), "table metadata"));
  const version = asInteger(json["format-version"], "format-version");
  if (version !== 2) throw new UnsupportedIceberg(`Iceberg format version ${version} is not supported, only 2`);
  const currentSnapshotId =
    json["current-snapshot-id"] === undefined ? -1n : asLong(json["current-snapshot-id"], "current-snapshot-id");
  const meta: TableMetadata = {
    ...json,
    "format-version": 2,
    "table-uuid": asText(json["table-uuid"], "table-uuid"),
    location: asText(json["location"], "location").replace(/\/+$/, ""),
    "last-sequence-number": asInteger(json["last-sequence-number"], "last-sequence-number"),
    "last-updated-ms": asInteger(json["last-updated-ms"], "last-updated-ms"),
    "last-column-id": asInteger(json["last-column-id"], "last-column-id"),
    "current-schema-id": asInteger(json["current-schema-id"], "current-schema-id"),
    schemas: asList(json["schemas"], "schemas", checkSchema),
    "default-spec-id": asInteger(json["default-spec-id"], "default-spec-id"),
    "partition-specs": asList(json["partition-specs"], "partition-specs", checkSpec),
    "last-partition-id": asInteger(json["last-partition-id"], "last-partition-id"),
    "default-sort-order-id": asInteger(json["default-sort-order-id"], "default-sort-order-id"),
    "sort-orders": asList(json["sort-orders"], "sort-orders", checkSortOrder),
    properties: asTextMap(json["properties"] ?? {}, "properties"),
    "current-snapshot-id": currentSnapshotId,
    refs: refsOf(json, currentSnapshotId),
    snapshots: asList(json["snapshots"] ?? [], "snapshots", checkSnapshot),
    statistics: asList(json["statistics"] ?? [], "statistics", checkStatistics),
    "partition-statistics": asList(json["partition-statistics"] ?? [], "partition-statistics", checkStatistics),
    "snapshot-log": asList(json["snapshot-log"] ?? [], "snapshot-log", checkSnapshotLogEntry),
    "metadata-log": asList(json["metadata-log"] ?? [], "metadata-log", checkMetadataLogEntry),
  };
  refuseDangling(meta);
  return meta;
}

/** Writers may leave the main branch out: it is the current snapshot then. */
function refsOf(json: JsonObject, currentSnapshotId: bigint): Readonly<Record<string, SnapshotRef>> {
  const refs = asMap(json["refs"] ?? {}, "refs", checkRef);
  if (currentSnapshotId === -1n || refs["main"]) return refs;
  return { ...refs, main: { "snapshot-id": currentSnapshotId, type: "branch" } };
}

function checkStatistics(json: unknown, what: string): StatisticsFile {
  const object = asObject(json, what);
  return {
    ...object,
    "snapshot-id": asLong(object["snapshot-id"], `${what}.snapshot-id`),
    "statistics-path": asText(object["statistics-path"], `${what}.statistics-path`),
  };
}

function checkSnapshotLogEntry(json: unknown, what: string): TableMetadata["snapshot-log"][number] {
  const object = asObject(json, what);
  return {
    "timestamp-ms": asInteger(object["timestamp-ms"], `${what}.timestamp-ms`),
    "snapshot-id": asLong(object["snapshot-id"], `${what}.snapshot-id`),
  };
}

function checkMetadataLogEntry(json: unknown, what: string): TableMetadata["metadata-log"][number] {
  const object = asObject(json, what);
  return {
    "timestamp-ms": asInteger(object["timestamp-ms"], `${what}.timestamp-ms`),
    "metadata-file": asText(object["metadata-file"], `${what}.metadata-file`),
  };
}

/** What the metadata points at within itself is there. */
function refuseDangling(meta: TableMetadata): void {
  const problem =
    (meta.schemas.every((schema) => schema["schema-id"] !== meta["current-schema-id"]) && "current-schema-id") ||
    (meta["partition-specs"].every((spec) => spec["spec-id"] !== meta["default-spec-id"]) && "default-spec-id") ||
    (meta["sort-orders"].every((order) => order["order-id"] !== meta["default-sort-order-id"]) &&
      "default-sort-order-id") ||
    danglingSnapshot(meta);
  if (problem) throw new InvalidIceberg(`Iceberg metadata: ${problem} points at nothing`);
}

function danglingSnapshot(meta: TableMetadata): string | undefined {
  const ids = new Set(meta.snapshots.map((snapshot) => snapshot["snapshot-id"]));
  const current = meta["current-snapshot-id"];
  if (current !== -1n && !ids.has(current)) return "current-snapshot-id";
  if ((meta.refs["main"]?.["snapshot-id"] ?? -1n) !== current) return "refs.main";
  const ref = Object.entries(meta.refs).find(([, { "snapshot-id": id }]) => !ids.has(id));
  return ref && `refs.${ref[0]}`;
}

/** The text of a metadata file. */
export function printMetadata(meta: TableMetadata): string {
  return printJson(meta);
}
