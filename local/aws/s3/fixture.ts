import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetObjectCommand, PutObjectCommand, type PutObjectCommandOutput, S3Client } from "@aws-sdk/client-s3";
import { createVirtualClock } from "../../clock/virtual-clock.ts";
import { resource, type Started, startServices } from "../kinesis/fixture.ts";
import type { ObjectStore } from "../ports.ts";
import type { Call } from "../service.ts";
import { s3 } from "./index.ts";

/** When the tests run. */
export const now = Date.UTC(2011, 0, 1, 12);

export const keyArn = "arn:aws:kms:eu-west-1:123456789012:key/k1";

/** Two buckets: a plain one, and one with versions and a key. */
export const resources = [
  resource("aws:s3/bucket:Bucket", "plain", "arn:aws:s3:::plain", { bucket: "plain" }),
  resource("aws:s3/bucket:Bucket", "kept", "arn:aws:s3:::kept", { bucket: "kept" }),
  resource("aws:s3/bucketVersioning:BucketVersioning", "versioning", "", {
    bucket: "kept",
    versioningConfiguration: { status: "Enabled" },
  }),
  resource("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", "encryption", "", {
    bucket: "kept",
    rules: [
      {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
        bucketKeyEnabled: true,
      },
    ],
  }),
];

/** S3 with those buckets behind the real gateway, in a folder of its own, on which it may start again. */
export class S3Bench {
  readonly #root: string;
  #started: Started;
  #client: S3Client;

  private constructor(root: string, started: Started) {
    this.#root = root;
    this.#started = started;
    this.#client = new S3Client(started.config);
  }

  static async start(): Promise<S3Bench> {
    const root = await mkdtemp(join(tmpdir(), "s3-"));
    return new S3Bench(root, await startIn(root));
  }

  /** Folder of the service itself. */
  get home(): string {
    return join(this.#root, "s3");
  }

  get client(): S3Client {
    return this.#client;
  }

  get store(): ObjectStore {
    return this.#started.ports.objects;
  }

  get call(): Call {
    return this.#started.call;
  }

  /** `action resource` asked of IAM. */
  get asked(): Started["asked"] {
    return this.#started.asked;
  }

  /** Actions that IAM denies. */
  get denied(): Started["denied"] {
    return this.#started.denied;
  }

  /** Contexts in which IAM was asked. */
  get contexts(): Started["contexts"] {
    return this.#started.contexts;
  }

  put(Bucket: string, Key: string, Body: string = Key): Promise<PutObjectCommandOutput> {
    return this.#client.send(new PutObjectCommand({ Bucket, Key, Body }));
  }

  async read(Bucket: string, Key: string): Promise<string | undefined> {
    return (await this.#client.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
  }

  async halt(): Promise<void> {
    this.#client.destroy();
    await this.#started.stop();
  }

  async run(): Promise<void> {
    this.#started = await startIn(this.#root);
    this.#client = new S3Client(this.#started.config);
  }

  async restart(): Promise<void> {
    await this.halt();
    await this.run();
  }

  /** Halts it and removes its folder. */
  async end(): Promise<void> {
    await this.halt();
    await rm(this.#root, { recursive: true, force: true });
  }
}

const startIn = (home: string): Promise<Started> =>
  startServices({ home, clock: createVirtualClock(now), resources, services: { s3 } });
