import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { beforeAll, describe, expect, test } from "vitest";
import { valueText } from "../values.ts";
import { makePrelude } from "./prelude.ts";
import { translateQuery } from "./translate.ts";
import { display } from "./types.ts";

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await (await DuckDBInstance.create(":memory:")).connect();
  await makePrelude(connection);
});

async function ask(sql: string): Promise<string> {
  const { sql: duck, columns } = translateQuery(sql, {
    table: (_database, name) => {
      throw new Error(`no table ${name}`);
    },
  });
  const result = await connection.runAndReadAll(duck);
  const rows = result
    .getRows()
    .map((row) => row.map((v, i) => valueText(v, columns[i]?.type ?? { kind: "unknown" }) ?? "NULL").join(", "));
  return `${rows.join("; ")} :: ${columns.map(({ type }) => display(type)).join(", ")}`;
}

const NAN = "CAST('NaN' AS double)";
const NULL_TEXT = "CAST(NULL AS varchar)";

// Expected values and types are those of a real Trino.
describe("where DuckDB's answer is another, Trino's is given", () => {
  test.each([
    // Text.
    [`substr(${NULL_TEXT}, 0)`, "NULL :: varchar"],
    [`substr(${NULL_TEXT}, 2, 0)`, "NULL :: varchar"],
    [`split(${NULL_TEXT}, ',')`, "NULL :: array(varchar)"],
    [`split('a,b', ${NULL_TEXT})`, "NULL :: array(varchar)"],
    ["split_part('', '', 1)", "NULL :: varchar"],
    ["reverse('e\u0301a')", "a\u0301e :: varchar"],
    ["trim('\u3000\u2003x\u00a0\u000b')", "x\u00a0 :: varchar"],
    ["ltrim('\u001cx ')", "x  :: varchar"],
    ["regexp_like('a\u000b', '\\s')", "true :: boolean"],
    ["regexp_replace('a\u000bb', '[\\s,]', '_')", "a_b :: varchar"],
    ["regexp_replace('ab\u000b', '\\S+', '<$0>')", "<ab>\u000b :: varchar"],
    ["array_join(ARRAY[CAST(NULL AS varchar)], ',')", " :: varchar"],
    // Numbers.
    ["CAST(' 0.1 ' AS real)", "0.1 :: real"],
    ["CAST('16777217' AS real)", "1.6777216E7 :: real"],
    ["CAST('1e39' AS real)", "Infinity :: real"],
    ["CAST('1e-50' AS real)", "0.0 :: real"],
    ["TRY_CAST('x' AS real)", "NULL :: real"],
    ["CAST(0.5 AS varchar)", "0.5 :: varchar"],
    ["CAST(DECIMAL '-0.50' AS varchar)", "-0.50 :: varchar"],
    ["CAST(-0e0 AS varchar)", "-0E0 :: varchar"],
    ["CAST(5e-10 AS decimal(10,2))", "0.00 :: decimal(10,2)"],
    ["CAST('9.5e-05' AS decimal(10,2))", "0.00 :: decimal(10,2)"],
    ["CAST('12.5e-1' AS decimal(10,2))", "1.25 :: decimal(10,2)"],
    ["CAST(NULL AS integer) / 0", "NULL :: integer"],
    ["CAST(NULL AS decimal(5,2)) / 0", "NULL :: decimal(5,2)"],
    ["CAST(999999999999 AS decimal(18,3)) * DECIMAL '2.675'", "2674999999997.325000 :: decimal(22,6)"],
    ["sqrt(-1e0)", "NaN :: double"],
    ["ln(0)", "-Infinity :: double"],
    [`${NAN} <> ${NAN}`, "true :: boolean"],
    [`${NAN} = CAST(NULL AS double)`, "NULL :: boolean"],
    [`CAST(NULL AS double) < ${NAN}`, "NULL :: boolean"],
    // Casts of text.
    ["TRY_CAST(' 1 ' AS decimal(10,2))", "NULL :: decimal(10,2)"],
    ["TRY_CAST('\t5\n' AS bigint)", "5 :: bigint"],
    ["TRY_CAST(' 2026-11-20 ' AS timestamp)", "2026-11-20 00:00:00.000 :: timestamp(3)"],
    ["TRY_CAST('2026-11-20 24:00:00' AS date)", "NULL :: date"],
    ["TRY_CAST('26-1-5' AS timestamp)", "NULL :: timestamp(3)"],
    ["TRY_CAST('' AS boolean)", "NULL :: boolean"],
    // Dates.
    ["TIMESTAMP '2026-01-01 00:00:00' + INTERVAL '1' DAY", "2026-01-02 00:00:00.000 :: timestamp(3)"],
    ["date_diff('second', TIMESTAMP '2026-01-01 00:00:00.0019', TIMESTAMP '2026-01-01 00:00:01.001')", "1 :: bigint"],
    [
      "date_diff('millisecond', TIMESTAMP '2026-11-01 10:00:00.001', TIMESTAMP '2026-11-01 10:00:01.0005')",
      "999 :: bigint",
    ],
    ["date_format(TIMESTAMP '2024-02-29 23:59:59.9999', '%Y-%m-%d')", "2024-03-01 :: varchar"],
    ["date_add('day', 1, DATE '9999-12-31')", "+10000-01-01 :: date"],
    ["date_add('year', -30, DATE '0001-01-01')", "-0029-01-01 :: date"],
    // JSON.
    [`json_array_length('{"a":1}')`, "NULL :: bigint"],
    [`CAST(json_extract('{"a":1.50}', '$.a') AS varchar)`, "1.5E0 :: varchar"],
    [
      `CAST(json_parse('[{"c":"1.5"},{"c":2},{"c":null}]') AS array(row(c varchar)))`,
      "[{c=1.5}, {c=2}, {c=null}] :: array(row(c varchar))",
    ],
    [`json_extract('{"a":"\\ud83d\\ude00"}', '$.a')`, `"\\uD83D\\uDE00" :: json`],
    ["json_parse(' 1.50')", "1.5 :: json"],
  ])("%s", async (expression, answer) => {
    expect(await ask(`SELECT ${expression} AS x`)).toBe(answer);
  });

  test("columns without a name, and LIMIT ALL", async () => {
    expect(await ask("SELECT * FROM (SELECT 1, 'a') AS q")).toBe("1, a :: integer, varchar");
    expect(await ask("SELECT NULL LIKE 'a'")).toBe("NULL :: boolean");
    expect(await ask("SELECT x FROM (VALUES (1), (2)) AS t(x) ORDER BY x LIMIT ALL")).toBe("1; 2 :: integer");
  });
});

