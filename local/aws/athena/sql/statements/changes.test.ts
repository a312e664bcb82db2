import { beforeAll, describe, expect, test } from "vitest";
import { translate } from "../translate.ts";
import { type FakeLake, fakeLake } from "./fixture.ts";

let lake: FakeLake;
beforeAll(async () => {
  lake = await fakeLake({
    stock: { sku: "string", n: "bigint", price: "decimal(18,3)", day: "date" },
    news: { sku: "string", n: "int", gone: "boolean" },
    dates: { at: "timestamp", flag: "boolean", price: "double" },
    reals: { r: "float" },
  });
  await lake.connection.run(`INSERT INTO stock VALUES
    ('a', 1, 1.500, DATE '2020-01-01', 0, 0), ('b', 2, 2.500, DATE '2020-01-02', 0, 1), ('c', NULL, NULL, NULL, 1, 0)`);
  await lake.connection.run(
    "INSERT INTO news VALUES ('a', 10, false, 0, 0), ('b', NULL, true, 0, 1), ('x', 7, NULL, 0, 2)",
  );
});

/** The changes of a statement, or the first line of what it fails with. */
const outcome = (sql: string): Promise<string | string[]> =>
  lake.changes(sql).catch((error: Error) => error.message.split("\n")[0] ?? "");

describe("INSERT", () => {
  test("gives every column in the table's order, NULL for those that are not named", async () => {
    expect(await lake.changes("INSERT INTO stock (n, sku) VALUES (5, 'z'), (6, NULL)")).toEqual([
      "null|6|null|null",
      "z|5|null|null",
    ]);
    const { kind, scans, ...insert } = translate("INSERT INTO stock (n, sku) SELECT n, sku FROM news", lake.binder);
    expect(kind).toBe("INSERT");
    expect(scans.map(({ table, positions }) => [table.name, positions])).toEqual([["news", false]]);
    expect(insert).toMatchObject({ target: { name: "stock" } });
  });

  test("widens values to the columns' types and takes a query WITH", async () => {
    expect(
      await lake.changes(
        "INSERT INTO stock WITH w AS (SELECT sku, n FROM news WHERE gone) SELECT sku, 3, 2.5, DATE '2020-02-29' FROM w",
      ),
    ).toEqual(["b|3|2.500|2020-02-29"]);
  });

  // Trino 476: 1.5 -> 2, 2.55555 -> 2.556, a timestamp loses its time.
  test("assigns as the standard says: numbers to numbers, timestamps to dates", async () => {
    const sql =
      "INSERT INTO stock SELECT 'r', 1.5, CAST(2.55555 AS decimal(38,5)), TIMESTAMP '2020-02-29 23:00:00' UNION ALL SELECT 's', 1e0, 7, DATE '2020-02-01'";
    expect(await lake.changes(sql)).toEqual(["r|2|2.556|2020-02-29", "s|1|7.000|2020-02-01"]);
    expect(await lake.changes("UPDATE stock SET n = 2.5e0 WHERE sku = 'a'")).toEqual(["0|0|1|a|3|1.500|2020-01-01"]);
    expect(await lake.changes("INSERT INTO reals VALUES (16777217.0)")).toEqual(["16777218"]);
    expect(await lake.changes("INSERT INTO reals VALUES (16777217)")).toEqual(["16777216"]);
  });

  test.each([
    [
      "INSERT INTO stock (sku) VALUES ('a', 1)",
      "TYPE_MISMATCH: line 1:13: Insert query has mismatched column types: Table: [varchar], Query: [varchar, integer]",
    ],
    [
      "INSERT INTO stock (sku, sku) VALUES ('a', 'b')",
      "DUPLICATE_COLUMN_NAME: line 1:25: Insert column name is specified more than once: sku",
    ],
    [
      "INSERT INTO stock (colour) VALUES ('a')",
      "COLUMN_NOT_FOUND: line 1:20: Insert column name does not exist in target table: colour",
    ],
    [
      "INSERT INTO stock (n) VALUES ('1')",
      "Insert query has mismatched column types: Table: [bigint], Query: [varchar]",
    ],
    ["WITH w AS (SELECT 1 AS a) INSERT INTO stock SELECT * FROM w", "WITH before INSERT is not implemented locally"],
    ["INSERT INTO stock TABLE news", "insert with source is not implemented locally"],
  ])("%s", (sql, message) => {
    expect(lake.refusal(sql)).toContain(message);
  });
});

