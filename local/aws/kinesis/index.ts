import { onlyMembers } from "../members.ts";
import { AwsError, type Operation, type ServiceFactory, type Shape } from "../service.ts";
import { putOperations } from "./put.ts";
import { readOperations } from "./read.ts";
import { openStreams, streamsPort } from "./streams.ts";

const stream = ["StreamName", "StreamARN"];
const known: Readonly<Record<string, readonly string[]>> = {
  PutRecord: [...stream, "Data", "PartitionKey", "ExplicitHashKey", "SequenceNumberForOrdering"],
  PutRecords: [...stream, "Records"],
  DescribeStream: stream,
  DescribeStreamSummary: stream,
  ListStreams: [],
  ListShards: stream,
  GetShardIterator: [...stream, "ShardId", "ShardIteratorType", "StartingSequenceNumber", "Timestamp"],
  GetRecords: ["StreamARN", "ShardIterator", "Limit"],
};

/**
 * Kinesis on append-only files. Fills `ports.streams`. The throughput of a shard is not limited: with a virtual clock a
 * year of records arrives in one second of simulated time.
 */
export const kinesis: ServiceFactory = (context) => {
  const streams = openStreams(context.graph, context.home);
  const find = (input: Shape) => {
    const { StreamName: name, StreamARN: arn } = input;
    if (name === undefined && arn === undefined)
      throw new AwsError("ValidationException", "StreamName or StreamARN should be specified");
    const found = [...streams.values()].find((candidate) =>
      arn === undefined ? candidate.name === name : candidate.arn === arn,
    );
    if (!found)
      throw new AwsError(
        "ResourceNotFoundException",
        `Stream ${String(name ?? arn)} under account ${context.account} not found.`,
      );
    return found;
  };
  const operations: Record<string, Operation> = {};
  for (const [name, run] of Object.entries({
    ...putOperations(context, find),
    ...readOperations(context, streams, find),
  })) {
    operations[name] = (input, call) => {
      onlyMembers(`kinesis:${name}`, input, known[name] ?? []);
      return run(input, call);
    };
  }
  context.ports.streams = streamsPort(context, streams);
  return {
    name: "kinesis",
    binding: { protocol: "json", version: "1.1", target: "Kinesis_20131202" },
    operations,
    runs: ["aws:kinesis/stream:Stream"],
    async stop() {
      for (const { shards } of streams.values()) for (const { log } of shards) log.close();
    },
  };
};
