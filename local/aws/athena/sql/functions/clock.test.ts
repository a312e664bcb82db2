import { expect, test } from "vitest";
import { translateQuery } from "../translate.ts";
import { failsAsTrino, givesTrinosAnswer, refusesByName } from "../trino-answers.ts";

givesTrinosAnswer([
  ["typeof(current_timestamp)", "timestamp(3) with time zone :: varchar"],
  ["typeof(current_timestamp(6))", "timestamp(6) with time zone :: varchar"],
  ["typeof(localtimestamp(0))", "timestamp(0) :: varchar"],
  ["typeof(localtime)", "time(3) :: varchar"],
  ["current_timezone()", "UTC :: varchar"],
  ["localtimestamp = CAST(now() AS timestamp(3))", "true :: boolean"],
  ["length(CAST(uuid() AS varchar))", "36 :: bigint"],
  ["SELECT count(DISTINCT u) FROM (SELECT CAST(uuid() AS varchar) AS u FROM UNNEST(sequence(1, 50)))", "50 :: bigint"],
]);

failsAsTrino([
  ["localtime()", "SYNTAX_ERROR: mismatched input ')'"],
  ["current_date()", "SYNTAX_ERROR: mismatched input '('"],
]);

refusesByName([
  ["current_time", "function current_time is not implemented locally"],
  ["current_user", "function current_user is not implemented locally"],
  ["version()", "function version is not implemented locally"],
  ["uuid()", "function uuid is not implemented locally; write CAST(uuid() AS varchar)"],
  ["current_timestamp(9)", "current_timestamp of (integer) is not implemented locally"],
]);

test("the clock stands still in a statement", () => {
  const now = Date.UTC(2026, 10, 20, 10, 5, 7, 89);
  const translated = translateQuery(
    "SELECT localtime, localtime(0), localtimestamp(0), current_date",
    { table: () => expect.unreachable() },
    [],
    now,
  );
  expect(translated.sql).toBe(
    `SELECT TIME '10:05:07.089' AS "_col0", TIME '10:05:07' AS "_col1", make_timestamp(${now - 89}000) AS "_col2", DATE '2026-11-20' AS "_col3"`,
  );
});
