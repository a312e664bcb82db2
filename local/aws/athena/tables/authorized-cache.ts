import { type DecodedCache, UriCache } from "../../../iceberg/table/cache.ts";

/** Asks before it gives what somebody else may have read: a caller gets nothing that S3 would not give to it. */
class AskingCache<T> extends UriCache<T> {
  readonly #shared: UriCache<T>;
  readonly #ask: (uri: string) => void;

  constructor(shared: UriCache<T>, ask: (uri: string) => void) {
    super(0);
    this.#shared = shared;
    this.#ask = ask;
  }

  override get(uri: string, load: () => { readonly value: T; readonly bytes: number }): T {
    this.#ask(uri);
    return this.#shared.get(uri, load);
  }

  override put(uri: string, value: T, bytes: number): void {
    this.#shared.put(uri, value, bytes);
  }
}

/**
 * The process's cache as one caller may use it.
 * @param ask throws when the caller may not read the file.
 */
export function authorizedCache(shared: DecodedCache, ask: (uri: string) => void): DecodedCache {
  return {
    ...shared,
    metadata: new AskingCache(shared.metadata, ask),
    manifestLists: new AskingCache(shared.manifestLists, ask),
    // A manifest decodes differently by its sequence number and the schema, which its cache's names end in.
    manifests: new AskingCache(shared.manifests, (name) => ask(name.replace(/#\d+#\d+$/, ""))),
  };
}
