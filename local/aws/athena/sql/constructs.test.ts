import { expect, test } from "vitest";
import { translateQuery } from "./translate.ts";

const refusal = (sql: string): string => {
  try {
    translateQuery(sql, {
      table: () => ({ database: "db", name: "t", columns: [{ name: "a", type: { kind: "bigint" } }] }),
    });
    return "translated";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

test.each([
  ["SELECT * FROM t MATCH_RECOGNIZE (ORDER BY a PATTERN (A+) DEFINE A AS true)", "line 1:17: MATCH_RECOGNIZE"],
  ["SELECT * FROM t MATCH_RECOGNIZE (PATTERN (A B*? | C{2,3}) DEFINE A AS true)", "line 1:17: MATCH_RECOGNIZE"],
  [
    "SELECT sum(a) OVER (ORDER BY a MEASURES A.a AS y ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING PATTERN (A+) DEFINE A AS true) FROM t",
    "line 1:99: row pattern recognition in a window",
  ],
  ["SELECT * FROM t AS x TABLESAMPLE SYSTEM (10)", "line 1:22: TABLESAMPLE"],
  ["SELECT *\nFROM JSON_TABLE('[1]', 'lax $[*]' COLUMNS (a bigint PATH 'lax $'))", "line 2:6: JSON_TABLE"],
  ["SELECT * FROM TABLE(sequence(start => 1, stop => 10))", "line 1:36: an argument by name (=>)"],
  ["WITH SESSION query_max_run_time = '2h' SELECT 1", "line 1:1: WITH SESSION"],
  ["WITH FUNCTION f(x bigint) RETURNS bigint RETURN x + 1 SELECT f(1)", "line 1:1: WITH FUNCTION"],
  ["SELECT U&'d\\0061t'", "line 1:8: a text with code points (U&'...')"],
  ['SELECT U&"d\\0061t" FROM t', 'line 1:8: a name with code points (U&"...")'],
  ["SELECT VARBINARY 'a'", "line 1:8: a literal VARBINARY '...'"],
  ["SELECT JSON_EXISTS('{}', 'lax $.a' PASSING 1 AS \"x\" FALSE ON ERROR)", "line 1:26: PASSING"],
  ["SELECT JSON_VALUE('{}', 'lax $.a' DEFAULT 1 ON EMPTY NULL ON ERROR)", "line 1:45: ON EMPTY"],
  ["SELECT JSON_QUERY('{}' FORMAT JSON, 'lax $.a')", "line 1:24: FORMAT JSON"],
  ["SELECT ROW(1, 2).*", "line 1:16: all fields of a row (.*)"],
  ["SELECT CURRENT_PATH", "line 1:8: CURRENT_PATH"],
])("refuses by name: %s", (sql, what) => {
  expect(refusal(sql)).toContain(`NOT_IMPLEMENTED_LOCALLY: ${what} is not implemented locally; `);
});

test.each([
  // What is nobody's grammar is wrong, not missing.
  ["SELECT a | 1 FROM t", "SYNTAX_ERROR: line 1:10: mismatched input '|'"],
  ['SELECT length(\'match_recognize (\'), "current_path" FROM (SELECT 1 AS "current_path")', "translated"],
  ['SELECT t.current_path FROM (SELECT 1 AS "current_path") AS t', "translated"],
])("leaves alone: %s", (sql, what) => {
  expect(refusal(sql)).toContain(what);
});
