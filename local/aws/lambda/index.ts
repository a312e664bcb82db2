import {
  AwsError,
  NotImplementedLocally,
  type Operation,
  type Service,
  type ServiceContext,
  type ServiceFactory,
  type Shape,
} from "../service.ts";
import { createAsyncQueue } from "./async-queue.ts";
import { FUNCTION_TYPE, INVOKE_CONFIG_TYPE, readFunction } from "./function.ts";
import { createPool, type FunctionPool } from "./pool.ts";

/** Largest event of a synchronous and of an asynchronous invocation. */
const MAX_SYNC_BYTES = 6 * 1024 * 1024;
const MAX_ASYNC_BYTES = 1024 * 1024;

/** AWS Lambda: the graph's functions, each invocation in a worker thread under the function's role. */
export const lambda: ServiceFactory = (context): Service => {
  const pools = new Map<string, FunctionPool>();
  for (const resource of context.graph.resources) {
    if (resource.type !== FUNCTION_TYPE) continue;
    const fn = readFunction(resource, context.graph);
    pools.set(fn.name, createPool(fn, context));
  }
  const queue = createAsyncQueue(context);

  const invoke: Operation = async (input, call) => {
    const { FunctionName, InvocationType = "RequestResponse", Qualifier, Payload = "", ...rest } = input;
    refuseOthers("lambda:Invoke", rest);
    const { pool, invokedArn } = find(pools, context, text(FunctionName), Qualifier);
    call.authorize("lambda:InvokeFunction", invokedArn);
    const payload = Payload instanceof Uint8Array || typeof Payload === "string" ? Payload : "";
    const size = typeof payload === "string" ? Buffer.byteLength(payload) : payload.length;
    if (InvocationType === "Event") {
      checkSize(size, MAX_ASYNC_BYTES);
      const event = typeof payload === "string" ? payload : Buffer.from(payload).toString();
      queue.accept(pool, checkedJson(event), call.requestId, invokedArn);
      return { StatusCode: 202, Payload: new Uint8Array() };
    }
    if (InvocationType !== "RequestResponse")
      throw new NotImplementedLocally(`lambda:Invoke InvocationType ${InvocationType}`);
    checkSize(size, MAX_SYNC_BYTES);
    const outcome = await context.clock.work(() => pool.invoke(payload, call.requestId, invokedArn));
    return {
      StatusCode: 200,
      ExecutedVersion: "$LATEST",
      Payload: outcome.payload,
      ...(outcome.failed ? { FunctionError: "Unhandled" } : {}),
    };
  };

  const getFunction: Operation = (input, call) => {
    const { FunctionName, Qualifier, ...rest } = input;
    refuseOthers("lambda:GetFunction", rest);
    const { pool, invokedArn } = find(pools, context, text(FunctionName), Qualifier);
    call.authorize("lambda:GetFunction", invokedArn);
    const { reservedConcurrency } = pool.fn;
    return {
      Configuration: configuration(pool),
      Code: { RepositoryType: "S3" },
      ...(reservedConcurrency === undefined
        ? {}
        : { Concurrency: { ReservedConcurrentExecutions: reservedConcurrency } }),
    };
  };

  const listFunctions: Operation = (input, call) => {
    refuseOthers("lambda:ListFunctions", input);
    call.authorize("lambda:ListFunctions", "*");
    return { Functions: [...pools.values()].map(configuration) };
  };

  return {
    name: "lambda",
    binding: {
      protocol: "rest-json",
      routes: [
        {
          method: "POST",
          path: "/2015-03-31/functions/{FunctionName}/invocations",
          operation: "Invoke",
          payload: "Payload",
          query: { Qualifier: "Qualifier" },
          headers: {
            "x-amz-invocation-type": "InvocationType",
            "x-amz-log-type": "LogType",
            "x-amz-client-context": "ClientContext",
          },
          answer: {
            status: "StatusCode",
            headers: { "x-amz-function-error": "FunctionError", "x-amz-executed-version": "ExecutedVersion" },
          },
        },
        {
          method: "GET",
          path: "/2015-03-31/functions/{FunctionName}",
          operation: "GetFunction",
          query: { Qualifier: "Qualifier" },
        },
        {
          method: "GET",
          path: "/2015-03-31/functions",
          operation: "ListFunctions",
          query: {
            Marker: "Marker",
            MaxItems: "MaxItems",
            FunctionVersion: "FunctionVersion",
            MasterRegion: "MasterRegion",
          },
        },
      ],
    },
    operations: { Invoke: invoke, GetFunction: getFunction, ListFunctions: listFunctions },
    runs: [FUNCTION_TYPE, INVOKE_CONFIG_TYPE],
    start: async () => queue.resume((name) => pools.get(name)),
    stop: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.stop()));
    },
  };
};

const REFERENCE =
  /^(?:(?:arn:aws:lambda:(?<region>[a-z0-9-]+):)?(?<account>\d{12}):function:)?(?<name>[A-Za-z0-9_-]+)(?::(?<version>\$LATEST|[A-Za-z0-9_-]+))?$/;

/** Finds a function by name, partial ARN or ARN, with or without `:$LATEST`. */
function find(
  pools: ReadonlyMap<string, FunctionPool>,
  context: ServiceContext,
  reference: string,
  qualifier: unknown,
): { pool: FunctionPool; invokedArn: string } {
  const parts = REFERENCE.exec(reference)?.groups;
  const name = parts?.["name"] ?? "";
  const version = parts?.["version"] ?? (typeof qualifier === "string" ? qualifier : undefined);
  if (version !== undefined && version !== "$LATEST")
    throw new NotImplementedLocally(`lambda function version ${version}`);
  const pool = pools.get(name);
  const elsewhere =
    (parts?.["account"] ?? context.account) !== context.account ||
    (parts?.["region"] ?? context.region) !== context.region;
  if (pool === undefined || elsewhere) {
    const arn = `arn:aws:lambda:${context.region}:${context.account}:function:${name || reference}`;
    throw new AwsError("ResourceNotFoundException", `Function not found: ${arn}`, 404, { Type: "User" });
  }
  return { pool, invokedArn: version === undefined ? pool.fn.arn : `${pool.fn.arn}:${version}` };
}

function configuration({ fn }: FunctionPool): Shape {
  return {
    FunctionName: fn.name,
    FunctionArn: fn.arn,
    Role: fn.roleArn,
    Runtime: fn.runtime,
    Handler: fn.handler,
    MemorySize: fn.memoryMb,
    Timeout: fn.timeoutSeconds,
    Version: "$LATEST",
    PackageType: "Zip",
    State: "Active",
    LastUpdateStatus: "Successful",
    LoggingConfig: { LogFormat: "Text", LogGroup: fn.logGroup },
  };
}

function checkSize(size: number, limit: number): void {
  if (size <= limit) return;
  const message = `Request must be smaller than ${limit} bytes for the InvokeFunction operation`;
  throw new AwsError("RequestEntityTooLargeException", message, 413, { Type: "User" });
}

function checkedJson(event: string): string {
  const payload = event === "" ? "{}" : event;
  try {
    JSON.parse(payload);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AwsError("InvalidRequestContentException", `Could not parse request body into json: ${reason}`, 400, {
      Type: "User",
    });
  }
  return payload;
}

function refuseOthers(operation: string, rest: Shape): void {
  for (const [member, value] of Object.entries(rest)) {
    // What the SDK sends as its default changes nothing.
    if (value !== undefined && !(member === "LogType" && value === "None"))
      throw new NotImplementedLocally(`${operation} ${member}`);
  }
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}
