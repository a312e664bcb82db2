import { AwsError } from "../aws/service.ts";

/** A body without its framing, and the headers that came after it. */
export interface Unchunked {
  readonly body: Buffer;
  readonly trailers: Readonly<Record<string, string>>;
}

/** True when the body is framed as `<size>[;chunk-signature=...]\r\n<bytes>\r\n ... 0\r\n<trailers>\r\n`. */
export function isAwsChunked(headers: Readonly<Record<string, string>>): boolean {
  return (
    headers["x-amz-content-sha256"]?.startsWith("STREAMING-") === true ||
    headers["content-encoding"]?.split(",").some((encoding) => encoding.trim() === "aws-chunked") === true
  );
}

/** @throws AwsError `IncompleteBody` when the framing is broken. */
export function decodeAwsChunked(framed: Buffer): Unchunked {
  const chunks: Buffer[] = [];
  const line = (from: number): { text: string; next: number } => {
    const end = framed.indexOf("\r\n", from);
    if (end < 0) throw new AwsError("IncompleteBody", "The aws-chunked body ends in the middle of a line");
    return { text: framed.toString("latin1", from, end), next: end + 2 };
  };
  for (let position = 0; ; ) {
    const { text, next } = line(position);
    const size = /^[0-9a-fA-F]+/.exec(text)?.[0];
    if (size === undefined) throw new AwsError("IncompleteBody", "The aws-chunked body has a chunk without a size");
    const length = Number.parseInt(size, 16);
    if (length === 0)
      return {
        body: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks),
        trailers: trailersFrom(next),
      };
    if (next + length + 2 > framed.length)
      throw new AwsError("IncompleteBody", "The aws-chunked body ends in the middle of a chunk");
    chunks.push(framed.subarray(next, next + length));
    position = next + length + 2;
  }

  function trailersFrom(start: number): Record<string, string> {
    const trailers: Record<string, string> = {};
    for (const text of framed.toString("latin1", start).split("\r\n")) {
      const colon = text.indexOf(":");
      if (colon > 0) trailers[text.slice(0, colon).trim().toLowerCase()] = text.slice(colon + 1).trim();
    }
    return trailers;
  }
}
