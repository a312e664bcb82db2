import { describe, expect, test } from "vitest";
import { SqlError } from "./errors.ts";
import { fromHive } from "./hive-type.ts";
import type { Binder } from "./scope.ts";
import { translate } from "./translate.ts";
import { surprises } from "./warnings.ts";

const shape = { id: "bigint", paid: "boolean", email: "string", at: "timestamp", price: "decimal(18,2)", n: "int" };
const columns = Object.entries(shape).map(([name, hive]) => ({ name, type: fromHive(hive, 6) ?? { kind: "unknown" } }));
const binder: Binder = {
  table(_database, name) {
    if (name === "shares") return { database: "db", name, query: "SELECT n / 2 AS half FROM orders" };
    if (name !== "orders") throw new SqlError("TABLE_NOT_FOUND", name);
    return { database: "db", name, columns, kind: "iceberg" };
  },
};
/** Titles with their positions. */
const warned = (sql: string): string[] =>
  translate(sql, binder).warnings.map((warning) => warning.split(": ").slice(0, 2).join(": "));

describe("the translator warns of what is right and surprising", () => {
  test.each([
    ["SELECT count_if(paid) / count(*) FROM orders", "line 1:17: integer division"],
    ["SELECT DECIMAL '1.0' / 3", "division of decimals"],
    ["SELECT price * 1.2 FROM orders", "a number with decimals"],
    ["SELECT avg(price) FROM orders", "line 1:12: mean of decimals"],
    ["SELECT id FROM orders WHERE email = NULL", "line 1:29: comparison with NULL"],
    ["SELECT id FROM orders\nWHERE n NOT IN (1, NULL)", "line 2:7: NOT IN where a NULL may be"],
    ["SELECT id FROM orders WHERE id NOT IN (SELECT n FROM orders)", "line 1:29: NOT IN where a NULL may be"],
    ["SELECT id FROM orders WHERE at BETWEEN DATE '2011-12-01' AND DATE '2011-12-31'", "line 1:29: a timestamp up to"],
    ["SELECT id FROM orders WHERE DATE '2011-12-31' >= at", "line 1:50: a timestamp up to"],
    ["SELECT CAST(at AS timestamp) FROM orders", "line 1:13: timestamp means timestamp(3)"],
    ["SELECT CAST('2011-12-09 12:50:00.1234' AS timestamp)", "timestamp means timestamp(3)"],
    ["SELECT id FROM (SELECT id FROM orders ORDER BY id) AS o", "line 1:24: ORDER BY in a sub-query"],
  ])("%s", (sql, start) => {
    const [warning, ...more] = warned(sql);
    expect([warning?.slice(0, start.length), more]).toEqual([start, []]);
  });

  test.each([
    "SELECT CAST(count_if(paid) AS double) / count(*), n % 2, price / id / 1e0 FROM orders",
    "SELECT DECIMAL '1.000' / 3, 1.5E0, avg(CAST(price AS double)), avg(n) FROM orders",
    "SELECT id FROM orders WHERE email IS NULL OR email IS DISTINCT FROM NULL OR coalesce(email, NULL) = 'a'",
    "SELECT id FROM orders WHERE id NOT IN (SELECT n FROM orders WHERE n IS NOT NULL) AND id IN (1, NULL)",
    "SELECT id FROM orders WHERE at >= DATE '2011-12-01' AND at < DATE '2012-01-01'",
    "SELECT CAST(at AS timestamp(3)), CAST('2011-12-09 12:50:00.123' AS timestamp) FROM orders",
    "SELECT id FROM (SELECT id FROM orders ORDER BY id LIMIT 3) AS o ORDER BY id",
  ])("and not of %s", (sql) => {
    // Division of a decimal(18,2) is the one thing here that still deserves a word.
    expect(warned(sql).filter((warning) => !warning.endsWith("division of decimals"))).toEqual([]);
  });

  test("once for one place, and not of what stands in a view", () => {
    expect(warned("SELECT n / 2 FROM orders GROUP BY n / 2 ORDER BY n / 2")).toEqual([
      "line 1:8: integer division",
      "line 1:35: integer division",
      "line 1:50: integer division",
    ]);
    expect(warned("SELECT half FROM shares")).toEqual([]);
  });

  test("with what to do", () => {
    expect(translate("SELECT n / 2 FROM orders", binder).warnings).toEqual([
      "line 1:8: integer division: a whole number by a whole number is a whole number, cut towards zero: a share is 0; cast one of them to double or decimal",
    ]);
  });

  test.each(Object.values(surprises))("$example is an example of $title", ({ title, example }) => {
    const tables = { placed_at: "timestamp", customer_id: "bigint" };
    const wide: Binder = {
      table: (database, name) => {
        const bound = binder.table(database, name);
        if ("query" in bound) return bound;
        const more = Object.entries(tables).map(([column, hive]) => ({
          name: column,
          type: fromHive(hive, 6) ?? { kind: "unknown" as const },
        }));
        return { ...bound, columns: [...columns, ...more] };
      },
    };
    const sql = example.startsWith("SELECT") ? example : `SELECT ${example} FROM orders`;
    expect(translate(sql, wide).warnings.join()).toContain(title);
  });
});
