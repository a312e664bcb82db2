/** Iceberg spec "Table Metadata": the first metadata of a table, and the next one after each kind of change. */
import { InvalidChange } from "./errors.ts";
import type { Schema, Snapshot, TableMetadata } from "./model.ts";
import { noPartitionFields, type PartitionedBy, specFields } from "./partition.ts";
import { assignIds, type NewColumn, refuseNames, refuseTwins } from "./schema.ts";

/**
 * Metadata of a new, empty table.
 * @param now milliseconds since the epoch.
 * @throws InvalidChange for columns or partitioning that a table cannot have.
 */
export function createMetadata(table: {
  readonly uuid: string;
  readonly location: string;
  readonly columns: readonly NewColumn[];
  readonly partitionedBy: readonly PartitionedBy[];
  readonly properties: Readonly<Record<string, string>>;
  readonly now: number;
}): TableMetadata {
  if (table.columns.length === 0) throw new InvalidChange("A table needs at least one column");
  refuseNames(
    table.columns.map((column) => column.name),
    [],
  );
  for (const column of table.columns) refuseTwins(column.type);
  const { fields, last: lastColumnId } = assignIds(table.columns, 0);
  const schema: Schema = { type: "struct", "schema-id": 0, fields };
  const spec = specFields(schema, table.partitionedBy, noPartitionFields);
  return {
    "format-version": 2,
    "table-uuid": table.uuid,
    location: table.location.replace(/\/+$/, ""),
    "last-sequence-number": 0,
    "last-updated-ms": table.now,
    "last-column-id": lastColumnId,
    "current-schema-id": 0,
    schemas: [schema],
    "default-spec-id": 0,
    "partition-specs": [{ "spec-id": 0, fields: spec.fields }],
    "last-partition-id": spec.last,
    "default-sort-order-id": 0,
    "sort-orders": [{ "order-id": 0, fields: [] }],
    properties: table.properties,
    "current-snapshot-id": -1n,
    refs: {},
    snapshots: [],
    statistics: [],
    "partition-statistics": [],
    "snapshot-log": [],
    "metadata-log": [],
  };
}

/** The time of the next change: now, but always later than everything that the metadata knows. */
export function laterThan(meta: TableMetadata, now: number): number {
  const known = [meta["last-updated-ms"], ...meta.snapshots.map((snapshot) => snapshot["timestamp-ms"])];
  return Math.max(now, 1 + known.reduce((a, b) => Math.max(a, b)));
}

/** Metadata with a new head of the main branch. Time and sequence number come from the snapshot. */
export function withSnapshot(meta: TableMetadata, snapshot: Snapshot): TableMetadata {
  if (snapshot["sequence-number"] <= meta["last-sequence-number"] && meta.snapshots.length > 0) {
    throw new InvalidChange(`Snapshot ${snapshot["snapshot-id"]} has an old sequence number`);
  }
  const [id, time] = [snapshot["snapshot-id"], snapshot["timestamp-ms"]];
  return {
    ...meta,
    "last-sequence-number": snapshot["sequence-number"],
    "last-updated-ms": time,
    "current-snapshot-id": id,
    refs: { ...meta.refs, main: { ...meta.refs["main"], "snapshot-id": id, type: "branch" } },
    snapshots: [...meta.snapshots, snapshot],
    "snapshot-log": [...meta["snapshot-log"], { "timestamp-ms": time, "snapshot-id": id }],
  };
}

/** Metadata with properties set and removed; the very same object when that changes nothing. */
export function withProperties(
  meta: TableMetadata,
  set: Readonly<Record<string, string>>,
  remove: readonly string[] = [],
): TableMetadata {
  const old = meta.properties;
  const gone = new Set(remove);
  const changes =
    Object.entries(set).some(([name, value]) => old[name] !== value) || remove.some((name) => Object.hasOwn(old, name));
  if (!changes) return meta;
  const kept = Object.entries({ ...old, ...set }).filter(([name]) => !gone.has(name));
  return { ...meta, properties: Object.fromEntries(kept) };
}

/**
 * Metadata without snapshots, and without the tags and branches that point at them. The log begins again after the last
 * of them, so that no question about a time is answered with a snapshot that was older then.
 * @throws InvalidChange when the current snapshot is among them.
 */
export function withoutSnapshots(meta: TableMetadata, ids: readonly bigint[]): TableMetadata {
  if (ids.length === 0) return meta;
  const gone = new Set(ids);
  if (gone.has(meta["current-snapshot-id"])) throw new InvalidChange("The current snapshot cannot expire");
  const keeps = (member: { readonly "snapshot-id": bigint }): boolean => !gone.has(member["snapshot-id"]);
  const lastGone = meta["snapshot-log"].findLastIndex((entry) => !keeps(entry));
  return {
    ...meta,
    refs: Object.fromEntries(Object.entries(meta.refs).filter(([, ref]) => keeps(ref))),
    snapshots: meta.snapshots.filter(keeps),
    statistics: meta.statistics.filter(keeps),
    "partition-statistics": meta["partition-statistics"].filter(keeps),
    "snapshot-log": meta["snapshot-log"].slice(lastGone + 1),
  };
}

/** Java Iceberg's default of `write.metadata.previous-versions-max`. */
const previousVersionsMax = 100;

/** Metadata whose log ends with the metadata file before it, bounded by `write.metadata.previous-versions-max`. */
export function withMetadataLog(
  meta: TableMetadata,
  previousLocation: string,
  previousUpdatedMs: number,
): TableMetadata {
  const wanted = Number(meta.properties["write.metadata.previous-versions-max"] ?? previousVersionsMax);
  const most = Number.isSafeInteger(wanted) ? Math.max(1, wanted) : previousVersionsMax;
  const entry = { "timestamp-ms": previousUpdatedMs, "metadata-file": previousLocation };
  return { ...meta, "metadata-log": [...meta["metadata-log"], entry].slice(-most) };
}

/** Folder of a table's metadata files, without a last `/`. */
export function metadataFolder(meta: TableMetadata): string {
  return (meta.properties["write.metadata.path"] ?? `${meta.location}/metadata`).replace(/\/+$/, "");
}

/** Where the next metadata file goes: `<table>/metadata/00003-<uuid>.metadata.json`, counted on from the one before. */
export function nextMetadataLocation(meta: TableMetadata, previousLocation: string | undefined, uuid: string): string {
  const previous = /\/(\d+)-[^/]*$/.exec(previousLocation ?? "")?.[1];
  const version = previous === undefined ? 0 : Number(previous) + 1;
  return `${metadataFolder(meta)}/${String(version).padStart(5, "0")}-${uuid}.metadata.json`;
}
