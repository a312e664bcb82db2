import { AwsError, NotImplementedLocally } from "../aws/service.ts";

/** What a SigV4 signature says before it is checked: who, where, which service. */
export interface Scope {
  readonly accessKeyId: string;
  readonly region: string;
  /** Signing name, e.g. `kinesis`. */
  readonly service: string;
}

/**
 * Reads the credential scope of a request. The signature itself is not verified: the port is this machine's own, and
 * the access key only says which role is meant.
 * @throws AwsError when the request is not signed with an `Authorization` header of Signature Version 4.
 */
export function readScope(authorization: string | undefined, query: URLSearchParams): Scope {
  if (authorization === undefined) {
    if (query.has("X-Amz-Signature")) throw new NotImplementedLocally("presigned URLs");
    throw new AwsError("MissingAuthenticationToken", "The request has no Authorization header", 403);
  }
  if (!authorization.startsWith("AWS4-HMAC-SHA256 ")) {
    throw new NotImplementedLocally(`the signature algorithm ${authorization.split(" ")[0]}`);
  }
  const scope = /Credential=([^/,\s]+)\/\d{8}\/([^/,\s]+)\/([^/,\s]+)\/aws4_request/.exec(authorization);
  const [, accessKeyId, region, service] = scope ?? [];
  if (accessKeyId === undefined || region === undefined || service === undefined) {
    throw new AwsError("IncompleteSignature", "The Authorization header has no credential scope");
  }
  return { accessKeyId, region, service };
}
