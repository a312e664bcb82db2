/** What a worker is started with. */
export interface WorkerStart {
  /** Module of the handler, as a file URL. */
  readonly module: string;
  /** Name of the exported handler. */
  readonly exportName: string;
  /** `index.handler`, for messages. */
  readonly handler: string;
  readonly clock: WorkerClock;
}

/** What a worker's `Date` shows: a standing instant, or the machine's time plus an offset. */
export type WorkerClock =
  | { readonly kind: "virtual"; readonly now: number }
  | { readonly kind: "real"; readonly offset: number };

/** One invocation, to the worker. */
export interface InvokeMessage {
  readonly requestId: string;
  /** JSON text as UTF-8; handed over to the worker, so nobody else may hold it. */
  readonly payload: Uint8Array<ArrayBuffer>;
  readonly clock: WorkerClock;
  /** Wall-clock milliseconds that the invocation may take. */
  readonly timeoutMs: number;
  readonly context: {
    readonly functionName: string;
    readonly invokedFunctionArn: string;
    readonly memoryLimitInMB: string;
    readonly logGroupName: string;
    readonly logStreamName: string;
  };
}

export type LogLevel = "TRACE" | "DEBUG" | "INFO" | "WARN" | "ERROR";

/** From the worker. `result` and `failed` carry the JSON text as UTF-8. */
export type WorkerMessage =
  | { readonly kind: "ready" }
  | { readonly kind: "init-failed"; readonly payload: Uint8Array<ArrayBuffer> }
  | { readonly kind: "log"; readonly level: LogLevel | undefined; readonly requestId: string; readonly text: string }
  | { readonly kind: "result"; readonly payload: Uint8Array<ArrayBuffer> }
  | { readonly kind: "failed"; readonly payload: Uint8Array<ArrayBuffer> };

/** Error as the Node.js runtime of Lambda writes it into the payload. */
export interface ErrorPayload {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** Error payload as bytes. */
export function errorBytes(error: ErrorPayload): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(JSON.stringify(error));
}
