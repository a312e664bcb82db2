import type { Clock, Timer } from "../clock/clock.ts";
import type { GraphResource, ResourceGraph } from "../graph/resource.ts";

export const ACCOUNT = "123456789012";
export const REGION = "eu-west-1";

/** A graph of hand-written resources, for tests of single services. */
export function graphOf(...resources: readonly GraphResource[]): ResourceGraph {
  return { project: "example", stack: "test", region: REGION, account: ACCOUNT, resources, outputs: {} };
}

/** A resource whose outputs are its inputs and what is given besides. */
export function resourceOf(
  type: string,
  name: string,
  inputs: Readonly<Record<string, unknown>>,
  outputs: Readonly<Record<string, unknown>> = {},
): GraphResource {
  return {
    urn: `urn:pulumi:test::example::${type}::${name}`,
    type,
    name,
    custom: true,
    id: typeof outputs["id"] === "string" ? outputs["id"] : name,
    inputs,
    outputs: { ...inputs, ...outputs },
    dependencies: [],
    propertyDependencies: {},
  };
}

/** An IAM policy statement list as a document. */
export function policyOf(...statements: readonly Readonly<Record<string, unknown>>[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

/** A role that `trusted` services may assume, with one inline policy. */
export function roleOf(
  name: string,
  statements: readonly Readonly<Record<string, unknown>>[],
  trusted: readonly string[] = ["lambda.amazonaws.com"],
): GraphResource {
  return resourceOf(
    "aws:iam/role:Role",
    name,
    {
      name,
      assumeRolePolicy: policyOf({ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: trusted } }),
      ...(statements.length === 0 ? {} : { inlinePolicies: [{ name: "own", policy: policyOf(...statements) }] }),
    },
    { arn: roleArn(name) },
  );
}

export function roleArn(name: string): string {
  return `arn:aws:iam::${ACCOUNT}:role/${name}`;
}

/** A clock that a test moves by hand; a due timer fires when `advance` reaches it. */
export interface ManualClock extends Clock {
  advance(ms: number): Promise<void>;
}

/** @param start milliseconds since the epoch */
export function manualClock(start = Date.UTC(2011, 0, 1)): ManualClock {
  let now = start;
  let timers: { readonly at: number; readonly fire: () => void | Promise<void> }[] = [];
  const at = (epochMs: number, fire: () => void | Promise<void>): Timer => {
    const timer = { at: epochMs, fire };
    timers.push(timer);
    return {
      cancel: () => {
        timers = timers.filter((it) => it !== timer);
      },
    };
  };
  return {
    kind: "virtual",
    now: () => now,
    at,
    sleep: (ms) => new Promise((resolve) => void at(now + ms, resolve)),
    work: (task) => task(),
    settled: () => Promise.resolve(),
    advance: async (ms) => {
      const target = now + ms;
      for (;;) {
        const [next] = timers.filter((it) => it.at <= target).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        timers = timers.filter((it) => it !== next);
        now = Math.max(now, next.at);
        await next.fire();
      }
      now = target;
    },
  };
}
