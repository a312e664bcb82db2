import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { PrimitiveType, TableMetadata, Transform, Value } from "../format/model.ts";
import { currentSnapshot } from "../format/snapshots.ts";
import { parseValue } from "../format/value.ts";
import { commit } from "./commit.ts";
import { alterTable } from "./evolve.ts";
import { insertRows } from "./insert.ts";
import { NoSuchSnapshot, planScan, type SnapshotChoice, schemaAt } from "./plan.ts";
import type { Filter } from "./prune.ts";
import { openReadingFixture, type ReadingFixture } from "./reading-fixture.ts";
import { scanSql } from "./scan.ts";
import { loadTable } from "./state.ts";

let fixture: ReadingFixture;
beforeAll(async () => {
  fixture = await openReadingFixture();
});
afterAll(() => fixture.close());

const HOUR = 3_600_000;

describe("Time travel", () => {
  async function history() {
    const env = await fixture.newTable([{ name: "a", type: "int" }]);
    const times: number[] = [];
    const ids: bigint[] = [];
    for (const step of [1, 2, 3]) {
      fixture.clock.ms += HOUR;
      if (step === 3) await alterTable(env, [{ kind: "add columns", columns: [{ name: "b", type: "int" }] }]);
      await insertRows(env, step === 3 ? "SELECT 3 AS a, 30 AS b" : `SELECT ${step} AS a`);
      const snapshot = currentSnapshot(loadTable(env).metadata);
      times.push(snapshot?.["timestamp-ms"] ?? 0);
      ids.push(snapshot?.["snapshot-id"] ?? 0n);
    }
    const [first, second, third] = ids;
    const refs: TableMetadata["refs"] = {
      "month-end": { "snapshot-id": first ?? 0n, type: "tag" },
      audit: { "snapshot-id": second ?? 0n, type: "branch" },
    };
    await commit(loadTable(env), { update: (metadata) => ({ ...metadata, refs: { ...metadata.refs, ...refs } }) });
    const read = async (at: SnapshotChoice | undefined): Promise<unknown[]> => {
      const plan = planScan(loadTable(env), at === undefined ? {} : { at });
      return fixture.rows(`SELECT * FROM ${scanSql(plan)} ORDER BY a`);
    };
    return { env, times, ids: [first ?? 0n, second ?? 0n, third ?? 0n], read };
  }

  test("by time, id, branch and tag reads that snapshot under its own schema.", async () => {
    const { env, times, ids, read } = await history();
    const [one, two] = [{ a: 1 }, { a: 2 }];
    const now = [
      { a: 1, b: null },
      { a: 2, b: null },
      { a: 3, b: 30 },
    ];
    expect(await read(undefined)).toEqual(now);
    expect(await read({ timestampMs: times[2] ?? 0 })).toEqual(now);
    expect(await read({ timestampMs: (times[2] ?? 0) - 1 })).toEqual([one, two]);
    expect(await read({ timestampMs: times[0] ?? 0 })).toEqual([one]);
    expect(await read({ snapshotId: ids[1] ?? 0n })).toEqual([one, two]);
    expect(await read({ ref: "audit" })).toEqual([one, two]);
    expect(await read({ ref: "month-end" })).toEqual([one]);
    expect(schemaAt(loadTable(env), { ref: "audit" }).fields.map(({ name }) => name)).toEqual(["a"]);
  });

  test("to where there is nothing is an error that says so.", async () => {
    const { env, times } = await history();
    const plan = (at: SnapshotChoice) => () => planScan(loadTable(env), { at });
    const before = new Date((times[0] ?? 0) - 1).toISOString();
    expect(plan({ timestampMs: (times[0] ?? 0) - 1 })).toThrow(
      new NoSuchSnapshot(`No version history at or before ${before}`),
    );
    expect(plan({ snapshotId: 5n })).toThrow(new NoSuchSnapshot("Iceberg snapshot ID does not exists: 5"));
    expect(plan({ ref: "main2" })).toThrow(new NoSuchSnapshot("Cannot find snapshot with reference name: main2"));
  });
});

