import { diskError } from "../aws/s3/errors.ts";
import {
  AwsError,
  type Call,
  type Dispatch,
  type HttpRequest,
  type HttpResponse,
  NotImplementedLocally,
  type Service,
  type Shape,
} from "../aws/service.ts";
import type { Clock } from "../clock/clock.ts";
import type { Iam } from "../iam/index.ts";
import { decodeAwsChunked, isAwsChunked } from "./aws-chunked.ts";
import { type Codec, codecOf, type RawRequest, restXmlError } from "./codec.ts";
import { queryCodec } from "./codec-query.ts";
import { type Faults, type Strike, splitBatch, throttlingError } from "./faults.ts";
import { toJson } from "./json-text.ts";
import type { Meter } from "./meter.ts";
import { readScope } from "./scope.ts";

/** Everything that calls an operation goes through here, over HTTP or in process. */
export interface Gateway {
  /** Answers a request; `broken` means that the connection shall break without an answer. */
  handle(request: RawRequest): Promise<HttpResponse | "broken">;
  /** The in-process door: same operations, same permissions, no faults. */
  readonly dispatch: Dispatch;
}

export interface GatewayOptions {
  readonly services: readonly Service[];
  readonly iam: Pick<Iam, "principalOf" | "callFor">;
  readonly clock: Clock;
  readonly region: string;
  readonly faults: Faults;
  readonly meter: Meter;
  readonly log: (message: string, fields?: Shape) => void;
}

interface Running {
  readonly service: Service;
  readonly codec: Codec | undefined;
}

export function createGateway(options: GatewayOptions): Gateway {
  const { clock, faults, iam, log, meter } = options;
  const running = new Map<string, Running>(
    options.services.map((service) => [service.name, { service, codec: codecOf(service) }]),
  );

  /** Runs one call: makes sure that it authorised something, tells bugs from answers, counts. */
  const perform = async <T>(
    service: Service,
    operation: string,
    call: Call,
    via: "http" | "process",
    bytes: { readonly in: number; readonly out: (result: T) => number },
    run: (call: Call) => Promise<T> | T,
  ): Promise<T> => {
    const started = performance.now();
    const watched = watch(call);
    let error: AwsError | undefined;
    let out = 0;
    try {
      const result = await run(watched.call);
      if (!watched.asked() && service.open?.includes(operation) !== true) {
        throw new Error(`${service.name}:${operation} answered without having authorised anything`);
      }
      out = bytes.out(result);
      return result;
    } catch (cause) {
      error = cause instanceof AwsError ? cause : internalError(service.name, operation, cause);
      throw error;
    } finally {
      const entry = {
        time: clock.now(),
        service: service.name,
        operation,
        role: call.principal.roleArn || call.principal.sessionArn,
        took: performance.now() - started,
        via,
        requestId: call.requestId,
      };
      meter.record(error === undefined ? entry : { ...entry, error: error.code }, bytes.in, out);
    }
  };

  const internalError = (service: string, operation: string, cause: unknown): AwsError => {
    const told = diskError(cause);
    if (told instanceof AwsError) return told;
    const message = cause instanceof Error ? cause.message : String(cause);
    log(`${service}:${operation} failed inside: ${message}`, {
      stack: cause instanceof Error ? cause.stack : undefined,
    });
    return new AwsError("InternalFailure", `${service}:${operation} failed inside the local runtime: ${message}`, 500);
  };

  const handle = async (request: RawRequest): Promise<HttpResponse | "broken"> => {
    let target: Running | undefined;
    let requestId = "00000000-0000-0000-0000-000000000000";
    try {
      const scope = readScope(request.headers["authorization"], request.query);
      target = running.get(scope.service);
      if (target === undefined) throw new NotImplementedLocally(`the service ${scope.service}`);
      if (scope.region !== options.region) {
        throw new NotImplementedLocally(`the region ${scope.region} (the stack's is ${options.region})`);
      }
      const principal = iam.principalOf(scope.accessKeyId);
      if (principal === undefined) throw unknownKey(target.service);
      const call = iam.callFor(principal);
      requestId = call.requestId;
      return await answer(target, request, call);
    } catch (cause) {
      const error = cause instanceof AwsError ? cause : internalError("gateway", request.rawPath, cause);
      return withId(failure(target, error, requestId, request), requestId);
    }
  };

  const answer = async (
    { service, codec }: Running,
    request: RawRequest,
    call: Call,
  ): Promise<HttpResponse | "broken"> => {
    if (codec !== undefined && request.headers["content-encoding"] !== undefined) {
      throw new NotImplementedLocally(`requests with content-encoding ${request.headers["content-encoding"]}`);
    }
    const meant = codec?.read(request) ?? { operation: httpOperation(request), input: {} };
    const strike = faults.strike(service.name, meant.operation);
    if (strike?.rule.kind === "timeout") return "broken";
    const bytes = { in: request.body.length, out: (response: HttpResponse) => response.body?.length ?? 0 };
    const response = await perform(service, meant.operation, call, "http", bytes, async (watched) => {
      await suffer(strike, service.name);
      if (service.binding.protocol === "http") return service.binding.handle(unchunked(request), watched);
      const operation = operationOf(service, meant.operation);
      const split =
        strike?.rule.kind === "partial" ? splitBatch(service.name, meant.operation, meant.input, strike) : undefined;
      const output = await operation(split?.input ?? meant.input, watched);
      return requireCodec(codec).write(meant.operation, split?.merge(output) ?? output, call.requestId);
    });
    return strike?.rule.kind === "lost" ? "broken" : withId(response, call.requestId);
  };

  return {
    // A virtual clock stands still while a client waits for its answer.
    handle: (request) => clock.work(() => handle(request)),
    dispatch: (name, operationName, input, call) =>
      clock.work(async () => {
        const service = running.get(name)?.service;
        if (service === undefined) throw new NotImplementedLocally(`the service ${name}`);
        const operation = operationOf(service, operationName);
        return perform(service, operationName, call, "process", { in: 0, out: () => 0 }, (watched) =>
          operation(input, watched),
        );
      }),
  };
}

