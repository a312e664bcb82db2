import { expect, test } from "vitest";
import { isDeterministic } from "./reuse.ts";

test("a result may be given again when the query would give it again", () => {
  const told = (list: readonly string[]) => list.map(isDeterministic);
  expect(
    told([
      "SELECT count(*) FROM t",
      "SELECT a FROM t ORDER BY a LIMIT 3",
      "SELECT 'rand() LIMIT 3' AS \"now\" FROM t -- random()",
      "SELECT a FROM (SELECT a FROM t ORDER BY a LIMIT 3) AS x",
    ]),
  ).toEqual([true, true, true, true]);
  expect(
    told([
      "SELECT rand()",
      "SELECT CAST(trino_random_below(5) AS INTEGER)",
      "SELECT trino_shuffle([1, 2])",
      "SELECT CURRENT_DATE",
      "SELECT a FROM t LIMIT 3",
      "SELECT a FROM (SELECT a FROM t LIMIT 3) AS x ORDER BY a",
      "SELECT a FROM t ORDER BY (SELECT b FROM u LIMIT 1)",
      "SELECT a, row_number() OVER (ORDER BY a) FROM t LIMIT 3",
      "SELECT a FROM t OFFSET 2",
    ]),
  ).toEqual([false, false, false, false, false, false, false, false, false]);
});
