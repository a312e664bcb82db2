import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { tablesHealth } from "../../local/doctor-tables.ts";
import type { Running } from "./command.ts";
import { emptyHome, type Home } from "./one-month.ts";
import { serve } from "./serving.ts";

/*
 * The runtime is killed again and again in the middle of statements that come through Athena: every statement that was
 * answered is in the table, the one under way is whole or not at all, and the next runtime goes on. Where a kill hits is
 * up to the machine: every call of every statement is in local/iceberg/proofs/crash.test.ts. A kill of the process is no
 * loss of power: what the operating system has taken over is on the disk here.
 */

let home: Home;
let up: Running | undefined;
beforeAll(() => {
  home = emptyHome();
});
afterAll(async () => {
  up?.signal("SIGKILL");
  await up?.ended;
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
const spans = [40, 180, 600];

it("whole after every kill, and nothing that was answered is lost", { timeout: 300_000 }, async () => {
  /** What the table may be: as before the statement under way, or as after. */
  let possible: readonly Names[] = [new Map()];
  let statements = 0;
  for (const span of [...spans, undefined]) {
    const { process, athena } = await serve(home.path);
    up = process;
    const run = athena("operator");
    const found = await run("SELECT customer_id, family_name FROM customers ORDER BY customer_id");
    let names = possible.find((each) => JSON.stringify(sorted(each)) === JSON.stringify(found)) ?? new Map();
    expect(found).toEqual(sorted(names));
    expect((await tablesHealth(home.path, Date.now())).flatMap(({ problems }) => problems)).toEqual([]);
    // Every kind of statement works on what the kill has left.
    for (const kind of kinds) {
      const statement = kind(statements++);
      await run(statement.sql);
      names = statement.on(names);
    }
    if (span === undefined) break;
    const killed = sleep(span).then(() => kill(process));
    for (let answered = true; answered; ) {
      const statement = pick(statements++);
      answered = await run(statement.sql).then(
        () => true,
        () => false,
      );
      possible = answered ? [statement.on(names)] : [names, statement.on(names)];
      names = statement.on(names);
    }
    await killed;
  }
});

function pick(i: number): Statement {
  const kind = kinds[i % kinds.length];
  if (kind === undefined) throw new Error("There are no statements");
  return kind(i);
}

async function kill(process: Running): Promise<void> {
  process.signal("SIGKILL");
  expect((await process.ended).code).toBe(137);
}
