import type { GraphResource } from "../../graph/resource.ts";
import { objectIn } from "../members.ts";
import { NotImplementedLocally, type Shape } from "../service.ts";
import { type Prefix, parsePrefix } from "./prefix.ts";

/** How records pass through a Lambda function. */
export interface Transform {
  readonly functionArn: string;
  readonly retries: number;
  /** Decoded bytes of one invocation. */
  readonly bufferBytes: number;
  readonly bufferMs: number;
}

/** A delivery stream of the graph: Kinesis in, Parquet in S3 out. */
export interface DeliveryConfiguration {
  readonly name: string;
  readonly arn: string;
  readonly sourceArn: string;
  readonly sourceRole: string;
  readonly role: string;
  readonly bucket: string;
  readonly prefix: Prefix;
  readonly errorPrefix: Prefix;
  readonly dynamicPartitioning: boolean;
  readonly transform: Transform | undefined;
  readonly bufferBytes: number;
  readonly bufferMs: number;
  readonly schema: {
    readonly role: string;
    readonly catalogId: string | undefined;
    readonly database: string;
    readonly table: string;
  };
  /** DuckDB's name of the Parquet compression. */
  readonly compression: "snappy" | "gzip" | "uncompressed";
  readonly extension: string;
}

const mebibyte = 1024 * 1024;

/** Reads a `aws:kinesis/firehoseDeliveryStream`. Whatever the runtime does not do is refused by name. */
export function readConfiguration(resource: GraphResource): DeliveryConfiguration {
  const { inputs, outputs } = resource;
  if (inputs["destination"] !== "extended_s3")
    throw new NotImplementedLocally(`the Firehose destination ${String(inputs["destination"])}`);
  only("firehose", inputs, [
    "name",
    "destination",
    "kinesisSourceConfiguration",
    "extendedS3Configuration",
    "tags",
    "arn",
    "region",
    "tagsAll",
    "destinationId",
    "versionId",
  ]);
  const source = objectIn(inputs["kinesisSourceConfiguration"]);
  if (!source) throw new NotImplementedLocally("a Firehose source other than a Kinesis stream");
  const s3 = objectIn(inputs["extendedS3Configuration"]) ?? {};
  only("firehose extendedS3Configuration", s3, [
    "roleArn",
    "bucketArn",
    "kmsKeyArn",
    "prefix",
    "errorOutputPrefix",
    "bufferingSize",
    "bufferingInterval",
    "fileExtension",
    "customTimeZone",
    "compressionFormat",
    "s3BackupMode",
    "dynamicPartitioningConfiguration",
    "processingConfiguration",
    "dataFormatConversionConfiguration",
    "cloudwatchLoggingOptions",
  ]);
  oneOf("customTimeZone", s3["customTimeZone"], ["UTC"]);
  oneOf("compressionFormat", s3["compressionFormat"], ["UNCOMPRESSED"]);
  oneOf("s3BackupMode", s3["s3BackupMode"], ["Disabled"]);
  const prefix = parsePrefix(optionalText(s3, "prefix") ?? "");
  const errorPrefix = parsePrefix(optionalText(s3, "errorOutputPrefix") ?? "");
  if (!errorPrefix.parts.some(({ kind }) => kind === "error-output-type")) {
    throw new NotImplementedLocally("a Firehose errorOutputPrefix without !{firehose:error-output-type}");
  }
  if (errorPrefix.partitionKeys.length > 0)
    throw new NotImplementedLocally("partition keys in a Firehose errorOutputPrefix");
  const dynamicPartitioning = objectIn(s3["dynamicPartitioningConfiguration"])?.["enabled"] === true;
  if (prefix.partitionKeys.length > 0 && !dynamicPartitioning) {
    throw new NotImplementedLocally("partition keys in a Firehose prefix without dynamic partitioning");
  }
  return {
    name: text(outputs, "name"),
    arn: text(outputs, "arn"),
    sourceArn: text(source, "kinesisStreamArn"),
    sourceRole: text(source, "roleArn"),
    role: text(s3, "roleArn"),
    bucket: text(s3, "bucketArn").replace(/^arn:aws:s3:::/, ""),
    prefix,
    errorPrefix,
    dynamicPartitioning,
    transform: readTransform(objectIn(s3["processingConfiguration"])),
    bufferBytes: count(s3["bufferingSize"], 5) * mebibyte,
    bufferMs: count(s3["bufferingInterval"], 300) * 1000,
    ...readConversion(objectIn(s3["dataFormatConversionConfiguration"])),
    extension: optionalText(s3, "fileExtension") ?? ".parquet",
  };
}

