import { decodeContainer, encodeContainer } from "./avro.ts";
import type { Later } from "./avro-schema.ts";
import { InvalidIceberg, UnsupportedIceberg } from "./errors.ts";
import { parseSchema, printJson } from "./json.ts";
import { entryCodec, entrySchema, partitionFromAvro, partitionMember, partitionToAvro } from "./manifest-schema.ts";
import type { DataFile, ManifestEntry, ManifestFile, Schema, Value } from "./model.ts";
import type { ResolvedSpec } from "./partition.ts";
import { remembered } from "./remember.ts";

/** Iceberg spec, "Manifests": reading and writing them, with what entries inherit from the manifest list. */

/** An entry to be written. Without sequence numbers (of added files) the manifest list's apply once it is committed. */
export type NewEntry = Omit<ManifestEntry, "sequenceNumber" | "fileSequenceNumber"> & {
  readonly sequenceNumber?: number;
  readonly fileSequenceNumber?: number;
};

export interface Manifest {
  /** Also those of removed files (`deleted`). */
  readonly entries: readonly ManifestEntry[];
  /** The schema the manifest was written under; a rewritten manifest's says nothing of its files. */
  readonly schema: Schema | undefined;
}

const none = new Map<number, never>();
const schemaOf = remembered(parseSchema);
const STATUSES = ["existing", "added", "deleted"] as const;
const CONTENTS = ["data", "deletes"] as const;

/**
 * @throws InvalidIceberg when an entry that is not new has no sequence numbers, which readers would then guess.
 */
export function encodeManifest(
  entries: readonly NewEntry[],
  of: { readonly schema: Schema; readonly spec: ResolvedSpec; readonly content: "data" | "deletes" },
): Buffer {
  const partitions = of.spec.fields.map(({ field, type }) => ({ member: partitionMember(field["field-id"]), type }));
  const records = entries.map((entry) => {
    if (entry.status !== "added" && (entry.sequenceNumber === undefined || entry.fileSequenceNumber === undefined)) {
      throw new InvalidIceberg(`Manifest: the ${entry.status} file ${entry.file.path} has no sequence number`);
    }
    const partition: Record<string, Value | null> = {};
    for (const [index, { member, type }] of partitions.entries()) {
      partition[member] = partitionToAvro(entry.file.partition[index] ?? null, type);
    }
    return {
      status: STATUSES.indexOf(entry.status),
      snapshotId: entry.snapshotId,
      sequenceNumber: entry.sequenceNumber ?? null,
      fileSequenceNumber: entry.fileSequenceNumber ?? null,
      file: fileRecord(entry.file, partition),
    };
  });
  return encodeContainer(entrySchema(of.spec), entryCodec, records, {
    schema: printJson(of.schema),
    "schema-id": String(of.schema["schema-id"]),
    "partition-spec": printJson(of.spec.fields.map(({ field }) => field)),
    "partition-spec-id": String(of.spec.id),
    "format-version": "2",
    content: of.content,
  });
}

function fileRecord(file: DataFile, partition: object): object {
  return {
    content: file.content,
    path: file.path,
    format: "PARQUET",
    partition,
    records: file.records,
    size: file.size,
    columnSizes: orNull(file.columnSizes),
    valueCounts: orNull(file.valueCounts),
    nullCounts: orNull(file.nullCounts),
    nanCounts: orNull(file.nanCounts),
    lowerBounds: orNull(file.lowerBounds),
    upperBounds: orNull(file.upperBounds),
    keyMetadata: null,
    splitOffsets: file.splitOffsets ?? null,
    equalityIds: null,
    sortOrderId: file.sortOrderId ?? null,
    referencedDataFile: file.referencedDataFile ?? null,
  };
}

function orNull<T>(map: ReadonlyMap<number, T>): ReadonlyMap<number, T> | null {
  return map.size === 0 ? null : map;
}

/**
 * @param of the manifest list's entry, from which sequence numbers and snapshot ids are inherited.
 * @param spec the one of `of.specId`.
 * @throws UnsupportedIceberg for equality deletes, deletion vectors, encrypted files and files that are not Parquet.
 */
