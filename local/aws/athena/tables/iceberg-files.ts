import { readFileSync } from "node:fs";
import type { FileIo } from "../../../iceberg/table/environment.ts";
import type { ObjectStore } from "../../ports.ts";
import type { Call } from "../../service.ts";
import { splitLocation } from "./hive-files.ts";

/** An object by its URI. */
function target(uri: string): { readonly bucket: string; readonly key: string } {
  const { bucket, prefix: key } = splitLocation(uri);
  return { bucket, key };
}

/** An Iceberg table's files as S3 objects, each authorised as S3 would under one caller. */
export class S3Files implements FileIo {
  readonly #objects: ObjectStore;
  readonly #call: Call;

  constructor(objects: ObjectStore, call: Call) {
    this.#objects = objects;
    this.#call = call;
  }

  /** Asks for what reading asks for, where the content is known already. */
  authorizeRead(uri: string): void {
    this.#objects.authorize(this.#call, "s3:GetObject", target(uri));
  }

  read(uri: string): Buffer {
    return readFileSync(this.local(uri));
  }

  local(uri: string): string {
    return this.#objects.file(target(uri), this.#call);
  }

  async write(uri: string, bytes: Uint8Array | string): Promise<void> {
    await this.#objects.put(target(uri), bytes, { ifNoneMatch: "*" }, this.#call);
  }

  async adopt(uri: string, localFile: string): Promise<void> {
    await this.#objects.put(target(uri), { file: localFile }, { ifNoneMatch: "*" }, this.#call);
  }

  list(prefix: string): { readonly uri: string; readonly size: number; readonly modifiedMs: number }[] {
    const { bucket, key } = target(prefix);
    return this.#objects.list(bucket, key, this.#call).map((info) => ({
      uri: `s3://${bucket}/${info.key}`,
      size: info.size,
      modifiedMs: info.lastModified,
    }));
  }

  async delete(uri: string): Promise<void> {
    await this.#objects.delete(target(uri), this.#call);
  }
}
