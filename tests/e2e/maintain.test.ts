import { globSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tables } from "../../analytics/models/index.ts";
import type { Maintained } from "../../cli/operations/maintain.ts";
import type { TableHealth } from "../../local/doctor-tables.ts";
import { type Home, oneMonth } from "./one-month.ts";

describe("a lake of one month", { timeout: 120_000 }, () => {
  let home: Home;

  beforeAll(async () => {
    home = await oneMonth();
  });
  afterAll(() => home.remove());

  it("has whole tables, before maintenance and after, and the same rows", async () => {
    const doctor = () => home.json<{ tables: TableHealth[] }>("doctor");
    const before = (await doctor()).tables;
    expect(before.map(({ name }) => name)).toEqual(tables.map(({ name }) => name).sort());
    expect(before.filter(({ problems }) => problems.length > 0)).toEqual([]);

    const done = await home.json<Maintained[]>("maintain");
    expect(done.map(({ table }) => table)).toEqual(tables.map(({ name }) => name));
    expect(done.filter(({ failed }) => failed !== undefined)).toEqual([]);
    // Every segment was inserted by a statement of its own.
    const members = done.find(({ table }) => table === "segment_members_next");
    expect(members?.before.dataFiles).toBeGreaterThan(1);
    expect(members?.after).toMatchObject({ dataFiles: 1, deleteFiles: 0 });

    const after = (await doctor()).tables;
    expect(after.map(({ name, rows, problems }) => [name, rows, problems])).toEqual(
      before.map(({ name, rows }) => [name, rows, []]),
    );
  });

  it("only what is asked for is maintained, and a wrong name is answered with those there are", async () => {
    const [rfm] = await home.json<Maintained[]>("maintain", "rfm", "--vacuum-only");
    expect(rfm?.runs).toEqual({ VACUUM: 1 });
    const wrong = await home.c360("maintain", "rmf");
    expect([wrong.code, wrong.stdout]).toEqual([2, ""]);
    expect(wrong.stderr).toMatch(/There is no Iceberg table "rmf"\. There are: orders, .*\brfm\b/);
    expect((await home.c360("maintain", "--optimize-only", "--vacuum-only")).code).toBe(2);
  });

  it("a file that is gone is found", async () => {
    const [file = ""] = globSync(join(home.path, "s3/*lake*/gold/rfm/data/**/*.parquet"));
    rmSync(file);
    const ran = await home.c360("doctor");
    expect(ran.code).toBe(1);
    expect(ran.stdout).toMatch(/BAD {2}table rfm: s3:\/\/\S+\.parquet is missing/);
  });
});
