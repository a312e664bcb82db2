import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { objectIn } from "../members.ts";
import type { ServiceContext, Shape } from "../service.ts";
import type { LogLevel } from "./protocol.ts";

type Metric = ServiceContext["metric"];

/** Log of one function: a file, and the metrics that its lines carry. */
export interface FunctionLog {
  write(at: number, level: LogLevel | undefined, requestId: string, text: string): void;
}

/**
 * Opens a function's log file under `home`.
 * @param permitted false when the role may not write its log: then nothing is kept, as on AWS
 */
export function openLog(home: string, functionName: string, permitted: () => boolean, metric: Metric): FunctionLog {
  const folder = join(home, "logs");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${functionName}.log`);
  return {
    write: (at, level, requestId, text) => {
      if (!permitted()) return;
      const line = text.trimEnd();
      const prefix = level === undefined ? "" : `${new Date(at).toISOString()}\t${requestId}\t${level}\t`;
      appendFileSync(file, `${prefix}${line}\n`);
      for (const entry of line.split("\n")) publishEmbeddedMetrics(entry, metric);
    },
  };
}

/**
 * Publishes the metrics of a line in CloudWatch's embedded metric format; any other line is left alone
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html).
 */
export function publishEmbeddedMetrics(line: string, metric: Metric): void {
  if (!line.startsWith("{") || !line.includes('"_aws"')) return;
  const root = parse(line);
  for (const directive of objects(object(root["_aws"])["CloudWatchMetrics"])) {
    const namespace = directive["Namespace"];
    if (typeof namespace !== "string") continue;
    const sets = Array.isArray(directive["Dimensions"]) ? directive["Dimensions"] : [[]];
    for (const names of sets.length === 0 ? [[]] : sets) {
      if (!Array.isArray(names)) continue;
      const dimensions = Object.fromEntries(names.map((name) => [String(name), String(root[String(name)])]));
      for (const { Name: name } of objects(directive["Metrics"])) {
        const values = Array.isArray(root[String(name)]) ? root[String(name)] : [root[String(name)]];
        for (const value of Array.isArray(values) ? values : []) {
          if (typeof value === "number") metric(namespace, String(name), dimensions, value);
        }
      }
    }
  }
}

function parse(line: string): Shape {
  try {
    return object(JSON.parse(line));
  } catch {
    // A log line that only looks like JSON is a log line.
    return {};
  }
}

const object = (value: unknown): Shape => objectIn(value) ?? {};

function objects(value: unknown): readonly Shape[] {
  return Array.isArray(value) ? value.map(object) : [];
}