function readTransform(processing: Shape | undefined): Transform | undefined {
  if (!processing || processing["enabled"] === false) return undefined;
  const processors: unknown = processing["processors"];
  const [processor, ...others] = Array.isArray(processors) ? processors.map(objectIn) : [];
  if (!processor) return undefined;
  if (processor["type"] !== "Lambda" || others.length > 0) {
    throw new NotImplementedLocally(`the Firehose processor ${String((others[0] ?? processor)["type"])}`);
  }
  const given: unknown = processor["parameters"];
  const parameters = new Map<string, string>();
  for (const parameter of Array.isArray(given) ? given.map(objectIn) : []) {
    if (parameter) parameters.set(text(parameter, "parameterName"), text(parameter, "parameterValue"));
  }
  only("firehose Lambda processor", Object.fromEntries(parameters), [
    "LambdaArn",
    "NumberOfRetries",
    "RoleArn",
    "BufferSizeInMBs",
    "BufferIntervalInSeconds",
  ]);
  return {
    functionArn: (parameters.get("LambdaArn") ?? "").replace(/:\$LATEST$/, ""),
    retries: count(parameters.get("NumberOfRetries"), 3),
    bufferBytes: count(parameters.get("BufferSizeInMBs"), 1) * mebibyte,
    bufferMs: count(parameters.get("BufferIntervalInSeconds"), 60) * 1000,
  };
}

function readConversion(conversion: Shape | undefined): Pick<DeliveryConfiguration, "schema" | "compression"> {
  if (!conversion || conversion["enabled"] === false)
    throw new NotImplementedLocally("a Firehose delivery without conversion to Parquet");
  const deserializer = objectIn(objectIn(conversion["inputFormatConfiguration"])?.["deserializer"]);
  const openX = objectIn(deserializer?.["openXJsonSerDe"]);
  if (!openX) throw new NotImplementedLocally("a Firehose deserializer other than openXJsonSerDe");
  only("firehose openXJsonSerDe", openX, []);
  const parquet = objectIn(
    objectIn(objectIn(conversion["outputFormatConfiguration"])?.["serializer"])?.["parquetSerDe"],
  );
  if (!parquet) throw new NotImplementedLocally("a Firehose serializer other than parquetSerDe");
  // Sizes of blocks and pages change how Parquet is laid out, not what it says.
  only("firehose parquetSerDe", parquet, [
    "compression",
    "blockSizeBytes",
    "pageSizeBytes",
    "maxPaddingBytes",
    "enableDictionaryCompression",
  ]);
  const compression = String(parquet["compression"] ?? "SNAPPY").toLowerCase();
  if (compression !== "snappy" && compression !== "gzip" && compression !== "uncompressed") {
    throw new NotImplementedLocally(`the Parquet compression ${compression}`);
  }
  const schema = objectIn(conversion["schemaConfiguration"]) ?? {};
  oneOf("schemaConfiguration versionId", schema["versionId"], ["LATEST"]);
  return {
    compression,
    schema: {
      role: text(schema, "roleArn"),
      catalogId: optionalText(schema, "catalogId"),
      database: text(schema, "databaseName"),
      table: text(schema, "tableName"),
    },
  };
}

function only(what: string, shape: Shape, known: readonly string[]): void {
  const unknown = Object.entries(shape).find(
    ([name, value]) => value !== undefined && value !== null && !known.includes(name),
  );
  if (unknown) throw new NotImplementedLocally(`${what} with ${unknown[0]}`);
}

function oneOf(what: string, value: unknown, known: readonly string[]): void {
  if (value !== undefined && !known.includes(String(value)))
    throw new NotImplementedLocally(`firehose ${what} ${String(value)}`);
}

function text(shape: Shape, name: string): string {
  const value = shape[name];
  if (typeof value !== "string" || value === "")
    throw new Error(`A Firehose delivery stream of the program has no ${name}.`);
  return value;
}

function optionalText(shape: Shape, name: string): string | undefined {
  return shape[name] === undefined ? undefined : text(shape, name);
}

function count(value: unknown, otherwise: number): number {
  const number = value === undefined ? otherwise : Number(value);
  if (!Number.isFinite(number) || number < 0)
    throw new Error(`A Firehose delivery stream of the program has the bad number ${String(value)}.`);
  return number;
}
