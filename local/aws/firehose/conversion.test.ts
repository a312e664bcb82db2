import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createSqlEngine } from "../../sql-engine/sql-engine.ts";
import type { SqlEngine } from "../ports.ts";
import { convert } from "./conversion.ts";

let home: string;
let engine: SqlEngine & { close(): Promise<void> };

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "conversion-"));
  // What all of the groups below would need at once is more than twice as much.
  engine = await createSqlEngine({ scratch: join(home, "scratch"), memoryLimit: "400MB" });
});
afterAll(async () => {
  await engine.close();
  await rm(home, { recursive: true, force: true });
});

test("writes any number of groups in bounded memory, each to a file of its own, and sets bad lines aside", async () => {
  const columns = Array.from({ length: 12 }, (_, n) => ({ name: `c${n}`, type: n === 0 ? "int" : "string" }));
  const groups = 1600;
  // Out of order: a group's lines lie apart.
  const lines = Array.from({ length: 2 * groups }, (_, n) => {
    const values = columns.map(({ name }, column) => [name, column === 0 ? n : `${n}-${column}`]);
    return JSON.stringify({ g: (n * 7) % groups, ...Object.fromEntries(values) });
  });
  lines[5] = '{"g":35,"c0":"five"}';
  lines[9] = "no object";
  const file = join(home, "records.ndjson");
  await writeFile(file, `${lines.join("\n")}\n`);
  const input = { file, groupMember: "g", groups, columns, compression: "snappy" as const, output: join(home, "out") };
  const { files, rejected } = await convert(engine, input);
  expect(rejected).toEqual([5, 9]);
  expect(new Set(files.map(({ group }) => group)).size).toBe(groups);
  expect(files).toHaveLength(groups);
  const list = files.filter(({ group }) => group === 35 || group === 42).map(({ file: path }) => `'${path}'`);
  const reader = await engine.use((connection) =>
    connection.runAndReadAll(`SELECT c0, c11 FROM read_parquet([${list.join(", ")}]) ORDER BY c0`),
  );
  expect(reader.getRowsJson()).toEqual([
    [6, "6-11"],
    [1605, "1605-11"],
    [1606, "1606-11"],
  ]);
});
