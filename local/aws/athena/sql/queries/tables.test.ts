import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type FakeLake, fakeLake } from "../statements/fixture.ts";
import { translate, translateQuery } from "../translate.ts";

const NOW = Date.parse("2020-06-01T12:00:00.500Z");
let lake: FakeLake;
beforeAll(async () => {
  lake = await fakeLake(
    { sales: { sku: "string", n: "bigint" }, sales$snapshots: { snapshot_id: "bigint" } },
    {
      view: {
        big: "SELECT sku, n * 2 AS twice FROM sales WHERE n > 1",
        bigger: "SELECT * FROM big",
        round: "SELECT * FROM other.round",
      },
    },
  );
  await lake.connection.run("INSERT INTO sales VALUES ('a', 1, 0, 0), ('b', 2, 0, 1)");
});
beforeEach(() => {
  lake.asked.length = 0;
});

const refusal = (sql: string, parameters: readonly string[] = []): string => {
  try {
    translate(sql, lake.binder, parameters, NOW);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return "translated";
};

describe("time travel", () => {
  test.each([
    ["TIMESTAMP AS OF TIMESTAMP '2020-01-31 10:00:00 UTC'", "2020-01-31T10:00:00.000Z"],
    ["TIMESTAMP AS OF TIMESTAMP '2020-1-31 10:00'", "2020-01-31T10:00:00.000Z"],
    ["TIMESTAMP AS OF TIMESTAMP '2020-01-31 10:00:00.123456 +02:00'", "2020-01-31T08:00:00.123Z"],
    ["TIMESTAMP AS OF TIMESTAMP '2020-01-31 10:00:00-05:30'", "2020-01-31T15:30:00.000Z"],
    ["TIMESTAMP AS OF DATE '2020-02-29'", "2020-02-29T00:00:00.000Z"],
    ["TIMESTAMP AS OF current_timestamp", "2020-06-01T12:00:00.500Z"],
    ["TIMESTAMP AS OF (current_timestamp - interval '1' day)", "2020-05-31T12:00:00.500Z"],
    ["TIMESTAMP AS OF now() - interval '90' minute", "2020-06-01T10:30:00.500Z"],
    ["TIMESTAMP AS OF from_iso8601_timestamp('2020-01-31T10:00:00+01:00')", "2020-01-31T09:00:00.000Z"],
  ])("FOR %s", (version, instant) => {
    const { scans } = translate(`SELECT n FROM sales FOR ${version} AS s`, lake.binder, [], NOW);
    expect(scans.map(({ at }) => at)).toEqual([{ timestampMs: Date.parse(instant) }]);
  });

  test("by snapshot id, exact beyond 53 bits, by name of a branch or tag, and by parameter", () => {
    translate(
      "SELECT a.n FROM db.sales FOR VERSION AS OF 8436537349286574123 a JOIN sales FOR VERSION AS OF 'last-year' b ON a.n = b.n JOIN sales FOR VERSION AS OF ? c ON c.n = b.n JOIN sales ON sales.n = a.n WHERE a.n = ?",
      lake.binder,
      ["5000000000", "7"],
      NOW,
    );
    expect(lake.asked).toEqual([
      ["db.sales", { snapshotId: 8436537349286574123n }],
      [".sales", { ref: "last-year" }],
      [".sales", { snapshotId: 5000000000n }],
      [".sales", undefined],
    ]);
  });

  test.each([
    [
      "FOR TIMESTAMP AS OF TIMESTAMP '2020-06-01 12:00:01'",
      "INVALID_ARGUMENTS: Pointer value '2020-06-01 12:00:01.000 UTC' is not in the past",
    ],
    [
      "FOR TIMESTAMP AS OF TIMESTAMP '2020-02-30 12:00:00'",
      "this point in time is not implemented locally; write TIMESTAMP '2020-01-31 10:00:00 UTC'",
    ],
    ["FOR TIMESTAMP AS OF TIMESTAMP '2020-02-20 12:00:00 Europe/Paris'", "this point in time"],
    ["FOR TIMESTAMP AS OF sku", "this point in time"],
    ["FOR TIMESTAMP AS OF now() - interval '1' month", "this difference in time"],
    ["FOR VERSION AS OF 12", "NOT_SUPPORTED: Unsupported type for table version: integer"],
    ["FOR VERSION AS OF 1 + 1", "this version is not implemented locally"],
    ["FOR SYSTEM_TIME AS OF current_timestamp", "table with system time"],
  ])("%s", (version, message) => {
    expect(refusal(`SELECT 1 FROM sales ${version}`)).toContain(message);
  });

  test("neither of a WITH query nor of a view", () => {
    expect(refusal("WITH w AS (SELECT 1 AS a) SELECT a FROM w FOR VERSION AS OF 'x'")).toContain("NOT_SUPPORTED");
    expect(refusal("SELECT * FROM big FOR VERSION AS OF 'x'")).toContain("Time travel is not supported for views");
  });
});

test("metadata tables are asked for by their whole name, in quotes", () => {
  translate('SELECT snapshot_id FROM "db"."sales$snapshots"', lake.binder);
  expect(lake.asked).toEqual([["db.sales$snapshots", undefined]]);
  expect(refusal("SELECT snapshot_id FROM sales$snapshots")).toBe("SYNTAX_ERROR: line 1:30: mismatched input '$'");
});

test("hidden columns are read by those who name them", () => {
  const table = {
    database: "db",
    name: "sales",
    columns: [],
    hidden: [{ name: "$path", type: { kind: "varchar" } as const }],
  };
  const binder = { table: () => ({ ...table, columns: [{ name: "n", type: { kind: "bigint" } as const }] }) };
  expect(translateQuery("SELECT * FROM sales", binder).columns.map(({ name }) => name)).toEqual(["n"]);
  const named = translateQuery(`SELECT "$path", count(*) FROM sales GROUP BY 1`, binder);
  expect([...(named.scans[0]?.columns ?? [])]).toEqual(["$path"]);
});

describe("views", () => {
  test("give their query's rows, through views, with the statement's scans", async () => {
    expect(await lake.changes("SELECT v.twice, v.sku FROM bigger v WHERE v.twice > 0")).toEqual(["4|b"]);
    lake.asked.length = 0;
    const { scans } = translate("SELECT twice FROM big", lake.binder);
    // Names in a view are in its database, not in the session's.
    expect(lake.asked).toEqual([
      [".big", undefined],
      ["db.sales", undefined],
    ]);
    expect(scans.map(({ table, predicates }) => [table.name, predicates.map(({ column }) => column)])).toEqual([
      ["sales", ["n"]],
    ]);
  });

  test("cannot be changed and cannot hold themselves", () => {
    expect(refusal("INSERT INTO big SELECT 'a', 1")).toContain(
      "NOT_SUPPORTED: line 1:13: Changing views is not supported",
    );
    expect(refusal("DELETE FROM big")).toContain("NOT_SUPPORTED");
    expect(refusal("SELECT * FROM round")).toContain("INVALID_VIEW");
  });
});
