import { objectIn, onlyMembers } from "../members.ts";
import { NotImplementedLocally, type Shape } from "../service.ts";
import type { Former } from "./bucket-index.ts";

/** A rule of a bucket's lifecycle configuration that is enabled. */
export interface LifecycleRule {
  readonly id: string;
  readonly prefix: string;
  /** Days after its creation that a current version expires. */
  readonly expireDays?: number;
  /** Whether a delete marker without any version under it goes. */
  readonly expireMarkers: boolean;
  /** Days after it was replaced or deleted that a version goes; the `keep` newest of them stay. */
  readonly noncurrent?: { readonly days: number; readonly keep: number };
  /** Days after its start that an upload that is still incomplete is aborted. */
  readonly abortDays?: number;
}

/** What S3 does with a version: a current one expires (in a versioned bucket behind a marker), any other is gone for good. */
export type Verdict =
  | { readonly at: number; readonly action: "expire" }
  | { readonly at: number; readonly action: "purge"; readonly versionId: string };

const dayMs = 24 * 60 * 60 * 1000;

/** S3 adds the days and rounds up to the midnight UTC after: an object of midnight has a whole day more. */
export function dueAt(since: number, days: number): number {
  return (Math.floor(since / dayMs) + days + 1) * dayMs;
}

/**
 * The enabled rules of a `BucketLifecycleConfiguration`.
 * @throws NotImplementedLocally for what is not run here: storage classes, dates, and filters by size or tag.
 */
export function readLifecycle(inputs: Shape): readonly LifecycleRule[] {
  const rules: unknown = inputs["rules"];
  return (Array.isArray(rules) ? rules : [])
    .map((rule: unknown) => objectIn(rule) ?? {})
    .filter((rule) => rule["status"] === "Enabled")
    .map(readRule);
}

function readRule(rule: Shape): LifecycleRule {
  onlyMembers("an S3 lifecycle rule", rule, [
    "id",
    "status",
    "filter",
    "expiration",
    "noncurrentVersionExpiration",
    "abortIncompleteMultipartUpload",
  ]);
  const part = (name: string, known: readonly string[]): Shape => {
    const value = objectIn(rule[name]) ?? {};
    onlyMembers(`an S3 lifecycle rule's ${name}`, value, known);
    return value;
  };
  const { prefix = "" } = part("filter", ["prefix"]);
  const { days, expiredObjectDeleteMarker } = part("expiration", ["days", "expiredObjectDeleteMarker"]);
  const noncurrent = part("noncurrentVersionExpiration", ["noncurrentDays", "newerNoncurrentVersions"]);
  const abortDays = part("abortIncompleteMultipartUpload", ["daysAfterInitiation"])["daysAfterInitiation"];
  const { noncurrentDays, newerNoncurrentVersions = 0 } = noncurrent;
  return {
    id: String(rule["id"]),
    prefix: String(prefix),
    ...(days !== undefined && { expireDays: whole("expiration.days", days) }),
    expireMarkers: expiredObjectDeleteMarker === true,
    ...(noncurrentDays !== undefined && {
      noncurrent: {
        days: whole("noncurrentDays", noncurrentDays),
        keep: Number(newerNoncurrentVersions),
      },
    }),
    ...(abortDays !== undefined && { abortDays: whole("daysAfterInitiation", abortDays) }),
  };
}

function whole(name: string, value: unknown): number {
  if (typeof value === "number" && Number.isInteger(value) && value > 0) return value;
  throw new NotImplementedLocally(`an S3 lifecycle rule whose ${name} is ${JSON.stringify(value)}`);
}

/**
 * What becomes of the versions of one key, and when.
 * @param versions newest first; the first is what the key shows: an object, or a delete marker
 */
export function verdicts(
  key: string,
  versions: readonly Former[],
  rules: readonly LifecycleRule[],
): readonly Verdict[] {
  const applying = rules.filter(({ prefix }) => key.startsWith(prefix));
  return versions.flatMap((version, position): Verdict[] => {
    const successor = versions[position - 1];
    const at = applying.flatMap((rule) => {
      if (successor === undefined) return versionAtTop(version, versions.length === 1, rule);
      const { days, keep } = rule.noncurrent ?? { days: 0, keep: Number.POSITIVE_INFINITY };
      return position > keep ? [dueAt(successor.lastModified, days)] : [];
    });
    if (at.length === 0) return [];
    const first = Math.min(...at);
    if (successor === undefined && !("deleteMarker" in version)) return [{ at: first, action: "expire" }];
    return version.versionId === undefined ? [] : [{ at: first, action: "purge", versionId: version.versionId }];
  });
}

function versionAtTop(version: Former, alone: boolean, { expireDays, expireMarkers }: LifecycleRule): number[] {
  if (!("deleteMarker" in version)) return expireDays === undefined ? [] : [dueAt(version.lastModified, expireDays)];
  if (!alone) return [];
  if (expireMarkers) return [dueAt(version.lastModified, 0)];
  // S3 clears lone markers by a rule in days as well, once they are that old.
  return expireDays === undefined ? [] : [dueAt(version.lastModified, expireDays)];
}

/**
 * Fewest days after which a version that comes from now on can fall due; undefined when none can. Lone markers may wait
 * for that: S3 promises no day for them either.
 */
export function shortestTerm(rules: readonly LifecycleRule[]): number | undefined {
  const terms = rules.flatMap(({ expireDays, noncurrent }) =>
    [expireDays, noncurrent?.days].filter((days) => days !== undefined),
  );
  if (terms.length > 0) return Math.min(...terms);
  return rules.some(({ expireMarkers }) => expireMarkers) ? 0 : undefined;
}
