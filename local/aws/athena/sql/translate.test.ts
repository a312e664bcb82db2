import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { beforeAll, describe, expect, test } from "vitest";
import { valueText } from "../values.ts";
import { fromHive } from "./hive-type.ts";
import { makePrelude } from "./prelude.ts";
import type { BoundTable } from "./scope.ts";
import { place, translate, translateQuery } from "./translate.ts";
import { BIGINT, DATE, display, duckType } from "./types.ts";

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

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await (await DuckDBInstance.create(":memory:")).connect();
  await makePrelude(connection);
  for (const name of Object.keys(hive)) {
    const { columns } = binder.table(undefined, name);
    await connection.run(
      `CREATE TABLE ${name} (${columns.map((column) => `${column.name} ${duckType(column.type)}`).join(", ")})`,
    );
  }
});

/** Result rows as Athena shows them, and the types. */
async function ask(sql: string): Promise<{ rows: string; types: string }> {
  const { sql: duck, columns, scans } = translateQuery(sql, binder);
  const result = await connection.runAndReadAll(place(duck, (scan) => scans[scan]?.table.name ?? ""));
  const rows = result
    .getRows()
    .map((row) =>
      row.map((value, i) => valueText(value, columns[i]?.type ?? { kind: "unknown" }) ?? "NULL").join(", "),
    );
  return { rows: rows.join("; "), types: columns.map(({ type }) => display(type)).join(", ") };
}
const refusal = (sql: string): string => {
  try {
    translate(sql, binder);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return "translated";
};

// Expected values and types are those of a real Trino.
describe("gives Trino's answer", () => {
  test.each([
    // Division and arithmetic.
    ["7 / 2", "3", "integer"],
    ["-7 / 2", "-3", "integer"],
    ["mod(7, -3)", "1", "integer"],
    ["-7 % 3", "-1", "integer"],
    ["DECIMAL '10.00' / DECIMAL '3.00'", "3.33", "decimal(6,2)"],
    ["1.0 / 3", "0.3", "decimal(2,1)"],
    ["100 * 0.1", "10.0", "decimal(11,1)"],
    ["CAST(7 AS double) / 2", "3.5", "double"],
    ["round(DECIMAL '2.675', 2)", "2.680", "decimal(5,3)"],
    ["CAST(2.675 AS decimal(10,2))", "2.68", "decimal(10,2)"],
    ["CAST(1.005e0 AS decimal(10,2))", "1.01", "decimal(10,2)"],
    ["greatest(1, NULL, 3)", "NULL", "integer"],
    ["CAST('NaN' AS double) > 5e0", "false", "boolean"],
    // Casts.
    ["CAST(2.5e0 AS integer)", "3", "integer"],
    ["CAST(-2.5e0 AS integer)", "-3", "integer"],
    ["CAST(1234567.891e0 AS varchar)", "1.234567891E6", "varchar"],
    ["TRY_CAST('1.5' AS integer)", "NULL", "integer"],
    ["TRY_CAST(' 7 ' AS integer)", "7", "integer"],
    ["TRY_CAST('1_000' AS integer)", "NULL", "integer"],
    ["TRY_CAST('2026/11/20' AS date)", "NULL", "date"],
    ["TRY_CAST('2026-1-5' AS date)", "2026-01-05", "date"],
    ["TRY_CAST('2026-11-20T10:00:00' AS timestamp)", "NULL", "timestamp(3)"],
    ["CAST('2026-11-20 10:00:00.123456' AS timestamp)", "2026-11-20 10:00:00.123", "timestamp(3)"],
    ["CAST(CAST('2026-11-20 10:00' AS timestamp) AS varchar)", "2026-11-20 10:00:00.000", "varchar"],
    ["CAST('abcdef' AS varchar(3))", "abc", "varchar(3)"],
    ["CAST(CAST(1.5 AS decimal(10,2)) AS varchar)", "1.50", "varchar"],
    // Text.
    ["concat('a', NULL, 'b')", "NULL", "varchar"],
    ["trim(' \t a \n')", "a", "varchar"],
    ["substr('hello', 0, 2)", "", "varchar"],
    ["substr('abc', -5)", "", "varchar"],
    ["substr('hello', -3, 2)", "ll", "varchar"],
    ["split_part('a,b', ',', 5)", "NULL", "varchar"],
    ["upper('straße')", "STRAßE", "varchar"],
    ["regexp_replace('John Smith', '(\\w+) (\\w+)', '$2 $1')", "Smith John", "varchar"],
    ["'a%b' LIKE 'a\\%b'", "false", "boolean"],
    ["'a_b' LIKE 'a$_b' ESCAPE '$'", "true", "boolean"],
    [
      "lower(to_hex(sha256(to_utf8('a@b.com'))))",
      "fb98d44ad7501a959f3f4f4a3f004fe2d9e581ea6207e218c4b02c08a4d75adf",
      "varchar",
    ],
    // Dates.
    ["date_diff('day', TIMESTAMP '2026-11-01 23:00:00', TIMESTAMP '2026-11-02 01:00:00')", "0", "bigint"],
    ["date_diff('month', DATE '2026-01-31', DATE '2026-03-30')", "1", "bigint"],
    ["date_diff('month', DATE '2026-03-14', DATE '2026-01-15')", "-1", "bigint"],
    ["date_add('day', -30, DATE '2026-11-20')", "2026-10-21", "date"],
    ["date_add('quarter', 1, DATE '2026-11-30')", "2027-02-28", "date"],
    ["date_trunc('month', DATE '2026-11-20')", "2026-11-01", "date"],
    ["DATE '2026-11-20' - INTERVAL '7' DAY", "2026-11-13", "date"],
    ["day_of_week(DATE '2026-11-22')", "7", "bigint"],
    ["date_format(TIMESTAMP '2026-11-05 09:05:07', '%M %Y %i')", "November 2026 05", "varchar"],
    [
      "CAST(from_iso8601_timestamp('2026-11-20T10:00:00.123Z') AS timestamp)",
      "2026-11-20 10:00:00.123",
      "timestamp(3)",
    ],
    ["CAST(from_iso8601_timestamp('2026-11-20T10:00:00.123Z') AS varchar)", "2026-11-20 10:00:00.123 UTC", "varchar"],
    // JSON.
    [`json_extract_scalar('{"a":{"b":[1,"x"]}}', '$.a.b[1]')`, "x", "varchar"],
    [`json_extract_scalar('{"a":{"b":1}}', '$.a')`, "NULL", "varchar"],
    [`json_extract_scalar('{"a":null}', '$.a')`, "NULL", "varchar"],
    [`json_extract_scalar('{bad', '$.a')`, "NULL", "varchar"],
    [`json_extract_scalar('{"a.b":"x"}', '$["a.b"]')`, "x", "varchar"],
    [`CAST(json_extract_scalar('{"a":1e3}', '$.a') AS double)`, "1000.0", "double"],
    [`CAST(json_extract('{"a":"x"}', '$.a') AS varchar)`, "x", "varchar"],
    [`CAST(json_extract('{"n":[1,2]}', '$.n') AS array(bigint))`, "[1, 2]", "array(bigint)"],
    // Arrays.
    ["contains(ARRAY[1, NULL], 2)", "NULL", "boolean"],
    ["array_join(ARRAY['a', NULL, 'b'], ',')", "a,b", "varchar"],
    ["cardinality(ARRAY[1, 2])", "2", "bigint"],
    ["5*-1 - -2", "-3", "integer"],
    ["ARRAY[5, 6][2]", "6", "integer"],
    ["nullif(5, 5)", "NULL", "integer"],
    ["coalesce(NULL, 1, 2.5)", "1.0", "decimal(11,1)"],
  ])("%s", async (expression, value, type) => {
    expect(await ask(`SELECT ${expression} AS x`)).toEqual({ rows: value, types: type });
  });

  test.each([
    ["SELECT count_if(x > 1) / count(*) FROM (VALUES (1), (2), (3)) AS t(x)", "0", "bigint"],
    ["SELECT avg(x) FROM (VALUES (CAST(0.00 AS decimal(12,2))), (0.01)) AS t(x)", "0.01", "decimal(12,2)"],
    [
      "SELECT sum(q * p) FROM (VALUES (3, CAST(19.99 AS decimal(12,2))), (1, 0.01)) AS t(q, p)",
      "59.98",
      "decimal(38,2)",
    ],
    ["SELECT max_by(a, b) FROM (VALUES ('x', 1), (CAST(NULL AS varchar), 2)) AS t(a, b)", "NULL", "varchar"],
    ["SELECT array_agg(DISTINCT x ORDER BY x) FROM (VALUES (2), (1), (2)) AS t(x)", "[1, 2]", "array(integer)"],
    [
      "SELECT sum(x) FILTER (WHERE x > 1), count(DISTINCT x) FROM (VALUES (1), (2), (3)) AS t(x)",
      "5, 3",
      "bigint, bigint",
    ],
    [
      "SELECT x, row_number() OVER (ORDER BY x DESC) AS n FROM (VALUES (2), (NULL), (1)) AS t(x) ORDER BY n",
      "2, 1; 1, 2; NULL, 3",
      "integer, bigint",
    ],
    [
      "SELECT o, lag(o, 1, 0) OVER (ORDER BY o), ntile(2) OVER (ORDER BY o) FROM (VALUES (1), (2)) AS t(o) ORDER BY o",
      "1, 0, 1; 2, 1, 2",
      "integer, integer, bigint",
    ],
    [
      "SELECT a, sum(sum(b)) OVER (ORDER BY a) AS s FROM (VALUES (1, 2), (1, 3), (2, 1)) AS t(a, b) GROUP BY a ORDER BY a",
      "1, 5; 2, 6",
      "integer, bigint",
    ],
    [
      "SELECT x % 2 AS parity, count(*) FROM (VALUES (1), (2), (3)) AS t(x) GROUP BY 1 ORDER BY 1",
      "0, 1; 1, 2",
      "integer, bigint",
    ],
    [
      "SELECT x FROM (VALUES (1), (2)) AS t(x) WHERE x NOT IN (SELECT y FROM (VALUES (1), (NULL)) AS u(y))",
      "",
      "integer",
    ],
    [
      "SELECT a, (SELECT max(b) FROM (VALUES (1, 5), (1, 7)) AS u(k, b) WHERE u.k = t.a) AS m FROM (VALUES (1), (2)) AS t(a) ORDER BY a",
      "1, 7; 2, NULL",
      "integer, integer",
    ],
    [
      "SELECT o.id, i.x, i.n FROM (VALUES (1, ARRAY['a', 'b'])) AS o(id, xs) CROSS JOIN UNNEST(xs) WITH ORDINALITY AS i(x, n) ORDER BY n",
      "1, a, 1; 1, b, 2",
      "integer, varchar, bigint",
    ],
    [
      "SELECT o.id FROM (VALUES (1, ARRAY['a']), (2, CAST(NULL AS array(varchar)))) AS o(id, xs) CROSS JOIN UNNEST(o.xs) AS i(x)",
      "1",
      "integer",
    ],
    ["SELECT 1 AS a, 2 AS a", "1, 2", "integer, integer"],
    [
      "WITH a AS (SELECT 1 AS x), b(y) AS (SELECT x + 1 FROM a) SELECT x, y FROM a CROSS JOIN b UNION ALL SELECT 9, 8 ORDER BY 1 DESC LIMIT 1",
      "9, 8",
      "integer, integer",
    ],
    [
      "SELECT date_trunc('month', d) AS m, count(*) AS n FROM (VALUES (DATE '2026-11-20'), (DATE '2026-11-21')) AS t(d) GROUP BY date_trunc('month', d)",
      "2026-11-01, 2",
      "date, bigint",
    ],
    ["SELECT DISTINCT x AS y FROM (VALUES (2), (1), (2)) AS t(x) ORDER BY y", "1; 2", "integer"],
    ["-- one\nSELECT /* two */ 'a -- b /* c */' AS x -- three", "a -- b /* c */", "varchar"],
  ])("%s", async (sql, rows, types) => {
    expect(await ask(sql)).toEqual({ rows, types });
  });

  test("rows out of JSON, nested, with members absent and unknown", async () => {
    const lines = '{"lines":[{"lineId":"1-1","price":{"micros":2550000},"extra":1},{"lineId":"1-2","quantity":-3}]}';
    const sql = `SELECT l.lineId, quantity, l.price.micros / 1000000, n FROM (SELECT '${lines}' AS data) AS e
      CROSS JOIN UNNEST(CAST(json_extract(data, '$.lines') AS ARRAY(ROW(lineId varchar, quantity bigint, price ROW(micros bigint))))) WITH ORDINALITY AS l(lineid, quantity, price, n)`;
    expect(await ask(sql)).toEqual({
      rows: "1-1, NULL, 2, 1; 1-2, -3, NULL, 2",
      types: "varchar, bigint, bigint, bigint",
    });
    const lower = (type: string) =>
      ask(`SELECT CAST(json_extract('{"x":[{"lineId":1},{}]}', '$.x') AS ARRAY(ROW(${type})))`);
    expect(await lower("lineId bigint, z varchar")).toMatchObject({
      rows: "[{lineId=1, z=null}, {lineId=null, z=null}]",
    });
    await expect(lower("lineid bigint")).rejects.toThrow("write it as in the JSON");
    await expect(ask(`SELECT CAST(json_parse('{"a":1}') AS ARRAY(bigint))`)).rejects.toThrow(
      "Cannot cast JSON to array(bigint)",
    );
    await expect(ask(`SELECT CAST(json_parse('[{"n":"x"}]') AS ARRAY(ROW(n bigint)))`)).rejects.toThrow(
      "Could not convert string 'x' to INT64",
    );
  });
});

describe("fails where Trino fails", () => {
  test.each([
    ["SELECT 1 / 0", "DIVISION_BY_ZERO"],
    ["SELECT 5 % 0", "DIVISION_BY_ZERO"],
    ["SELECT CAST('1.5' AS integer)", "Cannot cast '1.5' to integer"],
    ["SELECT CAST('2026-11-20T10:00:00Z' AS timestamp)", "Cannot cast"],
    ["SELECT sum(x) FROM (VALUES (9223372036854775807), (1)) AS t(x)", "out of range"],
    ["SELECT ARRAY[1][2]", "Array subscript must be less than or equal to array length: 2 > 1"],
    ["SELECT split_part('a', ',', 0)", "Index must be greater than zero"],
  ])("%s", async (sql, message) => {
    await expect(ask(sql)).rejects.toThrow(message);
  });

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
    ["SELECT sku FROM sales TABLESAMPLE BERNOULLI (10)", "table with table sample"],
    ["SELECT approx_distinct(n) FROM sales", "approx_distinct is not implemented locally; count(DISTINCT x) is exact"],
    ["SELECT random()", "random"],
    ["SELECT 1 UNION SELECT 2 INTERSECT SELECT 2", "INTERSECT after UNION or EXCEPT"],
    ["SELECT 1 FROM sales a NATURAL JOIN sales b", "Natural JOIN without ON"],
    ["SELECT CAST(sku AS char(3)) FROM sales", "type char"],
    ["SELECT sku FROM sales GROUP BY ROLLUP (sku) HAVING grouping(sku) = 0", "function grouping"],
    ["SELECT len(sku) FROM sales", "Athena calls it length"],
    ["WITH RECURSIVE a AS (SELECT 1) SELECT 1", "WITH RECURSIVE"],
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