describe("where it cannot be given, or Trino refuses", () => {
  test.each([
    ["replace('abc', '', 'x')", "replace of an empty text"],
    ["split('abc', '')", "The delimiter may not be the empty string"],
    ["lpad('a', -1, 'x')", "Target length must be in the range"],
    ["rpad('a', 3, '')", "Padding string must not be empty"],
    ["regexp_replace('a', '(a)', '$2')", "the replacement '$2'"],
    ["regexp_replace('a', 'a', '$')", "the replacement '$'"],
    [`greatest(1e0, ${NAN})`, "NaN compared here"],
    [`${NAN} IN (1e0)`, "NaN compared here"],
    ["1 + NULL", "NULL + without a type is not implemented locally; cast the NULL"],
    ["CAST(1 AS decimal(38,2)) % 0.001", "% of decimals with more than 38 digits together"],
    ["CAST('+2026-11-20' AS date)", "NOT_IMPLEMENTED_LOCALLY: cast of '+2026-11-20' to date"],
    ["TRY_CAST('2026-11-20 10:00:00 UTC' AS timestamp)", "NOT_IMPLEMENTED_LOCALLY: TRY_CAST of"],
    ["TRY_CAST('1d' AS double)", "TRY_CAST of '1d' to double"],
    ["TRY_CAST('\uff11' AS integer)", "TRY_CAST of '\uff11' to integer"],
    ["CAST('2026-11-20 24:00:00' AS timestamp)", "cast of '2026-11-20 24:00:00' to timestamp(3)"],
    ["from_iso8601_timestamp('2026-11-20T24:00:00Z')", "from_iso8601_timestamp of a text"],
    ["CAST(date_add('day', 1, DATE '9999-12-31') AS varchar)", "outside of the years 1 to 9999"],
    ["date_add('millisecond', 1, TIMESTAMP '2026-01-01 00:00:00')", "milliseconds added to timestamp(0)"],
    [`json_parse('{"a":NaN}')`, "JSON with NaN, Infinity, -0 or a comma too many"],
    [`json_array_length('[1,2] x')`, "a value out of broken JSON"],
    [`json_parse('{"b":1,"a":2}')`, "json_parse of an object with several members outside of a cast"],
    [`CAST(json_parse('[1]') AS array(row(b bigint)))`, "cast to ROW of JSON that is no object"],
    [`CAST(json_parse('[{"b":1,"b":2}]') AS array(row(b bigint)))`, "has a member twice"],
    [`CAST(json_parse('{"b":1,"b":2}') AS row(b bigint))`, "has a member twice"],
    [`CAST(json_parse('[{"c":1.5}]') AS array(row(c varchar)))`, "cast of a JSON fraction to varchar inside a ROW"],
    ["1 = 1 = true", "SYNTAX_ERROR: a comparison inside a comparison needs parentheses"],
  ])("%s", async (expression, message) => {
    await expect(ask(`SELECT ${expression} AS x`)).rejects.toThrow(message);
  });

  test.each([
    ["SELECT DISTINCT x FROM (VALUES (1)) AS t(x) ORDER BY x + 1", "For SELECT DISTINCT, ORDER BY expressions"],
    ["SELECT lag(x, -1) OVER (ORDER BY x) FROM (VALUES (1)) AS t(x)", "lag by what is no whole number"],
    ["SELECT x FROM (VALUES (ARRAY[1])) AS t(x) ORDER BY x", "ORDER BY of array(integer)"],
    ["WITH a AS (SELECT 1 AS x), a AS (SELECT 2 AS x) SELECT x FROM a", "WITH query name 'a' specified more than once"],
    ["SELECT _col0 FROM (SELECT 1) AS q", "Column '_col0' cannot be resolved"],
    ["SELECT k AS a, k AS a FROM (VALUES (1)) AS t(k) ORDER BY a", "Column 'a' is ambiguous"],
    ["SELECT 'ab' LIKE 'a!b' ESCAPE '!'", "this LIKE with ESCAPE"],
    ["SELECT 'a' LIKE '%' ESCAPE ''", "this LIKE with ESCAPE"],
    ["SELECT 5 MOD 3", "SYNTAX_ERROR: mismatched input; write % or mod(a, b)"],
    ["SELECT 1_000", "the number 1_000"],
    ["SELECT CAST(1 AS numeric(5,1))", "type numeric"],
    ["SELECT CASE x WHEN x THEN 1 END FROM (VALUES (1)) AS t(x)", "CASE x WHEN x"],
    [`SELECT max(x) FROM (VALUES (1e0), (${NAN})) AS t(x)`, "NaN compared here"],
    [`SELECT x FROM (VALUES (1e0), (${NAN})) AS t(x) ORDER BY x NULLS FIRST`, "NaN compared here"],
  ])("%s", async (sql, message) => {
    await expect(ask(sql)).rejects.toThrow(message);
  });
});