describe("DELETE and UPDATE", () => {
  test("DELETE gives the places of the rows and reads no more than the condition", async () => {
    expect(await lake.changes("DELETE FROM stock WHERE n > 1 OR n IS NULL")).toEqual([
      "0|1|0|null|null|null|null",
      "1|0|0|null|null|null|null",
    ]);
    const { scans } = translate("DELETE FROM stock WHERE n > 1", lake.binder);
    expect(scans.map(({ columns, positions }) => [[...columns], positions])).toEqual([[["n"], true]]);
    expect(await lake.changes("DELETE FROM stock")).toHaveLength(3);
  });

  test("a condition that is NULL deletes nothing", async () => {
    expect(await lake.changes("DELETE FROM stock WHERE n <> 1")).toEqual(["0|1|0|null|null|null|null"]);
  });

  test("UPDATE keeps what it does not set, and sets from the row before", async () => {
    expect(await lake.changes("UPDATE stock SET n = n + 1, sku = upper(sku) WHERE day = DATE '2020-01-01'")).toEqual([
      "0|0|1|A|2|1.500|2020-01-01",
    ]);
    expect(
      await lake.changes(
        "UPDATE stock SET n = (SELECT max(n) FROM news), price = NULL WHERE sku IN (SELECT sku FROM news)",
      ),
    ).toEqual(["0|0|1|a|10|null|2020-01-01", "0|1|1|b|10|null|2020-01-02"]);
  });

  test.each([
    ["UPDATE stock SET n = 1, n = 2", "SYNTAX_ERROR: line 1:25: Multiple assignments for the column: n"],
    [
      "UPDATE stock SET n = 'x'",
      "TYPE_MISMATCH: line 1:18: UPDATE table column types don't match SET expressions: Table: [bigint], Expressions: [varchar]",
    ],
    ["UPDATE stock SET m = 1", "COLUMN_NOT_FOUND: line 1:18: The UPDATE SET target column m doesn't exist"],
    ["UPDATE stock AS s SET n = 1", "table with alias is not implemented locally"],
    ["DELETE FROM stock s", "delete with alias is not implemented locally"],
    [
      "DELETE FROM stock WHERE n",
      "TYPE_MISMATCH: line 1:25: WHERE clause must evaluate to a boolean: actual type bigint",
    ],
  ])("%s", (sql, message) => {
    expect(lake.refusal(sql)).toContain(message);
  });

  test("what the condition says of columns chooses files", () => {
    const sql =
      "DELETE FROM stock WHERE n >= -5 AND day > CAST('2019-12-31' AS date) AND price IN (1, 2.50) AND (day BETWEEN DATE '2020-1-2' AND DATE '2020-01-31') AND sku IS NOT NULL AND 'b' > sku AND n < 1.5";
    const [scan] = translate(sql, lake.binder).scans;
    expect(scan?.predicates.map(({ column, operator, values }) => [column, operator, ...values])).toEqual([
      ["n", ">=", "-5"],
      ["day", ">", "2019-12-31"],
      ["price", "in", "1", "2.50"],
      ["day", ">=", "2020-01-02"],
      ["day", "<=", "2020-01-31"],
      ["sku", "is not null"],
      ["sku", "<", "b"],
    ]);
    const dated = translate(
      "DELETE FROM dates WHERE at >= DATE '2020-01-02' AND at < TIMESTAMP '2020-2-3 4:05' AND flag = true AND price > 1e3",
      lake.binder,
    );
    expect(dated.scans[0]?.predicates.map(({ column, type, values }) => [column, type.kind, ...values])).toEqual([
      ["at", "timestamp", "2020-01-02 00:00:00"],
      ["at", "timestamp", "2020-02-03 04:05:00"],
      ["flag", "boolean", "true"],
      ["price", "double", "1e3"],
    ]);
  });

  test("NULL of an outer join says nothing of the files", () => {
    const predicates = (join: string) =>
      translate(
        `SELECT 1 FROM news a ${join} stock b ON a.sku = b.sku WHERE b.sku IS NULL AND b.n = 1`,
        lake.binder,
      ).scans[1]?.predicates.map(({ operator }) => operator);
    expect(predicates("LEFT JOIN")).toEqual(["="]);
    expect(predicates("FULL JOIN")).toEqual(["="]);
    expect(predicates("RIGHT JOIN")).toEqual(["is null", "="]);
    expect(predicates("JOIN")).toEqual(["is null", "="]);
  });
});

