import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import type { Session } from "../../cli/session.ts";
import type { RawObject } from "../../pipelines/refresh/plan.ts";

const PREFIX = "raw_events/";

/** The files of `raw_events`, as S3 has them. */
export class RawFiles {
  readonly #s3: S3Client;
  readonly #bucket: string;

  constructor(session: Session) {
    this.#s3 = new S3Client({ ...session.as("analyst"), forcePathStyle: true });
    this.#bucket = session.outputs.lakeBucket;
  }

  async list(): Promise<RawObject[]> {
    const found: RawObject[] = [];
    let token: string | undefined;
    do {
      const page = await this.#s3.send(
        new ListObjectsV2Command({ Bucket: this.#bucket, Prefix: PREFIX, ...(token && { ContinuationToken: token }) }),
      );
      for (const { Key, ETag, LastModified } of page.Contents ?? [])
        if (Key !== undefined && ETag !== undefined && LastModified !== undefined)
          found.push({ key: Key, etag: ETag, lastModified: LastModified.getTime() });
      token = page.NextContinuationToken;
    } while (token !== undefined);
    return found;
  }

  /** Writes an object to the same path under a folder, where Trino's Hive connector reads it. */
  async copy({ key }: RawObject, folder: string): Promise<void> {
    const { Body } = await this.#s3.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }));
    if (Body === undefined) throw new Error(`S3 sent no body of ${key}`);
    const file = join(folder, key);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, await Body.transformToByteArray());
  }

  close(): void {
    this.#s3.destroy();
  }
}
