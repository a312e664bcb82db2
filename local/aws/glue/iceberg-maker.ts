import { createTable } from "../../iceberg/table/create.ts";
import type { FileIo } from "../../iceberg/table/environment.ts";
import type { Shape } from "../service.ts";
import type { IcebergCreation } from "./iceberg-creation.ts";
import { icebergTableInput } from "./iceberg-entry-input.ts";

/**
 * Writes the first metadata file of a table.
 * @returns the catalogue's entry that points at it.
 */
export async function makeIcebergTable(
  io: FileIo,
  creation: IcebergCreation,
  tableInput: Shape,
  now: number,
): Promise<Shape & { readonly Name: string }> {
  const { metadata, metadataLocation } = await createTable(io, { ...creation, now });
  return icebergTableInput(tableInput, metadataLocation, metadata);
}
