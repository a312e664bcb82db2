import type { TableMetadata } from "../../../iceberg/format/model.ts";
import type { Pointer, TableEntry } from "../../../iceberg/table/environment.ts";

/** A table that is not in the catalogue until its first commit: with its rows, or not at all. */
export class NewTableEntry implements TableEntry {
  readonly #register: (metadataLocation: string, metadata: TableMetadata) => void;
  #pointer: Pointer;
  #registered = false;

  /**
   * @param metadataLocation of the table without rows.
   * @param register makes the catalogue's entry.
   */
  constructor(metadataLocation: string, register: (metadataLocation: string, metadata: TableMetadata) => void) {
    this.#pointer = { metadataLocation, version: "new" };
    this.#register = register;
  }

  get registered(): boolean {
    return this.#registered;
  }

  current(): Pointer {
    return this.#pointer;
  }

  async swap(_expected: Pointer, metadataLocation: string, metadata: TableMetadata): Promise<Pointer> {
    this.#register(metadataLocation, metadata);
    this.#registered = true;
    this.#pointer = { metadataLocation, version: "0" };
    return this.#pointer;
  }
}
