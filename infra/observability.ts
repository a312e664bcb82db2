import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { type AlarmArgs, alarm } from "./blocks/alarm.ts";
import type { NodeFunction } from "./blocks/node-function.ts";
import type { Engagement } from "./engagement.ts";
import type { Estate } from "./estate.ts";
import type { Lake } from "./lake.ts";
import type { Refresh } from "./refresh.ts";

/** Arguments of {@link Observability}. */
export interface ObservabilityArgs {
  readonly estate: Estate;
  readonly lake: Lake;
  readonly refresh: Refresh;
  readonly engagement: Engagement;
  readonly alertsTopicArn: pulumi.Input<string>;
}

/** What wakes a person: a late or broken path to the lake, refused events, a failed refresh, failed quality rules. */
export class Observability extends pulumi.ComponentResource {
  constructor(name: string, args: ObservabilityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("c360:estate:Observability", name, {}, opts);
    for (const [suffix, settings] of Object.entries(alarmsOf(args))) {
      alarm(
        `${name}-${suffix}`,
        { alarmName: `${args.estate.config.prefix}-${suffix}`, topicArn: args.alertsTopicArn, ...settings },
        { parent: this },
      );
    }
    this.tellQualityFailures(name, args);
    this.registerOutputs({});
  }

  private tellQualityFailures(name: string, { estate, alertsTopicArn }: ObservabilityArgs): void {
    const { prefix, database } = estate.config;
    const rule = new aws.cloudwatch.EventRule(
      `${name}-quality-rule`,
      {
        name: `${prefix}-quality-failed`,
        description: "A data-quality ruleset of the lake did not pass",
        eventPattern: JSON.stringify({
          source: ["aws.glue-dataquality"],
          "detail-type": ["Data Quality Evaluation Results Available"],
          detail: { context: { databaseName: [database] }, state: ["FAILED"] },
        }),
      },
      { parent: this },
    );
    new aws.cloudwatch.EventTarget(
      `${name}-quality-target`,
      { rule: rule.name, targetId: "alerts", arn: alertsTopicArn },
      { parent: this },
    );
  }
}

type Settings = Omit<AlarmArgs, "alarmName" | "topicArn">;

function alarmsOf({ lake, refresh, engagement }: ObservabilityArgs): Record<string, Settings> {
  const functions = {
    transform: lake.transform,
    plan: refresh.planFunction,
    activation: engagement.activation,
    feedback: engagement.feedback,
  };
  return {
    "iterator-age": {
      description:
        "Events wait in the stream for more than 15 minutes: Firehose or the transform is behind or failing.",
      namespace: "AWS/Kinesis",
      metric: "GetRecords.IteratorAgeMilliseconds",
      dimensions: { StreamName: lake.stream.name },
      statistic: "Maximum",
      above: 15 * 60 * 1000,
    },
    "delivery-freshness": {
      description: "The oldest event not yet in the lake is over 30 minutes old: look at the delivery stream's errors.",
      namespace: "AWS/Firehose",
      metric: "DeliveryToS3.DataFreshness",
      dimensions: { DeliveryStreamName: lake.delivery.name },
      statistic: "Maximum",
      above: 30 * 60,
    },
    "refused-records": {
      description:
        "The transform refused events; they are in failed_events with the reason. c360 failed list shows them.",
      namespace: "C360",
      metric: "RefusedRecords",
      statistic: "Sum",
      above: 0,
    },
    "refresh-failed": {
      description: "A refresh of the customer 360 failed; the last good version stays published.",
      namespace: "AWS/States",
      metric: "ExecutionsFailed",
      dimensions: { StateMachineArn: refresh.workflow.arn },
      statistic: "Sum",
      above: 0,
    },
    "refresh-timed-out": {
      description:
        "A refresh of the customer 360 hung and was ended; none could run beside it. The next one catches up.",
      namespace: "AWS/States",
      metric: "ExecutionsTimedOut",
      dimensions: { StateMachineArn: refresh.workflow.arn },
      statistic: "Sum",
      above: 0,
    },
    ...Object.fromEntries(
      Object.entries(functions).map(([name, lambda]) => [`${name}-errors`, errorsOf(name, lambda)]),
    ),
  };
}

const errorsOf = (name: string, lambda: NodeFunction): Settings => ({
  description: `The ${name} function failed; its log says why.`,
  namespace: "AWS/Lambda",
  metric: "Errors",
  dimensions: { FunctionName: lambda.name },
  statistic: "Sum",
  above: 0,
});
