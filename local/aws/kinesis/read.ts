import { AwsError, type Operation, type ServiceContext, type Shape } from "../service.ts";
import { encryptionType } from "./put.ts";
import { positionOf, sequenceNumber } from "./sequence.ts";
import { authorizeKey, behind, horizonOf, type Shard, type Stream } from "./streams.ts";

/** An iterator is good for five minutes. */
const iteratorLife = 5 * 60_000;
const mostRecords = 10_000;
/** Decoded bytes that one GetRecords gives at most; base64 is a third longer. */
const mostBytes = 10 * 1024 * 1024;

interface Iterator {
  readonly stream: string;
  readonly shard: string;
  readonly position: number;
  readonly given: number;
}

const invalid = (message: string): AwsError => new AwsError("InvalidArgumentException", message);

/** Operations that describe and read streams. */
export function readOperations(
  context: ServiceContext,
  streams: ReadonlyMap<string, Stream>,
  find: (input: Shape) => Stream,
): Readonly<Record<string, Operation>> {
  const shardOf = (stream: Stream, id: unknown): Shard => {
    const shard = stream.shards.find((candidate) => candidate.id === id);
    if (!shard)
      throw new AwsError(
        "ResourceNotFoundException",
        `Shard ${String(id)} in stream ${stream.name} under account ${context.account} does not exist`,
      );
    return shard;
  };
  const summary = (stream: Stream): Shape => ({
    StreamName: stream.name,
    StreamARN: stream.arn,
    StreamStatus: "ACTIVE",
    StreamModeDetails: { StreamMode: stream.onDemand ? "ON_DEMAND" : "PROVISIONED" },
    RetentionPeriodHours: stream.retentionHours,
    StreamCreationTimestamp: new Date(0),
    EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
    EncryptionType: encryptionType(stream),
    ...(stream.keyArn !== undefined && { KeyId: stream.keyArn }),
  });

  return {
    DescribeStream(input, call) {
      const stream = find(input);
      call.authorize("kinesis:DescribeStream", stream.arn);
      return {
        StreamDescription: { ...summary(stream), Shards: stream.shards.map(describeShard), HasMoreShards: false },
      };
    },
    DescribeStreamSummary(input, call) {
      const stream = find(input);
      call.authorize("kinesis:DescribeStreamSummary", stream.arn);
      return {
        StreamDescriptionSummary: { ...summary(stream), OpenShardCount: stream.shards.length, ConsumerCount: 0 },
      };
    },
    ListStreams(_input, call) {
      call.authorize("kinesis:ListStreams", "*");
      const all = [...streams.values()].sort((left, right) => (left.name < right.name ? -1 : 1));
      return {
        StreamNames: all.map(({ name }) => name),
        HasMoreStreams: false,
        StreamSummaries: all.map((stream) => ({
          StreamName: stream.name,
          StreamARN: stream.arn,
          StreamStatus: "ACTIVE",
          StreamModeDetails: { StreamMode: stream.onDemand ? "ON_DEMAND" : "PROVISIONED" },
        })),
      };
    },
    ListShards(input, call) {
      const stream = find(input);
      call.authorize("kinesis:ListShards", stream.arn);
      return { Shards: stream.shards.map(describeShard) };
    },
    GetShardIterator(input, call) {
      const stream = find(input);
      call.authorize("kinesis:GetShardIterator", stream.arn);
      const shard = shardOf(stream, input["ShardId"]);
      return {
        ShardIterator: encode({
          stream: stream.name,
          shard: shard.id,
          position: startOf(shard, input),
          given: context.clock.now(),
        }),
      };
    },
    GetRecords(input, call) {
      const from = decode(input["ShardIterator"]);
      const stream = streams.get(from.stream);
      if (!stream)
        throw new AwsError(
          "ResourceNotFoundException",
          `Stream ${from.stream} under account ${context.account} not found.`,
        );
      call.authorize("kinesis:GetRecords", stream.arn);
      const shard = shardOf(stream, from.shard);
      const now = context.clock.now();
      if (now - from.given > iteratorLife) {
        throw new AwsError(
          "ExpiredIteratorException",
          "Iterator expired. The iterator was created more than 5 minutes ago.",
        );
      }
      const limit = input["Limit"] ?? mostRecords;
      if (typeof limit !== "number" || limit < 1 || limit > mostRecords)
        throw invalid(`Limit must be between 1 and ${mostRecords}.`);
      const records = shard.log.read(from.position, horizonOf(stream, now), {
        records: limit,
        bytes: (mostBytes * 4) / 3,
      });
      const last = records.at(-1);
      if (last) {
        authorizeKey(context, stream, "kms:Decrypt", call);
        context.metric(
          "AWS/Kinesis",
          "GetRecords.IteratorAgeMilliseconds",
          { StreamName: stream.name },
          now - last.arrivedAt,
        );
      }
      const position = last ? positionOf(last.sequenceNumber) + 1 : from.position;
      return {
        Records: records.map(({ data, partitionKey, sequenceNumber: SequenceNumber, arrivedAt }) => ({
          SequenceNumber,
          ApproximateArrivalTimestamp: new Date(arrivedAt),
          Data: data,
          PartitionKey: partitionKey,
          EncryptionType: encryptionType(stream),
        })),
        NextShardIterator: encode({ ...from, position, given: now }),
        MillisBehindLatest: behind(shard, position, now),
      };
    },
  };
}

function describeShard({ id, firstHash, lastHash }: Shard, index: number): Shape {
  return {
    ShardId: id,
    HashKeyRange: { StartingHashKey: String(firstHash), EndingHashKey: String(lastHash) },
    SequenceNumberRange: { StartingSequenceNumber: sequenceNumber(0, index) },
  };
}

function startOf(shard: Shard, input: Shape): number {
  const { ShardIteratorType: type, StartingSequenceNumber: sequence, Timestamp: timestamp } = input;
  switch (type) {
    case "TRIM_HORIZON":
      return 0;
    case "LATEST":
      return shard.log.last + 1;
    case "AT_SEQUENCE_NUMBER":
      return positionOf(String(sequence));
    case "AFTER_SEQUENCE_NUMBER":
      return positionOf(String(sequence)) + 1;
    case "AT_TIMESTAMP": {
      const time =
        timestamp instanceof Date ? timestamp.getTime() : typeof timestamp === "number" ? timestamp * 1000 : undefined;
      if (time === undefined)
        throw invalid("Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP.");
      return shard.log.positionAt(time);
    }
    default:
      throw invalid(`Invalid shard iterator type ${String(type)}.`);
  }
}

const encode = (iterator: Iterator): string => Buffer.from(JSON.stringify(iterator)).toString("base64");

function decode(token: unknown): Iterator {
  try {
    const value: unknown = JSON.parse(Buffer.from(String(token), "base64").toString());
    if (typeof value === "object" && value !== null) {
      const { stream, shard, position, given }: Record<string, unknown> = { ...value };
      if (
        typeof stream === "string" &&
        typeof shard === "string" &&
        typeof position === "number" &&
        typeof given === "number"
      ) {
        return { stream, shard, position, given };
      }
    }
  } catch {
    // Said below: a token that cannot be read was not given here.
  }
  throw invalid("Invalid ShardIterator.");
}
