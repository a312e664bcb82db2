import { afterAll, beforeAll, expect, it } from "vitest";
import { tablesHealth } from "../../local/doctor-tables.ts";
import { emptyHome, type Home } from "./one-month.ts";
import { type Serving, serve } from "./serving.ts";

/*
 * Two Athena clients write one table at once, over HTTP: nothing is lost and nothing twice, and a statement that cannot
 * be made fails by ICEBERG_COMMIT_ERROR, so that it can be made again. Two hundred statements each, and what an
 * interleaving may do, are in local/iceberg/proofs/writers.test.ts.
 */

const STATEMENTS = 24;

let home: Home;
let serving: Serving;
beforeAll(async () => {
  home = emptyHome();
  serving = await serve(home.path);
});
afterAll(async () => {
  serving.process.signal("SIGKILL");
  await serving.process.ended;
  home.remove();
});

interface Writer {
  readonly name: string;
  readonly run: (sql: string) => Promise<unknown>;
  failed: number;
}

async function again(writer: Writer, sql: string): Promise<void> {
  for (;;) {
    try {
      await writer.run(sql);
      return;
    } catch (error) {
      expect(String(error)).toContain("ICEBERG_COMMIT_ERROR");
      writer.failed += 1;
    }
  }
}

/** Rows of its own, and one that both count up. */
async function write(writer: Writer): Promise<void> {
  for (let i = 0; i < STATEMENTS; i += 1) {
    const id = `${writer.name}${i}`;
    if (i % 4 === 1)
      await again(
        writer,
        "UPDATE customers SET phone = CAST(CAST(phone AS integer) + 1 AS varchar) WHERE customer_id = 'both'",
      );
    else if (i % 4 === 2) await again(writer, upsert(`shared ${i}`));
    else if (i % 4 === 3)
      await again(writer, `DELETE FROM customers WHERE customer_id = '${writer.name}${i - 3}' AND ${i} % 8 = 3`);
    else await again(writer, `INSERT INTO customers (customer_id, phone) VALUES ('${id}', '0')`);
  }
}

const upsert = (id: string): string =>
  `MERGE INTO customers AS t USING (SELECT '${id}' AS id) AS s ON t.customer_id = s.id
    WHEN MATCHED THEN UPDATE SET phone = 'twice' WHEN NOT MATCHED THEN INSERT (customer_id, phone) VALUES (s.id, 'once')`;

it("two clients at once lose nothing and do nothing twice", { timeout: 240_000 }, async () => {
  const read = serving.athena("operator");
  await read("INSERT INTO customers (customer_id, phone) VALUES ('both', '0')");
  const writers = ["x", "y"].map((name): Writer => ({ name, run: serving.athena("operator"), failed: 0 }));
  await Promise.all(writers.map(write));

  const rounds = STATEMENTS / 4;
  expect(await read("SELECT phone FROM customers WHERE customer_id = 'both'")).toEqual([[String(2 * rounds)]]);
  const shared = "SELECT count(*), count(DISTINCT customer_id), count_if(phone = 'twice') FROM customers";
  expect(await read(`${shared} WHERE customer_id LIKE 'shared%'`)).toEqual([Array(3).fill(String(rounds))]);
  const own = ["x", "y"].flatMap((name) =>
    Array.from({ length: rounds }, (_, round) => `${name}${4 * round}`).filter((_, round) => round % 2 === 1),
  );
  const found = await read("SELECT customer_id FROM customers WHERE customer_id LIKE 'x%' OR customer_id LIKE 'y%'");
  expect(found.map(([id]) => id).toSorted()).toEqual(own.toSorted());
  expect(writers.reduce((sum, { failed }) => sum + failed, 0)).toBeGreaterThan(0);

  const tables = await tablesHealth(home.path, Date.now());
  expect(tables.flatMap(({ problems }) => problems)).toEqual([]);
});
