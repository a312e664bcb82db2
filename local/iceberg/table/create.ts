import { randomUUID } from "node:crypto";
import { printMetadata } from "../format/json.ts";
import { createMetadata, nextMetadataLocation } from "../format/metadata.ts";
import type { TableMetadata } from "../format/model.ts";
import type { PartitionedBy } from "../format/partition.ts";
import type { NewColumn } from "../format/schema.ts";
import type { FileIo } from "./environment.ts";

export interface NewTable {
  /** URI of the table's folder; a last `/` is dropped. */
  readonly location: string;
  readonly columns: readonly NewColumn[];
  /** Default: not partitioned. */
  readonly partitionedBy?: readonly PartitionedBy[];
  readonly properties?: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/**
 * Writes the first metadata file of a table without rows. It is a table once a catalogue names that file.
 * @throws InvalidChange for columns or a partitioning that a table cannot have.
 */
export async function createTable(
  io: FileIo,
  table: NewTable,
): Promise<{ readonly metadata: TableMetadata; readonly metadataLocation: string }> {
  const metadata = createMetadata({
    uuid: randomUUID(),
    location: table.location.replace(/\/+$/, ""),
    columns: table.columns,
    partitionedBy: table.partitionedBy ?? [],
    properties: table.properties ?? {},
    now: table.now,
  });
  const metadataLocation = nextMetadataLocation(metadata, undefined, randomUUID());
  await io.write(metadataLocation, printMetadata(metadata));
  return { metadata, metadataLocation };
}
