import { AwsError, type Call, type Dispatch, type Shape } from "../service.ts";
import { StatesError } from "./errors.ts";
import type { Integration } from "./machine.ts";

/** Where a Task's calls go and under whose role. */
export interface TaskContext {
  readonly dispatch: Dispatch;
  readonly call: Call;
  /** Added to the `Resources` of events the machine puts, as the service does. */
  readonly machineArn: string;
  readonly executionArn: string;
}

/**
 * Carries out a Task's call.
 * @throws StatesError named as Step Functions names it: a function's own error type, `Glue.EntityNotFoundException`, ...
 */
export async function runTask(integration: Integration, input: unknown, context: TaskContext): Promise<unknown> {
  const members = shape(input);
  switch (integration.kind) {
    case "lambda":
      return invoke(members, context);
    case "athena-sync":
      return query(members, context);
    case "call":
      return plainCall(integration, members, context);
  }
}

function shape(input: unknown): Shape {
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    throw new StatesError("States.Runtime", "a Task's Arguments must be an object");
  }
  return Object.fromEntries(Object.entries(input));
}

async function ask(
  service: string,
  operation: string,
  input: Shape,
  naming: { readonly errors: string; readonly sdk: boolean },
  context: TaskContext,
): Promise<Shape> {
  try {
    return await context.dispatch(service, operation, input, context.call);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const known = error.code.endsWith("Exception") || error.code === "NotImplementedLocally";
    const request = context.call.requestId;
    const where = naming.sdk
      ? `(Service: ${naming.errors}, Status Code: ${error.status}, Request ID: ${request})`
      : `(Service: ${naming.errors}; Status Code: ${error.status}; Error Code: ${error.code}; Request ID: ${request}; Proxy: null)`;
    throw new StatesError(
      `${naming.errors}.${error.code}${known ? "" : "Exception"}`,
      `${error.message} ${where}`,
      true,
    );
  }
}

/** `lambda:invoke`: the payload travels as JSON; an error of the function takes the function's own error type. */
async function invoke(input: Shape, context: TaskContext): Promise<unknown> {
  const payload = JSON.stringify(input["Payload"] ?? {});
  const answer = await ask(
    "lambda",
    "Invoke",
    { ...input, Payload: Buffer.from(payload) },
    { errors: "Lambda", sdk: false },
    context,
  );
  const text = bytesText(answer["Payload"]);
  const result = jsonOr(text);
  if (answer["FunctionError"] !== undefined) {
    const type =
      typeof result === "object" && result !== null && "errorType" in result && typeof result.errorType === "string"
        ? result.errorType
        : "Error";
    throw new StatesError(type, text, true);
  }
  const status = answer["StatusCode"] ?? 200;
  return {
    ExecutedVersion: answer["ExecutedVersion"] ?? "$LATEST",
    Payload: result,
    SdkHttpMetadata: { HttpStatusCode: status },
    SdkResponseMetadata: { RequestId: context.call.requestId },
    StatusCode: status,
  };
}

/** `athena:startQueryExecution.sync`: the query's end is awaited; one that does not succeed is `States.TaskFailed`. */
async function query(input: Shape, context: TaskContext): Promise<unknown> {
  const naming = { errors: "Athena", sdk: false };
  const started = await ask("athena", "StartQueryExecution", input, naming, context);
  const ended = plain(
    await ask("athena", "AwaitQueryExecution", { QueryExecutionId: started["QueryExecutionId"] }, naming, context),
    false,
  );
  if (queryState(ended) !== "SUCCEEDED") throw new StatesError("States.TaskFailed", JSON.stringify(ended), true);
  return ended;
}

function queryState(ended: unknown): unknown {
  const execution = member(ended, "QueryExecution");
  return member(member(execution, "Status"), "State");
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}

async function plainCall(
  integration: Extract<Integration, { kind: "call" }>,
  input: Shape,
  context: TaskContext,
): Promise<unknown> {
  const answer = await ask(
    integration.service,
    integration.operation,
    request(integration, input, context),
    integration,
    context,
  );
  const result = plain(cased(integration, answer, "upper"), integration.sdk);
  // The optimised integration of PutEvents fails when any entry does; the SDK one leaves that to the machine.
  if (!integration.sdk && integration.operation === "PutEvents" && Number(answer["FailedEntryCount"] ?? 0) > 0) {
    throw new StatesError("EventBridge.FailedEntry", JSON.stringify(result), true);
  }
  return result;
}

/** The optimised integrations take JSON where the API takes text. */
function request(integration: Extract<Integration, { kind: "call" }>, input: Shape, context: TaskContext): Shape {
  if (integration.sdk) return cased(integration, input, "lower");
  if (integration.operation === "Publish") return { ...input, Message: asText(input["Message"]) };
  if (integration.operation !== "PutEvents" || !Array.isArray(input["Entries"])) return input;
  const own = [context.machineArn, context.executionArn];
  return {
    ...input,
    Entries: input["Entries"].map((entry) => {
      const members = shape(entry);
      const resources = Array.isArray(members["Resources"]) ? members["Resources"] : [];
      return { ...members, Detail: asText(members["Detail"]), Resources: [...resources, ...own] };
    }),
  };
}

/** Step Functions writes every member with a capital; of the services called here only its own API does not. */
function cased(integration: { readonly service: string }, value: Shape, to: "upper" | "lower"): Shape {
  return integration.service === "states" ? members(value, to) : value;
}

const members = (value: Shape, to: "upper" | "lower"): Shape =>
  Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      (to === "upper" ? name.charAt(0).toUpperCase() : name.charAt(0).toLowerCase()) + name.slice(1),
      casedValue(inner, to),
    ]),
  );

function casedValue(value: unknown, to: "upper" | "lower"): unknown {
  if (Array.isArray(value)) return value.map((item) => casedValue(item, to));
  const isStructure = typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  return isStructure ? members({ ...value }, to) : value;
}

function asText(value: unknown): unknown {
  return value === undefined || typeof value === "string" ? value : JSON.stringify(value);
}

function bytesText(value: unknown): string {
  if (typeof value === "string") return value;
  return value instanceof Uint8Array ? Buffer.from(value).toString("utf8") : "";
}

function jsonOr(text: string): unknown {
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** An answer as JSON. Optimised integrations give times as epoch milliseconds, SDK integrations as ISO 8601 text. */
function plain(value: unknown, sdk: boolean): unknown {
  if (value instanceof Date) return sdk ? value.toISOString() : value.getTime();
  if (value instanceof Uint8Array) return bytesText(value);
  if (Array.isArray(value)) return value.map((item) => plain(item, sdk));
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => (inner === undefined ? [] : [[name, plain(inner, sdk)]])),
  );
}
