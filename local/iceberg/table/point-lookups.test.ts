import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PrimitiveType, Transform } from "../format/model.ts";
import type { PartitionedBy } from "../format/partition.ts";
import { duckType } from "../format/types.ts";
import { parseValue } from "../format/value-text.ts";
import { type Fixture, openFixture } from "./fixture.ts";
import { insertRows } from "./insert.ts";
import { planScan } from "./plan.ts";
import type { Filter } from "./prune.ts";
import { scanSql } from "./scan.ts";
import { literal } from "./sql.ts";
import { loadTable } from "./state.ts";
import { cold, makeTable } from "./writing-fixture.ts";

/**
 * A bound or partition value that is wrong loses rows only when files are pruned by it: every value of every column is
 * looked up, and a file that holds it must be among the planned ones.
 */

let fixture: Fixture;
beforeAll(async () => {
  fixture = await openFixture();
});
afterAll(() => fixture.close());

const date = fc.date({ min: new Date("0001-01-02"), max: new Date("9999-12-30"), noInvalidDate: true });
const near = fc.date({ min: new Date("1969-12-01"), max: new Date("1970-02-01"), noInvalidDate: true });
const instant = fc
  .tuple(fc.oneof(date, near), fc.nat(999))
  .map(([of, micros]) => `${of.toISOString().slice(0, 23).replace("T", " ")}${String(micros).padStart(3, "0")}`);

const values: Readonly<Record<string, { readonly type: PrimitiveType; readonly text: fc.Arbitrary<string> }>> = {
  b: { type: "boolean", text: fc.boolean().map(String) },
  i: { type: "int", text: fc.oneof(fc.integer(), fc.integer({ min: -20, max: 20 })).map(String) },
  l: { type: "long", text: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String) },
  f: { type: "float", text: fc.float({ noNaN: true, noDefaultInfinity: true }).map(String) },
  d: { type: "double", text: fc.oneof(fc.double(), fc.constant(-0)).map(String) },
  dec: {
    type: "decimal(12,2)",
    text: fc.integer().map((unscaled) => `${Math.trunc(unscaled / 100)}.${unscaled & 7}5`),
  },
  day: { type: "date", text: instant.map((text) => text.slice(0, 10)) },
  ts: { type: "timestamp", text: instant },
  tz: { type: "timestamptz", text: instant.map((text) => `${text}+00`) },
  s: {
    type: "string",
    text: fc
      .oneof(
        fc.string({ unit: "binary", maxLength: 40 }),
        fc.string({ minLength: 17, unit: fc.constantFrom("é", "𐍈", "\u{10ffff}", "a") }),
      )
      .filter((text) => !text.includes("\0")),
  },
  u: { type: "uuid", text: fc.uuid() },
};

const columns = Object.entries(values).map(([name, { type }]) => ({ name, type }));

const partitionings: readonly (readonly PartitionedBy[])[] = [
  [],
  ...(["year", "month", "day", "hour", "bucket[3]"] as const satisfies readonly Transform[]).map((transform) => [
    { column: "ts", transform },
  ]),
  [
    { column: "tz", transform: "month" },
    { column: "b", transform: "identity" },
  ],
  [
    { column: "s", transform: "bucket[3]" },
    { column: "i", transform: "truncate[1000000000]" },
  ],
  [{ column: "s", transform: "truncate[1]" }],
  [
    { column: "dec", transform: "truncate[1000000000]" },
    { column: "u", transform: "bucket[2]" },
  ],
  [
    { column: "l", transform: "bucket[3]" },
    { column: "day", transform: "year" },
  ],
  [{ column: "d", transform: "identity" }],
  [{ column: "dec", transform: "bucket[5]" }],
];

const named = partitionings.map((by) => ({
  by,
  name: by.map((part) => `${part.transform} of ${part.column}`).join(", "),
}));

test.each(named)("every value is found again, partitioned by: $name", async ({ by }) => {
  const env = await makeTable(fixture, { columns, partitionedBy: by });
  const row = fc.record(
    Object.fromEntries(Object.entries(values).map(([name, { text }]) => [name, fc.option(text, { freq: 8 })])),
  );
  const rows = fc.sample(row, 24);
  for (let from = 0; from < rows.length; from += 12) {
    const select = rows
      .slice(from, from + 12)
      .map((of) => `SELECT ${columns.map(({ name, type }) => `${sqlOf(of[name], type)} AS ${name}`).join(", ")}`);
    await insertRows(env, select.join(" UNION ALL "), { openPartitions: 1000 });
  }
  const state = loadTable(cold(env));
  const all = planScan(state).files.length;
  let planned = 0;
  const checks: string[] = [];
  for (const [index, of] of rows.entries()) {
    for (const { name, type } of columns) {
      for (const filter of filtersOf(name, type, of[name] ?? null)) {
        const plan = planScan(state, { filters: [filter.filter] });
        planned += plan.files.length;
        const hits =
          plan.files.length === 0
            ? "0"
            : `(SELECT count(*) FROM ${scanSql(plan, { columns: [name] })} WHERE ${filter.sql})`;
        if (index % 6 === 0)
          checks.push(
            `SELECT ${literal(filter.sql)} AS what, ${hits} = (SELECT count(*) FROM everything WHERE ${filter.sql}) AS ok`,
          );
        else expect(plan.files.length, filter.sql).toBeGreaterThan(0);
      }
    }
  }
  await env.connection.run(`CREATE OR REPLACE TEMP TABLE everything AS FROM ${scanSql(planScan(state))}`);
  const missed: unknown[] = [];
  for (let from = 0; from < checks.length; from += 40) {
    missed.push(
      ...(await fixture.rows(`SELECT what FROM (${checks.slice(from, from + 40).join(" UNION ALL ")}) WHERE NOT ok`)),
    );
  }
  expect(missed).toEqual([]);
  // And pruning prunes: much less than every file is read for a value.
  if (all > 3) expect(planned / (rows.length * columns.length * 3)).toBeLessThan(all);
});

function sqlOf(text: string | null | undefined, type: PrimitiveType): string {
  return text === null || text === undefined ? `NULL::${duckType(type)}` : `${literal(text)}::${duckType(type)}`;
}

function filtersOf(column: string, type: PrimitiveType, text: string | null): { filter: Filter; sql: string }[] {
  if (text === null) return [{ filter: { column, operator: "is null", values: [] }, sql: `${column} IS NULL` }];
  const value = parseValue(text, type);
  if (value === undefined || Number.isNaN(value)) return [];
  const exact = type === "float" ? Math.fround(Number(value)) : value;
  return (["=", "<=", ">="] as const).map((operator) => ({
    filter: { column, operator, values: [exact] },
    sql: `${column} ${operator} ${sqlOf(text, type)}`,
  }));
}
