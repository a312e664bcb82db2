import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Clock, VirtualClock } from "../../clock/clock.ts";
import { createVirtualClock } from "../../clock/virtual-clock.ts";
import type { Call, Service, ServiceContext, Shape } from "../service.ts";
import { states } from "./index.ts";

export const machineArn = "arn:aws:states:eu-west-1:123456789012:stateMachine:test";
const roleArn = "arn:aws:iam::123456789012:role/machine";
export const startTime = Date.parse("2011-01-01T00:00:00Z");

/** A machine of these states that begins with the first. */
export function machine(states: Readonly<Record<string, unknown>>, more: Readonly<Record<string, unknown>> = {}) {
  return { QueryLanguage: "JSONata", StartAt: Object.keys(states)[0], States: states, ...more };
}

/** A Task that passes its input to a function. */
export const lambdaState = {
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  Arguments: { FunctionName: "f", Payload: "{% $states.input %}" },
};

/** One answer of another service in a test. */
export type Answer = (service: string, operation: string, input: Shape) => Shape | Promise<Shape>;

export interface Bench {
  readonly service: Service;
  readonly clock: VirtualClock;
  readonly calls: {
    readonly service: string;
    readonly operation: string;
    readonly input: Shape;
    readonly at: number;
  }[];
  readonly metrics: string[];
  readonly home: string;
  /** Calls an operation of the service. */
  ask(operation: string, input: Shape): Promise<Shape>;
  /** Runs the machine until it ends, moving the clock as far as `untilMs`; gives DescribeExecution's answer. */
  run(input?: unknown, untilMs?: number): Promise<Shape>;
}

/** The service on one machine, with a virtual clock and the other services played by `answer`. */
export function bench(
  definition: unknown,
  answer: Answer = () => ({}),
  home = mkdtempSync(join(tmpdir(), "states-")),
  real?: Clock,
): Bench {
  const clock = createVirtualClock(startTime);
  const calls: Bench["calls"] = [];
  const metrics: string[] = [];
  const allowed: Call = {
    principal: { roleArn, sessionArn: "session" },
    requestId: "request-1",
    authorize: () => undefined,
  };
  const service = states({
    graph: {
      project: "test",
      stack: "test",
      region: "eu-west-1",
      account: "123456789012",
      outputs: {},
      resources: [
        {
          urn: "urn:machine",
          type: "aws:sfn/stateMachine:StateMachine",
          name: "test",
          custom: true,
          id: machineArn,
          inputs: { definition: typeof definition === "string" ? definition : JSON.stringify(definition), roleArn },
          outputs: { arn: machineArn, name: "test" },
          dependencies: [],
          propertyDependencies: {},
        },
      ],
    },
    clock: real ?? clock,
    home,
    region: "eu-west-1",
    account: "123456789012",
    dispatch: async (service, operation, input) => {
      calls.push({ service, operation, input, at: clock.now() - startTime });
      return answer(service, operation, input);
    },
    assume: () => allowed,
    servicePrincipal: () => allowed,
    metric: (_namespace, name) => metrics.push(name),
    log: () => undefined,
    ports: closed(),
    endpoint: () => "http://127.0.0.1:1",
    environmentFor: () => ({}),
  });
  const ask = async (operation: string, input: Shape) => {
    const run = service.operations[operation];
    if (run === undefined) throw new Error(`no operation ${operation}`);
    return run(input, allowed);
  };
  return {
    service,
    clock,
    calls,
    metrics,
    home,
    ask,
    run: async (input = {}, untilMs = startTime + 86_400_000) => {
      const { executionArn } = await ask("StartExecution", {
        stateMachineArn: machineArn,
        input: JSON.stringify(input),
      });
      await clock.advanceTo(untilMs);
      return ask("DescribeExecution", { executionArn });
    },
  };
}

/** Doors that the tested service must not open. */
function closed(): ServiceContext["ports"] {
  return new Proxy(Object.create(null), {
    get: (_target, name) => {
      throw new Error(`port ${String(name)} is not available in this test`);
    },
  });
}
