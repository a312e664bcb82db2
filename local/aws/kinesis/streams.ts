import { hash } from "node:crypto";
import { join } from "node:path";
import type { ResourceGraph } from "../../graph/resource.ts";
import type { Streams } from "../ports.ts";
import { keyArnOf } from "../s3/buckets.ts";
import { AwsError, type Call, type ServiceContext } from "../service.ts";
import { positionOf } from "./sequence.ts";
import { ShardLog, type ShardLogOptions } from "./shard-log.ts";

export interface Shard {
  readonly id: string;
  readonly firstHash: bigint;
  readonly lastHash: bigint;
  readonly log: ShardLog;
}

/** A stream of the graph with its shards' logs. */
export interface Stream {
  readonly name: string;
  readonly arn: string;
  readonly onDemand: boolean;
  readonly retentionHours: number;
  readonly maxRecordBytes: number;
  readonly keyArn: string | undefined;
  readonly shards: readonly Shard[];
  readonly listeners: Set<() => void>;
}

/** An on-demand stream starts with four shards. */
const onDemandShards = 4;
const hashes = 1n << 128n;

const number = (value: unknown, otherwise: number): number => (typeof value === "number" ? value : otherwise);

/** Opens the streams of the graph. */
export function openStreams(
  graph: ResourceGraph,
  home: string,
  options?: ShardLogOptions,
): ReadonlyMap<string, Stream> {
  const streams = new Map<string, Stream>();
  for (const resource of graph.resources) {
    if (resource.type !== "aws:kinesis/stream:Stream") continue;
    const { outputs } = resource;
    const name = String(outputs["name"]);
    const mode = outputs["streamModeDetails"];
    const onDemand =
      typeof mode === "object" && mode !== null && "streamMode" in mode && mode.streamMode === "ON_DEMAND";
    const count = onDemand ? onDemandShards : number(outputs["shardCount"], 1);
    const key = outputs["encryptionType"] === "KMS" ? outputs["kmsKeyId"] : undefined;
    streams.set(name, {
      name,
      arn: String(outputs["arn"]),
      onDemand,
      retentionHours: number(outputs["retentionPeriod"], 24),
      maxRecordBytes: number(outputs["maxRecordSizeInKib"], 1024) * 1024,
      // The key that AWS manages asks nobody for permission.
      keyArn: typeof key === "string" && !key.endsWith("alias/aws/kinesis") ? keyArnOf(graph, key) : undefined,
      shards: Array.from({ length: count }, (_, index) => openShard(join(home, name), index, count, options)),
      listeners: new Set(),
    });
  }
  return streams;
}

function openShard(folder: string, index: number, count: number, options?: ShardLogOptions): Shard {
  const id = `shardId-${String(index).padStart(12, "0")}`;
  return {
    id,
    firstHash: (hashes * BigInt(index)) / BigInt(count),
    lastHash: (hashes * BigInt(index + 1)) / BigInt(count) - 1n,
    log: new ShardLog(join(folder, id), index, options),
  };
}

/** The shard whose range holds the explicit hash key, or else the MD5 of the partition key. */
export function shardFor(stream: Stream, partitionKey: string, explicitHashKey: string | undefined): Shard {
  const [first] = stream.shards;
  if (stream.shards.length === 1 && first && explicitHashKey === undefined) return first;
  if (explicitHashKey !== undefined && !/^(0|[1-9]\d{0,38})$/.test(explicitHashKey)) {
    throw new AwsError(
      "InvalidArgumentException",
      "Invalid ExplicitHashKey. It must be a decimal between 0 and 2^128 - 1.",
    );
  }
  const value = BigInt(explicitHashKey ?? `0x${hash("md5", partitionKey, "hex")}`);
  const shard = stream.shards.find(({ firstHash, lastHash }) => value >= firstHash && value <= lastHash);
  if (!shard)
    throw new AwsError(
      "InvalidArgumentException",
      `Invalid ExplicitHashKey. It must be in the range of 0 to ${hashes - 1n}.`,
    );
  return shard;
}

/** Asks for the use of the stream's key, as Kinesis does for its caller. */
export function authorizeKey(
  context: ServiceContext,
  stream: Stream,
  action: "kms:GenerateDataKey" | "kms:Decrypt",
  call: Call,
): void {
  if (stream.keyArn === undefined) return;
  call.authorize(action, stream.keyArn, {
    "kms:ViaService": `kinesis.${context.region}.amazonaws.com`,
    "kms:CallerAccount": context.account,
    "kms:EncryptionContext:aws:kinesis:arn": stream.arn,
  });
}

/** Arrival before which records are no longer given. */
export const horizonOf = (stream: Stream, now: number): number => now - stream.retentionHours * 3_600_000;

/** Milliseconds by which a reader at `position` is behind the newest record. */
export function behind(shard: Shard, position: number, now: number): number {
  const [waiting] = shard.log.read(position, 0, { records: 1, bytes: 0 });
  return waiting ? Math.max(0, now - waiting.arrivedAt) : 0;
}

/** The door for consumers in process. */
export function streamsPort(context: ServiceContext, streams: ReadonlyMap<string, Stream>): Streams {
  const find = (arn: string): Stream => {
    const stream = streams.get(arn.slice(arn.indexOf("stream/") + "stream/".length));
    if (stream?.arn !== arn) throw new AwsError("ResourceNotFoundException", `Stream ${arn} not found.`);
    return stream;
  };
  return {
    shards(streamArn, call) {
      call.authorize("kinesis:DescribeStream", streamArn);
      call.authorize("kinesis:ListShards", streamArn);
      return find(streamArn).shards.map(({ id }) => id);
    },
    read({ streamArn, shardId, after }, limit, call) {
      const stream = find(streamArn);
      call.authorize("kinesis:GetShardIterator", streamArn);
      call.authorize("kinesis:GetRecords", streamArn);
      const shard = stream.shards.find(({ id }) => id === shardId);
      if (!shard)
        throw new AwsError("ResourceNotFoundException", `Shard ${shardId} in stream ${stream.name} does not exist.`);
      const now = context.clock.now();
      const records = shard.log.read(after === undefined ? 0 : positionOf(after) + 1, horizonOf(stream, now), limit);
      const last = records.at(-1);
      if (!last) return { records, millisBehindLatest: 0 };
      authorizeKey(context, stream, "kms:Decrypt", call);
      context.metric(
        "AWS/Kinesis",
        "GetRecords.IteratorAgeMilliseconds",
        { StreamName: stream.name },
        now - last.arrivedAt,
      );
      return { records, millisBehindLatest: behind(shard, positionOf(last.sequenceNumber) + 1, now) };
    },
    subscribe(streamArn, listener) {
      const { listeners } = find(streamArn);
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
