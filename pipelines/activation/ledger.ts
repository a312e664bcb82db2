import { randomUUID } from "node:crypto";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import type { Ledger } from "./members.ts";

const PRECONDITION_FAILED = 412;

/**
 * The memory of a campaign, in S3: a claim before a message is sent, `sent/` after. Neither is ever changed, so listing
 * them tells everything; a claim goes away only when SES has said that it sent nothing.
 */
export class CampaignLedger {
  readonly #s3: S3Client;
  readonly #bucket: string;
  readonly #prefix: string;
  /** Tells this run's own claims from others': a claim whose answer was lost is met again by the SDK's retry. */
  readonly #claimant = randomUUID();
  constructor(s3: S3Client, bucket: string, exportsPrefix: string) {
    this.#s3 = s3;
    this.#bucket = bucket;
    this.#prefix = exportsPrefix;
  }

  async read(campaign: string): Promise<Ledger> {
    const [claimed, sent] = await Promise.all([
      this.#list(this.#folder("claims", campaign)),
      this.#list(this.#folder("sent", campaign)),
    ]);
    return { claimed, sent };
  }

  /**
   * Claims a person for a campaign. S3 lets one writer through.
   * @returns false when the person was claimed before
   */
  async claim(campaign: string, customerId: string): Promise<boolean> {
    const key = `${this.#folder("claims", campaign)}${customerId}.json`;
    try {
      await this.#put(key, { claimant: this.#claimant, claimedAt: new Date().toISOString() }, { IfNoneMatch: "*" });
      return true;
    } catch (error) {
      if (!(error instanceof S3ServiceException) || error.$metadata.httpStatusCode !== PRECONDITION_FAILED) throw error;
      const { Body } = await this.#s3.send(new GetObjectCommand({ Bucket: this.#bucket, Key: key }));
      return JSON.parse((await Body?.transformToString()) ?? "{}").claimant === this.#claimant;
    }
  }

  /** Gives a claim back. */
  async release(campaign: string, customerId: string): Promise<void> {
    await this.#s3.send(
      new DeleteObjectCommand({ Bucket: this.#bucket, Key: `${this.#folder("claims", campaign)}${customerId}.json` }),
    );
  }

  settle(campaign: string, customerId: string, messageId: string): Promise<void> {
    return this.#put(`${this.#folder("sent", campaign)}${customerId}.json`, {
      messageId,
      sentAt: new Date().toISOString(),
    });
  }

  /** Keeps the list of a segment's members with what happened to each; no personal data but the ids. */
  async export(campaign: string, asOf: string, rows: readonly object[]): Promise<string> {
    const key = `${this.#prefix}${campaign}/${asOf}.ndjson`;
    await this.#s3.send(
      new PutObjectCommand({
        Bucket: this.#bucket,
        Key: key,
        Body: rows.map((row) => `${JSON.stringify(row)}\n`).join(""),
        ContentType: "application/x-ndjson",
      }),
    );
    return key;
  }

  #folder(kind: "claims" | "sent", campaign: string): string {
    return `${this.#prefix}${kind}/${campaign}/`;
  }

  async #put(key: string, body: object, options: { readonly IfNoneMatch?: "*" } = {}): Promise<void> {
    await this.#s3.send(
      new PutObjectCommand({
        Bucket: this.#bucket,
        Key: key,
        Body: JSON.stringify(body),
        ContentType: "application/json",
        ...options,
      }),
    );
  }

  async #list(prefix: string): Promise<Set<string>> {
    const ids = new Set<string>();
    let token: string | undefined;
    do {
      const page = await this.#s3.send(
        new ListObjectsV2Command({
          Bucket: this.#bucket,
          Prefix: prefix,
          ...(token !== undefined && { ContinuationToken: token }),
        }),
      );
      for (const { Key = "" } of page.Contents ?? []) ids.add(Key.slice(prefix.length, -".json".length));
      token = page.NextContinuationToken;
    } while (token !== undefined);
    return ids;
  }
}
