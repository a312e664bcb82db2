import { createHash } from "node:crypto";
import { dateList } from "../../analytics/models/parameters.ts";

/** An object under the prefix of `raw_events`. */
export interface RawObject {
  readonly key: string;
  readonly etag: string;
  /** Milliseconds since the epoch. */
  readonly lastModified: number;
}

/** How far the last successful refresh has come; kept as one object in the lake. */
export interface Watermark {
  /** Refresh date of the published gold tables, YYYY-MM-DD. */
  readonly asOf: string;
  /** Objects before this instant have been looked at, milliseconds since the epoch. */
  readonly until: number;
  /** Day -> digest of its objects from `until` on, as the refresh saw them. */
  readonly seen: Readonly<Record<string, string>>;
}

export interface Partition {
  readonly eventDate: string;
  readonly eventType: string;
}

/** What a refresh has to do. */
export interface Plan {
  readonly asOf: string;
  /** True: neither events nor the refresh date are new. */
  readonly nothingNew: boolean;
  /** Days whose events are new, ascending. */
  readonly dates: readonly string[];
  /** The same as a SQL list, for the models. */
  readonly eventDates: string;
  /** The same for Glue Data Quality, which takes 2,048 characters. */
  readonly pushDownPredicate: string;
  /** New objects. */
  readonly objects: number;
  /** Partitions that have new objects. */
  readonly partitions: readonly Partition[];
  /** Whether the tables are maintained after the publication. */
  readonly maintain: boolean;
  /** To be stored when the refresh has published. */
  readonly watermark: Watermark;
}

/**
 * An object's LastModified is when its upload began, and clocks differ: objects this young may still be missing from a
 * listing. The next refresh looks at them again and recognises by digest what it has seen.
 */
export const MARGIN_MS = 15 * 60 * 1000;

/** What a refresh is asked for. */
export interface PlanOptions {
  /** Refresh date. */
  readonly asOf: string;
  /** An instant before the listing began, milliseconds since the epoch. */
  readonly startedAt: number;
  /** Takes every day again. */
  readonly full: boolean;
  /** @default see {@link maintenanceIsDue} */
  readonly maintain?: boolean | undefined;
}

/**
 * Maintenance rewrites and lists files, which costs: the first refresh of a day does it, however many follow. A lake's
 * very first refresh leaves nothing to maintain.
 */
export function maintenanceIsDue(previous: Watermark | undefined, asOf: string): boolean {
  return previous !== undefined && previous.asOf !== asOf;
}

/**
 * Decides what is new.
 * @param objects every object of `raw_events`, or all from `previous.until` on
 * @param previous the last refresh's watermark; without one everything is new
 */
export function planRefresh(
  objects: readonly RawObject[],
  previous: Watermark | undefined,
  { asOf, startedAt, full, maintain }: PlanOptions,
): Plan {
  const known = full ? undefined : previous;
  const recent = byDate(objects.filter(({ lastModified }) => lastModified >= (known?.until ?? 0)));
  const affected = [...recent].filter(([date, found]) => known?.seen[date] !== digest(found));
  const dates = affected.map(([date]) => date).sort();
  const fresh = affected.flatMap(([, found]) => found);
  const until = Math.floor((startedAt - MARGIN_MS) / 1000) * 1000;
  const young = byDate(objects.filter(({ lastModified }) => lastModified >= until));
  return {
    asOf,
    nothingNew: dates.length === 0 && !full && (previous === undefined || previous.asOf === asOf),
    dates,
    eventDates: dateList(dates),
    pushDownPredicate: predicate(dates),
    objects: fresh.length,
    partitions: [
      ...new Map(fresh.map(({ partition }) => [`${partition.eventDate}/${partition.eventType}`, partition])).values(),
    ],
    maintain: maintain ?? maintenanceIsDue(previous, asOf),
    watermark: { asOf, until, seen: Object.fromEntries([...young].map(([date, found]) => [date, digest(found)])) },
  };
}

interface Located extends RawObject {
  readonly partition: Partition;
}

function byDate(objects: readonly RawObject[]): Map<string, Located[]> {
  const dates = new Map<string, Located[]>();
  for (const object of objects) {
    const partition = partitionOf(object.key);
    const found = dates.get(partition.eventDate);
    if (found === undefined) dates.set(partition.eventDate, [{ ...object, partition }]);
    else found.push({ ...object, partition });
  }
  return dates;
}

/**
 * @param key `.../event_date=2010-12-01/event_type=OrderPlaced/<file>`
 * @throws Error for an object outside any partition: its events would be in no refresh
 */
export function partitionOf(key: string): Partition {
  const [, eventDate, eventType] = /\/event_date=(\d{4}-\d{2}-\d{2})\/event_type=(\w+)\/[^/]+$/.exec(key) ?? [];
  if (eventDate === undefined || eventType === undefined)
    throw new Error(`Object ${key} lies outside the partitions of raw_events.`);
  return { eventDate, eventType };
}

function digest(objects: readonly RawObject[]): string {
  const hash = createHash("sha256");
  for (const { key, etag } of objects.toSorted((a, b) => (a.key < b.key ? -1 : 1))) hash.update(`${key} ${etag}\n`);
  return hash.digest("hex").slice(0, 16);
}

const MAX_LISTED = 100;

/** A range takes in more than it must, but always fits. */
function predicate(dates: readonly string[]): string {
  if (dates.length <= MAX_LISTED) return `event_date in (${dateList(dates)})`;
  return `event_date >= '${dates[0]}' and event_date <= '${dates.at(-1)}'`;
}
