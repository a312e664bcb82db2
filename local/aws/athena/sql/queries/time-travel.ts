import type { Node } from "../ast.ts";
import { parameterOf } from "../expressions/parameters.ts";
import type { Env, TimeTravel } from "../scope.ts";

/** `FOR TIMESTAMP AS OF x` and `FOR VERSION AS OF x` after a table's name. */
export function timeTravel(version: unknown, at: Node, env: Env): TimeTravel | undefined {
  if (!version) return undefined;
  const { source } = env.session;
  const members = source.only({ kind: "version", members: Object(version) }, "this", "kind", "expression");
  const what = source.name(source.node(members["this"]).members["name"]).toUpperCase();
  if (members["kind"] !== "AS OF") throw source.refuse(at, `FOR ${what} ${String(members["kind"])}`);
  const pointer = source.node(members["expression"]);
  return what === "TIMESTAMP" ? asOfTimestamp(pointer, env) : asOfVersion(pointer, env);
}

function asOfTimestamp(pointer: Node, env: Env): TimeTravel {
  const timestampMs = instant(pointer, env);
  if (timestampMs > env.session.now())
    throw env.session.source.error(
      "INVALID_ARGUMENTS",
      pointer,
      `Pointer value '${new Date(timestampMs).toISOString().replace("T", " ").replace("Z", "")} UTC' is not in the past`,
    );
  return { timestampMs };
}

function asOfVersion(pointer: Node, env: Env): TimeTravel {
  const { source } = env.session;
  if (pointer.kind === "paren") return asOfVersion(source.node(pointer.members["this"]), env);
  if (pointer.kind === "placeholder") return asOfVersion(parameterOf(pointer, env), env);
  const { literal_type: kind, value } = pointer.members;
  if (pointer.kind === "literal" && kind === "number" && /^\d+$/.test(String(value))) {
    const snapshotId = BigInt(String(value));
    if (snapshotId > 2147483647n) return { snapshotId };
    throw source.error("NOT_SUPPORTED", pointer, "Unsupported type for table version: integer");
  }
  if (pointer.kind === "literal" && kind === "string") return { ref: String(value) };
  throw source.refuse(pointer, "this version", "write a snapshot id, or the name of a branch or tag in quotes");
}

/** Milliseconds since the epoch of a constant expression. */
function instant(node: Node, env: Env): number {
  const { source } = env.session;
  const { members } = node;
  switch (node.kind) {
    case "paren":
      return instant(source.node(members["this"]), env);
    case "placeholder":
      return instant(parameterOf(node, env), env);
    case "add":
    case "sub": {
      const from = instant(source.node(members["left"]), env);
      return shifted(from, source.node(members["right"]), node.kind === "add" ? 1 : -1, env);
    }
    case "function": {
      const name = source.name(members["name"]).toLowerCase();
      if (name === "current_timestamp" || name === "now") return env.session.now();
      const [text] = source.nodes(members["args"]);
      const value = text?.members["value"];
      if (name !== "from_iso8601_timestamp" || typeof value !== "string") break;
      const parsed = /[Zz]$|[+-]\d\d:\d\d$/.test(value) ? Date.parse(value) : Date.parse(`${value}Z`);
      if (Number.isNaN(parsed)) break;
      return parsed;
    }
    case "literal": {
      const { literal_type: kind, value } = members;
      const parsed = kind === "timestamp" || kind === "date" ? parseTimestamp(String(value)) : undefined;
      if (parsed === undefined) break;
      return parsed;
    }
  }
  throw source.refuse(
    node,
    "this point in time",
    "write TIMESTAMP '2020-01-31 10:00:00 UTC' or current_timestamp - INTERVAL '1' DAY",
  );
}

const spans: Readonly<Record<string, number>> = {
  Second: 1_000,
  Minute: 60_000,
  Hour: 3_600_000,
  Day: 86_400_000,
  Week: 604_800_000,
};

function shifted(from: number, by: Node, sign: 1 | -1, env: Env): number {
  const { source } = env.session;
  const unit = Object(by.members["unit"])["unit"];
  const text = by.kind === "interval" ? String(source.node(by.members["this"]).members["value"]) : "";
  const span = spans[String(unit)];
  if (/^\d+$/.test(text) && span !== undefined) return from + sign * Number(text) * span;
  throw source.refuse(by, "this difference in time", "write INTERVAL 'n' DAY, HOUR, MINUTE or SECOND");
}

/** A TIMESTAMP or DATE literal, in UTC when it names no zone. Zones by name other than UTC are not known here. */
function parseTimestamp(text: string): number | undefined {
  const match = /^(\d{4})-(\d{1,2})-(\d{1,2})(?: (\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,9}))?)?)?(?: ?(.+))?$/.exec(
    text,
  );
  if (match === null) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part) => (part === undefined ? 0 : Number(part)));
  const millis = Number((match[7] ?? "").padEnd(3, "0").slice(0, 3));
  const local = Date.UTC(year, month - 1, day, hour, minute, second, millis);
  const back = new Date(local);
  if (back.getUTCDate() !== day || back.getUTCMonth() !== month - 1 || hour > 23 || minute > 59 || second > 59)
    return undefined;
  const zone = match[8];
  if (zone === undefined || /^(utc|gmt|z)$/i.test(zone)) return local;
  const offset = /^([+-])(\d\d):(\d\d)$/.exec(zone);
  if (offset === null) return undefined;
  return local - (offset[1] === "-" ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3])) * 60_000;
}
