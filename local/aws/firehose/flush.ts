import { randomUUID } from "node:crypto";
import { statSync } from "node:fs";
import { dirname, join } from "node:path";
import { objectIn } from "../members.ts";
import type { Call, ServiceContext } from "../service.ts";
import type { SchemaColumn } from "./column-types.ts";
import type { DeliveryConfiguration } from "./configuration.ts";
import { convert } from "./conversion.ts";
import { evaluatePrefix } from "./prefix.ts";
import type { Staging } from "./staging.ts";

/** An object that is ready to be put. */
interface PendingObject {
  readonly file: string;
  readonly key: string;
  readonly contentType: string;
}

/** A sealed staging on its way to S3. A failed flush can be run again: what was put is not put twice. */
export class Flush {
  readonly staging: Staging;
  readonly #context: ServiceContext;
  readonly #configuration: DeliveryConfiguration;
  #pending: PendingObject[] | undefined;

  constructor(context: ServiceContext, configuration: DeliveryConfiguration, staging: Staging) {
    this.#context = context;
    this.#configuration = configuration;
    this.staging = staging;
    staging.seal();
  }

  async run(): Promise<void> {
    const { role, arn, bucket, name } = this.#configuration;
    const { clock, ports, metric } = this.#context;
    this.#pending ??= await this.#prepare();
    const call = this.#context.assume(role, "firehose.amazonaws.com", arn);
    const objects = this.#pending.length;
    const dimensions = { DeliveryStreamName: name };
    try {
      for (let object = this.#pending[0]; object; object = this.#pending[0]) {
        const { size } = statSync(object.file);
        await ports.objects.put(
          { bucket, key: object.key },
          { file: object.file },
          { contentType: object.contentType },
          call,
        );
        metric("AWS/Firehose", "DeliveryToS3.Bytes", dimensions, size);
        this.#pending.shift();
      }
    } catch (error) {
      metric("AWS/Firehose", "DeliveryToS3.Success", dimensions, 0);
      throw error;
    }
    if (objects > 0) metric("AWS/Firehose", "DeliveryToS3.Success", dimensions, 1);
    metric("AWS/Firehose", "DeliveryToS3.Records", dimensions, this.staging.lines.length);
    metric(
      "AWS/Firehose",
      "DeliveryToS3.DataFreshness",
      dimensions,
      Math.max(0, clock.now() - this.staging.oldestArrival) / 1000,
    );
  }

  async #prepare(): Promise<PendingObject[]> {
    const { staging } = this;
    const { compression, errorPrefix, extension, name, prefix } = this.#configuration;
    const objects: PendingObject[] = [];
    if (staging.lines.length > 0) {
      const { files, rejected } = await convert(this.#context.ports.sql, {
        file: staging.file,
        groupMember: staging.groupMember,
        groups: staging.groups.length,
        columns: await this.#schema(),
        compression,
        output: join(dirname(staging.folder), "parquet"),
      });
      for (const { group: number, file } of files) {
        const group = staging.groups[number];
        if (group)
          objects.push({
            file,
            key: `${evaluatePrefix(prefix, group)}${this.#objectName()}${extension}`,
            contentType: "application/octet-stream",
          });
      }
      await this.#reject(rejected);
      this.#context.metric(
        "AWS/Firehose",
        "SucceedConversion.Records",
        { DeliveryStreamName: name },
        staging.lines.length - rejected.length,
      );
    }
    for (const [errorOutputType, { file, oldestArrival }] of staging.failures) {
      const key =
        evaluatePrefix(errorPrefix, { partitionKeys: {}, oldestArrival, errorOutputType }) + this.#objectName();
      objects.push({ file, key, contentType: "application/octet-stream" });
    }
    return objects;
  }

  async #reject(numbers: readonly number[]): Promise<void> {
    if (numbers.length === 0) return;
    const records = await this.staging.recordsOf(numbers);
    this.staging.fail(
      "format-conversion-failed",
      records.map((record) => ({
        record,
        code: "DataFormatConversion.ParseError",
        message: "The record is not a JSON object whose values fit the table's columns.",
        attempts: 1,
      })),
      this.#context.clock.now(),
    );
    this.#context.metric(
      "AWS/Firehose",
      "FailedConversion.Records",
      { DeliveryStreamName: this.#configuration.name },
      numbers.length,
    );
  }

  /** The newest version of the table, read as Firehose does, under the schema's role. */
  async #schema(): Promise<readonly SchemaColumn[]> {
    const { role, catalogId, database, table } = this.#configuration.schema;
    const call: Call = this.#context.assume(role, "firehose.amazonaws.com", this.#configuration.arn);
    const input = {
      ...(catalogId !== undefined && { CatalogId: catalogId }),
      DatabaseName: database,
      TableName: table,
    };
    const answer = await this.#context.dispatch("glue", "GetTableVersions", input, call);
    const [newest]: readonly unknown[] = Array.isArray(answer["TableVersions"]) ? answer["TableVersions"] : [];
    const columns: unknown = objectIn(objectIn(objectIn(newest)?.["Table"])?.["StorageDescriptor"])?.["Columns"];
    const found = (Array.isArray(columns) ? columns : []).flatMap((column: unknown) => {
      const { Name: columnName, Type: type } = objectIn(column) ?? {};
      return typeof columnName === "string" && typeof type === "string" ? [{ name: columnName, type }] : [];
    });
    if (found.length === 0) throw new Error(`The Glue table ${database}.${table} has no columns to convert by.`);
    return found;
  }

  /** As Firehose names objects: stream, version, time of writing, something random. */
  #objectName(): string {
    const time = new Date(this.#context.clock.now()).toISOString().slice(0, 19).replaceAll(/[T:]/g, "-");
    return `${this.#configuration.name}-1-${time}-${randomUUID()}`;
  }
}
