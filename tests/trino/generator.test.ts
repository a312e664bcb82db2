import { describe, expect, it } from "vitest";
import { functions } from "../../local/aws/athena/sql/functions/index.ts";
import { lambdaFunctions } from "../../local/aws/athena/sql/functions/lambdas.ts";
import { moreAggregates } from "../../local/aws/athena/sql/functions/more-aggregates.ts";
import { arrayOf, BIGINT, decimal, mapOf, VARCHAR } from "../../local/aws/athena/sql/types.ts";
import { batchOf, chosenAreas } from "../../verify/trino/fuzz/areas.ts";
import { withRow } from "../../verify/trino/fuzz/expression-questions.ts";
import { leaf, render } from "../../verify/trino/fuzz/expressions.ts";
import { aggregateSignatures, windowSignatures } from "../../verify/trino/fuzz/group-signatures.ts";
import { judge } from "../../verify/trino/fuzz/judge.ts";
import { duckLiteral, trinoLiteral } from "../../verify/trino/fuzz/literals.ts";
import { nestedSignatures } from "../../verify/trino/fuzz/nested-signatures.ts";
import { OurEngine, type Outcome } from "../../verify/trino/fuzz/ours.ts";
import { batchSql, type Question, questionSql } from "../../verify/trino/fuzz/question.ts";
import { scalarSignatures } from "../../verify/trino/fuzz/scalar-signatures.ts";
import { selfContained, shrink } from "../../verify/trino/fuzz/shrink.ts";

const question = (sql: string): Question => ({
  area: "expressions",
  selects: [{ outputs: [leaf("bigint", sql)], from: "every_type", where: leaf("boolean", "id IN (3)") }],
  tail: "ORDER BY id",
});

describe("the generator", () => {
  it("makes the same queries of the same seed, and others of another", () => {
    const areas = chosenAreas(undefined);
    const some = (seed: number): string[] =>
      Array.from({ length: 45 }, (_, at) => batchOf(areas, seed, at).questions.map(questionSql)).flat();
    expect(some(7)).toEqual(some(7));
    expect(some(7)).not.toEqual(some(8));
  });

  it("asks about every area in turn, about one of them, or about one function", () => {
    const about = (only: string | undefined): Set<string> => {
      const areas = chosenAreas(only);
      const batches = Array.from({ length: only === undefined ? 45 : 6 }, (_, at) => batchOf(areas, 1, at));
      return new Set(batches.flatMap(({ questions }) => questions.map(({ area }) => area)));
    };
    expect(about(undefined)).toEqual(new Set(chosenAreas(undefined).map(({ name }) => name)));
    expect(about("sub-queries")).toEqual(new Set(["sub-queries"]));
    expect(about("date_add")).toEqual(new Set(["expressions", "constant expressions", "argument types"]));
    const [first] = batchOf(chosenAreas("soundex"), 1, 0).questions;
    expect(first && questionSql(first)).toContain("soundex(");
    expect(() => chosenAreas("no_such")).toThrow("--only no_such: there is no such area");
  });

  it("has a form for every function that has a rule", () => {
    // Said otherwise in SQL, or answers by the clock or the session.
    const leftOut = [
      "now",
      "current_timestamp",
      "localtimestamp",
      "localtime",
      "current_date",
      "ceil",
      "map",
      "from_iso8601_timestamp",
      "current_catalog",
      "current_schema",
    ];
    const forms = [...scalarSignatures, ...nestedSignatures, ...aggregateSignatures, ...windowSignatures]
      .map(({ sql }) => sql.toLowerCase())
      .join(" ");
    const named = [functions, lambdaFunctions, moreAggregates].flatMap((rules) => Object.keys(rules));
    expect(named.filter((name) => !leftOut.includes(name) && !new RegExp(`\\b${name}\\(`).test(forms))).toEqual([]);
  });

  it("puts questions over the same rows into one statement", () => {
    expect(batchSql([question("a"), question("b + 1")])).toBe(
      "SELECT a AS x1, b + 1 AS x2 FROM every_type WHERE id IN (3) ORDER BY id",
    );
  });

  it("writes the same value for both engines", () => {
    expect(trinoLiteral([["a", "1"]], mapOf(VARCHAR, BIGINT))).toBe(
      "CAST(MAP(ARRAY[CAST('a' AS varchar)], ARRAY[CAST('1' AS bigint)]) AS map(varchar, bigint))",
    );
    expect(duckLiteral([["a", "1"]], mapOf(VARCHAR, BIGINT))).toBe(
      "CAST(MAP([CAST('a' AS VARCHAR)], [CAST('1' AS BIGINT)]) AS MAP(VARCHAR, BIGINT))",
    );
    expect(trinoLiteral(null, decimal(12, 2))).toBe("CAST(NULL AS decimal(12, 2))");
    expect(duckLiteral(["it's", null], arrayOf(VARCHAR))).toBe(
      "CAST([CAST('it''s' AS VARCHAR), CAST(NULL AS VARCHAR)] AS VARCHAR[])",
    );
  });
});

