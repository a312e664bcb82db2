import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { withDefaults } from "./defaults.ts";

/** Arguments of {@link EventStream}. */
export interface EventStreamArgs {
  /** Physical name. */
  readonly streamName: string;
  readonly keyArn: pulumi.Input<string>;
  /** Provisioned shards; 0 lets Kinesis scale on demand. @default 0 */
  readonly shards?: number;
  /** Hours an event is kept, 24 to 8760. @default 168 */
  readonly retentionHours?: number;
}

const defaults = { shards: 0, retentionHours: 168 };

/** A Kinesis stream encrypted with a customer key. */
export class EventStream extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly name: pulumi.Output<string>;

  constructor(name: string, args: EventStreamArgs, opts?: pulumi.ComponentResourceOptions) {
    super("c360:blocks:EventStream", name, {}, opts);
    const { streamName, keyArn, shards, retentionHours } = withDefaults(args, defaults);
    const stream = new aws.kinesis.Stream(
      `${name}-stream`,
      {
        name: streamName,
        retentionPeriod: retentionHours,
        encryptionType: "KMS",
        kmsKeyId: keyArn,
        streamModeDetails: { streamMode: shards === 0 ? "ON_DEMAND" : "PROVISIONED" },
        ...(shards === 0 ? {} : { shardCount: shards }),
      },
      { parent: this },
    );
    this.arn = stream.arn;
    this.name = stream.name;
    this.registerOutputs({ arn: this.arn, name: this.name });
  }
}
