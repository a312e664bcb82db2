import type { Call, Dispatch, ServiceContext, Shape } from "../aws/service.ts";
import type { Clock } from "../clock/clock.ts";
import type { ResourceGraph } from "../graph/resource.ts";
import { type Alarm, type AlarmState, judge, readAlarm } from "./alarm.ts";
import { Series, seriesKey } from "./series.ts";

/** The type that the metrics run. */
export const metricAlarmType = "aws:cloudwatch/metricAlarm:MetricAlarm";

/** An alarm as it stands. */
export interface AlarmReading {
  readonly name: string;
  readonly state: AlarmState;
  readonly reason: string;
  /** Milliseconds since the epoch, by the runtime's clock. */
  readonly since: number;
}

export interface Metrics {
  readonly metric: ServiceContext["metric"];
  alarms(): readonly AlarmReading[];
}

export interface MetricsOptions {
  readonly graph: ResourceGraph;
  readonly clock: Clock;
  readonly dispatch: Dispatch;
  readonly servicePrincipal: (service: string, sourceArn: string) => Call;
  readonly log: (message: string, fields?: Shape) => void;
}

interface Watched {
  readonly alarm: Alarm;
  reading: AlarmReading;
  armed: boolean;
}

/**
 * CloudWatch in small: keeps data in memory, one bucket a minute, and evaluates the graph's alarms at the end of each
 * of their periods, as long as there are data to look at. A change of state is published to the alarm's SNS topics.
 * @throws NotImplementedLocally for an alarm that uses more than a plain statistic of one metric.
 */
export function createMetrics(options: MetricsOptions): Metrics {
  const { clock } = options;
  const series = new Map<string, Series>();
  const watched: Watched[] = options.graph.resources
    .filter(({ type }) => type === metricAlarmType)
    .map((resource) => {
      const alarm = readAlarm(resource);
      const reading: AlarmReading = {
        name: alarm.name,
        state: "INSUFFICIENT_DATA",
        reason: "no data yet",
        since: clock.now(),
      };
      return { alarm, reading, armed: false };
    });

  const arm = (entry: Watched): void => {
    if (entry.armed) return;
    entry.armed = true;
    const { periodMs } = entry.alarm;
    const end = (Math.floor(clock.now() / periodMs) + 1) * periodMs;
    clock.at(end, async () => {
      entry.armed = false;
      await evaluate(entry, end);
    });
  };

  const evaluate = async (entry: Watched, end: number): Promise<void> => {
    const { alarm, reading } = entry;
    const data = series.get(alarm.series);
    const values = Array.from({ length: alarm.evaluationPeriods }, (_, index) => {
      const from = end - (alarm.evaluationPeriods - index) * alarm.periodMs;
      return data?.statistic(alarm.statistic, from, from + alarm.periodMs);
    });
    const { state, reason } = judge(alarm, values, reading.state);
    if (state !== reading.state) {
      entry.reading = { name: alarm.name, state, reason, since: end };
      await notify(alarm, reading.state, entry.reading);
    }
    // Without data in any period the next evaluation could only say the same.
    if (values.some((value) => value !== undefined)) arm(entry);
  };

  const notify = async (alarm: Alarm, before: AlarmState, { state, reason, since }: AlarmReading): Promise<void> => {
    options.log(`alarm ${alarm.name}: ${before} -> ${state}`, { reason });
    const message = {
      AlarmName: alarm.name,
      AlarmDescription: alarm.description,
      AWSAccountId: options.graph.account,
      NewStateValue: state,
      NewStateReason: reason,
      StateChangeTime: new Date(since).toISOString(),
      Region: options.graph.region,
      AlarmArn: alarm.arn,
      OldStateValue: before,
      Trigger: {
        MetricName: alarm.metricName,
        Namespace: alarm.namespace,
        Statistic: alarm.statistic,
        Dimensions: Object.entries(alarm.dimensions).map(([name, value]) => ({ name, value })),
        Period: alarm.periodMs / 1000,
        EvaluationPeriods: alarm.evaluationPeriods,
        ComparisonOperator: alarm.comparison,
        Threshold: alarm.threshold,
        TreatMissingData: alarm.treatMissingData,
      },
    };
    for (const TopicArn of alarm.actions[state]) {
      try {
        const call = options.servicePrincipal("cloudwatch.amazonaws.com", alarm.arn);
        const Subject = `${state}: "${alarm.name}" in ${options.graph.region}`.slice(0, 100);
        await options.dispatch("sns", "Publish", { TopicArn, Subject, Message: JSON.stringify(message) }, call);
      } catch (error) {
        // As in AWS: an action that fails is recorded, the alarm stands.
        options.log(`alarm ${alarm.name}: action ${TopicArn} failed`, { reason: String(error) });
      }
    }
  };

  return {
    metric(namespace, name, dimensions, value) {
      const key = seriesKey(namespace, name, dimensions);
      let data = series.get(key);
      if (data === undefined) {
        data = new Series();
        series.set(key, data);
      }
      data.add(clock.now(), value);
      for (const entry of watched) if (entry.alarm.series === key) arm(entry);
    },
    alarms: () => watched.map(({ reading }) => reading),
  };
}
