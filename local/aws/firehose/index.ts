import { onlyMembers } from "../members.ts";
import { AwsError, NotImplementedLocally, type ServiceFactory, type Shape } from "../service.ts";
import { readConfiguration } from "./configuration.ts";
import { Delivery } from "./delivery.ts";

/** Firehose: the delivery streams of the graph that take a Kinesis stream to Parquet in S3. */
export const firehose: ServiceFactory = (context) => {
  const configurations = context.graph.resources
    .filter(({ type }) => type === "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream")
    .map(readConfiguration);
  const deliveries = new Map<string, Delivery>();

  return {
    name: "firehose",
    binding: { protocol: "json", version: "1.1", target: "Firehose_20150804" },
    operations: {
      ListDeliveryStreams(input, call) {
        onlyMembers("firehose:ListDeliveryStreams", input, ["Limit", "DeliveryStreamType"]);
        call.authorize("firehose:ListDeliveryStreams", "*");
        return { DeliveryStreamNames: configurations.map(({ name }) => name).sort(), HasMoreDeliveryStreams: false };
      },
      DescribeDeliveryStream(input, call) {
        onlyMembers("firehose:DescribeDeliveryStream", input, ["DeliveryStreamName"]);
        const configuration = configurations.find(({ name }) => name === input["DeliveryStreamName"]);
        if (!configuration) {
          throw new AwsError(
            "ResourceNotFoundException",
            `Firehose ${String(input["DeliveryStreamName"])} under account ${context.account} not found.`,
          );
        }
        call.authorize("firehose:DescribeDeliveryStream", configuration.arn);
        const failure = deliveries.get(configuration.name)?.failure;
        return {
          DeliveryStreamDescription: {
            DeliveryStreamName: configuration.name,
            DeliveryStreamARN: configuration.arn,
            DeliveryStreamStatus: "ACTIVE",
            DeliveryStreamType: "KinesisStreamAsSource",
            VersionId: "1",
            HasMoreDestinations: false,
            Source: {
              KinesisStreamSourceDescription: {
                KinesisStreamARN: configuration.sourceArn,
                RoleARN: configuration.sourceRole,
              },
            },
            Destinations: [describeDestination(configuration)],
            ...(failure && { FailureDescription: { Type: "UNKNOWN_ERROR", Details: failure.message } }),
          },
        };
      },
      PutRecord: refusePut,
      PutRecordBatch: refusePut,
    },
    runs: ["aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"],
    async start() {
      for (const configuration of configurations) {
        const delivery = new Delivery(context, configuration);
        deliveries.set(configuration.name, delivery);
        delivery.start();
      }
    },
    async stop() {
      for (const delivery of deliveries.values()) await delivery.stop();
    },
  };
};

function refusePut(): never {
  throw new NotImplementedLocally("puts to a delivery stream whose source is a Kinesis stream (nor does AWS)");
}

function describeDestination(configuration: ReturnType<typeof readConfiguration>): Shape {
  return {
    DestinationId: "destinationId-000000000001",
    ExtendedS3DestinationDescription: {
      RoleARN: configuration.role,
      BucketARN: `arn:aws:s3:::${configuration.bucket}`,
      BufferingHints: {
        SizeInMBs: configuration.bufferBytes / 1024 / 1024,
        IntervalInSeconds: configuration.bufferMs / 1000,
      },
      CompressionFormat: "UNCOMPRESSED",
    },
  };
}
