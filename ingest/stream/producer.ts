import { type KinesisClient, PutRecordsCommand } from "@aws-sdk/client-kinesis";
import { type Batch, type BatchRecord, batches, type StreamRecord } from "./batches.ts";

export type { StreamRecord } from "./batches.ts";

/** What has happened so far. */
export interface PutProgress {
  /** Records the stream has taken. */
  readonly sent: number;
  /** Bytes of these records, keys included. */
  readonly bytes: number;
  /** Single records that were sent again. */
  readonly retried: number;
  /** The first so many records are all dealt with: where a later run may resume. */
  readonly confirmed: number;
  /** Positions (from 0) of records that no stream takes, because they are over 1 MiB. They were not sent. */
  readonly oversized: readonly number[];
}

export interface PutOptions {
  /** Requests in flight at a time. Default 4. */
  readonly concurrency?: number;
  readonly onProgress?: (progress: PutProgress) => void;
  /** Stops reading; what is in flight is still completed. */
  readonly signal?: AbortSignal;
  /** Attempts for one record before giving up. Default 20, about a minute and a half of backing off. */
  readonly attempts?: number;
  /** Waits between attempts; tests replace it. */
  readonly sleep?: (ms: number) => Promise<void>;
  /** In [0, 1), for the jitter; tests replace it. */
  readonly random?: () => number;
}

/** Answer for one record of a request: a failed one has a code. */
export interface PutAnswer {
  readonly ErrorCode?: string | undefined;
}

/** Sends one request; the answers are in the order of the records. */
export type SendBatch = (records: readonly BatchRecord[]) => Promise<readonly PutAnswer[]>;

/** The stream did not take some records however often they were sent. `progress.confirmed` says where to resume. */
export class StreamUnavailableError extends Error {
  override readonly name = "StreamUnavailableError";
  readonly unsent: number;
  constructor(unsent: number, attempts: number, code: string) {
    super(`The stream refused ${unsent} records ${attempts} times, last with ${code}. Run again to resume.`);
    this.unsent = unsent;
  }
}

/** Puts records on a Kinesis stream; see `putAll`. */
export function putEvents(
  client: Pick<KinesisClient, "send">,
  streamName: string,
  records: AsyncIterable<StreamRecord>,
  options: PutOptions = {},
): Promise<PutProgress> {
  const send: SendBatch = async (batch) => {
    const answer = await client.send(new PutRecordsCommand({ StreamName: streamName, Records: [...batch] }));
    return answer.Records ?? [];
  };
  return putAll(send, records, options);
}

/**
 * Sends all records at least once. Of a partial failure only the failed records are sent again, after a capped
 * exponential back-off with full jitter; records may therefore arrive in another order.
 * @returns the final counts
 * @throws StreamUnavailableError when attempts run out; any other error of `send` that sending again cannot cure
 */
export async function putAll(
  send: SendBatch,
  records: AsyncIterable<StreamRecord>,
  options: PutOptions = {},
): Promise<PutProgress> {
  const { concurrency = 4, onProgress, signal } = options;
  const ledger = createLedger();
  const inFlight = new Set<Promise<void>>();
  const failures: unknown[] = [];
  for await (const batch of batches(records)) {
    ledger.opened(batch);
    const task = sendBatch(send, batch.records, options, ledger.retried)
      .then(() => {
        ledger.closed(batch);
        onProgress?.(ledger.progress());
      })
      .catch((error: unknown) => {
        failures.push(error);
      })
      .finally(() => inFlight.delete(task));
    inFlight.add(task);
    if (inFlight.size >= concurrency) await Promise.race(inFlight);
    if (failures.length > 0 || signal?.aborted === true) break;
  }
  await Promise.all(inFlight);
  if (failures.length > 0) throw failures[0];
  return ledger.progress();
}

function createLedger() {
  let sent = 0;
  let bytes = 0;
  let retried = 0;
  let confirmed = 0;
  const oversized: number[] = [];
  const open = new Map<Batch, boolean>();
  return {
    opened(batch: Batch) {
      open.set(batch, false);
      oversized.push(...batch.oversized);
    },
    closed(batch: Batch) {
      sent += batch.records.length;
      bytes += batch.bytes;
      open.set(batch, true);
      // Batches are in the order of reading: the confirmed prefix ends before the first one still under way.
      for (const [first, done] of open) {
        if (!done) break;
        confirmed = first.end;
        open.delete(first);
      }
    },
    retried(count: number) {
      retried += count;
    },
    progress: (): PutProgress => ({ sent, bytes, retried, confirmed, oversized: [...oversized] }),
  };
}

async function sendBatch(
  send: SendBatch,
  records: readonly BatchRecord[],
  { attempts = 20, sleep = pause, random = Math.random }: PutOptions,
  onRetry: (count: number) => void,
): Promise<void> {
  let left = records;
  for (let attempt = 1; left.length > 0; attempt++) {
    const { failed, code } = await attemptOnce(send, left);
    if (failed.length === 0) return;
    if (attempt >= attempts) throw new StreamUnavailableError(failed.length, attempts, code);
    left = failed;
    onRetry(left.length);
    await sleep(random() * Math.min(5000, 50 * 2 ** (attempt - 1)));
  }
}

async function attemptOnce(send: SendBatch, records: readonly BatchRecord[]) {
  let answers: readonly PutAnswer[];
  try {
    answers = await send(records);
  } catch (error) {
    if (!isTransient(error)) throw error;
    return { failed: records, code: error instanceof Error ? error.name : String(error) };
  }
  // A record without an answer counts as failed: sending twice is harmless, losing is not.
  const failed = records.filter((_, index) => {
    const answer = answers[index];
    return answer === undefined || answer.ErrorCode !== undefined;
  });
  const code = answers.find(({ ErrorCode }) => ErrorCode !== undefined)?.ErrorCode ?? "no answer";
  return { failed, code };
}

const TRANSIENT = new Set([
  "ProvisionedThroughputExceededException",
  "KMSThrottlingException",
  "LimitExceededException",
  "ThrottlingException",
  "InternalFailureException",
  "InternalFailure",
  "ServiceUnavailable",
  "RequestTimeout",
  "TimeoutError",
  "ECONNRESET",
  "ECONNREFUSED",
  "EPIPE",
]);

/** Those that the SDK itself calls transient: a full disk (507) is not cured by waiting. */
const TRANSIENT_STATUS = new Set([500, 502, 503, 504]);

function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const metadata = "$metadata" in error ? error.$metadata : undefined;
  const status =
    typeof metadata === "object" && metadata !== null && "httpStatusCode" in metadata ? metadata.httpStatusCode : 0;
  return (
    TRANSIENT.has(error.name) || TRANSIENT.has(code) || (typeof status === "number" && TRANSIENT_STATUS.has(status))
  );
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
