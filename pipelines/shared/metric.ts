/**
 * A metric datum as a log line in CloudWatch's embedded metric format, namespace C360.
 * @param name metric without dimensions, unit Count
 */
export const metricLine = (name: string, value: number, now: number): string =>
  JSON.stringify({
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [{ Namespace: "C360", Dimensions: [[]], Metrics: [{ Name: name, Unit: "Count" }] }],
    },
    [name]: value,
  });
