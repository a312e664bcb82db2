import { createHash, randomBytes } from "node:crypto";
import { copyFileSync, existsSync, linkSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Clock } from "../../clock/clock.ts";
import type { ObjectInfo, ObjectStore } from "../ports.ts";
import type { Call } from "../service.ts";
import { BucketIndex, type Entry, type Former, type Line } from "./bucket-index.ts";
import type { Bucket } from "./buckets.ts";
import { authorizeS3, diskError, noSuchBucket, noSuchKey, noSuchVersion, preconditionFailed } from "./errors.ts";
import { Places } from "./places.ts";

export interface Target {
  readonly bucket: string;
  readonly key: string;
}

export interface PutOptions {
  readonly contentType?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly ifNoneMatch?: "*";
  /** ETag that the current version must have. */
  readonly ifMatch?: string;
  /** ETag to give; by default the MD5 of the bytes, or for a moved file an opaque one (as S3's own under SSE-KMS). */
  readonly etag?: string;
}

type Body = Uint8Array | string | { readonly file: string };

const isFile = (body: Body): body is { readonly file: string } => typeof body === "object" && "file" in body;

/**
 * Objects as plain files: the bytes of a key lie at `<home>/<bucket>/<key>`, so that people and DuckDB read them in
 * place. A change is committed by one appended line of the bucket's index (`.index/<bucket>.log`); the file moves into
 * place right after it, and at the next start if the process died in between.
 */
export class FileObjectStore implements ObjectStore {
  readonly #home: string;
  readonly #clock: Clock;
  readonly region: string;
  readonly #buckets: ReadonlyMap<string, Bucket>;
  readonly #indexes = new Map<string, BucketIndex>();
  readonly #places: Places;

  constructor(home: string, clock: Clock, region: string, buckets: ReadonlyMap<string, Bucket>) {
    this.#home = home;
    this.#clock = clock;
    this.region = region;
    this.#buckets = buckets;
    mkdirSync(join(home, ".index"), { recursive: true });
    this.#places = new Places(home);
    for (const { name } of buckets.values()) this.#indexes.set(name, this.#openIndex(name));
    rmSync(join(home, ".tmp"), { recursive: true, force: true });
    mkdirSync(join(home, ".tmp"), { recursive: true });
  }

