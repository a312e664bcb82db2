import { AwsError, NotImplementedLocally } from "../aws/service.ts";
import type { Codec } from "./codec.ts";
import { fromJson, toJson } from "./json-text.ts";

/** AwsJson 1.0 and 1.1: `X-Amz-Target: <target>.<Operation>`. */
export function jsonCodec(version: "1.0" | "1.1", target: string): Codec {
  const contentType = `application/x-amz-json-${version}`;
  return {
    read({ headers, body }) {
      if (headers["content-type"]?.includes("cbor")) throw new NotImplementedLocally("the CBOR protocol");
      const header = headers["x-amz-target"];
      if (header === undefined) throw new AwsError("MissingAction", "The request has no X-Amz-Target header");
      const prefix = `${target}.`;
      if (!header.startsWith(prefix))
        throw new AwsError("UnknownOperationException", `There is no ${header} here, only ${prefix}*`);
      return { operation: header.slice(prefix.length), input: fromJson(body) };
    },
    write: (_operation, output) => ({ status: 200, headers: { "content-type": contentType }, body: toJson(output) }),
    fail: (error) => ({
      status: error.status,
      headers: { "content-type": contentType, "x-amzn-errortype": error.code },
      body: toJson({ __type: error.code, message: error.message, ...error.fields }),
    }),
  };
}
