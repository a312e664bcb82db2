import { describe, expect, test } from "vitest";
import { fromHive } from "./hive-type.ts";
import type { BoundTable } from "./scope.ts";
import { translate, translateQuery } from "./translate.ts";
import { BIGINT, DATE } from "./types.ts";

const hive: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  sales: {
    sku: "string",
    n: "bigint",
    amount: "decimal(18,3)",
    price: "double",
    sold_at: "timestamp",
    day: "date",
    data: "string",
  },
  target: { sku: "string", n: "bigint", amount: "decimal(18,3)" },
};
const binder = {
  table(_database: string | undefined, name: string): BoundTable {
    const columns = Object.entries(hive[name] ?? {}).flatMap(([column, type]) => {
      const known = fromHive(type, 3);
      return known ? [{ name: column, type: known }] : [];
    });
    if (columns.length === 0) throw new Error(`no table ${name}`);
    return { database: "db", name, columns };
  },
};

const refusal = (sql: string): string => {
  try {
    translate(sql, binder);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return "translated";
};

describe("fails where Trino fails", () => {
  test.each([
    ["SELECT 1 = '1'", "TYPE_MISMATCH: Cannot apply operator: integer = varchar"],
    ["SELECT day >= '2026-11-01' FROM sales", "TYPE_MISMATCH: line 1:8: Cannot apply operator: date >= varchar"],
    [
      "SELECT 'order-' || 7",
      "FUNCTION_NOT_FOUND: Unexpected parameters (varchar, integer) for function concat; cast to varchar",
    ],
    [
      "SELECT CASE WHEN true THEN 1 ELSE 'a' END",
      "TYPE_MISMATCH: All CASE results must be the same type or coercible to a common type. Cannot find common type between integer and varchar",
    ],
    [
      "SELECT n % 2 AS parity FROM sales GROUP BY parity",
      "COLUMN_NOT_FOUND: line 1:44: Column 'parity' cannot be resolved or requester is not authorized to access requested resources",
    ],
    [
      "SELECT n AS m FROM sales WHERE m > 1",
      "COLUMN_NOT_FOUND: line 1:32: Column 'm' cannot be resolved or requester is not authorized to access requested resources",
    ],
    ["SELECT sku FROM sales a CROSS JOIN sales b", "SYNTAX_ERROR: line 1:8: Column 'sku' is ambiguous"],
    ["SELECT n FROM sales QUALIFY n > 1", "SYNTAX_ERROR: line 1:29: Invalid expression / Unexpected token"],
    ["SELECT n FROM sales LIMIT 1 OFFSET 2", "SYNTAX_ERROR: line 1:21: mismatched input 'limit'"],
    ["SELECT `n` FROM sales", "SYNTAX_ERROR: line 1:8: mismatched input '`'"],
    ["SELECT n FROM sales WHERE n == 1", "SYNTAX_ERROR: line 1:29: mismatched input '=='"],
    ["SELECT n FROM sales WHERE n <=> 1", "SYNTAX_ERROR: line 1:29: mismatched input '<=>'"],
    ["SELECT n, FROM sales", "SYNTAX_ERROR: line 1:11: mismatched input 'from'"],
    ["SELECT 'a' 'b'", "SYNTAX_ERROR: line 1:12: mismatched input ''b''"],
    ["FROM sales SELECT n", "SYNTAX_ERROR: line 1:1: mismatched input 'from'"],
    ["SELECT n::double FROM sales", "SYNTAX_ERROR: line 1:9: mismatched input '::'"],
    ["SELECT 1; SELECT 2", "SYNTAX_ERROR: Only one sql statement is allowed."],
    [
      "INSERT INTO target SELECT sku, sku, sum(amount) FROM sales GROUP BY 1, 2",
      "TYPE_MISMATCH: line 1:13: Insert query has mismatched column types: Table: [varchar, bigint, decimal(18,3)], Query: [varchar, varchar, decimal(38,3)]",
    ],
  ])("%s", (sql, message) => {
    expect(refusal(sql)).toBe(message);
  });
});

describe("refuses by name what it does not have", () => {
  test.each([
    ["SELECT sku FROM sales TABLESAMPLE BERNOULLI (10)", "TABLESAMPLE is not implemented locally"],
    ["SELECT random(1.5)", "random of (decimal(2,1))"],
    ["SELECT CAST(sku AS char(3)) FROM sales", "type char"],
    ["SELECT len(sku) FROM sales", "Athena calls it length"],
  ])("%s", (sql, what) => {
    expect(refusal(sql)).toContain(what);
  });
});

describe("says what a query reads", () => {
  test("columns and the literal predicates on them, through joins and parameters' markers", () => {
    const { scans } = translate(
      "SELECT s.sku FROM sales AS s JOIN target AS t ON t.sku = s.sku WHERE s.day IN (DATE '2010-12-01' /*:days*/) AND (s.n > 3 OR s.n IS NULL) AND 5 >= s.n AND t.n BETWEEN 1 AND 2",
      binder,
    );
    expect(scans.map(({ table, columns, predicates }) => [table.name, [...columns].sort(), predicates])).toEqual([
      [
        "sales",
        ["day", "n", "sku"],
        [
          { column: "day", type: DATE, operator: "in", values: ["2010-12-01"] },
          { column: "n", type: BIGINT, operator: "<=", values: ["5"] },
        ],
      ],
      [
        "target",
        ["n", "sku"],
        [
          { column: "n", type: BIGINT, operator: ">=", values: ["1"] },
          { column: "n", type: BIGINT, operator: "<=", values: ["2"] },
        ],
      ],
    ]);
  });
});

test("parameters take the place of each ? in the order of the text", async () => {
  const parameters = ["'first'", "DATE '2010-12-01'", "3", "1"];
  const sql =
    "SELECT ? AS a FROM sales AS s JOIN target AS t ON t.sku = s.sku AND s.day = ? WHERE s.n BETWEEN ? AND 7 AND s.sku <> '?' LIMIT ?";
  const { sql: duck, scans } = translateQuery(sql, binder, parameters);
  expect(duck).toMatch(/^SELECT 'first' AS "a" FROM .* ON .*DATE '2010-12-01'.* WHERE .*>= CAST\(3 .* LIMIT 1$/s);
  expect(scans[0]?.predicates.map(({ operator, values }) => [operator, ...values])).toEqual([
    [">=", "3"],
    ["<=", "7"],
  ]);
  expect(() => translateQuery(sql, binder, parameters.slice(0, 3))).toThrow("Incorrect number of parameters");
  expect(() => translateQuery("SELECT ?", binder, ["1", "2"])).toThrow(
    "Incorrect number of parameters: expected 1 but found 2",
  );
  // Positions are those of the text as it was written.
  expect(() => translateQuery("SELECT ?, ?, missing FROM sales", binder, ["1", "2"])).toThrow("line 1:14: Column");
});
