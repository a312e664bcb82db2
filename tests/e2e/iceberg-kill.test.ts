import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { emptyHome, type Home } from "./one-month.ts";
import { type Serving, serve } from "./serving.ts";

/*
 * The runtime is killed again and again in the middle of statements that come through Athena: every statement that was
 * answered is in the table, the one under way is whole or not at all, and the next runtime goes on. Where a kill hits is
 * up to the machine: every call of every statement is in local/iceberg/proofs/crash.test.ts. A kill of the process is no
 * loss of power: what the operating system has taken over is on the disk here.
 */

let home: Home;
let serving: Serving;
beforeAll(() => {
  home = emptyHome();
});
afterAll(async () => {
  serving.process.signal("SIGKILL");
  await serving.process.ended;
  home.remove();
});

/** Names by customer. */
type Names = ReadonlyMap<string, string>;

interface Statement {
  readonly sql: string;
  /** What it makes of the table. */
  readonly on: (names: Names) => Names;
}

const insert = (i: number): Statement => ({
  sql: `INSERT INTO customers (customer_id, family_name) VALUES ('a${i}', 'new'), ('b${i}', 'new'), ('c${i}', 'new')`,
  on: (names) => new Map([...names, [`a${i}`, "new"], [`b${i}`, "new"], [`c${i}`, "new"]]),
});

const remove = (i: number): Statement => ({
  sql: `DELETE FROM customers WHERE customer_id = 'a${i - 1}'`,
  on: (names) => new Map([...names].filter(([id]) => id !== `a${i - 1}`)),
});

const update = (i: number): Statement => ({
  sql: `UPDATE customers SET family_name = 'updated ${i}' WHERE customer_id LIKE 'b%'`,
  on: (names) => new Map([...names].map(([id, name]) => [id, id.startsWith("b") ? `updated ${i}` : name])),
});

const merge = (i: number): Statement => ({
  sql: `MERGE INTO customers AS t USING (SELECT 'c${i - 3}' AS id UNION ALL SELECT 'd${i}') AS s ON t.customer_id = s.id
    WHEN MATCHED THEN UPDATE SET family_name = 'merged'
    WHEN NOT MATCHED THEN INSERT (customer_id, family_name) VALUES (s.id, 'merged')`,
  on: (names) => new Map([...names, [`c${i - 3}`, "merged"], [`d${i}`, "merged"]]),
});

const maintain = (sql: string) => (): Statement => ({ sql, on: (names) => names });

const kinds = [
  insert,
  remove,
  update,
  merge,
  maintain("OPTIMIZE customers REWRITE DATA USING BIN_PACK"),
  maintain("VACUUM customers"),
];

const sorted = (names: Names): readonly (readonly string[])[] =>
  [...names].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([id, name]) => [id, name]);

/** How long statements run before each kill, in milliseconds. */
const spans = [40, 130, 310, 700];

it("whole after every kill, and nothing that was answered is lost", { timeout: 300_000 }, async () => {
  let names: Names = new Map();
  let statements = 0;
  for (const span of spans) {
    serving = await serve(home.path);
    const run = serving.athena("operator");
    const read = async () => run("SELECT customer_id, family_name FROM customers ORDER BY customer_id");
    expect(await read()).toEqual(sorted(names));
    // The first runs to its end, so that a kill finds the runtime warm.
    for (let first = true, killed: Promise<unknown> | undefined; ; first = false) {
      const statement = kinds[statements % kinds.length]?.(statements);
      if (statement === undefined) throw new Error("There are no statements");
      const answered = await run(statement.sql).then(
        () => true,
        () => false,
      );
      statements += 1;
      if (!answered) {
        expect(killed, `${statement.sql} failed before the kill`).toBeDefined();
        await killed;
        names = await eitherOf(names, statement.on(names));
        break;
      }
      names = statement.on(names);
      if (first) killed = sleep(span).then(() => kill());
    }
  }
  expect(statements).toBeGreaterThan(2 * spans.length);
  serving = await serve(home.path);
  const run = serving.athena("operator");
  for (const kind of kinds) {
    const statement = kind(1000);
    await run(statement.sql);
    names = statement.on(names);
  }
  expect(await run("SELECT customer_id, family_name FROM customers ORDER BY customer_id")).toEqual(sorted(names));
});

async function kill(): Promise<void> {
  serving.process.signal("SIGKILL");
  expect((await serving.process.ended).code).toBe(137);
}

/** What the table is after a kill: as before the statement under way, or as after. */
async function eitherOf(before: Names, after: Names): Promise<Names> {
  const doctor = await home.c360("--json", "doctor");
  const { tables }: { tables: { name: string; problems: string[] }[] } = JSON.parse(doctor.stdout);
  expect(tables.filter(({ problems }) => problems.length > 0)).toEqual([]);
  expect(tables.map(({ name }) => name)).toContain("customers");
  const rows = await home.rows("SELECT customer_id, family_name FROM customers ORDER BY customer_id");
  const found = rows.map((row) => [row["customer_id"], row["family_name"]]);
  expect([sorted(before), sorted(after)]).toContainEqual(found);
  return JSON.stringify(found) === JSON.stringify(sorted(after)) ? after : before;
}
