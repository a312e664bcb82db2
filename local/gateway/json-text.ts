import { AwsError, type Shape } from "../aws/service.ts";

/** Writes an output as AWS's JSON: times as epoch seconds, bytes as base64, maps as objects. */
export function toJson(value: Shape): string {
  return JSON.stringify(value, replace);
}

// `Date` and `Buffer` have a `toJSON` that runs before the replacer: so it looks at what their holder has.
function replace(this: unknown, key: string, value: unknown): unknown {
  if (typeof value === "number" || typeof value === "boolean" || typeof this !== "object" || this === null)
    return value;
  const held: unknown = Reflect.get(this, key);
  if (typeof held !== "object") return typeof held === "bigint" ? Number(held) : value;
  if (held instanceof Date) return held.getTime() / 1000;
  if (held instanceof Uint8Array) return Buffer.from(held.buffer, held.byteOffset, held.byteLength).toString("base64");
  if (held instanceof Map) return Object.fromEntries(held);
  return value;
}

/** @throws AwsError `SerializationException` when the body is no JSON object. */
export function fromJson(body: Buffer): Shape {
  if (body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(body.toString("utf8"));
  } catch {
    throw new AwsError("SerializationException", "The body is not valid JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new AwsError("SerializationException", "The body must be a JSON object");
  }
  return value as Shape;
}
