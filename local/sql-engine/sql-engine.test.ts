import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createSqlEngine } from "./sql-engine.ts";

let scratch: string;
beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), "sql-engine-"));
});
afterEach(() => rm(scratch, { recursive: true, force: true }));

test("runs on UTC within its bounds, empties its scratch folder and needs no extension from the network", async () => {
  await writeFile(join(scratch, "left-over"), "x");
  const engine = await createSqlEngine({ scratch, memoryLimit: "256MiB", threads: 1 });
  expect(await readdir(scratch)).toEqual([]);
  const rows = await engine.use(async (connection) => {
    const reader = await connection.runAndReadAll(
      "SELECT current_setting('TimeZone'), current_setting('memory_limit'), current_setting('threads'), CAST('2011-01-01 00:00:00+02' AS TIMESTAMPTZ)::VARCHAR",
    );
    return reader.getRowsJson();
  });
  expect(rows).toEqual([["UTC", "256.0 MiB", "1", "2010-12-31 22:00:00+00"]]);
  await expect(engine.use((connection) => connection.run("FROM read_csv('http://127.0.0.1:9/x.csv')"))).rejects.toThrow(
    "httpfs",
  );
  await engine.close();
});

test("connections are pooled, a failed task's connection is not handed on, tasks run side by side", async () => {
  const engine = await createSqlEngine({ scratch });
  await engine.use((connection) => connection.run("CREATE TEMP TABLE mine AS SELECT 1"));
  await engine.use((connection) => connection.run("FROM mine"));
  await expect(engine.use((connection) => connection.run("BEGIN; FROM nowhere"))).rejects.toThrow("nowhere");
  await engine.use((connection) => connection.run("BEGIN; COMMIT"));
  let first: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    first = resolve;
  });
  const waiting = engine.use(() => gate);
  await engine.use(async () => first());
  await waiting;
  await engine.close();
  await expect(engine.use(async () => 1)).rejects.toThrow("closed");
});
