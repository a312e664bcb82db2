import { describe, expect, test } from "vitest";
import type { Former } from "./bucket-index.ts";
import { dueAt, type LifecycleRule, readLifecycle, shortestTerm, verdicts } from "./lifecycle-rules.ts";

const at = (text: string): number => Date.parse(`${text}Z`);
const day = (text: string): number => at(`${text}T00:00`);

const object = (lastModified: string, versionId?: string): Former => ({
  key: "k",
  size: 1,
  etag: "e",
  lastModified: at(lastModified),
  contentType: "t",
  metadata: {},
  path: "p",
  ...(versionId !== undefined && { versionId }),
});
const marker = (lastModified: string, versionId: string): Former => ({
  key: "k",
  lastModified: at(lastModified),
  versionId,
  deleteMarker: true,
});
const rule = (more: Partial<LifecycleRule>): LifecycleRule => ({ id: "r", prefix: "", expireMarkers: false, ...more });

describe("dueAt", () => {
  test.each([
    ["2014-01-15T10:30", 3, "2014-01-19"],
    ["2020-01-02T11:30", 1, "2020-01-04"],
    ["2020-02-28T23:59:59.999", 1, "2020-03-01"],
    ["2020-01-15T00:00", 3, "2020-01-19"],
  ])("what came at %s goes after %i days at the midnight of %s", (since, days, date) => {
    expect(dueAt(at(since), days)).toBe(day(date));
  });
});

describe("verdicts", () => {
  test("a current version expires by the shortest rule of its prefix", () => {
    const rules = [rule({ prefix: "a/", expireDays: 1 }), rule({ expireDays: 9 }), rule({ expireDays: 5 })];
    expect(verdicts("k", [object("2011-01-01T12:00")], rules)).toEqual([{ at: day("2011-01-07"), action: "expire" }]);
    expect(verdicts("a/k", [object("2011-01-01T12:00")], rules)).toEqual([{ at: day("2011-01-03"), action: "expire" }]);
    expect(verdicts("b", [object("2011-01-01T12:00")], rules.slice(0, 1))).toEqual([]);
  });

  test("a former version goes by the time of what took its place; the newest of them may be kept", () => {
    const versions = [
      object("2011-01-20T12:00", "v4"),
      marker("2011-01-10T12:00", "v3"),
      object("2011-01-05T12:00", "v2"),
      object("2011-01-01T12:00", "v1"),
    ];
    expect(verdicts("k", versions, [rule({ noncurrent: { days: 2, keep: 0 } })])).toEqual([
      { at: day("2011-01-23"), action: "purge", versionId: "v3" },
      { at: day("2011-01-13"), action: "purge", versionId: "v2" },
      { at: day("2011-01-08"), action: "purge", versionId: "v1" },
    ]);
    expect(verdicts("k", versions, [rule({ noncurrent: { days: 2, keep: 2 } })])).toEqual([
      { at: day("2011-01-08"), action: "purge", versionId: "v1" },
    ]);
  });

  test("a delete marker goes when nothing is left under it: the next midnight, or with the days of a rule in days", () => {
    const alone = [marker("2011-01-10T12:00", "m")];
    const under = [...alone, object("2011-01-01T12:00", "v1")];
    expect(verdicts("k", alone, [rule({ expireMarkers: true })])).toEqual([
      { at: day("2011-01-11"), action: "purge", versionId: "m" },
    ]);
    expect(verdicts("k", alone, [rule({ expireDays: 30 })])).toEqual([
      { at: day("2011-02-10"), action: "purge", versionId: "m" },
    ]);
    expect(verdicts("k", under, [rule({ expireMarkers: true, expireDays: 1 })])).toEqual([]);
    expect(verdicts("k", alone, [rule({ noncurrent: { days: 1, keep: 0 } })])).toEqual([]);
  });
});

test("the shortest term is the fewest days of any rule on versions", () => {
  expect(
    shortestTerm([rule({ expireDays: 30, noncurrent: { days: 2, keep: 0 } }), rule({ expireMarkers: true })]),
  ).toBe(2);
  expect(shortestTerm([rule({ expireMarkers: true })])).toBe(0);
  expect(shortestTerm([rule({ abortDays: 7 })])).toBeUndefined();
});

describe("readLifecycle", () => {
  test("takes the rules that are enabled", () => {
    const rules = [
      { id: "off", status: "Disabled", transitions: [{ storageClass: "GLACIER" }] },
      {
        id: "old",
        status: "Enabled",
        filter: { prefix: "a/" },
        expiration: { days: 3 },
        noncurrentVersionExpiration: { noncurrentDays: 2, newerNoncurrentVersions: 1 },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
      },
      { id: "markers", status: "Enabled", expiration: { expiredObjectDeleteMarker: true } },
    ];
    expect(readLifecycle({ rules })).toEqual([
      { id: "old", prefix: "a/", expireDays: 3, expireMarkers: false, noncurrent: { days: 2, keep: 1 }, abortDays: 7 },
      { id: "markers", prefix: "", expireMarkers: true },
    ]);
    expect(readLifecycle({})).toEqual([]);
  });

  test.each([
    [{ transitions: [{ days: 30, storageClass: "GLACIER" }] }, "an S3 lifecycle rule with transitions"],
    [{ filter: { tag: { key: "a", value: "b" } } }, "an S3 lifecycle rule's filter with tag"],
    [{ expiration: { date: "2030-01-01" } }, "an S3 lifecycle rule's expiration with date"],
    [{ expiration: { days: 0 } }, "an S3 lifecycle rule whose expiration.days is 0"],
  ])("refuses %j by name", (part, what) => {
    expect(() => readLifecycle({ rules: [{ id: "r", status: "Enabled", ...part }] })).toThrow(
      `The local runtime does not implement ${what}`,
    );
  });
});
