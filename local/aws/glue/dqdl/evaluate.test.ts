import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { evaluateRuleset, type RuleOutcome } from "./evaluate.ts";
import { parseRuleset } from "./parser.ts";

let connection: DuckDBConnection;

beforeAll(async () => {
  connection = await (await DuckDBInstance.create()).connect();
  await connection.run(`CREATE TABLE t AS SELECT * FROM (VALUES
    (1, 'a', 1.5::DECIMAL(18,3), DATE '2020-01-01', TIMESTAMP '2020-01-01 00:00:00'),
    (2, 'b', 2.5, DATE '2020-01-02', TIMESTAMP '2020-01-02 00:00:00'),
    (3, 'b', NULL, NULL, NULL),
    (4, NULL, 4, DATE '2020-01-04', TIMESTAMP '2020-01-02 00:00:00')) AS v(id, txt, num, d, ts)`);
  await connection.run("CREATE TABLE e AS SELECT * FROM t LIMIT 0");
  await connection.run("CREATE TABLE r AS SELECT * FROM (VALUES (1), (2), (3)) AS v(k)");
});

afterAll(() => connection.closeSync());

async function judge(rule: string, relation = "t"): Promise<RuleOutcome> {
  const outcomes = await evaluateRuleset(parseRuleset(`Rules = [ ${rule} ]`), {
    connection,
    relation,
    references: new Map([["ref", "r"]]),
    now: Date.UTC(2020, 0, 4),
  });
  const [only] = outcomes;
  if (only === undefined) throw new Error("no outcome");
  return only;
}

describe("each rule type, as Deequ 3.0 judges it (000-23)", () => {
  test.each([
    ["RowCount = 4", true, { "Dataset.*.RowCount": 4 }],
    ["RowCount between 4 and 5", false, { "Dataset.*.RowCount": 4 }],
    ["RowCount not between 4 and 5", true, { "Dataset.*.RowCount": 4 }],
    ["RowCount = 2 where \"txt = 'b'\"", true, { "Dataset.*.RowCount": 2 }],
    ["ColumnCount = 5", true, { "Dataset.*.ColumnCount": 5 }],
    ['ColumnExists "TXT"', true, {}],
    ['ColumnNamesMatchPattern "[a-z]"', true, { "Dataset.*.ColumnNamesPatternMatchRatio": 1 }],
    ['IsComplete "txt"', false, { "Column.txt.Completeness": 0.75 }],
    ['Completeness "txt" >= 0.75', true, { "Column.txt.Completeness": 0.75 }],
    ['Uniqueness "txt" > 0.3', true, { "Column.txt.Uniqueness": 1 / 3 }],
    ['IsUnique "txt" "id"', true, { "Multicolumn.txt,id.Uniqueness": 1 }],
    ['UniqueValueRatio "txt" = 0.5', true, { "Column.txt.UniqueValueRatio": 0.5 }],
    // NULL counts as a value.
    ['DistinctValuesCount "txt" = 3', true, { "Column.txt.DistinctValuesCount": 3 }],
    [
      'IsPrimaryKey "id" "txt"',
      false,
      { "Multicolumn.id,txt.Uniqueness": 1, "Column.id.Completeness": 1, "Column.txt.Completeness": 0.75 },
    ],
    // One NULL fails a comparison.
    ['ColumnValues "num" > 0', false, { "Column.num.Minimum": 1.5 }],
    ['ColumnValues "num" > 0 where "num IS NOT NULL"', true, { "Column.num.Minimum": 1.5 }],
    ['ColumnValues "id" between 1 and 5', false, { "Column.id.ColumnValues.Compliance": 0.75 }],
    ['ColumnValues "num" != 9', true, { "Column.num.ColumnValues.Compliance": 1 }],
    ['ColumnValues "num" in [1.5, 2.5, 4, NULL]', true, { "Column.num.ColumnValues.Compliance": 1 }],
    ['ColumnValues "txt" in ["a", "b"]', false, { "Column.txt.ColumnValues.Compliance": 0.75 }],
    ['ColumnValues "txt" in ["a", "b"] with threshold > 0.7', true, { "Column.txt.ColumnValues.Compliance": 0.75 }],
    ['ColumnValues "txt" not in ["a"]', false, { "Column.txt.ColumnValues.Compliance": 0.75 }],
    ['ColumnValues "txt" != NULL', false, { "Column.txt.ColumnValues.Compliance": 0.75 }],
    ['ColumnValues "txt" matches "[ab]"', false, { "Column.txt.PatternMatch": 0.75 }],
    // Unbracketed: (^x)|(b$).
    ['ColumnValues "txt" matches "x|b" with threshold = 0.5', true, { "Column.txt.PatternMatch": 0.5 }],
    ['ColumnValues "txt" not matches "a" with threshold = 0.5', true, { "Column.txt.PatternMatch": 0.5 }],
    ['ColumnValues "d" > "2019-12-31" with threshold = 0.75', true, { "Column.d.ColumnValues.Compliance": 0.75 }],
    ['ColumnValues "d" not between "2020-01-01" and "2020-01-03"', false, { "Column.d.ColumnValues.Compliance": 0.75 }],
    [
      'ColumnValues "d" >= (now() - 2 days) where "d IS NOT NULL" with threshold >= 0.6',
      true,
      { "Column.d.ColumnValues.Compliance": 2 / 3 },
    ],
    // NULL has length 0.
    ['ColumnLength "txt" = 1', false, { "Column.txt.MinimumLength": 0, "Column.txt.MaximumLength": 1 }],
    ['ColumnLength "txt" in [0, 1]', true, { "Column.txt.LengthCompliance": 1 }],
    ['Mean "num" between 2.6 and 2.7', true, { "Column.num.Mean": 8 / 3 }],
    ['Sum "num" = 8', true, { "Column.num.Sum": 8 }],
    // The population's.
    ['StandardDeviation "id" between 1.11 and 1.12', true, { "Column.id.StandardDeviation": Math.sqrt(1.25) }],
    ['ColumnDataType "txt" = "INTEGER"', false, { "Column.txt.ColumnDataType.Compliance": 0 }],
    ['ColumnDataType "num" = "TIMESTAMP" with threshold > 0.7', true, { "Column.num.ColumnDataType.Compliance": 0.75 }],
    ['DataFreshness "ts" <= 3 days where "id <> 3"', true, { "Column.ts.DataFreshness.Compliance": 1 }],
    ['DataFreshness "ts" < 72 hours where "id <> 3"', false, { "Column.ts.DataFreshness.Compliance": 2 / 3 }],
    ['ReferentialIntegrity "id" "ref.{k}" = 0.75', true, { "Column.ref.ReferentialIntegrity": 0.75 }],
    ['CustomSql "SELECT COUNT(*) FROM primary WHERE num * 2 > 4" = 2', true, { "Dataset.*.CustomSQL": 2 }],
    ['(RowCount = 0) or (IsComplete "id")', true, { "Dataset.*.RowCount": 4, "Column.id.Completeness": 1 }],
    ['(RowCount > 0) and (IsComplete "txt")', false, { "Dataset.*.RowCount": 4, "Column.txt.Completeness": 0.75 }],
  ])("%s", async (rule, passed, metrics) => {
    const outcome = await judge(rule);
    expect({ passed: outcome.passed, metrics: outcome.metrics }).toEqual({ passed, metrics });
    expect(outcome.reason === undefined).toBe(passed && !rule.includes(" or "));
  });

  test("Entropy is in nats", async () => {
    const { metrics } = await judge('Entropy "id" > 1');
    expect(metrics["Column.id.Entropy"]).toBeCloseTo(Math.log(4), 12);
  });
});

