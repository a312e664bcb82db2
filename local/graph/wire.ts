import { isAbsolute, resolve } from "node:path";
import type { Asset } from "./resource.ts";

/** Marks the special values of Pulumi's wire format (`sdk/nodejs/runtime/rpc.ts`). */
const signature = "4dabf18193072939515e22adb298388d";
const secret = "1b47061264138c4ac30d75fd1eb44270";
const asset = "c44067f5952c0a294b673a41bacd8c17";
const archive = "0def7320c3a5731c473e5ecbe6d01bc7";
const resourceReference = "5cf8f73096256a8f31e491e813e4eb8e";
const outputValue = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

/**
 * Turns a value of Pulumi's wire format into plain JSON: secrets are unwrapped, references become URNs, assets become
 * {@link Asset} objects with their text or absolute path.
 * @param folder What relative asset paths are relative to.
 */
export function plain(value: unknown, folder: string): unknown {
  if (Array.isArray(value)) return value.map((item) => plain(item, folder));
  if (!isObject(value)) return value;
  switch (value[signature]) {
    case undefined:
      return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, plain(member, folder)]));
    case secret:
    case outputValue:
      return plain(value["value"], folder);
    case resourceReference:
      return value["urn"];
    case asset:
    case archive:
      return toAsset(value, folder);
    default:
      throw new Error(`Pulumi's wire format has a value of unknown kind ${String(value[signature])}`);
  }
}

function toAsset(value: Readonly<Record<string, unknown>>, folder: string): Asset {
  const { text, path, assets, uri } = value;
  if (typeof text === "string") return { kind: "text", text };
  if (typeof path === "string") return { kind: "file", path: isAbsolute(path) ? path : resolve(folder, path) };
  if (isObject(assets)) {
    const entries = Object.entries(assets).map(([name, entry]) => {
      if (!isObject(entry)) throw new Error(`Archive entry ${name} is no asset`);
      return [name, toAsset(entry, folder)] as const;
    });
    return { kind: "archive", entries: Object.fromEntries(entries) };
  }
  throw new Error(`Remote assets are not read locally: ${String(uri)}`);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
