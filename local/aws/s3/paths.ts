import { createHash } from "node:crypto";

/**
 * Relative file path of a key inside its bucket's folder: the key itself wherever a file system can hold it. Empty
 * segments, `.`, `..`, `%`, control characters and backslashes are percent-encoded; a segment beyond 240 bytes makes the
 * whole key a hash. Different keys never share a path.
 */
export function pathOfKey(key: string): string {
  const segments = key.split("/").map(encodeSegment);
  if (segments.some((segment) => Buffer.byteLength(segment) > 240)) return hashedPath(key);
  return segments.join("/");
}

/** Path for a key whose own path is taken, because another key is a folder or a file there. */
export function hashedPath(key: string): string {
  return `%hashed/${createHash("sha256").update(key).digest("hex")}`;
}

function encodeSegment(segment: string): string {
  if (segment === "") return "%";
  if (segment === "." || segment === "..") return segment.replaceAll(".", "%2E");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these must not reach a file name
  return segment.replaceAll(/[%\\\u0000-\u001f\u007f]/g, (character) => encodeURIComponent(character));
}