test.each([
  ['IsComplete "nope"', "Input data does not include column nope!"],
  ['Mean "txt" > 0', "Expected type of column txt to be numeric, but found VARCHAR instead!"],
  ['ColumnValues "num" > 2', "Value: 1.5 does not meet the constraint requirement!"],
  ['ReferentialIntegrity "id" "other.k" = 1', "The run has no additional data source other."],
])("%s fails with the reason", async (rule, reason) => {
  expect(await judge(rule)).toMatchObject({ passed: false, reason });
});

test("a where that leaves no row passes every rule", async () => {
  expect((await judge('Mean "num" > 100 where "id > 9"')).passed).toBe(true);
  expect((await judge('IsComplete "txt" where "id > 9"')).passed).toBe(true);
});

describe("an empty data set", () => {
  test.each([
    ['IsComplete "id"', false],
    ['IsPrimaryKey "id"', false],
    ['ColumnValues "id" > 0', false],
    ['Sum "id" = 0', false],
    ["RowCount = 0", true],
    ["ColumnCount = 5", true],
    ['DistinctValuesCount "id" = 0', true],
    ['ColumnDataType "txt" = "DATE"', true],
    ['DataFreshness "ts" < 1 hours', true],
    ['CustomSql "select count(*) from primary" = 0', true],
    ['CustomSql "select sum(num) from primary" = 0', false],
    ['(RowCount = 0) or (IsPrimaryKey "id")', true],
  ])("%s", async (rule, passed) => {
    expect((await judge(rule, "e")).passed).toBe(passed);
  });
});

test("one rule whose SQL fails on the data does not take the others with it", async () => {
  const ruleset = parseRuleset(
    'Rules = [ RowCount = 4, CustomSql "select count(*) from primary where cast(txt as int) > 0" = 0 ]',
  );
  const [rows, sql] = await evaluateRuleset(ruleset, { connection, relation: "t", now: 0 });
  expect(rows?.passed).toBe(true);
  expect(sql?.passed).toBe(false);
  // The engine quotes the value that it could not cast; the reason must not.
  expect(sql?.reason).toMatch(/^The rule could not be evaluated: Conversion Error: Could not convert string '\.\.\.'/);
});

test("a rule that stands there twice is reported once", async () => {
  const outcomes = await evaluateRuleset(parseRuleset("Rules = [ RowCount > 1, RowCount  > 1 ]"), {
    connection,
    relation: "t",
    now: 0,
  });
  expect(outcomes.map(({ rule }) => rule)).toEqual(["RowCount > 1"]);
});

test.each([
  ['CustomSql "select id from primary"', "CustomSql without a condition on a number is not implemented locally"],
  [
    'CustomSql "select count(*) from primary, x" = 0',
    "CustomSql other than SELECT <aggregate> FROM primary [WHERE <predicate>] is not implemented locally",
  ],
  ['IsComplete "id" where "substr(txt, 1, 1) = \'a\'"', "function substr in SQL is not implemented locally"],
  ['IsComplete "id" where "id / 2 = 1"', '"/ 2 = 1" in SQL is not implemented locally'],
  ['ColumnValues "txt" matches "(?=a)a"', "uses what RE2 does not have"],
])("refused by name: %s", async (rule, message) => {
  await expect(judge(rule)).rejects.toThrow(message);
});
