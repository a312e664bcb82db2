import type { GraphResource } from "../../graph/resource.ts";
import { resource } from "../kinesis/fixture.ts";
import type { ServiceFactory, Shape } from "../service.ts";

export const streamArn = "arn:aws:kinesis:eu-west-1:123456789012:stream/events";
export const deliveryArn = "arn:aws:firehose:eu-west-1:123456789012:deliverystream/to-lake";
export const functionArn = "arn:aws:lambda:eu-west-1:123456789012:function:transform";
export const bufferSeconds = 300;

/** A stream, a bucket and a delivery between them, partitioned by what the transform says. */
export function deliveryGraph(
  options: { readonly shards?: number; readonly bufferMb?: number; readonly extra?: Shape } = {},
): readonly GraphResource[] {
  const parameters = {
    LambdaArn: `${functionArn}:$LATEST`,
    BufferSizeInMBs: "1",
    BufferIntervalInSeconds: "60",
    NumberOfRetries: "2",
  };
  return [
    resource("aws:kinesis/stream:Stream", "events", streamArn, { name: "events", shardCount: options.shards ?? 2 }),
    resource("aws:s3/bucket:Bucket", "lake", "arn:aws:s3:::lake", { bucket: "lake" }),
    resource("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream", "to-lake", deliveryArn, {
      name: "to-lake",
      destination: "extended_s3",
      kinesisSourceConfiguration: { kinesisStreamArn: streamArn, roleArn: "arn:aws:iam::123456789012:role/delivery" },
      extendedS3Configuration: {
        roleArn: "arn:aws:iam::123456789012:role/delivery",
        bucketArn: "arn:aws:s3:::lake",
        prefix: "raw/day=!{partitionKeyFromLambda:day}/kind=!{partitionKeyFromLambda:kind}/",
        errorOutputPrefix: "errors/!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd}/",
        bufferingSize: options.bufferMb ?? 64,
        bufferingInterval: bufferSeconds,
        dynamicPartitioningConfiguration: { enabled: true },
        processingConfiguration: {
          enabled: true,
          processors: [
            {
              type: "Lambda",
              parameters: Object.entries(parameters).map(([parameterName, parameterValue]) => ({
                parameterName,
                parameterValue,
              })),
            },
          ],
        },
        dataFormatConversionConfiguration: {
          inputFormatConfiguration: { deserializer: { openXJsonSerDe: {} } },
          outputFormatConfiguration: { serializer: { parquetSerDe: { compression: "SNAPPY" } } },
          schemaConfiguration: {
            databaseName: "db",
            tableName: "raw",
            roleArn: "arn:aws:iam::123456789012:role/delivery",
          },
        },
        ...options.extra,
      },
    }),
  ];
}

/** Glue with one table. */
export function glueWith(columns: Readonly<Record<string, string>>): ServiceFactory {
  return () => ({
    name: "glue",
    binding: { protocol: "json", version: "1.1", target: "AWSGlue" },
    operations: {
      GetTableVersions(input, call) {
        call.authorize(
          "glue:GetTableVersions",
          `arn:aws:glue:eu-west-1:123456789012:table/${String(input["DatabaseName"])}/${String(input["TableName"])}`,
        );
        const Columns = Object.entries(columns).map(([Name, Type]) => ({ Name, Type }));
        return { TableVersions: [{ Table: { Name: "raw", StorageDescriptor: { Columns } } }] };
      },
    },
    runs: [],
  });
}

/** An event as the transform gets it. */
export interface TransformEvent {
  readonly invocationId: string;
  readonly deliveryStreamArn: string;
  readonly sourceKinesisStreamArn: string;
  readonly region: string;
  readonly records: readonly {
    readonly recordId: string;
    readonly approximateArrivalTimestamp: number;
    readonly data: string;
    readonly kinesisRecordMetadata: Shape;
  }[];
}

/** Lambda with one function, played by `run`; what `run` throws is the function's error. */
export function lambdaWith(run: (event: TransformEvent) => unknown): ServiceFactory {
  return () => ({
    name: "lambda",
    binding: { protocol: "rest-json", routes: [] },
    operations: {
      async Invoke(input, call) {
        call.authorize("lambda:InvokeFunction", String(input["FunctionName"]));
        try {
          const answer = await run(JSON.parse(String(input["Payload"])) as TransformEvent);
          return { StatusCode: 200, Payload: Buffer.from(JSON.stringify(answer)) };
        } catch {
          return {
            StatusCode: 200,
            FunctionError: "Unhandled",
            Payload: Buffer.from('{"errorType":"Error","errorMessage":"secret"}'),
          };
        }
      },
    },
    runs: [],
  });
}
