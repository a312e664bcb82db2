import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** Arguments of {@link alarm}. */
export interface AlarmArgs {
  /** Physical name. */
  readonly alarmName: string;
  /** What it means and what to do, for whoever is woken by it. */
  readonly description: string;
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions?: Readonly<Record<string, pulumi.Input<string>>>;
  readonly statistic: "Sum" | "Maximum";
  /** It alarms above this value. */
  readonly above: number;
  /** Length of a period. @default 300 */
  readonly periodSeconds?: number;
  /** Periods in a row that must be above. @default 1 */
  readonly periods?: number;
  readonly topicArn: pulumi.Input<string>;
}

/** An alarm that tells a topic when it goes off and when it is over. No data is no alarm: nothing happened. */
export function alarm(name: string, args: AlarmArgs, opts: pulumi.CustomResourceOptions): aws.cloudwatch.MetricAlarm {
  return new aws.cloudwatch.MetricAlarm(
    name,
    {
      name: args.alarmName,
      alarmDescription: args.description,
      namespace: args.namespace,
      metricName: args.metric,
      dimensions: { ...args.dimensions },
      statistic: args.statistic,
      comparisonOperator: "GreaterThanThreshold",
      threshold: args.above,
      period: args.periodSeconds ?? 300,
      evaluationPeriods: args.periods ?? 1,
      treatMissingData: "notBreaching",
      alarmActions: [args.topicArn],
      okActions: [args.topicArn],
    },
    opts,
  );
}
