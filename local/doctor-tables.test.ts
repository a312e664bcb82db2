import { cpSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { tablesHealth } from "./doctor-tables.ts";
import { createTable } from "./iceberg/table/create.ts";
import type { Environment } from "./iceberg/table/environment.ts";
import { type Fixture, openFixture } from "./iceberg/table/fixture.ts";
import { insertRows } from "./iceberg/table/insert.ts";

/*
 * A home as the runtime leaves it: objects as files with a log, the catalogue's entry as a file. The files are written by
 * the format's own tests' fixture; that the runtime's services leave the same is shown where the command runs.
 */
const now = Date.UTC(2011, 0, 2);

let home: string;
let files: Fixture;
let env: Environment;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "doctor-"));
  files = await openFixture();
  const { metadataLocation } = await createTable(files.io, {
    location: "s3://lake/t",
    columns: [
      { name: "id", type: "long" },
      { name: "word", type: "string" },
    ],
    now,
  });
  env = files.environment(metadataLocation);
  await insertRows(env, "SELECT range AS id, 'w' || range AS word FROM range(10)");
});

afterEach(async () => {
  await files.close();
  await rm(home, { recursive: true, force: true });
});

/** Lays the fixture's files into the home, but those that `without` names. */
async function save(without: (uri: string) => boolean = () => false): Promise<void> {
  await mkdir(join(home, "s3/.index"), { recursive: true });
  await mkdir(join(home, "glue/tables/shop"), { recursive: true });
  const kept = files.io.list("s3://lake/").filter(({ uri }) => !without(uri));
  const lines = kept.map(({ uri, size }) => {
    const key = uri.slice("s3://lake/".length);
    return JSON.stringify({
      op: "put",
      key,
      size,
      etag: "e",
      lastModified: now,
      contentType: "b",
      metadata: {},
      path: `../files/${key}`,
    });
  });
  await writeFile(join(home, "s3/.index/lake.log"), `${lines.join("\n")}\n{"op":"put","key":"torn`);
  cpSync(join(files.io.folder, "lake"), join(home, "files"), { recursive: true, force: true });
  const table = {
    database: "shop",
    name: "t",
    input: {
      Name: "t",
      Parameters: { table_type: "ICEBERG", metadata_location: env.entry.current().metadataLocation },
    },
    version: 1,
    created: now,
    updated: now,
  };
  await writeFile(join(home, "glue/tables/shop/t.json"), JSON.stringify(table));
  const hive = { ...table, name: "h", input: { Name: "h", Parameters: {} } };
  await writeFile(join(home, "glue/tables/shop/h.json"), JSON.stringify(hive));
}

test("a home without tables has nothing wrong", async () => {
  expect(await tablesHealth(home, now)).toEqual([]);
});

test("a whole table says how much it holds", async () => {
  await save();
  expect(await tablesHealth(home, now)).toEqual([{ name: "t", rows: 10, snapshots: 1, problems: [], notices: [] }]);
});

test.each([
  ["has never been there", () => save((uri) => uri.endsWith(".parquet"))],
  [
    "was taken away",
    async () => {
      await save();
      await rm(join(home, "files/t/data"), { recursive: true });
    },
  ],
])("a data file that %s is a problem", async (_how, prepare) => {
  await prepare();
  const [table] = await tablesHealth(home, now);
  expect(table).toMatchObject({ name: "t", rows: undefined, notices: [] });
  expect(table?.problems).toEqual([expect.stringMatching(/^s3:\/\/lake\/t\/data\/\S+\.parquet is missing$/)]);
});

test("a data file that was cut is a problem", async () => {
  await save();
  const [file = ""] = await readdir(join(home, "files/t/data"));
  await truncate(join(home, "files/t/data", file), 100);
  const [table] = await tablesHealth(home, now);
  expect(table?.problems).toEqual([expect.stringMatching(/^s3:\/\/lake\/t\/data\/\S+ has 100 bytes, not \d+$/)]);
});

test("metadata that is gone is a problem, not the end of the doctor", async () => {
  await save((uri) => uri.endsWith(".metadata.json"));
  const [table] = await tablesHealth(home, now);
  expect(table?.problems).toEqual([
    expect.stringMatching(/^s3:\/\/lake\/t\/metadata\/\S+\.metadata\.json cannot be read: .* is not there$/),
  ]);
});

test("what no snapshot needs is worth a note", async () => {
  await files.io.write("s3://lake/t/data/left-behind.parquet", "12345");
  await save();
  expect(await tablesHealth(home, now)).toEqual([
    {
      name: "t",
      rows: 10,
      snapshots: 1,
      problems: [],
      notices: ["s3://lake/t/ holds 1 files (5 bytes) that the table does not need; VACUUM removes them"],
    },
  ]);
});