function operationOf(service: Service, name: string) {
  const operation = Object.hasOwn(service.operations, name) ? service.operations[name] : undefined;
  if (operation === undefined) {
    throw new AwsError("UnknownOperationException", `The local runtime does not implement ${service.name}:${name}`);
  }
  return operation;
}

function requireCodec(codec: Codec | undefined): Codec {
  if (codec === undefined) throw new TypeError("The service has no protocol");
  return codec;
}

/** SDKs name the operation of a REST-XML request in `x-id`. */
function httpOperation({ method, query }: HttpRequest): string {
  return query.get("x-id") ?? method;
}

function unchunked(request: RawRequest): HttpRequest {
  if (!isAwsChunked(request.headers)) return request;
  const { body, trailers } = decodeAwsChunked(request.body);
  return { ...request, body, headers: { ...request.headers, ...trailers } };
}

async function suffer(strike: Strike | undefined, service: string): Promise<void> {
  if (strike === undefined) return;
  switch (strike.rule.kind) {
    case "throttle": {
      const { code, status } = throttlingError(service);
      throw new AwsError(code, "Rate exceeded (injected by the fault plan)", status);
    }
    case "error":
      throw new AwsError(service === "s3" ? "InternalError" : "InternalFailure", "Injected by the fault plan", 500);
    case "delay":
      return new Promise((resolve) => setTimeout(resolve, strike.rule.delayMs ?? 50));
    default:
      return;
  }
}

function unknownKey(service: Service): AwsError {
  const code = { query: "InvalidClientTokenId", http: "InvalidAccessKeyId", json: "", "rest-json": "" }[
    service.binding.protocol
  ];
  return new AwsError(
    code || "UnrecognizedClientException",
    "The access key belongs to no role of this stack; the runtime's own keys come from `environmentFor`",
    403,
  );
}

function failure(
  target: Running | undefined,
  error: AwsError,
  requestId: string,
  { method, headers }: RawRequest,
): HttpResponse {
  if (target?.codec !== undefined) return target.codec.fail(error, requestId);
  if (target !== undefined) return restXmlError(error, requestId, method);
  // Only the query protocol sends forms.
  if (headers["content-type"]?.startsWith("application/x-www-form-urlencoded") === true)
    return queryCodec("", "").fail(error, requestId);
  // The protocol is unknown with the service; this is what most of AWS's services answer.
  return {
    status: error.status,
    headers: { "content-type": "application/x-amz-json-1.1", "x-amzn-errortype": error.code },
    body: toJson({ __type: error.code, message: error.message }),
  };
}

function withId(response: HttpResponse, requestId: string): HttpResponse {
  return {
    ...response,
    headers: { "x-amzn-requestid": requestId, "x-amz-request-id": requestId, ...response.headers },
  };
}

/** A call that remembers whether it was asked. */
function watch(call: Call): { readonly call: Call; asked(): boolean } {
  let asked = false;
  return {
    asked: () => asked,
    call: {
      principal: call.principal,
      requestId: call.requestId,
      authorize(action, resource, context) {
        asked = true;
        call.authorize(action, resource, context);
      },
    },
  };
}
