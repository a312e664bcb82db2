import { objectIn } from "../members.ts";
import type { Shape } from "../service.ts";

/** What of a PutEvents entry goes into the envelope. */
export interface Entry {
  readonly source: string;
  readonly detailType: string;
  readonly detail: Shape;
  readonly resources: readonly string[];
  /** ISO 8601 in whole seconds, as EventBridge writes it. */
  readonly time: string;
}

/** Why an entry is not taken; the others of its call go through. */
export interface Refusal {
  readonly ErrorCode: string;
  readonly ErrorMessage: string;
}

/**
 * Reads one entry.
 * @param now time of an entry that states none, in epoch milliseconds.
 */
export function readEntry(entry: Shape, now: number): Entry | Refusal {
  const { Source, DetailType, Detail, Resources, Time } = entry;
  if (typeof Source !== "string" || Source === "") return missing("Source");
  if (typeof DetailType !== "string" || DetailType === "") return missing("DetailType");
  if (typeof Detail !== "string" || Detail === "") return missing("Detail");
  const detail = parse(Detail);
  if (detail === undefined) return { ErrorCode: "MalformedDetail", ErrorMessage: "Detail is malformed." };
  const resources = Array.isArray(Resources) ? Resources.filter((resource) => typeof resource === "string") : [];
  return { source: Source, detailType: DetailType, detail, resources, time: seconds(Time, now) };
}

function missing(name: string): Refusal {
  return {
    ErrorCode: "InvalidArgument",
    ErrorMessage: `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
  };
}

function parse(text: string): Shape | undefined {
  try {
    return objectIn(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** A time as SDKs and in-process callers give it: a Date, epoch seconds, or ISO 8601 text. */
function seconds(time: unknown, now: number): string {
  const ms =
    time instanceof Date
      ? time.getTime()
      : typeof time === "number"
        ? time * 1000
        : typeof time === "string"
          ? Date.parse(time)
          : now;
  return `${new Date(Number.isNaN(ms) ? now : ms).toISOString().slice(0, 19)}Z`;
}
