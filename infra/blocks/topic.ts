import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** Arguments of {@link Topic}. */
export interface TopicArgs {
  /** Physical name. */
  readonly topicName: string;
  readonly displayName: string;
  readonly keyArn: pulumi.Input<string>;
  /** AWS services that may publish, each for one kind of resource only. @default none */
  readonly publishers?: readonly TopicPublisher[];
}

/** A service that publishes by itself, without a role. */
export interface TopicPublisher {
  /** e.g. `cloudwatch.amazonaws.com` */
  readonly service: string;
  /** ARN, `*` allowed, of the alarms or rules it may publish for. */
  readonly sourceArn: pulumi.Input<string>;
}

/** An encrypted SNS topic. Roles publish by their own policies; a service only when it is named here. */
export class Topic extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: TopicArgs, opts?: pulumi.ComponentResourceOptions) {
    super("c360:blocks:Topic", name, {}, opts);
    const { topicName, displayName, keyArn, publishers = [] } = args;
    const topic = new aws.sns.Topic(
      `${name}-topic`,
      { name: topicName, displayName, kmsMasterKeyId: keyArn },
      { parent: this },
    );
    this.arn = topic.arn;
    const services = publishers.map(({ service, sourceArn }) => ({
      Sid: `Publish${service.replace(/\..*/, "")}`,
      Effect: "Allow",
      Principal: { Service: service },
      Action: "sns:Publish",
      Resource: this.arn,
      Condition: { ArnLike: { "aws:SourceArn": sourceArn } },
    }));
    const tlsOnly = {
      Sid: "TlsOnly",
      Effect: "Deny",
      Principal: "*",
      Action: "sns:Publish",
      Resource: this.arn,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    };
    new aws.sns.TopicPolicy(
      `${name}-topic-policy`,
      { arn: this.arn, policy: pulumi.jsonStringify({ Version: "2012-10-17", Statement: [tlsOnly, ...services] }) },
      { parent: this },
    );
    this.registerOutputs({ arn: this.arn });
  }
}
