import type { Service } from "./aws/service.ts";
import type { ResourceGraph } from "./graph/resource.ts";
import { iamTypes } from "./iam/index.ts";
import { metricAlarmType } from "./metrics/metrics.ts";

/** A resource of the graph, and what becomes of it here. */
export interface ResourceHealth {
  readonly name: string;
  readonly type: string;
  /** Service that runs it; absent when nothing does. */
  readonly runBy?: string;
  /** Why nothing runs it. */
  readonly reason?: string;
}

export interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

/** What `c360 doctor` tells. */
export interface Health {
  readonly resources: readonly ResourceHealth[];
  readonly checks: readonly Check[];
}

/** Types that need no service, with the reason. */
const withoutService: Readonly<Record<string, string>> = {
  "aws:cloudwatch/logGroup:LogGroup": "functions log into files; retention and encryption of logs are AWS's",
};

/** Says of every resource of the graph which service runs it, or why none does. */
export function resourceHealth(graph: ResourceGraph, services: readonly Service[]): readonly ResourceHealth[] {
  const runBy = new Map<string, string>([
    ...iamTypes.map((type): [string, string] => [type, "iam"]),
    [metricAlarmType, "metrics"],
    ...services.flatMap((service) => service.runs.map((type): [string, string] => [type, service.name])),
  ]);
  const ignored = new Map(
    [withoutService, ...services.map((service) => service.ignores ?? {})].flatMap((reasons) => Object.entries(reasons)),
  );
  return graph.resources
    .filter(({ custom, type }) => custom && !type.startsWith("pulumi:providers:"))
    .map(({ name, type }) => {
      const service = runBy.get(type);
      if (service !== undefined) return { name, type, runBy: service };
      return { name, type, reason: ignored.get(type) ?? "no service of the local runtime runs this type" };
    });
}