  #openIndex(bucket: string): BucketIndex {
    const index = new BucketIndex(join(this.#home, ".index", `${bucket}.log`), (entry) => formerPath(bucket, entry));
    // Only the last committed change can have been interrupted: changes are made one at a time.
    if (index.last) this.#settle(index.last);
    index.compact();
    return index;
  }

  /** Brings the files in line with a committed change; doing it again changes nothing. */
  #settle(line: Line): void {
    if (line.op !== "put") {
      if (line.path !== undefined) rmSync(join(this.#home, line.path), { force: true });
    } else if (line.staged !== undefined && existsSync(line.staged)) {
      renameSync(line.staged, join(this.#home, line.path));
    }
  }

  buckets(): readonly Bucket[] {
    return [...this.#buckets.values()];
  }

  bucket(name: string): Bucket {
    const bucket = this.#buckets.get(name);
    if (!bucket) throw noSuchBucket(name);
    return bucket;
  }

  index(name: string): BucketIndex {
    const index = this.#indexes.get(name);
    if (!index) throw noSuchBucket(name);
    return index;
  }

  /** Asks for `action` on the object, and for the key's use that comes with it. */
  authorize(call: Call, action: string, target: Target): Bucket {
    const bucket = this.bucket(target.bucket);
    authorizeS3(call, action, `${bucket.arn}/${target.key}`);
    const kms =
      action === "s3:PutObject" ? "kms:GenerateDataKey" : action.startsWith("s3:GetObject") ? "kms:Decrypt" : undefined;
    if (kms && bucket.encryption) {
      const { keyArn, bucketKey } = bucket.encryption;
      authorizeS3(call, kms, keyArn, {
        "kms:ViaService": `s3.${this.region}.amazonaws.com`,
        "kms:CallerAccount": keyArn.split(":")[4] ?? "",
        "kms:EncryptionContext:aws:s3:arn": bucketKey ? bucket.arn : `${bucket.arn}/${target.key}`,
      });
    }
    return bucket;
  }

  async put(target: Target, body: Body, options: PutOptions, call: Call): Promise<ObjectInfo> {
    const bucket = this.authorize(call, "s3:PutObject", target);
    this.#checkConditions(target, options);
    const staged = isFile(body) && this.#places.onSameDevice(body.file) ? body.file : this.temporaryFile();
    try {
      await this.#stage(body, staged);
      // From here on nothing waits, so that conditions hold and changes are whole.
      this.#checkConditions(target, options);
      const etag =
        options.etag ?? (isFile(body) ? randomBytes(16).toString("hex") : createHash("md5").update(body).digest("hex"));
      return this.#commit(bucket, target, staged, etag, options);
    } catch (error) {
      if (!isFile(body)) rmSync(staged, { force: true });
      throw diskError(error);
    }
  }

  #checkConditions({ bucket, key }: Target, options: PutOptions): void {
    const current = this.index(bucket).get(key);
    if (options.ifNoneMatch === "*" && current) throw preconditionFailed("If-None-Match");
    if (options.ifMatch === undefined) return;
    if (!current) throw noSuchKey(key);
    if (current.etag !== options.ifMatch) throw preconditionFailed("If-Match");
  }

  async #stage(body: Body, file: string): Promise<void> {
    if (isFile(body)) {
      if (body.file === file) return;
      copyFileSync(body.file, file);
      rmSync(body.file);
    } else if (body.length < 1 << 18) {
      writeFileSync(file, body);
    } else {
      await using handle = await open(file, "w");
      await handle.writeFile(body);
    }
  }

  #commit(bucket: Bucket, target: Target, staged: string, etag: string, options: PutOptions): ObjectInfo {
    const index = this.index(bucket.name);
    const current = index.get(target.key);
    const path = current?.path ?? this.#places.freePath(target.bucket, target.key);
    const entry: Entry = {
      key: target.key,
      size: statSync(staged).size,
      etag,
      lastModified: this.#clock.now(),
      contentType: options.contentType ?? "application/octet-stream",
      metadata: options.metadata ?? {},
      path,
      ...(bucket.versioned && { versionId: randomBytes(24).toString("base64url") }),
    };
    if (current) this.#keepFormer(bucket, current);
    index.append({ op: "put", staged: resolve(staged), ...entry });
    renameSync(staged, join(this.#home, path));
    return infoOf(bucket.name, entry);
  }

  /** A hard link keeps the bytes of a version that is about to be replaced. */
  #keepFormer(bucket: Bucket, entry: Entry): void {
    if (!bucket.versioned || entry.versionId === undefined) return;
    const path = join(this.#home, formerPath(bucket.name, entry));
    this.#places.makeFolder(dirname(path));
    rmSync(path, { force: true });
    linkSync(join(this.#home, entry.path), path);
  }

  /** The current version, or the named one. Authorises as GetObject and HeadObject do. */
  find(
    target: Target,
    versionId: string | undefined,
    call: Call,
  ): { readonly info: ObjectInfo; readonly file: string } {
    this.authorize(call, versionId === undefined ? "s3:GetObject" : "s3:GetObjectVersion", target);
    const entry =
      versionId === undefined ? this.index(target.bucket).get(target.key) : this.#version(target, versionId);
    if (!entry) {
      // S3 tells only those who may list that a key is not there.
      authorizeS3(call, "s3:ListBucket", this.bucket(target.bucket).arn);
      throw noSuchKey(target.key);
    }
    return { info: infoOf(target.bucket, entry), file: join(this.#home, entry.path) };
  }

  #version({ bucket, key }: Target, versionId: string): Entry {
    const index = this.index(bucket);
    const current = index.get(key);
    if (current?.versionId === versionId) return current;
    const former = index.former(key).find((version) => version.versionId === versionId);
    if (!former || "deleteMarker" in former) throw noSuchVersion(key, versionId);
    return former;
  }

  async get(target: Target, call: Call): Promise<{ info: ObjectInfo; body: Buffer }> {
    const { info, file } = this.find(target, undefined, call);
    return { info, body: await readAt(file, 0, info.size) };
  }

  file(target: Target, call: Call): string {
    return this.find(target, undefined, call).file;
  }

  async delete(target: Target, call: Call): Promise<void> {
    this.remove(target, call);
  }

  /** Deletes, or in a versioned bucket puts a delete marker, whose version id it returns. */
  remove(target: Target, call: Call): string | undefined {
    this.authorize(call, "s3:DeleteObject", target);
    return this.expire(target);
  }

  /** The same as S3's own doing, which asks nobody. */
  expire(target: Target): string | undefined {
    const bucket = this.bucket(target.bucket);
    const index = this.index(target.bucket);
    const entry = index.get(target.key);
    if (!entry && !bucket.versioned) return undefined;
    const versionId = bucket.versioned ? randomBytes(24).toString("base64url") : undefined;
    try {
      if (entry) this.#keepFormer(bucket, entry);
      index.append({
        op: "delete",
        key: target.key,
        lastModified: this.#clock.now(),
        ...(entry && { path: entry.path }),
        ...(versionId && { versionId }),
      });
    } catch (error) {
      throw diskError(error);
    }
    if (entry) rmSync(join(this.#home, entry.path), { force: true });
    return versionId;
  }

  /** Removes a former version or a delete marker for good, as S3's own doing. */
  purge({ bucket, key }: Target, versionId: string): void {
    const index = this.index(bucket);
    const version = index.former(key).find((former) => former.versionId === versionId);
    if (version === undefined) throw noSuchVersion(key, versionId);
    const path = "deleteMarker" in version ? undefined : version.path;
    index.append({ op: "purge", key, versionId, ...(path !== undefined && { path }) });
    if (path !== undefined) rmSync(join(this.#home, path), { force: true });
  }

  list(bucket: string, prefix: string, call: Call): readonly ObjectInfo[] {
    authorizeS3(call, "s3:ListBucket", this.bucket(bucket).arn, { "s3:prefix": prefix });
    return Array.from(this.index(bucket).entries(prefix), (entry) => infoOf(bucket, entry));
  }

  /** Every version of every key under a prefix, newest first for each key. */
  versions(bucket: string, prefix: string): readonly (Former & { readonly latest: boolean })[] {
    const index = this.index(bucket);
    return index
      .keysEver()
      .filter((key) => key.startsWith(prefix))
      .flatMap((key) => index.versions(key).map((version, position) => ({ ...version, latest: position === 0 })));
  }

  /** A path for a file that is to become an object; lies on the store's own file system. */
  temporaryFile(): string {
    return join(this.#home, ".tmp", randomBytes(9).toString("base64url"));
  }

  close(): void {
    for (const index of this.#indexes.values()) index.close();
  }
}

function formerPath(bucket: string, entry: Entry): string {
  return `.versions/${bucket}/${entry.versionId ?? "null"}`;
}

function infoOf(bucket: string, { path: _path, ...entry }: Entry): ObjectInfo {
  return { bucket, ...entry };
}

/** Reads `length` bytes of a file from `offset` on. */
export async function readAt(file: string, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(length);
  await using handle = await open(file, "r");
  let done = 0;
  while (done < length) {
    const { bytesRead } = await handle.read(bytes, done, length - done, offset + done);
    if (bytesRead === 0) throw new Error(`${file} is shorter than its index says.`);
    done += bytesRead;
  }
  return bytes;
}
