import { describe, expect, test } from "vitest";
import type { CatalogueTable } from "../../ports.ts";
import { VARCHAR } from "../sql/types.ts";
import { meets, pinned, projectionOf } from "./projection.ts";

const now = Date.UTC(2011, 11, 10, 8);
const table = (parameters: Record<string, string>, type = "string"): CatalogueTable => ({
  database: "db",
  name: "t",
  kind: "hive",
  columns: [],
  partitionKeys: [{ name: "k", type }],
  location: "s3://b/t/",
  parameters: { "projection.enabled": "true", ...parameters },
  version: "0",
  input: {},
});
const expects = (parameters: Record<string, string>, value: string): boolean | undefined =>
  projectionOf(table(parameters), now)?.[0]?.(value);

describe("partition projection", () => {
  const dates = {
    "projection.k.type": "date",
    "projection.k.format": "yyyy-MM-dd",
    "projection.k.range": "2010-12-01,NOW",
  };
  test.each([
    [dates, "2010-12-01", true],
    [dates, "2010-11-30", false],
    [dates, "2011-12-10", true],
    [dates, "2011-12-11", false],
    [{ ...dates, "projection.k.range": "NOW-3DAYS,NOW+1DAYS" }, "2011-12-07", true],
    [{ ...dates, "projection.k.range": "NOW-3DAYS,NOW+1DAYS" }, "2011-12-06", false],
    [{ ...dates, "projection.k.range": "NOW-3DAYS,NOW+1DAYS" }, "2011-12-11", true],
    [{ "projection.k.type": "enum", "projection.k.values": "a,b c" }, "b c", true],
    [{ "projection.k.type": "enum", "projection.k.values": "a,b c" }, "b", false],
    [{ "projection.k.type": "integer", "projection.k.range": "1,12", "projection.k.digits": "2" }, "07", true],
    [{ "projection.k.type": "integer", "projection.k.range": "1,12", "projection.k.digits": "2" }, "7", false],
    [{ "projection.k.type": "integer", "projection.k.range": "1,12", "projection.k.digits": "2" }, "007", false],
    [{ "projection.k.type": "integer", "projection.k.range": "1,12" }, "07", false],
    [{ "projection.k.type": "integer", "projection.k.range": "1,12" }, "13", false],
    [{ "projection.k.type": "integer", "projection.k.range": "5,50", "projection.k.interval": "5" }, "15", true],
    [{ "projection.k.type": "integer", "projection.k.range": "5,50", "projection.k.interval": "5" }, "16", false],
  ])("%j expects %s: %s", (parameters, value, expected) => {
    expect(expects(parameters, value)).toBe(expected);
  });

  test.each([
    [{ "projection.k.type": "injected" }, "partition projection of t.k with type injected"],
    [{ ...dates, "projection.k.format": "yyyy" }, "partition projection of t.k with date format yyyy"],
    [
      { ...dates, "projection.k.interval.unit": "HOURS" },
      "partition projection of t.k with an interval other than one day",
    ],
    [{ ...dates, "projection.k.range": "NOW-1YEARS,NOW" }, "partition projection of t.k with range NOW-1YEARS,NOW"],
    [{ "projection.k.type": "integer", "projection.k.range": "a,b" }, "with range a,b"],
    [{ ...dates, "storage.location.template": "s3://b/x/" }, "storage.location.template of table t"],
  ])("%j is refused by name", (parameters, message) => {
    expect(() => projectionOf(table(parameters), now)).toThrow(message);
  });

  test("a table without it has registered partitions", () => {
    expect(projectionOf({ ...table({}), parameters: {} }, now)).toBeUndefined();
  });
});

test("predicates prune by the key's type, and pin it where they name its values", () => {
  const text = { name: "k", type: "string" };
  const number = { name: "k", type: "int" };
  const above = [{ column: "k", type: VARCHAR, operator: ">", values: ["9"] }] as const;
  expect([meets("10", text, above), meets("10", number, above)]).toEqual([false, true]);
  const beyond = [{ column: "k", type: VARCHAR, operator: "<", values: ["9007199254740993"] }] as const;
  expect(meets("9007199254740992", number, beyond)).toBe(true);
  const emoji = [{ column: "k", type: VARCHAR, operator: ">", values: ["\uffee"] }] as const;
  expect(meets("😀", text, emoji)).toBe(true);
  expect(meets("10", text, [{ column: "other", type: VARCHAR, operator: "=", values: ["1"] }])).toBe(true);
  const both = [
    { column: "k", type: VARCHAR, operator: "in", values: ["a", "b", "c"] },
    { column: "k", type: VARCHAR, operator: ">=", values: ["b"] },
  ] as const;
  expect(pinned(text, both)).toEqual(["b", "c"]);
  expect(pinned(text, above)).toBeUndefined();
});
