import { expect, test } from "vitest";
import type { Call, Shape } from "../aws/service.ts";
import { createVirtualClock } from "../clock/virtual-clock.ts";
import type { GraphResource, ResourceGraph } from "../graph/resource.ts";
import { judge, readAlarm } from "./alarm.ts";
import { createMetrics, metricAlarmType } from "./metrics.ts";
import { Series, seriesKey } from "./series.ts";

const topic = "arn:aws:sns:eu-west-1:123456789012:alerts";
const alarmArn = "arn:aws:cloudwatch:eu-west-1:123456789012:alarm:late";

function alarmResource(inputs: Record<string, unknown> = {}): GraphResource {
  return {
    urn: "urn:late",
    type: metricAlarmType,
    name: "late",
    custom: true,
    id: "late",
    inputs: {
      name: "late",
      namespace: "AWS/Kinesis",
      metricName: "IteratorAge",
      dimensions: { StreamName: "s" },
      statistic: "Maximum",
      comparisonOperator: "GreaterThanThreshold",
      threshold: 100,
      period: 300,
      evaluationPeriods: 1,
      treatMissingData: "notBreaching",
      alarmActions: [topic],
      okActions: [topic],
      ...inputs,
    },
    outputs: { name: "late", arn: alarmArn },
    dependencies: [],
    propertyDependencies: {},
  };
}

function run(resource: GraphResource) {
  const graph: ResourceGraph = {
    project: "p",
    stack: "s",
    region: "eu-west-1",
    account: "123456789012",
    resources: [resource],
    outputs: {},
  };
  const clock = createVirtualClock(Date.parse("2011-01-01T00:00:00Z"));
  const published: { input: Shape; source: string }[] = [];
  const servicePrincipal = (service: string, sourceArn: string): Call => ({
    principal: { roleArn: "", sessionArn: `${service} ${sourceArn}`, viaService: service },
    requestId: "r",
    authorize: () => undefined,
  });
  const metrics = createMetrics({
    graph,
    clock,
    servicePrincipal,
    dispatch: async (service, operation, input, call) => {
      published.push({ input, source: `${service}:${operation} by ${call.principal.sessionArn}` });
      return {};
    },
    log: () => undefined,
  });
  return { metrics, clock, published };
}

test("an alarm is raised at the end of the period, tells its topic, and comes back without data", async () => {
  const { metrics, clock, published } = run(alarmResource());
  expect(metrics.alarms()).toEqual([
    { name: "late", state: "INSUFFICIENT_DATA", reason: "no data yet", since: Date.parse("2011-01-01T00:00:00Z") },
  ]);
  await clock.advanceTo(Date.parse("2011-01-01T00:03:00Z"));
  metrics.metric("AWS/Kinesis", "IteratorAge", { StreamName: "s" }, 99);
  metrics.metric("AWS/Kinesis", "IteratorAge", { StreamName: "s" }, 101);
  metrics.metric("AWS/Kinesis", "IteratorAge", { StreamName: "other" }, 1000);
  await clock.advanceTo(Date.parse("2011-01-01T00:05:00Z"));
  expect(metrics.alarms()).toEqual([
    {
      name: "late",
      state: "ALARM",
      reason: "1 of the last 1 periods breach (Maximum GreaterThanThreshold 100); values: 101",
      since: Date.parse("2011-01-01T00:05:00Z"),
    },
  ]);
  await clock.advanceTo(Date.parse("2011-02-01T00:00:00Z"));
  expect(metrics.alarms()[0]).toMatchObject({ state: "OK", since: Date.parse("2011-01-01T00:10:00Z") });
  expect(clock.next()).toBeUndefined();
  expect(published.map(({ source }) => source)).toEqual(
    Array(2).fill(`sns:Publish by cloudwatch.amazonaws.com ${alarmArn}`),
  );
  expect(published.map(({ input }) => [input["TopicArn"], input["Subject"]])).toEqual([
    [topic, 'ALARM: "late" in eu-west-1'],
    [topic, 'OK: "late" in eu-west-1'],
  ]);
  expect(JSON.parse(String(published[0]?.input["Message"]))).toMatchObject({
    AlarmName: "late",
    OldStateValue: "INSUFFICIENT_DATA",
    NewStateValue: "ALARM",
    StateChangeTime: "2011-01-01T00:05:00.000Z",
    Trigger: { MetricName: "IteratorAge", Dimensions: [{ name: "StreamName", value: "s" }], Period: 300 },
  });
});

test.each([
  ["missing", [undefined, undefined], "INSUFFICIENT_DATA"],
  ["notBreaching", [undefined, undefined], "OK"],
  ["breaching", [undefined, undefined], "ALARM"],
  ["ignore", [undefined, undefined], "ALARM"],
  ["missing", [undefined, 101], "OK"],
  ["breaching", [undefined, 101], "ALARM"],
  ["missing", [101, 100], "OK"],
  ["missing", [101, 101], "ALARM"],
] as const)("missing data as %s: %j is %s", (treatMissingData, values, expected) => {
  const alarm = readAlarm(alarmResource({ treatMissingData, evaluationPeriods: 2 }));
  expect(judge(alarm, values, "ALARM").state).toBe(expected);
});

test("M of N periods raise the alarm", () => {
  const alarm = readAlarm(
    alarmResource({ evaluationPeriods: 3, datapointsToAlarm: 2, comparisonOperator: "LessThanOrEqualToThreshold" }),
  );
  expect(judge(alarm, [100, 101, 99], "OK").state).toBe("ALARM");
  expect(judge(alarm, [100, 101, 102], "OK").state).toBe("OK");
});

test.each([
  [{ metricQueries: [] }, "`metricQueries` of the alarm late"],
  [{ statistic: "p99" }, "the statistic p99"],
  [{ period: 10 }, "the period 10"],
  [{ comparisonOperator: "LessThanLowerThreshold" }, "the comparison LessThanLowerThreshold"],
  [{ alarmActions: ["arn:aws:lambda:eu-west-1:123456789012:function:f"] }, "the action arn:aws:lambda"],
])("%j is refused by name", (inputs, message) => {
  expect(() => readAlarm(alarmResource(inputs))).toThrow(message);
});

test("statistics over minutes; the oldest are forgotten", () => {
  const series = new Series(2);
  for (const [time, value] of [
    [0, 1],
    [30_000, 5],
    [60_000, 3],
  ] as const)
    series.add(time, value);
  const over = (["Average", "Maximum", "Minimum", "SampleCount", "Sum"] as const).map((name) =>
    series.statistic(name, 0, 120_000),
  );
  expect(over).toEqual([3, 5, 1, 3, 9]);
  expect(series.statistic("Sum", 120_000, 180_000)).toBeUndefined();
  series.add(120_000, 7);
  expect(series.statistic("Sum", 0, 180_000)).toBe(10);
  expect(seriesKey("n", "m", { a: "1", b: "2" })).toBe(seriesKey("n", "m", { b: "2", a: "1" }));
});
