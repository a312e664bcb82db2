import { randomUUID } from "node:crypto";
import { AwsError, type Call, type ServiceContext } from "../service.ts";
import { type Environment, type Outcome, startEnvironment } from "./environment.ts";
import { type LambdaFunction, type UnpackedCode, unpack } from "./function.ts";
import { openLog } from "./log.ts";
import type { WorkerClock } from "./protocol.ts";

/** Runs one function. */
export interface FunctionPool {
  readonly fn: LambdaFunction;
  /**
   * Runs the handler in a warm environment if one is idle; waits for one when all are busy.
   * @throws AwsError `TooManyRequestsException` beyond the function's reserved concurrency.
   */
  invoke(payload: string | Uint8Array, requestId: string, invokedArn: string): Promise<Outcome>;
  stop(): Promise<void>;
}

/** Threads of one function. More would only share the same few cores. */
const MAX_ENVIRONMENTS = 2;

export function createPool(fn: LambdaFunction, context: ServiceContext): FunctionPool {
  const limit = Math.max(1, Math.min(fn.reservedConcurrency ?? MAX_ENVIRONMENTS, MAX_ENVIRONMENTS));
  const idle: Environment[] = [];
  const all = new Set<Environment>();
  const waiting: (() => void)[] = [];
  let running = 0;
  let inFlight = 0;
  let code: UnpackedCode | undefined;
  let mayLog = false;
  const log = openLog(context.home, fn.name, () => mayLog, context.metric);
  const stream = `local/[$LATEST]${randomUUID().replaceAll("-", "")}`;

  const start = (): Environment => {
    code ??= unpack(fn, context.home);
    const role = assumeRole(fn, context);
    mayLog = authorizeLog(fn, context, role, stream);
    const environment = startEnvironment(fn, code, variables(fn, context, stream), workerClock(context), (...line) =>
      log.write(context.clock.now(), ...line),
    );
    all.add(environment);
    return environment;
  };
  const acquire = async (): Promise<Environment> => {
    while (running >= limit) await new Promise<void>((resolve) => waiting.push(resolve));
    running++;
    for (let environment = idle.pop(); environment !== undefined; environment = idle.pop()) {
      if (environment.alive) return environment;
      all.delete(environment);
    }
    try {
      return start();
    } catch (error) {
      release(undefined);
      throw error;
    }
  };
  const release = (environment: Environment | undefined): void => {
    running--;
    if (environment?.alive === true) idle.push(environment);
    else if (environment !== undefined) all.delete(environment);
    waiting.shift()?.();
  };
  const count = (name: string, value: number): void =>
    context.metric("AWS/Lambda", name, { FunctionName: fn.name }, value);

  return {
    fn,
    invoke: async (payload, requestId, invokedArn) => {
      if (fn.reservedConcurrency !== undefined && inFlight >= fn.reservedConcurrency) {
        count("Throttles", 1);
        throw new AwsError("TooManyRequestsException", "Rate Exceeded.", 429, {
          Reason: "ReservedFunctionConcurrentInvocationLimitExceeded",
          Type: "User",
        });
      }
      inFlight++;
      try {
        const environment = await acquire();
        try {
          const message = {
            requestId,
            // One copy, of these bytes only: the caller keeps its own, and a view may sit in a much larger buffer.
            payload: typeof payload === "string" ? new TextEncoder().encode(payload) : new Uint8Array(payload),
            clock: workerClock(context),
            timeoutMs: fn.timeoutSeconds * 1000,
            context: {
              functionName: fn.name,
              invokedFunctionArn: invokedArn,
              memoryLimitInMB: String(fn.memoryMb),
              logGroupName: fn.logGroup,
              logStreamName: stream,
            },
          };
          const outcome = await environment.invoke(message, context.kills?.(fn.name) === true);
          count("Invocations", 1);
          count("Errors", outcome.failed ? 1 : 0);
          count("Duration", outcome.durationMs);
          return outcome;
        } finally {
          release(environment);
        }
      } finally {
        inFlight--;
      }
    },
    stop: async () => {
      await Promise.all([...all].map((environment) => environment.stop()));
    },
  };
}

function assumeRole(fn: LambdaFunction, context: ServiceContext): Call {
  try {
    return context.assume(fn.roleArn, "lambda.amazonaws.com", fn.arn);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `The role defined for the function cannot be assumed by Lambda. ${reason}`;
    throw new AwsError("InvalidParameterValueException", message);
  }
}

/** A role that may not write its log loses the log, not the invocation, as on AWS. */
function authorizeLog(fn: LambdaFunction, context: ServiceContext, role: Call, stream: string): boolean {
  const group = `arn:aws:logs:${context.region}:${context.account}:log-group:${fn.logGroup}`;
  const exists = context.graph.resources.some(
    (it) => it.type === "aws:cloudwatch/logGroup:LogGroup" && it.outputs["name"] === fn.logGroup,
  );
  if (fn.traced) {
    permitted(fn, context, () => {
      role.authorize("xray:PutTraceSegments", "*");
      role.authorize("xray:PutTelemetryRecords", "*");
    });
  }
  return permitted(fn, context, () => {
    if (!exists) role.authorize("logs:CreateLogGroup", group);
    role.authorize("logs:CreateLogStream", `${group}:log-stream:${stream}`);
    role.authorize("logs:PutLogEvents", `${group}:log-stream:${stream}`);
  });
}

function permitted(fn: LambdaFunction, context: ServiceContext, ask: () => void): boolean {
  try {
    ask();
    return true;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    context.log("a function may not write its log or trace", { function: fn.name, reason: error.message });
    return false;
  }
}

function variables(fn: LambdaFunction, context: ServiceContext, stream: string): Readonly<Record<string, string>> {
  return {
    ...fn.environment,
    ...context.environmentFor(fn.roleArn),
    AWS_REGION: context.region,
    AWS_DEFAULT_REGION: context.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${fn.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: fn.name,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memoryMb),
    AWS_LAMBDA_LOG_GROUP_NAME: fn.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: stream,
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    _HANDLER: fn.handler,
    TZ: ":UTC",
  };
}

function workerClock({ clock }: ServiceContext): WorkerClock {
  const now = clock.now();
  return clock.kind === "virtual" ? { kind: "virtual", now } : { kind: "real", offset: now - Date.now() };
}
