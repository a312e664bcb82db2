import { Worker } from "node:worker_threads";
import type { LambdaFunction, UnpackedCode } from "./function.ts";
import {
  type ErrorPayload,
  errorBytes,
  type InvokeMessage,
  type LogLevel,
  type WorkerClock,
  type WorkerMessage,
  type WorkerStart,
} from "./protocol.ts";

/** How one invocation ended. */
export interface Outcome {
  readonly payload: Uint8Array;
  readonly failed: boolean;
  /** Wall-clock milliseconds. */
  readonly durationMs: number;
}

export type LogSink = (level: LogLevel | undefined, requestId: string, text: string) => void;

/** One warm execution environment: a worker thread that runs one invocation at a time. */
export interface Environment {
  /** False once the thread has ended; such an environment is thrown away. */
  readonly alive: boolean;
  /** @param kill the thread dies in the middle of this invocation, whatever it has done by then */
  invoke(message: InvokeMessage, kill: boolean): Promise<Outcome>;
  stop(): Promise<void>;
}

/** Time an execution environment has to load its module (Lambda's init phase). */
const INIT_TIMEOUT_MS = 10_000;
/** Long enough for a batch to be under way, short enough not to slow a run. */
const KILL_AFTER_MS = 2;

/**
 * Starts a worker thread with an environment of its own.
 * @param variables all that the function sees as `process.env`
 */
export function startEnvironment(
  fn: LambdaFunction,
  code: UnpackedCode,
  variables: Readonly<Record<string, string>>,
  clock: WorkerClock,
  log: LogSink,
): Environment {
  const start: WorkerStart = { ...code, handler: fn.handler, clock };
  const worker = new Worker(new URL("./worker.ts", import.meta.url), {
    name: fn.name,
    workerData: start,
    env: { ...variables },
    // A runtime's own flags (a debugger, a loader) are not the function's.
    execArgv: ["--no-warnings"],
    resourceLimits: { maxOldGenerationSizeMb: fn.memoryMb },
  });
  worker.unref();
  let alive = true;
  let settle: ((payload: Uint8Array, failed: boolean) => void) | undefined;
  let crash: ErrorPayload | undefined;
  const ready = Promise.withResolvers<Uint8Array | undefined>();

  const stop = async (): Promise<void> => {
    alive = false;
    await worker.terminate();
  };
  worker.on("message", (message: WorkerMessage) => {
    if (message.kind === "log") log(message.level, message.requestId, message.text);
    else if (message.kind === "ready") ready.resolve(undefined);
    else if (message.kind === "init-failed") ready.resolve(message.payload);
    else settle?.(message.payload, message.kind === "failed");
  });
  worker.on("error", (error) => {
    const outOfMemory = "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY";
    crash = outOfMemory
      ? { errorType: "Runtime.ExitError", errorMessage: "Runtime exited with error: signal: killed" }
      : { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? "").split("\n") };
  });
  worker.on("exit", (status) => {
    alive = false;
    const reason = status === 0 ? "without providing a reason" : `with error: exit status ${status}`;
    const payload = errorBytes(crash ?? { errorType: "Runtime.ExitError", errorMessage: `Runtime exited ${reason}` });
    ready.resolve(payload);
    settle?.(payload, true);
  });

  const run = (message: InvokeMessage, kill: boolean): Promise<{ payload: Uint8Array; failed: boolean }> =>
    new Promise((resolve) => {
      const end = (payload: Uint8Array, failed: boolean): void => {
        settle = undefined;
        clearTimeout(timer);
        resolve({ payload, failed });
      };
      const fail = (errorType: string, reason: string): void => {
        end(errorBytes({ errorType, errorMessage: `RequestId: ${message.requestId} Error: ${reason}` }), true);
        void stop();
      };
      const timer = setTimeout(
        () => {
          if (kill) fail("Runtime.ExitError", "Runtime exited with error: signal: killed");
          else fail("Sandbox.Timedout", `Task timed out after ${fn.timeoutSeconds.toFixed(2)} seconds`);
        },
        kill ? KILL_AFTER_MS : message.timeoutMs,
      );
      // A killed environment's answer is lost even when it was quicker.
      settle = (payload, failed) => {
        if (!kill) end(payload, failed);
      };
      worker.postMessage(message, [message.payload.buffer]);
    });

  return {
    get alive() {
      return alive;
    },
    invoke: async (message, kill) => {
      worker.ref();
      const initTimer = setTimeout(() => {
        ready.resolve(
          errorBytes({ errorType: "Sandbox.Timedout", errorMessage: "Init phase timed out after 10 seconds" }),
        );
      }, INIT_TIMEOUT_MS);
      const broken = await ready.promise;
      clearTimeout(initTimer);
      if (broken !== undefined) {
        await stop();
        return { payload: broken, failed: true, durationMs: 0 };
      }
      const begun = performance.now();
      const { payload, failed } = await run(message, kill);
      worker.unref();
      return { payload, failed, durationMs: performance.now() - begun };
    },
    stop,
  };
}
