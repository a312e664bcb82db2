import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Timer } from "../../clock/clock.ts";
import type { Call, ServiceContext } from "../service.ts";
import type { DeliveryConfiguration } from "./configuration.ts";
import { Flush } from "./flush.ts";
import type { Outcome } from "./outcomes.ts";
import { Staging } from "./staging.ts";
import { payloadBytes, payloadLimit, type SourceRecord, transformRecords } from "./transform.ts";

/** Invocations of the transform under way at the same time: one computes while the other's answer is taken. */
const inFlightLimit = 2;
/** What one delivery may wait before it tries again; doubles up to the last. */
const firstRetryMs = 60_000;
const lastRetryMs = 3_600_000;
/** Without a transform, records are staged by this many bytes. */
const plainBatchBytes = 1024 * 1024;

/**
 * One delivery stream at work. Records go from the stream through the transform into a staging on disk; a staging is
 * flushed to S3 when it is large or old enough, and only then the checkpoint moves. So a killed process delivers again
 * what it had not checkpointed: at least once, nothing lost.
 */
export class Delivery {
  readonly configuration: DeliveryConfiguration;
  /** The last failure of reading, transforming or delivering, until one succeeds. */
  failure: Error | undefined;
  readonly #context: ServiceContext;
  readonly #home: string;
  readonly #source: Call;
  readonly #call: Call;
  /** Last sequence number read of each shard, and of those the last that is staged. */
  readonly #read = new Map<string, string | undefined>();
  #staged = new Map<string, string | undefined>();
  #pending: SourceRecord[] = [];
  #pendingBytes = 0;
  #pendingPayload = 0;
  #pendingSince = 0;
  #staging: Staging | undefined;
  #flushes: Flush[] = [];
  #flushing: Promise<void> = Promise.resolve();
  #stagings = 0;
  #running: Promise<void> | undefined;
  #again = false;
  #blocked = false;
  #timer: { readonly at: number; readonly timer: Timer } | undefined;
  #retryMs = 0;
  #unsubscribe: (() => void) | undefined;

  constructor(context: ServiceContext, configuration: DeliveryConfiguration) {
    this.#context = context;
    this.configuration = configuration;
    this.#home = join(context.home, configuration.name);
    this.#source = context.assume(configuration.sourceRole, "firehose.amazonaws.com", configuration.arn);
    this.#call = context.assume(configuration.role, "firehose.amazonaws.com", configuration.arn);
  }

  /** Starts reading where the checkpoint stands. */
  start(): void {
    rmSync(join(this.#home, "staging"), { recursive: true, force: true });
    mkdirSync(join(this.#home, "staging"), { recursive: true });
    this.#staged = new Map(readCheckpoint(this.#checkpointFile));
    this.#unsubscribe = this.#context.ports.streams.subscribe(this.configuration.sourceArn, () => this.#wake());
    this.#wake();
  }

  /** Delivers what there is. What cannot be delivered stays in the stream, behind the checkpoint. */
  async stop(): Promise<void> {
    this.#unsubscribe?.();
    this.#timer?.timer.cancel();
    this.#unsubscribe = undefined;
    await this.#running;
    try {
      await this.#process(true);
    } catch (error) {
      this.#report(error);
    }
  }

  get #checkpointFile(): string {
    return join(this.#home, "checkpoint.json");
  }

  /** Something to do: records came, or a timer fired. While a failure waits, only its timer tries again. */
  #wake(): Promise<void> {
    this.#again = true;
    if (this.#blocked) return this.#running ?? Promise.resolve();
    this.#running ??= this.#context.clock.work(() => this.#loop());
    return this.#running;
  }

  async #loop(): Promise<void> {
    while (this.#again && !this.#blocked) {
      this.#again = false;
      try {
        await this.#process(false);
        this.failure = undefined;
        this.#retryMs = 0;
      } catch (error) {
        this.#report(error);
        this.#blocked = true;
        this.#retryMs = Math.min(Math.max(this.#retryMs * 2, firstRetryMs), lastRetryMs);
        this.#armAt(this.#context.clock.now() + this.#retryMs);
      }
    }
    // In the same turn as the loop's last look at `#again`, so that no call is missed.
    this.#running = undefined;
  }

  async #tick(): Promise<void> {
    this.#blocked = false;
    await this.#wake();
    // Who advances a virtual clock hears of a delivery that fails; on a real one nobody would.
    if (this.#blocked && this.failure && this.#context.clock.kind === "virtual") throw this.failure;
  }

  #report(error: unknown): void {
    this.failure = error instanceof Error ? error : new Error(String(error));
    this.#context.log(`firehose ${this.configuration.name}: ${this.failure.message}`);
  }

  #armAt(at: number): void {
    if (this.#timer && this.#timer.at <= at) return;
    this.#timer?.timer.cancel();
    const timer = this.#context.clock.at(at, () => {
      this.#timer = undefined;
      return this.#tick();
    });
    this.#timer = { at, timer };
  }