describe("the judgement", () => {
  const rows = (value: string, type = "double"): Outcome => ({ kind: "rows", rows: [[value]], types: [type] });
  const failed: Outcome = { kind: "failed", message: "DIVISION_BY_ZERO: Division by zero" };
  const refused: Outcome = { kind: "refused", message: "NOT_IMPLEMENTED_LOCALLY: ..." };

  it.each([
    ["equal", rows("1.0"), rows("1.0")],
    ["equal", rows("a", "varchar"), rows("a", "varchar(1)")],
    ["equal", rows("1.5", "decimal(3,1)"), rows("1.5", "decimal(3, 1)")],
    ["value", rows("1.0"), rows("1.0000000000000002")],
    ["type", rows("1", "bigint"), rows("1", "integer")],
    ["answered", rows("1.0"), failed],
    ["fails", failed, rows("1.0")],
    ["both refuse", failed, failed],
    ["refused", refused, rows("1.0")],
  ] as const)("is %s", (verdict, ours, theirs) => {
    expect(judge(ours, theirs, false)).toBe(verdict);
  });

  it("passes over last digits only where the order of rows may change them", () => {
    expect(judge(rows("[1.0, 2.0000000000000004]"), rows("[1.0, 2.0]"), true)).toBe("equal");
    expect(judge(rows("[1.0, 2.1]"), rows("[1.0, 2.0]"), true)).toBe("value");
  });
});

describe("making a difference small", () => {
  it("keeps what still shows it, and nothing else", async () => {
    const nested: Question = {
      area: "expressions",
      selects: [
        {
          outputs: [
            {
              kind: "varchar",
              texts: ["lower(", ")"],
              args: [{ kind: "varchar", texts: ["upper(", ")"], args: [leaf("varchar", "c_word")] }],
            },
          ],
          from: "every_type",
          where: leaf("boolean", "id IN (1, 2)"),
        },
      ],
      tail: "ORDER BY id",
    };
    const small = await shrink(nested, async (smaller) => {
      const [select] = smaller.selects;
      return select?.outputs.some((tree) => render(tree).startsWith("upper(")) === true;
    });
    expect(questionSql(small)).toBe("SELECT upper(c_word) AS x1 FROM every_type WHERE id IN (1) ORDER BY id");
  });

  it("puts the values of the row into the query, so that it needs no table", async () => {
    const engine = await OurEngine.open();
    const whole = await engine.answer("SELECT c_small AS x1, c_text AS x2 FROM every_type WHERE id IN (3)");
    const one = question("c_small");
    const literal = await selfContained(one, async () => true);
    const inline = await selfContained(one, async (sql) => sql.startsWith("WITH "));
    expect(literal).toBe(questionSql(withRow(one, 3)));
    expect(literal).toMatch(/^SELECT CAST\('-?\d+' AS integer\) AS x1$/);
    const [[value] = []] = whole.kind === "rows" ? whole.rows : [];
    expect(inline).toMatch(
      /^WITH every_type AS \(SELECT \* FROM \(VALUES \(.*\)\) AS t \(id, c_small\)\) SELECT c_small/,
    );
    for (const sql of [literal ?? "", inline ?? ""])
      expect(await engine.answer(sql)).toEqual({ kind: "rows", rows: [[value]], types: ["integer"] });
  });
});
