import type { AwsError, HttpRequest, HttpResponse, Service, Shape } from "../aws/service.ts";
import { jsonCodec } from "./codec-json.ts";
import { queryCodec } from "./codec-query.ts";
import { restJsonCodec } from "./codec-rest-json.ts";
import { element } from "./xml.ts";

/** A request as it arrived: the path is still percent-encoded, since labels may hold encoded slashes. */
export interface RawRequest extends HttpRequest {
  readonly rawPath: string;
}

/** One of AWS's protocols: from HTTP to an operation with its input, and back. */
export interface Codec {
  /** @throws AwsError when no operation is meant or the body cannot be read. */
  read(request: RawRequest): { readonly operation: string; readonly input: Shape };
  write(operation: string, output: Shape, requestId: string): HttpResponse;
  fail(error: AwsError, requestId: string): HttpResponse;
}

/** @returns undefined for services that speak HTTP themselves. */
export function codecOf(service: Service): Codec | undefined {
  const { binding } = service;
  switch (binding.protocol) {
    case "json":
      return jsonCodec(binding.version, binding.target);
    case "query":
      return queryCodec(service.name, binding.xmlns);
    case "rest-json":
      return restJsonCodec(binding.routes);
    case "http":
      return undefined;
  }
}

/** An error as S3 writes it. */
export function restXmlError(error: AwsError, requestId: string, method: string): HttpResponse {
  const code = error.code === "AccessDeniedException" ? "AccessDenied" : error.code;
  const status = code === "AccessDenied" ? 403 : error.status;
  if (method === "HEAD") return { status };
  const body = element("Error", { Code: code, Message: error.message, ...error.fields, RequestId: requestId });
  return {
    status,
    headers: { "content-type": "application/xml" },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}`,
  };
}
