import * as pulumi from "@pulumi/pulumi";
import { DeliveryStream } from "./blocks/delivery-stream.ts";
import { EventStream } from "./blocks/event-stream.ts";
import { NodeFunction } from "./blocks/node-function.ts";
import { under } from "./blocks/policy.ts";
import { PrivateBucket } from "./blocks/private-bucket.ts";
import { Catalogue } from "./catalogue.ts";
import type { Estate } from "./estate.ts";

/** Folders of the lake's bucket, each with its `/`. */
export const FOLDERS = {
  rawEvents: "raw_events/",
  failedEvents: "failed_events/",
  deliveryErrors: "delivery_errors/",
  silver: "silver/",
  gold: "gold/",
  control: "control/",
  exports: "exports/",
} as const;

/** Where events are kept and how they get there: stream, transform, delivery, buckets and the catalogue over them. */
export class Lake extends pulumi.ComponentResource {
  readonly bucket: PrivateBucket;
  readonly results: PrivateBucket;
  readonly stream: EventStream;
  readonly transform: NodeFunction;
  readonly delivery: DeliveryStream;
  readonly catalogue: Catalogue;

  constructor(name: string, estate: Estate, opts?: pulumi.ComponentResourceOptions) {
    super("c360:estate:Lake", name, {}, opts);
    this.bucket = this.createBucket(name, estate);
    this.results = this.createResults(name, estate);
    this.catalogue = new Catalogue(
      `${name}-catalogue`,
      { estate, bucket: this.bucket, results: this.results },
      { parent: this },
    );
    this.stream = this.createStream(name, estate);
    this.transform = this.createTransform(name, estate);
    this.delivery = this.createDelivery(name, estate);
    this.registerOutputs({ bucket: this.bucket.name, stream: this.stream.name, delivery: this.delivery.name });
  }

  private createBucket(name: string, { config, account, keyArn }: Estate): PrivateBucket {
    return new PrivateBucket(
      `${name}-store`,
      {
        bucketName: pulumi.interpolate`${config.prefix}-lake-${account}`,
        keyArn,
        // What was refused can be replayed for a year; what Firehose could not handle, for a quarter.
        expireAfterDays: { [FOLDERS.failedEvents]: 365, [FOLDERS.deliveryErrors]: 90 },
        // Time to undo a mistake; short enough that with a table's own history an erased row is gone within a month.
        noncurrentDays: 14,
        removable: true,
        disposable: config.disposable,
      },
      { parent: this },
    );
  }

  private createResults(name: string, { config, account, keyArn }: Estate): PrivateBucket {
    return new PrivateBucket(
      `${name}-results`,
      {
        bucketName: pulumi.interpolate`${config.prefix}-athena-results-${account}`,
        keyArn,
        expireAfterDays: { "": 30 },
        noncurrentDays: 1,
        removable: true,
        disposable: config.disposable,
      },
      { parent: this },
    );
  }

  private createStream(name: string, { config, keyArn }: Estate): EventStream {
    return new EventStream(
      `${name}-events`,
      {
        streamName: `${config.prefix}-events`,
        keyArn,
        shards: config.streamShards,
        retentionHours: config.streamRetentionHours,
      },
      { parent: this },
    );
  }

  private createTransform(name: string, { config, keyArn }: Estate): NodeFunction {
    return new NodeFunction(
      `${name}-transform`,
      {
        functionName: `${config.prefix}-to-lake`,
        description: "Checks each event by its contract and gives it its place in the lake; keeps what it refuses",
        handler: "pipelines/to-lake/handler.ts",
        environment: { LAKE_BUCKET: this.bucket.name, FAILED_PREFIX: FOLDERS.failedEvents },
        memoryMb: 1769,
        timeoutSeconds: 120,
        logRetentionDays: config.logRetentionDays,
        keyArn,
        grants: [
          {
            sid: "KeepRefused",
            actions: ["s3:PutObject"],
            resources: [under(this.bucket.arn, `${FOLDERS.failedEvents}*`)],
          },
          { sid: "EncryptRefused", actions: ["kms:GenerateDataKey"], resources: [keyArn] },
        ],
      },
      { parent: this },
    );
  }

  private createDelivery(name: string, { config, account, keyArn }: Estate): DeliveryStream {
    const { catalogue } = this;
    return new DeliveryStream(
      `${name}-raw-events`,
      {
        deliveryName: `${config.prefix}-raw-events`,
        account,
        source: this.stream,
        bucket: this.bucket,
        keyArn,
        transform: this.transform,
        schema: {
          database: catalogue.database,
          table: catalogue.rawEvents,
          region: config.region,
          arns: catalogue.tableArns(["raw_events"]),
        },
        prefix: FOLDERS.rawEvents,
        partitionKeys: ["event_date", "event_type"],
        errorPrefix: FOLDERS.deliveryErrors,
        bufferSeconds: config.deliveryBufferSeconds,
      },
      { parent: this },
    );
  }
}
