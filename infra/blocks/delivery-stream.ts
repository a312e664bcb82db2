import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { withDefaults } from "./defaults.ts";
import { under } from "./policy.ts";
import { ServiceRole } from "./service-role.ts";

/** Arguments of {@link DeliveryStream}. */
export interface DeliveryStreamArgs {
  /** Physical name. */
  readonly deliveryName: string;
  readonly account: pulumi.Input<string>;
  readonly source: { readonly arn: pulumi.Input<string> };
  readonly bucket: { readonly arn: pulumi.Input<string> };
  readonly keyArn: pulumi.Input<string>;
  readonly transform: { readonly arn: pulumi.Input<string> };
  /** Glue table whose columns the Parquet files get. */
  readonly schema: {
    readonly database: pulumi.Input<string>;
    readonly table: pulumi.Input<string>;
    readonly region: string;
    /** ARNs of catalogue, database and table, which reading the schema is authorised on. */
    readonly arns: readonly pulumi.Input<string>[];
  };
  /** Folder of the records, with its `/`. */
  readonly prefix: string;
  /** Keys that the transform answers for each record, outermost first. */
  readonly partitionKeys: readonly string[];
  /** Folder, with its `/`, of what could neither be transformed nor converted. */
  readonly errorPrefix: string;
  /** @default 300 */
  readonly bufferSeconds?: number;
  /** MB; Parquet conversion needs at least 64. @default 64 */
  readonly bufferMb?: number;
}

const defaults = { bufferSeconds: 300, bufferMb: 64 };

/** Kinesis to Parquet in S3: transformed by a function, typed by a Glue table, in folders by the keys the function gives. */
export class DeliveryStream extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;

  constructor(name: string, args: DeliveryStreamArgs, opts?: pulumi.ComponentResourceOptions) {
    super("c360:blocks:DeliveryStream", name, {}, opts);
    const { bufferSeconds, bufferMb } = withDefaults(args, defaults);
    const role = this.createRole(name, args);
    const folders = args.partitionKeys.map((key) => `${key}=!{partitionKeyFromLambda:${key}}/`).join("");
    const delivery = new aws.kinesis.FirehoseDeliveryStream(
      `${name}-delivery`,
      {
        name: args.deliveryName,
        destination: "extended_s3",
        kinesisSourceConfiguration: { kinesisStreamArn: args.source.arn, roleArn: role.arn },
        extendedS3Configuration: {
          roleArn: role.arn,
          bucketArn: args.bucket.arn,
          kmsKeyArn: args.keyArn,
          prefix: `${args.prefix}${folders}`,
          errorOutputPrefix: `${args.errorPrefix}!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd}/`,
          bufferingInterval: bufferSeconds,
          bufferingSize: bufferMb,
          dynamicPartitioningConfiguration: { enabled: true, retryDuration: 300 },
          processingConfiguration: { enabled: true, processors: [transformBy(args.transform.arn)] },
          dataFormatConversionConfiguration: {
            inputFormatConfiguration: { deserializer: { openXJsonSerDe: {} } },
            outputFormatConfiguration: { serializer: { parquetSerDe: { compression: "SNAPPY" } } },
            schemaConfiguration: {
              databaseName: args.schema.database,
              tableName: args.schema.table,
              region: args.schema.region,
              roleArn: role.arn,
              versionId: "LATEST",
            },
          },
        },
      },
      { parent: this },
    );
    this.arn = delivery.arn;
    this.name = delivery.name;
    this.registerOutputs({ arn: this.arn, name: this.name });
  }

  private createRole(name: string, args: DeliveryStreamArgs): ServiceRole {
    return new ServiceRole(
      name,
      {
        roleName: `${args.deliveryName}-role`,
        service: "firehose.amazonaws.com",
        description: `Reads the stream and writes the lake for ${args.deliveryName}`,
        sourceAccount: args.account,
        grants: [
          {
            sid: "ReadStream",
            actions: ["kinesis:DescribeStream", "kinesis:GetShardIterator", "kinesis:GetRecords", "kinesis:ListShards"],
            resources: [args.source.arn],
          },
          { sid: "Transform", actions: ["lambda:InvokeFunction"], resources: [args.transform.arn] },
          {
            sid: "ReadSchema",
            actions: ["glue:GetTable", "glue:GetTableVersion", "glue:GetTableVersions"],
            resources: args.schema.arns,
          },
          {
            sid: "WriteObjects",
            actions: ["s3:PutObject", "s3:AbortMultipartUpload"],
            resources: [under(args.bucket.arn, `${args.prefix}*`), under(args.bucket.arn, `${args.errorPrefix}*`)],
          },
          {
            sid: "FindBucket",
            actions: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
            resources: [args.bucket.arn],
          },
          { sid: "UseKey", actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [args.keyArn] },
        ],
      },
      { parent: this },
    );
  }
}

function transformBy(
  functionArn: pulumi.Input<string>,
): aws.types.input.kinesis.FirehoseDeliveryStreamExtendedS3ConfigurationProcessingConfigurationProcessor {
  return {
    type: "Lambda",
    // 2 MB in: the answer, base64 with the payload's quotes escaped, stays below Lambda's 6 MB. Parameters at their
    // default (60 s, 3 retries) are left out: the provider reports them as a change for ever.
    parameters: [
      { parameterName: "LambdaArn", parameterValue: functionArn },
      { parameterName: "BufferSizeInMBs", parameterValue: "2" },
    ],
  };
}