describe("MERGE", () => {
  const merge = (whens: string, on = "t.sku = s.sku") => `MERGE INTO stock t USING news AS s ON ${on} ${whens}`;

  test("the first clause that applies wins; NULL does not apply; what is not set stays", async () => {
    const sql = merge(`WHEN MATCHED AND s.gone THEN DELETE
      WHEN MATCHED AND s.n > 5 THEN UPDATE SET n = t.n + s.n
      WHEN MATCHED THEN UPDATE SET sku = 'never'
      WHEN NOT MATCHED AND s.gone THEN INSERT (sku) VALUES ('gone')
      WHEN NOT MATCHED THEN INSERT (n, sku) VALUES (s.n, s.sku)`);
    expect(await lake.changes(sql)).toEqual([
      "null|null|2|x|7|null|null",
      "0|0|1|a|11|1.500|2020-01-01",
      "0|1|0|null|null|null|null",
    ]);
  });

  test("rows that no clause applies to stay as they are", async () => {
    expect(await lake.changes(merge("WHEN MATCHED AND s.n > 100 THEN DELETE"))).toEqual([]);
    expect(await lake.changes(merge("WHEN MATCHED AND s.gone THEN UPDATE SET n = 0"))).toEqual([
      "0|1|1|b|0|2.500|2020-01-02",
    ]);
    expect(await lake.changes(merge("WHEN NOT MATCHED THEN INSERT VALUES (s.sku, s.n, 1, NULL)"))).toEqual([
      "null|null|2|x|7|1.000|null",
    ]);
  });

  // Trino marks distinct (target row, clause), rows without a clause among them.
  test("two source rows for one target row: refused when no clause applies to either, one of two is fine", async () => {
    const twice = (whens: string) =>
      outcome(
        `MERGE INTO stock t USING (SELECT sku, n FROM news UNION ALL SELECT 'a', 99) AS s ON t.sku = s.sku ${whens}`,
      );
    expect(await twice("WHEN MATCHED AND s.n = 99 THEN UPDATE SET n = s.n")).toEqual(["0|0|1|a|99|1.500|2020-01-01"]);
    const message =
      "Invalid Input Error: MERGE_TARGET_ROW_MULTIPLE_MATCHES: One MERGE target table row matched more than one source row";
    expect(await twice("WHEN MATCHED AND s.n = 1000 THEN DELETE")).toBe(message);
    expect(await twice("WHEN NOT MATCHED THEN INSERT (sku) VALUES (s.sku)")).toBe(message);
    // Both apply: the writer refuses the place that is there twice.
    expect(await twice("WHEN MATCHED THEN UPDATE SET n = s.n")).toEqual([
      "0|0|1|a|10|1.500|2020-01-01",
      "0|0|1|a|99|1.500|2020-01-01",
      "0|1|1|b|null|2.500|2020-01-02",
    ]);
  });

  test("two source rows that match nothing are both inserted", async () => {
    const sql =
      "MERGE INTO stock USING (VALUES ('y', 1), ('y', 2)) AS s(k, v) ON stock.sku = k WHEN NOT MATCHED THEN INSERT (sku, n) VALUES (k, v)";
    expect(await lake.changes(sql)).toEqual(["null|null|2|y|1|null|null", "null|null|2|y|2|null|null"]);
  });

  test("errors come only from the clause that applies", async () => {
    const sql = merge("WHEN MATCHED AND s.gone THEN UPDATE SET n = 1 / (t.n - 1) WHEN MATCHED THEN UPDATE SET n = 0");
    expect(await outcome(sql)).toEqual(["0|0|1|a|0|1.500|2020-01-01", "0|1|1|b|1|2.500|2020-01-02"]);
    expect(await outcome(merge("WHEN MATCHED THEN UPDATE SET n = 1 / (t.n - 1)"))).toContain("DIVISION_BY_ZERO");
  });

  test("reads the columns it needs, prunes by ON and offers its keys", () => {
    const translation = translate(
      merge(
        "WHEN MATCHED THEN DELETE",
        "(t.sku = s.sku AND t.day >= DATE '2020-01-01' AND s.n + 1 = t.n) AND s.n = t.n",
      ),
      lake.binder,
    );
    if (translation.kind !== "MERGE") throw new Error(translation.kind);
    const { target, keys, source } = translation;
    expect([...target.columns].sort()).toEqual(["day", "n", "sku"]);
    expect(target.predicates.map(({ column, operator }) => [column, operator])).toEqual([["day", ">="]]);
    expect(keys).toEqual([{ column: "sku", sourceColumn: "k0" }]);
    expect(source?.sql).toMatch(/^SELECT r\d+\."sku" AS k0, r\d+\."n" AS k1, r\d+\."gone" AS k2 FROM /);
  });

  test.each([
    [merge("WHEN MATCHED THEN UPDATE SET n = s.sku"), "TYPE_MISMATCH"],
    [merge("WHEN MATCHED THEN UPDATE SET n = 1, n = 2"), "Multiple assignments for the column: n"],
    [merge("WHEN NOT MATCHED THEN INSERT (sku) VALUES (t.sku)"), "COLUMN_NOT_FOUND"],
    [
      merge("WHEN NOT MATCHED THEN INSERT (sku, n) VALUES (s.sku)"),
      "MERGE case 0, SET expressions: Table: [varchar, bigint], Expressions: [varchar]",
    ],
    [
      merge("WHEN NOT MATCHED THEN INSERT VALUES (s.sku)"),
      "Table: [varchar, bigint, decimal(18,3), date], Expressions: [varchar]",
    ],
    [merge("WHEN MATCHED THEN DELETE", "sku = 'a'"), "Column 'sku' is ambiguous"],
  ])("%s", (sql, message) => {
    expect(lake.refusal(sql)).toContain(message);
  });
});
