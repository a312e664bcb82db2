// Entry of a worker thread: one execution environment of one function.
import { format } from "node:util";
import { parentPort, workerData } from "node:worker_threads";
import { installLoopbackGuard } from "../../loopback/guard.ts";
import {
  errorBytes,
  type InvokeMessage,
  type LogLevel,
  type WorkerClock,
  type WorkerMessage,
  type WorkerStart,
} from "./protocol.ts";
import { installRuntimeDate } from "./runtime-date.ts";

/** Largest answer of a function (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html). */
const MAX_RESPONSE_BYTES = 6_291_556;

type Handler = (event: unknown, context: object) => unknown;

const port = parentPort;
if (port === null) throw new Error("this module runs in a worker thread");
// The pool is the only one that starts this module, and gives it this.
const start = workerData as WorkerStart;

let clock: WorkerClock = start.clock;
let requestId = "init";

const realNow = Date.now;
installLoopbackGuard();
installRuntimeDate(() => (clock.kind === "virtual" ? clock.now : realNow() + clock.offset));
installConsole();

try {
  const loaded: unknown = (await import(start.module))[start.exportName];
  if (typeof loaded !== "function") {
    const message = `${start.handler} is undefined or not exported`;
    send({
      kind: "init-failed",
      payload: errorBytes({ errorType: "Runtime.HandlerNotFound", errorMessage: message, trace: [] }),
    });
  } else {
    const handler: Handler = (event, context) => loaded(event, context);
    port.on("message", (message: InvokeMessage) => void run(handler, message));
    send({ kind: "ready" });
  }
} catch (error) {
  send({ kind: "init-failed", payload: describe(error) });
}

async function run(handler: Handler, message: InvokeMessage): Promise<void> {
  clock = message.clock;
  requestId = message.requestId;
  const deadline = performance.now() + message.timeoutMs;
  const context = {
    ...message.context,
    functionVersion: "$LATEST",
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, Math.floor(deadline - performance.now())),
  };
  try {
    const text = new TextDecoder().decode(message.payload);
    const answer = JSON.stringify(await handler(JSON.parse(text === "" ? "{}" : text), context)) ?? "null";
    const bytes = new TextEncoder().encode(answer);
    if (bytes.length > MAX_RESPONSE_BYTES) {
      const errorMessage = `Response payload size (${bytes.length} bytes) exceeded maximum allowed payload size (${MAX_RESPONSE_BYTES} bytes).`;
      send({ kind: "failed", payload: errorBytes({ errorType: "Function.ResponseSizeTooLarge", errorMessage }) });
    } else send({ kind: "result", payload: bytes });
  } catch (error) {
    send({ kind: "failed", payload: describe(error) });
  }
}

function describe(error: unknown): Uint8Array<ArrayBuffer> {
  if (!(error instanceof Error)) return errorBytes({ errorType: typeof error, errorMessage: String(error), trace: [] });
  return errorBytes({ errorType: error.name, errorMessage: error.message, trace: (error.stack ?? "").split("\n") });
}

function send(message: WorkerMessage): void {
  port?.postMessage(message, "payload" in message ? [message.payload.buffer] : []);
}

function installConsole(): void {
  const levels = { trace: "TRACE", debug: "DEBUG", log: "INFO", info: "INFO", warn: "WARN", error: "ERROR" } as const;
  for (const [method, level] of Object.entries(levels)) {
    Reflect.set(console, method, (...args: readonly unknown[]) => log(level, format(...args)));
  }
  for (const stream of [process.stdout, process.stderr]) {
    Reflect.set(stream, "write", (chunk: string | Uint8Array) => {
      log(undefined, typeof chunk === "string" ? chunk : Buffer.from(chunk).toString());
      return true;
    });
  }
}

function log(level: LogLevel | undefined, text: string): void {
  send({ kind: "log", level, requestId, text });
}