describe("Manifests", () => {
  test("are read only when their partitions may match, and once a process.", async () => {
    const env = await fixture.newTable([{ name: "day", type: "date" }], {
      partitionedBy: [{ column: "day", transform: "month" }],
    });
    for (const month of ["2010-12", "2011-01", "2011-02"]) await insertRows(env, `SELECT DATE '${month}-05' AS day`);
    const other = fixture.environment(env.entry.current().metadataLocation);
    const read = (filters: readonly Filter[]): string[] => {
      fixture.io.reads.length = 0;
      planScan(loadTable(other), { filters });
      return fixture.io.reads.map((uri) =>
        uri.replace(/^.*\/(snap|.*-m\d+\.avro|.*metadata\.json).*$/, (_, kind: string) => kind),
      );
    };
    const january = parseValue("2011-01-20", "date") ?? 0;
    expect(read([{ column: "day", operator: "=", values: [january] }])).toEqual([
      expect.stringMatching(/metadata\.json$/),
      "snap",
      expect.stringMatching(/-m0\.avro$/),
    ]);
    expect(read([{ column: "day", operator: ">=", values: [january] }])).toHaveLength(1);
    expect(read([])).toHaveLength(1);
    expect(read([])).toEqual([]);
  });
});

describe("A point look-up by any column through any transform finds what a full scan finds", () => {
  const cases: readonly [PrimitiveType, readonly Transform[], string][] = [
    ["int", ["identity", "bucket[4]", "truncate[10]"], "CASE WHEN i % 11 = 0 THEN NULL ELSE i * 7 - 100 END"],
    ["long", ["identity", "bucket[4]", "truncate[10]"], "(i * 7 - 100)::BIGINT * 3000000000"],
    ["double", ["identity"], "CASE i % 13 WHEN 1 THEN -0.0 WHEN 2 THEN 0.0 WHEN 3 THEN 'inf'::DOUBLE ELSE i / 3 END"],
    [
      "double",
      ["void"],
      "CASE i % 13 WHEN 0 THEN 'NaN'::DOUBLE WHEN 1 THEN -0.0 WHEN 2 THEN '-inf'::DOUBLE ELSE i / 3 END",
    ],
    ["date", ["identity", "year", "month", "day", "bucket[4]"], "DATE '1970-01-01' + (i * 17 - 400)::INT"],
    [
      "timestamp",
      ["year", "month", "day", "hour", "bucket[4]"],
      "TIMESTAMP '1970-01-01' + INTERVAL ((i - 20) * 5000) SECOND",
    ],
    [
      "timestamptz",
      ["year", "month", "day", "hour"],
      "TIMESTAMPTZ '1970-01-01 00:00:00+00' + INTERVAL ((i - 20) * 5000) SECOND",
    ],
    [
      "string",
      ["identity", "bucket[4]", "truncate[2]"],
      "CASE i % 5 WHEN 0 THEN '' WHEN 1 THEN 'é' || i WHEN 2 THEN '😀' || repeat('x', 20) || i ELSE 'k' || i END",
    ],
    ["decimal(9,2)", ["identity", "bucket[4]", "truncate[50]"], "((i - 20) * 1.37)::DECIMAL(9,2)"],
    ["boolean", ["identity"], "i % 3 = 0"],
    ["uuid", ["identity", "bucket[4]"], "CAST(md5(i::VARCHAR) AS UUID)"],
  ];
  const named = cases.flatMap(([type, transforms, sql]) =>
    transforms.map((transform) => [type, transform, sql] as const),
  );
  test.each(named)("%s by %s", async (type, transform, sql) => {
    const env = await fixture.newTable(
      [
        { name: "k", type: "int" },
        { name: "c", type },
      ],
      { partitionedBy: [{ column: "c", transform, name: "p" }] },
    );
    await insertRows(env, `SELECT i::INT AS k, ${sql} AS c FROM range(20) t(i)`);
    await insertRows(env, `SELECT i::INT AS k, ${sql} AS c FROM range(20, 40) t(i)`);
    const table = scanSql(planScan(loadTable(env)));
    await fixture.deleteWhere(env, "k IN (9, 30)");
    const state = loadTable(env);
    const rows = await fixture.rows(`SELECT k, CAST(c AS VARCHAR) AS text FROM ${table} ORDER BY k`);
    expect(rows).toHaveLength(40);
    for (const { k, text } of rows) {
      const value: Value | undefined = typeof text === "string" ? parseValue(text, type) : undefined;
      const filter: Filter =
        value === undefined
          ? { column: "c", operator: text === null ? "is null" : "is not null", values: [] }
          : { column: "c", operator: "=", values: [value] };
      const found = await fixture.rows(
        `SELECT k FROM ${scanSql(planScan(state, { filters: [filter] }))} WHERE k = ${k}`,
      );
      expect(found, `${k}: ${text}`).toEqual(k === 9 || k === 30 ? [] : [{ k }]);
    }
  });
});
