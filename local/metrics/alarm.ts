import { NotImplementedLocally } from "../aws/service.ts";
import type { GraphResource } from "../graph/resource.ts";
import { type Statistic, seriesKey } from "./series.ts";

export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";

/** A metric alarm of the graph. */
export interface Alarm {
  readonly name: string;
  readonly arn: string;
  readonly description: string;
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Which series it watches. */
  readonly series: string;
  readonly statistic: Statistic;
  readonly periodMs: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly threshold: number;
  readonly comparison: string;
  readonly treatMissingData: string;
  readonly actions: Readonly<Record<AlarmState, readonly string[]>>;
}

const comparisons: Readonly<Record<string, (value: number, threshold: number) => boolean>> = {
  GreaterThanThreshold: (value, threshold) => value > threshold,
  GreaterThanOrEqualToThreshold: (value, threshold) => value >= threshold,
  LessThanThreshold: (value, threshold) => value < threshold,
  LessThanOrEqualToThreshold: (value, threshold) => value <= threshold,
};

const known = new Set([
  "name",
  "alarmDescription",
  "namespace",
  "metricName",
  "dimensions",
  "statistic",
  "comparisonOperator",
  "threshold",
  "period",
  "evaluationPeriods",
  "datapointsToAlarm",
  "treatMissingData",
  "actionsEnabled",
  "alarmActions",
  "okActions",
  "insufficientDataActions",
  "tags",
  "region",
]);

/** @throws NotImplementedLocally for metric maths, percentiles, anomaly bands and periods below a minute. */
export function readAlarm({ name: logicalName, inputs, outputs }: GraphResource): Alarm {
  const refuse = (what: string): never => {
    throw new NotImplementedLocally(`${what} of the alarm ${logicalName}`);
  };
  for (const key of Object.keys(inputs)) if (!known.has(key)) refuse(`\`${key}\``);
  const [period, evaluationPeriods] = [Number(inputs["period"]), Number(inputs["evaluationPeriods"])];
  if (!(period >= 60) || period % 60 !== 0) refuse(`the period ${String(inputs["period"])}`);
  const comparison = String(inputs["comparisonOperator"]);
  if (comparisons[comparison] === undefined) refuse(`the comparison ${comparison}`);
  const treatMissingData = String(inputs["treatMissingData"] ?? "missing");
  if (!["missing", "notBreaching", "breaching", "ignore"].includes(treatMissingData))
    refuse(`treatMissingData ${treatMissingData}`);
  const namespace = String(inputs["namespace"]);
  const metricName = String(inputs["metricName"]);
  const dimensions = textRecord(inputs["dimensions"]);
  const enabled = inputs["actionsEnabled"] !== false;
  const actions = (key: string): string[] => {
    const list = enabled ? texts(inputs[key]) : [];
    for (const arn of list) if (!arn.startsWith("arn:aws:sns:")) refuse(`the action ${arn}`);
    return list;
  };
  return {
    name: String(outputs["name"]),
    arn: String(outputs["arn"]),
    description: String(inputs["alarmDescription"] ?? ""),
    namespace,
    metricName,
    dimensions,
    series: seriesKey(namespace, metricName, dimensions),
    statistic: statisticOf(inputs["statistic"]) ?? refuse(`the statistic ${String(inputs["statistic"])}`),
    periodMs: period * 1000,
    evaluationPeriods,
    datapointsToAlarm: Number(inputs["datapointsToAlarm"] ?? evaluationPeriods),
    threshold: Number(inputs["threshold"]),
    comparison,
    treatMissingData,
    actions: {
      ALARM: actions("alarmActions"),
      OK: actions("okActions"),
      INSUFFICIENT_DATA: actions("insufficientDataActions"),
    },
  };
}

/** What the alarm says of its last periods. */
export interface Verdict {
  readonly state: AlarmState;
  readonly reason: string;
}

/**
 * Judges the values of the evaluated periods, oldest first, missing ones undefined, as CloudWatch documents it: enough
 * breaching periods raise the alarm; missing ones count as `treatMissingData` says; nothing but missing ones is
 * `INSUFFICIENT_DATA`, or under `ignore` the state as it was.
 */
export function judge(alarm: Alarm, values: readonly (number | undefined)[], before: AlarmState): Verdict {
  const { comparison, datapointsToAlarm, threshold, treatMissingData } = alarm;
  const present = values.filter((value): value is number => value !== undefined);
  const missing = values.length - present.length;
  const breaching =
    present.filter((value) => comparisons[comparison]?.(value, threshold) === true).length +
    (treatMissingData === "breaching" ? missing : 0);
  if (present.length === 0 && treatMissingData === "ignore") return { state: before, reason: "no data: state kept" };
  if (present.length === 0 && treatMissingData === "missing") return { state: "INSUFFICIENT_DATA", reason: "no data" };
  const state = breaching >= datapointsToAlarm ? "ALARM" : "OK";
  return {
    state,
    reason: `${breaching} of the last ${values.length} periods breach (${alarm.statistic} ${comparison} ${threshold}); values: ${values.map((value) => value ?? "none").join(", ")}`,
  };
}

function statisticOf(value: unknown): Statistic | undefined {
  const statistics: readonly Statistic[] = ["Average", "Maximum", "Minimum", "SampleCount", "Sum"];
  return statistics.find((statistic) => statistic === value);
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function textRecord(value: unknown): Record<string, string> {
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(entries.map(([key, item]) => [key, String(item)]));
}
