import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Bench, startBench } from "./fixture.ts";

let bench: Bench;
beforeEach(async () => {
  bench = await startBench();
});
afterEach(() => bench.stop());

/** Stands for a process that dies: from a chosen moment on, no call reaches S3 or the catalogue any more. */
class Death {
  /** Moments until death: one before each call that changes something, one after each of the catalogue's. */
  moment = Number.POSITIVE_INFINITY;
  #passed = 0;
  #dead = false;

  constructor({ ports }: Bench) {
    // A read that fails changes nothing.
    for (const name of ["put", "delete"] as const)
      this.#wrap(ports.objects, name, (call, given) => {
        if (onLake(given)) this.#step();
        return call();
      });
    for (const name of ["update", "create", "drop"] as const)
      this.#wrap(ports.catalogue, name, (call) => {
        this.#step();
        const result = call();
        this.#step();
        return result;
      });
  }

  /** @returns whether the statement outlived it. */
  async at(moment: number, statement: () => Promise<unknown>): Promise<boolean> {
    this.moment = moment;
    this.#passed = 0;
    await statement();
    const outlived = !this.#dead;
    this.moment = Number.POSITIVE_INFINITY;
    this.#dead = false;
    return outlived;
  }

  #step(): void {
    if (this.#passed++ >= this.moment) this.#dead = true;
    if (this.#dead) throw new Error("killed");
  }

  #wrap<T extends object>(
    owner: T,
    name: keyof T & string,
    around: (call: () => unknown, given: readonly unknown[]) => unknown,
  ): void {
    const method: unknown = owner[name];
    if (typeof method !== "function") throw new Error(`no method ${name}`);
    const value = (...given: unknown[]): unknown => around(() => method.apply(owner, given), given);
    Object.defineProperty(owner, name, { value });
  }
}

/** Results are no part of a table. */
const onLake = ([target]: readonly unknown[]): boolean => Object(target)["bucket"] === "lake";

const setUp = [
  `CREATE TABLE t (k string, n int, day date) PARTITIONED BY (month(day)) LOCATION 's3://lake/t/'
    TBLPROPERTIES ('table_type' = 'ICEBERG', 'vacuum_max_snapshot_age_seconds' = '1',
    'optimize_rewrite_delete_file_threshold' = '1', 'optimize_rewrite_data_file_threshold' = '2')`,
  "INSERT INTO t VALUES ('a', 1, DATE '2011-01-01'), ('b', 2, DATE '2011-01-02'), ('c', 3, DATE '2011-02-01')",
  "INSERT INTO t VALUES ('d', 4, DATE '2011-02-02')",
  "DELETE FROM t WHERE k = 'b'",
];
const source = "(SELECT 'a' AS k, 10 AS n UNION ALL SELECT 'z', 26) AS s";

describe("killed at any call of S3 or the catalogue, a statement leaves the table as before or as after", () => {
  test.each([
    ["INSERT", "INSERT INTO t VALUES ('e', 5, DATE '2011-03-01')"],
    ["UPDATE", "UPDATE t SET n = n + 1 WHERE day < DATE '2011-02-02'"],
    ["DELETE", "DELETE FROM t WHERE k <> 'd'"],
    [
      "MERGE",
      `MERGE INTO t USING ${source} ON t.k = s.k WHEN MATCHED THEN UPDATE SET n = s.n WHEN NOT MATCHED THEN INSERT (k, n) VALUES (s.k, s.n)`,
    ],
    ["OPTIMIZE", "OPTIMIZE t REWRITE DATA USING BIN_PACK"],
    ["VACUUM", "VACUUM t"],
    ["ALTER", "ALTER TABLE t ADD COLUMNS (extra string)"],
  ])("%s", async (kind, sql) => {
    for (const statement of setUp) await bench.run(statement);
    if (kind === "VACUUM") await new Promise((resolve) => setTimeout(resolve, 1100));
    const state = () => bench.rows("SELECT * FROM t ORDER BY k");
    const before = await state();
    const death = new Death(bench);
    const seen = new Set<string>();
    let moment = 0;
    for (; moment < 400; moment++) {
      const outlived = await death.at(moment, () => bench.execute(sql));
      const now = JSON.stringify(await state());
      seen.add(now);
      // Killed after its commit, the statement is done.
      if (outlived || now !== JSON.stringify(before)) break;
    }
    expect(moment).toBeGreaterThan(1);
    expect(seen.size).toBeLessThanOrEqual(2);
    // Whatever lies about does not keep the next statement from its work.
    await bench.run("INSERT INTO t (k, n) VALUES ('next', 0)");
    expect(await bench.rows("SELECT count(*) FROM t WHERE k = 'next'")).toEqual([["1"]]);
  });

  test("CREATE TABLE AS, then DROP TABLE", async () => {
    const death = new Death(bench);
    const create =
      "CREATE TABLE c WITH (table_type = 'ICEBERG', location = 's3://lake/c/', is_external = false) AS SELECT 1 AS a UNION ALL SELECT 2";
    const state = async () =>
      (await bench.reason("SELECT * FROM c")) === undefined ? bench.rows("SELECT count(*) FROM c") : [];
    const sweep = async () => {
      for (const { key } of bench.ports.objects.list("lake", "c/", bench.call))
        await bench.ports.objects.delete({ bucket: "lake", key }, bench.call);
    };
    let moment = 0;
    for (; moment < 400; moment++) {
      await death.at(moment, () => bench.execute(create));
      const now = await state();
      expect([[], [["2"]]]).toContainEqual(now);
      if (now.length > 0) break;
      await sweep();
    }
    expect(moment).toBeGreaterThan(4);
    for (moment = 0; moment < 400; moment++) {
      await death.at(moment, () => bench.execute("DROP TABLE c"));
      const now = await state();
      expect([[], [["2"]]]).toContainEqual(now);
      if (now.length === 0) break;
    }
    await sweep();
    expect(await bench.run(create)).toBe(2);
  });
});
