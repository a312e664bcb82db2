import { gunzipSync } from "node:zlib";
import { parseMetadata } from "../format/json.ts";
import type { TableMetadata } from "../format/model.ts";
import type { Environment, Pointer } from "./environment.ts";

/** A table as one statement sees it: the metadata file that the catalogue pointed at. */
export interface TableState {
  readonly env: Environment;
  readonly pointer: Pointer;
  readonly metadata: TableMetadata;
}

/** Asks the catalogue where the table is and reads its metadata, from the cache where a process has seen the file. */
export function loadTable(env: Environment): TableState {
  const pointer = env.entry.current();
  return { env, pointer, metadata: readMetadata(env, pointer.metadataLocation) };
}

/** Any metadata file, also an older one of the metadata log. Some engines compress them. */
export function readMetadata(env: Environment, location: string): TableMetadata {
  return env.cache.metadata.get(location, () => {
    const bytes = env.io.read(location);
    const compressed = bytes[0] === 0x1f && bytes[1] === 0x8b;
    const text = (compressed ? gunzipSync(bytes) : bytes).toString("utf8");
    return { value: parseMetadata(text), bytes: text.length };
  });
}
