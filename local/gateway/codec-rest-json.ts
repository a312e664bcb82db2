import { AwsError, type Route, type Shape } from "../aws/service.ts";
import type { Codec } from "./codec.ts";
import { fromJson, toJson } from "./json-text.ts";

/** REST with JSON bodies: method and path name the operation. */
export function restJsonCodec(routes: readonly Route[]): Codec {
  const compiled = routes.map((route) => ({ route, pattern: patternOf(route.path) }));
  return {
    read({ method, rawPath, query, headers, body }) {
      for (const { route, pattern } of compiled) {
        const match = route.method === method ? pattern.exec(rawPath) : null;
        if (match === null) continue;
        const input: Record<string, unknown> =
          route.payload === undefined ? { ...fromJson(body) } : { [route.payload]: body };
        for (const [label, text] of Object.entries(match.groups ?? {})) input[label] = decodeURIComponent(text);
        for (const [parameter, member] of Object.entries(route.query ?? {})) {
          const values = query.getAll(parameter);
          if (values.length > 0) input[member] = values.length > 1 ? values : values[0];
        }
        for (const [header, member] of Object.entries(route.headers ?? {})) {
          if (headers[header] !== undefined) input[member] = headers[header];
        }
        return { operation: route.operation, input };
      }
      throw new AwsError(
        "UnknownOperationException",
        `The local runtime has no operation for ${method} ${rawPath}`,
        404,
      );
    },
    write(operation, output) {
      const route = routes.find((candidate) => candidate.operation === operation);
      const headers: Record<string, string> = {};
      const body: Record<string, unknown> = { ...output };
      for (const [header, member] of Object.entries(route?.answer?.headers ?? {})) {
        if (body[member] !== undefined) headers[header] = String(body[member]);
        delete body[member];
      }
      let status = route?.status ?? 200;
      if (route?.answer?.status !== undefined) {
        status = Number(body[route.answer.status] ?? status);
        delete body[route.answer.status];
      }
      if (route?.payload !== undefined) return { status, headers, body: bytes(body[route.payload]) };
      return { status, headers: { ...headers, "content-type": "application/json" }, body: toJson(body) };
    },
    fail(error) {
      return {
        status: error.code === "AccessDeniedException" ? 403 : error.status,
        headers: { "content-type": "application/json", "x-amzn-errortype": error.code },
        body: toJson({ message: error.message, ...error.fields } satisfies Shape),
      };
    },
  };
}

function patternOf(path: string): RegExp {
  const source = path
    .replace(/[.*?^$()|[\]\\]/g, "\\$&")
    .replace(
      /\{(\w+)(\+?)\}/g,
      (_whole, label: string, greedy: string) => `(?<${label}>${greedy === "" ? "[^/]+" : ".+"})`,
    );
  return new RegExp(`^${source}/?$`);
}

function bytes(value: unknown): Uint8Array | string {
  if (value === undefined) return "";
  if (typeof value === "string" || value instanceof Uint8Array) return value;
  throw new TypeError("The payload of an answer must be bytes or text");
}