  /** Takes what has come, then flushes what is due; `all` waits for no interval. */
  async #process(all: boolean): Promise<void> {
    await this.#transformAll(all);
    const { bufferMs } = this.configuration;
    const staging = this.#staging;
    if (staging && (all || staging.since + bufferMs <= this.#context.clock.now())) this.#seal();
    await this.#flushAll();
    if (this.#unsubscribe === undefined) return;
    if (this.#staging) this.#armAt(this.#staging.since + bufferMs);
    if (this.#pending.length > 0) this.#armAt(this.#pendingSince + (this.configuration.transform?.bufferMs ?? 0));
  }

  /** Invokes in batches, a few at a time, and stages their outcomes in order. */
  async #transformAll(all: boolean): Promise<void> {
    const { transform } = this.configuration;
    const invoked: Promise<unknown>[] = [];
    let staged: Promise<void> = Promise.resolve();
    try {
      for (;;) {
        const full = this.#fill();
        if (this.#pending.length === 0) break;
        if (!full && !all && transform && this.#pendingSince + transform.bufferMs > this.#context.clock.now()) break;
        const records = this.#takePending();
        const outcomes = this.#outcomes(records);
        staged = staged.then(async () => this.#stage(records, await outcomes));
        // Heard of below, through the last of them.
        staged.catch(() => undefined);
        invoked.push(
          outcomes.catch(() => undefined),
          staged,
        );
        if (invoked.length >= 2 * inFlightLimit) await Promise.all(invoked.splice(0, 2));
      }
      await staged;
    } catch (error) {
      await Promise.allSettled(invoked);
      // What was read but not staged is read again.
      this.#takePending();
      this.#read.clear();
      throw error;
    }
  }

  /** Reads until a batch is full; false when the stream has no more. */
  #fill(): boolean {
    const { transform, sourceArn } = this.configuration;
    const { streams } = this.#context.ports;
    const wanted = transform?.bufferBytes ?? plainBatchBytes;
    // Base64 is a third longer than what it stands for.
    const room = () => Math.min(((wanted - this.#pendingBytes) * 4) / 3, payloadLimit - this.#pendingPayload);
    for (const shardId of streams.shards(sourceArn, this.#source)) {
      while (room() > 0) {
        const after = this.#read.has(shardId) ? this.#read.get(shardId) : this.#staged.get(shardId);
        const { records } = streams.read(
          { streamArn: sourceArn, shardId, after },
          { records: 10_000, bytes: room() },
          this.#source,
        );
        if (records.length === 0) break;
        for (const record of records) {
          const source = { ...record, shardId };
          const payload = payloadBytes(source);
          // A record beyond the payload's limit goes alone, and is refused by the function's service.
          if (this.#pending.length > 0 && this.#pendingPayload + payload > payloadLimit) return true;
          if (this.#pending.length === 0) this.#pendingSince = this.#context.clock.now();
          this.#pending.push(source);
          this.#pendingBytes += (record.data.length * 3) / 4;
          this.#pendingPayload += payload;
          this.#read.set(shardId, record.sequenceNumber);
        }
      }
      if (room() <= 0) return true;
    }
    return false;
  }

  #takePending(): readonly SourceRecord[] {
    const records = this.#pending;
    this.#pending = [];
    this.#pendingBytes = 0;
    this.#pendingPayload = 0;
    return records;
  }

  async #outcomes(records: readonly SourceRecord[]): Promise<readonly Outcome[]> {
    const { transform } = this.configuration;
    const { region, dispatch } = this.#context;
    this.#metric("IncomingRecords", records.length);
    if (!transform) return records.map(({ data }) => ({ kind: "ok", data, partitionKeys: {} }));
    const outcomes = await transformRecords(transform, this.configuration, region, records, dispatch, this.#call);
    const failed = outcomes.filter(({ kind }) => kind === "failed").length;
    this.#metric("SucceedProcessing.Records", outcomes.length - failed);
    this.#metric("ExecuteProcessing.Success", failed === outcomes.length ? 0 : 1);
    return outcomes;
  }

  #metric(name: string, value: number): void {
    this.#context.metric("AWS/Firehose", name, { DeliveryStreamName: this.configuration.name }, value);
  }

  #stage(records: readonly SourceRecord[], outcomes: readonly Outcome[]): void {
    const now = this.#context.clock.now();
    this.#staging ??= new Staging(join(this.#home, "staging", String(this.#stagings++)), this.configuration, now);
    this.#staging.add(records, outcomes, now);
    for (const { shardId, sequenceNumber } of records) this.#staged.set(shardId, sequenceNumber);
    if (this.#staging.bytes < this.configuration.bufferBytes) return;
    this.#seal();
    // Converts while the next records are transformed; a failure is heard of when all is flushed.
    this.#flushAll().catch(() => undefined);
  }

  #seal(): void {
    if (!this.#staging) return;
    this.#flushes.push(new Flush(this.#context, this.configuration, this.#staging));
    this.#staging = undefined;
  }

  /** Flushes in order, each followed by its checkpoint. */
  #flushAll(): Promise<void> {
    this.#flushing = this.#flushing
      .catch(() => undefined)
      .then(async () => {
        for (let flush = this.#flushes[0]; flush; flush = this.#flushes[0]) {
          await flush.run();
          this.#checkpoint(flush.staging.positions);
          this.#flushes.shift();
          await flush.staging.remove();
        }
      });
    return this.#flushing;
  }

  #checkpoint(positions: ReadonlyMap<string, string>): void {
    const merged = new Map([...readCheckpoint(this.#checkpointFile), ...positions]);
    const temporary = `${this.#checkpointFile}.new`;
    writeFileSync(temporary, JSON.stringify(Object.fromEntries(merged)));
    renameSync(temporary, this.#checkpointFile);
  }
}

/** Last delivered sequence number of each shard. */
function readCheckpoint(file: string): readonly (readonly [string, string])[] {
  if (!existsSync(file)) return [];
  const saved: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (typeof saved !== "object" || saved === null) return [];
  return Object.entries(saved).map(([shard, sequence]: [string, unknown]) => [shard, String(sequence)]);
}
