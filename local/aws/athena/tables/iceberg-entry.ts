import type { TableMetadata } from "../../../iceberg/format/model.ts";
import { CommitConflict, type Pointer, type TableEntry } from "../../../iceberg/table/environment.ts";
import { icebergTableInput } from "../../glue/iceberg-entry-input.ts";
import type { Catalogue, CatalogueTable } from "../../ports.ts";
import { AwsError, type Call } from "../../service.ts";

/** The catalogue's entry has no metadata: it calls itself Iceberg, but nobody ever made the table. */
export class NoMetadataLocation extends Error {}

function pointerOf({ database, name, parameters, version }: CatalogueTable): Pointer {
  const metadataLocation = parameters["metadata_location"];
  if (metadataLocation === undefined)
    throw new NoMetadataLocation(`Table is missing [metadata_location] property: ${database}.${name}`);
  return { metadataLocation, version };
}

/** An Iceberg table's place in Glue's catalogue: a commit is an UpdateTable that names the version it stands on. */
export class GlueEntry implements TableEntry {
  readonly #catalogue: Catalogue;
  readonly #call: Call;
  /** As last seen. */
  #table: CatalogueTable;
  #fresh = true;

  /** @param table just read from the catalogue. */
  constructor(catalogue: Catalogue, table: CatalogueTable, call: Call) {
    this.#catalogue = catalogue;
    this.#table = table;
    this.#call = call;
  }

  /** The first look is the one that the constructor was given: a statement sees the table that it was bound to. */
  current(): Pointer {
    if (!this.#fresh) this.#table = this.#catalogue.table(this.#table.database, this.#table.name, this.#call);
    this.#fresh = false;
    return pointerOf(this.#table);
  }

  async swap(expected: Pointer, metadataLocation: string, metadata: TableMetadata): Promise<Pointer> {
    const input = icebergTableInput(this.#table.input, metadataLocation, metadata);
    const options = { version: expected.version, skipArchive: true };
    try {
      this.#table = this.#catalogue.update(this.#table.database, input, options, this.#call);
    } catch (error) {
      if (error instanceof AwsError && error.code === "ConcurrentModificationException")
        throw new CommitConflict(error.message);
      throw error;
    }
    return pointerOf(this.#table);
  }
}
