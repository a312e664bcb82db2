import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SqlError } from "./errors.ts";
import type { Binder, BoundTable, BoundView } from "./scope.ts";
import { type Translation, translate } from "./translate.ts";
import { Translations } from "./translations.ts";
import { BIGINT, decimal, type TrinoType, VARCHAR } from "./types.ts";

const table = (name: string, ...types: readonly TrinoType[]): BoundTable => ({
  database: "db",
  name,
  columns: types.map((type, i) => ({ name: "abc"[i] ?? "", type })),
});
const view = (query: string): BoundView => ({ database: "db", name: "v", query });

/** What names stand for; a name that stands for nothing is not there, or may not be seen. */
class Catalogue implements Binder {
  readonly schema: string | undefined;
  readonly entries = new Map<string, BoundTable | BoundView>();
  asked = 0;

  constructor(schema: string | undefined = "db") {
    this.schema = schema;
  }

  table(_database: string | undefined, name: string): BoundTable | BoundView {
    this.asked++;
    const entry = this.entries.get(name);
    if (entry === undefined) throw new SqlError("TABLE_NOT_FOUND", `Table '${name}' does not exist`);
    // Another object each time, as from the real one.
    return structuredClone(entry);
  }
}

const outcome = (make: () => Translation): unknown => {
  try {
    return make();
  } catch (error) {
    return error instanceof SqlError ? `${error.code} ${error.message}` : error;
  }
};

describe("translations", () => {
  const catalogue = new Catalogue();
  catalogue.entries.set("t", table("t", BIGINT, decimal(18, 3)));
  catalogue.entries.set("v", view("SELECT a FROM t"));
  catalogue.entries.set("long_view", view(`SELECT '${"long ".repeat(14_000)}' AS x`));
  const translations = new Translations();
  const given = (sql: string, parameters: readonly string[] = [], binder: Binder = catalogue, now = 0) =>
    translations.translate(sql, binder, parameters, now);

  test("are given again, after every name was bound again", () => {
    const first = given("SELECT t.a + v.a FROM t CROSS JOIN v");
    const { asked } = catalogue;
    expect(given("SELECT t.a + v.a FROM t CROSS JOIN v")).toBe(first);
    // t, v, and t inside the view.
    expect(catalogue.asked - asked).toBe(3);
  });

  test.each([
    "SELECT now() FROM t",
    "SELECT current_date",
    "SELECT a FROM t WHERE current_timestamp > TIMESTAMP '2020-01-01 00:00:00 UTC'",
    "SELECT a FROM t FOR TIMESTAMP AS OF TIMESTAMP '1960-01-01 00:00:00 UTC'",
    "DELETE FROM t",
    `SELECT a FROM t -- ${"long ".repeat(14_000)}`,
    "SELECT * FROM long_view",
  ])("are not given again: %#", (sql) => {
    expect(given(sql)).not.toBe(given(sql));
  });

  test("are of their parameters and of the session's database", () => {
    const first = given("SELECT a FROM t WHERE a = ?", ["1"]);
    expect(given("SELECT a FROM t WHERE a = ?", ["1"])).toBe(first);
    expect(given("SELECT a FROM t WHERE a = ?", ["2"])).not.toBe(first);
    const other = new Catalogue("other");
    expect(given("SELECT current_schema")).toMatchObject({ sql: "SELECT 'db' AS \"_col0\"" });
    expect(given("SELECT current_schema", [], other)).toMatchObject({ sql: "SELECT 'other' AS \"_col0\"" });
  });

  test("leave when others come", () => {
    const first = given("SELECT 1 FROM t");
    for (let n = 0; n < 63; n++) given(`SELECT 2 FROM t -- ${n}`);
    expect(given("SELECT 1 FROM t")).toBe(first);
    given("SELECT 2 FROM t -- 63");
    expect(given("SELECT 1 FROM t")).not.toBe(first);
  });

  const entries = fc.oneof(
    fc.constantFrom(undefined, table("t", BIGINT), table("t", VARCHAR, BIGINT), table("t", decimal(5, 2), VARCHAR)),
    fc.constantFrom(view("SELECT a FROM t"), view("SELECT 1 AS a"), view("SELECT a, b FROM t"), view("SELECT")),
  );
  const step = fc.record({
    change: fc.option(fc.record({ name: fc.constantFrom("t", "v"), entry: entries })),
    sql: fc.constantFrom(
      "SELECT * FROM t",
      "SELECT a + a FROM v",
      "SELECT t.a, v.a FROM v CROSS JOIN t",
      "SELECT now(), a FROM t",
      "SELECT a FROM t WHERE a = ?",
    ),
    parameters: fc.constantFrom([], ["1"], ["'x'"]),
    now: fc.integer({ min: 0, max: 3 }),
  });

  test("are what a translation of this moment is, whatever has changed in between", () => {
    fc.assert(
      fc.property(fc.array(step, { minLength: 2, maxLength: 12 }), (steps) => {
        const kept = new Translations();
        const names = new Catalogue();
        for (const { change, sql, parameters, now } of steps) {
          if (change?.entry === undefined) names.entries.delete(change?.name ?? "");
          else names.entries.set(change.name, change.entry);
          expect(outcome(() => kept.translate(sql, names, parameters, now))).toEqual(
            outcome(() => translate(sql, names, parameters, now)),
          );
        }
      }),
      { numRuns: 300 },
    );
  });
});