export function decodeManifest(bytes: Uint8Array, of: ManifestFile, spec: ResolvedSpec): Manifest {
  const { metadata, records } = decodeContainer(bytes, entryCodec);
  const partitions = spec.fields.map(({ field, type }) => ({ member: partitionMember(field["field-id"]), type }));
  const entries = records.map((record): ManifestEntry => {
    // The codec has checked names and types.
    const entry = record as EntryRecord;
    const status = STATUSES[entry.status];
    if (status === undefined) throw new InvalidIceberg(`Manifest: there is no status ${entry.status}`);
    refuseForeign(entry.file);
    if ((entry.file.content ?? 0) !== CONTENTS.indexOf(of.content)) {
      throw new InvalidIceberg(`Manifest: ${entry.file.path} is no file of a manifest of ${of.content}`);
    }
    const partition = partitions.map(({ member, type }) => partitionFromAvro(entry.file.partition[member], type));
    return {
      status,
      snapshotId: BigInt(entry.snapshotId ?? of.addedSnapshotId),
      sequenceNumber: inherited(entry.sequenceNumber, status, of, entry.file.path),
      fileSequenceNumber: inherited(entry.fileSequenceNumber, status, of, entry.file.path),
      file: dataFile(entry.file, of, partition),
    };
  });
  const schema = metadata.get("schema");
  return { entries, schema: schema === undefined ? undefined : schemaOf(schema) };
}

interface EntryRecord {
  readonly status: number;
  readonly snapshotId: number | bigint | null;
  readonly sequenceNumber?: number | null;
  readonly fileSequenceNumber?: number | null;
  readonly file: FileRecord;
}

type ByField<T> = Later<T> | null;

interface FileRecord {
  readonly content?: number | null;
  readonly path: string;
  readonly format: string;
  readonly partition: Readonly<Record<string, unknown>>;
  readonly records: number;
  readonly size: number;
  readonly columnSizes?: ByField<number>;
  readonly valueCounts?: ByField<number>;
  readonly nullCounts?: ByField<number>;
  readonly nanCounts?: ByField<number>;
  readonly lowerBounds?: ByField<Buffer>;
  readonly upperBounds?: ByField<Buffer>;
  readonly keyMetadata?: Buffer | null;
  readonly splitOffsets?: readonly number[] | null;
  readonly sortOrderId?: number | null;
  readonly referencedDataFile?: string | null;
}

function refuseForeign(file: FileRecord): void {
  if (file.content === 2) throw new UnsupportedIceberg(`Equality deletes are not supported: ${file.path}`);
  if (file.keyMetadata) throw new UnsupportedIceberg(`Encrypted files are not supported: ${file.path}`);
  if (file.format.toUpperCase() !== "PARQUET") {
    throw new UnsupportedIceberg(`Files of format ${file.format} are not supported: ${file.path}`);
  }
}

/** Spec "Sequence Number Inheritance"; manifests of format v1 have none and are all of sequence number 0. */
function inherited(
  own: number | null | undefined,
  status: ManifestEntry["status"],
  of: ManifestFile,
  path: string,
): number {
  if (own !== null && own !== undefined) return own;
  if (status === "added" || of.sequenceNumber === 0) return of.sequenceNumber;
  throw new InvalidIceberg(`Manifest: the ${status} file ${path} has no sequence number`);
}

function dataFile(file: FileRecord, of: ManifestFile, partition: readonly (Value | null)[]): DataFile {
  return {
    content: of.content === "data" ? 0 : 1,
    path: file.path,
    specId: of.specId,
    partition,
    records: file.records,
    size: file.size,
    get columnSizes() {
      return file.columnSizes?.() ?? none;
    },
    get valueCounts() {
      return file.valueCounts?.() ?? none;
    },
    get nullCounts() {
      return file.nullCounts?.() ?? none;
    },
    get nanCounts() {
      return file.nanCounts?.() ?? none;
    },
    get lowerBounds() {
      return file.lowerBounds?.() ?? none;
    },
    get upperBounds() {
      return file.upperBounds?.() ?? none;
    },
    ...(file.splitOffsets ? { splitOffsets: file.splitOffsets } : {}),
    ...(typeof file.sortOrderId === "number" ? { sortOrderId: file.sortOrderId } : {}),
    ...(typeof file.referencedDataFile === "string" ? { referencedDataFile: file.referencedDataFile } : {}),
  };
}
