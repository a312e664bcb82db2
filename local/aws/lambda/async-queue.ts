import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AwsError, type ServiceContext, type Shape } from "../service.ts";
import type { FunctionPool } from "./pool.ts";

/** An event accepted for asynchronous invocation. */
interface Pending {
  readonly requestId: string;
  readonly functionName: string;
  readonly invokedArn: string;
  readonly payload: string;
  /** Milliseconds since the epoch, by the runtime's clock. */
  readonly acceptedAt: number;
  readonly attempts: number;
  readonly dueAt: number;
}

/** Lambda's internal queue: events survive a restart, are retried, and end in a destination when they cannot succeed. */
export interface AsyncQueue {
  accept(pool: FunctionPool, payload: string, requestId: string, invokedArn: string): void;
  /** Arms what an earlier run left. */
  resume(poolOf: (name: string) => FunctionPool | undefined): void;
}

/** Waits before the second and the third attempt (https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html). */
const RETRY_DELAYS_MS = [60_000, 120_000] as const;
const THROTTLE_DELAY_MS = 1000;

export function createAsyncQueue(context: ServiceContext): AsyncQueue {
  const folder = join(context.home, "async");
  mkdirSync(folder, { recursive: true });
  const file = (event: Pending): string => join(folder, `${event.requestId}.json`);

  const arm = (pool: FunctionPool, event: Pending): void => {
    writeFileSync(file(event), JSON.stringify(event));
    const run = (): Promise<void> =>
      attempt(pool, event).catch((error: unknown) => {
        // The event's file stays, so that the next start tries it again.
        context.log("an asynchronous invocation broke", { function: pool.fn.name, reason: String(error) });
      });
    if (event.dueAt <= context.clock.now()) void context.clock.work(run);
    else context.clock.at(event.dueAt, run);
  };
  const attempt = async (pool: FunctionPool, event: Pending): Promise<void> => {
    const { fn } = pool;
    const now = context.clock.now();
    if (now - event.acceptedAt > fn.async.maximumAgeSeconds * 1000) {
      return finish(pool, event, "EventAgeExceeded", undefined);
    }
    try {
      const outcome = await pool.invoke(event.payload, event.requestId, event.invokedArn);
      const answer = Buffer.from(outcome.payload).toString();
      const attempts = event.attempts + 1;
      if (!outcome.failed) return finish(pool, { ...event, attempts }, "Success", answer);
      if (attempts > fn.async.maximumRetries) return finish(pool, { ...event, attempts }, "RetriesExhausted", answer);
      const delay = RETRY_DELAYS_MS[event.attempts] ?? RETRY_DELAYS_MS[1];
      arm(pool, { ...event, attempts, dueAt: context.clock.now() + delay });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      // Throttled, or the role cannot be assumed: tried again until the event is too old.
      context.log("an asynchronous invocation waits", { function: fn.name, reason: error.message });
      arm(pool, { ...event, dueAt: now + THROTTLE_DELAY_MS });
    }
  };
  const finish = async (
    pool: FunctionPool,
    event: Pending,
    condition: "Success" | "RetriesExhausted" | "EventAgeExceeded",
    answer: string | undefined,
  ): Promise<void> => {
    try {
      await deliver(context, pool, event, condition, answer);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      context.log("a failed event could not be delivered to its destination", { function: pool.fn.name, reason });
      context.metric("AWS/Lambda", "DestinationDeliveryFailures", { FunctionName: pool.fn.name }, 1);
    }
    rmSync(file(event), { force: true });
  };

  return {
    accept: (pool, payload, requestId, invokedArn) => {
      const now = context.clock.now();
      arm(pool, {
        requestId,
        functionName: pool.fn.name,
        invokedArn,
        payload,
        acceptedAt: now,
        attempts: 0,
        dueAt: now,
      });
    },
    resume: (poolOf) => {
      for (const name of readdirSync(folder).sort()) {
        // Written by `arm` above.
        const event = JSON.parse(readFileSync(join(folder, name), "utf8")) as Pending;
        const pool = poolOf(event.functionName);
        if (pool === undefined)
          context.log("an event waits for a function that the program no longer has", { function: event.functionName });
        else arm(pool, { ...event, dueAt: Math.max(event.dueAt, context.clock.now()) });
      }
    },
  };
}

async function deliver(
  context: ServiceContext,
  { fn }: FunctionPool,
  event: Pending,
  condition: "Success" | "RetriesExhausted" | "EventAgeExceeded",
  answer: string | undefined,
): Promise<void> {
  const target = condition === "Success" ? fn.async.onSuccess : fn.async.onFailure;
  if (target !== undefined)
    await send(context, fn.roleArn, fn.arn, target, record(context, fn.arn, event, condition, answer));
  if (condition !== "Success" && fn.async.deadLetter !== undefined) {
    const error = answer === undefined ? {} : Object(JSON.parse(answer));
    await send(context, fn.roleArn, fn.arn, fn.async.deadLetter, event.payload, {
      RequestID: { DataType: "String", StringValue: event.requestId },
      ErrorCode: { DataType: "Number", StringValue: "200" },
      ErrorMessage: { DataType: "String", StringValue: String(error.errorMessage ?? condition) },
    });
  }
}

/** The record that destinations get. */
function record(
  context: ServiceContext,
  arn: string,
  event: Pending,
  condition: string,
  answer: string | undefined,
): string {
  return JSON.stringify({
    version: "1.0",
    timestamp: new Date(context.clock.now()).toISOString(),
    requestContext: {
      requestId: event.requestId,
      functionArn: `${arn}:$LATEST`,
      condition,
      approximateInvokeCount: event.attempts,
    },
    requestPayload: JSON.parse(event.payload),
    ...(answer === undefined
      ? {}
      : {
          responseContext: {
            statusCode: 200,
            executedVersion: "$LATEST",
            ...(condition === "Success" ? {} : { functionError: "Unhandled" }),
          },
          responsePayload: JSON.parse(answer),
        }),
  });
}

/** Sends under the function's role, as Lambda does. */
async function send(
  context: ServiceContext,
  roleArn: string,
  functionArn: string,
  target: string,
  body: string,
  attributes: Shape | undefined = undefined,
): Promise<void> {
  const call = context.assume(roleArn, "lambda.amazonaws.com", functionArn);
  const [, , service, region, account, name] = target.split(":");
  const extra = attributes === undefined ? {} : { MessageAttributes: attributes };
  if (service === "sns") await context.dispatch("sns", "Publish", { TopicArn: target, Message: body, ...extra }, call);
  else if (service === "sqs") {
    const QueueUrl = `https://sqs.${region}.amazonaws.com/${account}/${name}`;
    const queue = context.graph.resources.find(
      (it) => it.type === "aws:sqs/queue:Queue" && it.outputs["arn"] === target,
    );
    const input = { QueueUrl: queue?.outputs["url"] ?? QueueUrl, MessageBody: body, ...extra };
    await context.dispatch("sqs", "SendMessage", input, call);
  } else if (service === "lambda") {
    await context.dispatch("lambda", "Invoke", { FunctionName: target, InvocationType: "Event", Payload: body }, call);
  } else if (service === "events") {
    const entry = {
      Source: "lambda",
      DetailType: "Lambda Function Invocation Result",
      Detail: body,
      EventBusName: target,
      Resources: [functionArn],
    };
    await context.dispatch("events", "PutEvents", { Entries: [entry] }, call);
  } else throw new Error(`the destination ${target} is of no kind that Lambda sends to`);
}
