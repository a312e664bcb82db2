import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { decodeContainer } from "../format/avro.ts";
import type { Codec } from "../format/avro-schema.ts";
import type { IcebergType, PrimitiveType } from "../format/model.ts";
import { toBytes } from "../format/value.ts";
import { parseValue } from "../format/value-text.ts";
import { checkTable } from "../table/check.ts";
import type { Environment, FileIo } from "../table/environment.ts";
import { expire } from "../table/expire.ts";
import { type Fixture, openFixture } from "../table/fixture.ts";
import { insertRows } from "../table/insert.ts";
import { optimize } from "../table/optimize.ts";
import { removeOrphans } from "../table/orphans.ts";
import { loadTable } from "../table/state.ts";
import { change, cold, makeTable, rowsOf } from "../table/writing-fixture.ts";

/**
 * After DELETE, OPTIMIZE and VACUUM no file in the table's folder holds a value of the deleted row, nor does a file's
 * name: data, deletes, bounds in manifests, partition summaries in manifest lists, metadata. Bytes are searched, with
 * Avro blocks expanded; data files are not compressed here. Of a table that is partitioned
 * by the value itself the manifests keep it: so does every engine, so no table should be. Not shown: what a store keeps of deleted files
 * (tests/e2e/erasure.test.ts), or a disk.
 */

let fixture: Fixture;
beforeAll(async () => {
  fixture = await openFixture();
});
afterAll(() => fixture.close());

const NAME = "Zzyzx Unforgotten-Hill";
/** As much of it as bounds keep, less what is rounded up. */
const TRACE = NAME.slice(0, 14);
const list: IcebergType = { type: "list", "element-id": 0, element: "string", "element-required": false };
const struct: IcebergType = {
  type: "struct",
  fields: [{ id: 0, name: "street", required: false, type: "string" }],
};
const map: IcebergType = {
  type: "map",
  "key-id": 0,
  key: "string",
  "value-id": 0,
  value: "string",
  "value-required": false,
};

/** A value as files and bounds hold it. */
function bytesOf(text: string, type: PrimitiveType): Buffer {
  const value = parseValue(text, type);
  if (value === undefined) throw new Error(`${text} is no ${type}`);
  return toBytes(value, type);
}

/** Columns, what the erased person has in them, and the bytes that would tell it. */
const columns: readonly { name: string; type: IcebergType; sql: string; traces: readonly Buffer[] }[] = [
  {
    name: "town",
    type: "string",
    sql: `'${NAME}'`,
    traces: [Buffer.from(TRACE), Buffer.from(TRACE.replace(" ", "+"))],
  },
  { name: "phone", type: "long", sql: "447700900123457", traces: [bytesOf("447700900123457", "long")] },
  {
    name: "born",
    type: "timestamp",
    sql: "'1961-07-05 03:02:01.234567'",
    traces: [bytesOf("1961-07-05 03:02:01.234567", "timestamp")],
  },
  {
    name: "spent",
    type: "decimal(38,10)",
    sql: "918273645546372.8191827364",
    traces: [bytesOf("918273645546372.8191827364", "decimal(38,10)")],
  },
  { name: "score", type: "double", sql: "0.8437216549", traces: [bytesOf("0.8437216549", "double")] },
  {
    name: "device",
    type: "uuid",
    sql: "'f79c3e09-677c-4bbd-a479-3f349cb785e7'",
    traces: [Buffer.from("f79c3e09677c4bbda4793f349cb785e7", "hex")],
  },
  {
    name: "face",
    type: "binary",
    sql: "'\\xDE\\xAD\\xBE\\xEF\\xCA\\xFE'",
    traces: [Buffer.from("deadbeefcafe", "hex")],
  },
  { name: "aliases", type: list, sql: "['Alias of Mallory']", traces: [Buffer.from("Alias of Mallor")] },
  { name: "address", type: struct, sql: "{'street': 'Nowhere Lane 99'}", traces: [Buffer.from("Nowhere Lane 9")] },
  { name: "notes", type: map, sql: "MAP {'allergic to': 'wasps and bees'}", traces: [Buffer.from("wasps and bee")] },
];

const row = (id: number, value: (column: (typeof columns)[number]) => string): string =>
  `SELECT ${id} AS id, ${columns.map((column) => `(${value(column)}) AS ${column.name}`).join(", ")}`;
const person = (id: number): string => row(id, ({ sql }) => sql);
const others = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, i) =>
    row(from + i, ({ name }) => (name === "town" ? `'T${i % 2}'` : "NULL")),
  ).join(" UNION ALL ");

/** Gives the bytes of a block for its first record. */
const expanded: Codec = {
  read(block) {
    const bytes: Buffer[] = [];
    while (!block.atEnd()) bytes.push(block.take(1));
    return Buffer.concat(bytes);
  },
  skip: () => undefined,
  write: () => undefined,
};

function plainBytes(uri: string): Buffer {
  const bytes = readFileSync(fixture.io.local(uri));
  if (!uri.endsWith(".avro")) return bytes;
  const { records } = decodeContainer(bytes, () => expanded);
  return Buffer.concat([bytes, ...records.filter((record) => Buffer.isBuffer(record))]);
}

/** Kinds of files with something of the person, and of what. */
function holders(env: Environment): readonly string[] {
  const { location } = loadTable(env).metadata;
  const found = fixture.io.list(`${location}/`).flatMap(({ uri }) => {
    const bytes = Buffer.concat([Buffer.from(uri), plainBytes(uri)]);
    const held = columns.filter(({ traces }) => traces.some((trace) => bytes.includes(trace)));
    return held.map(({ name }) => `${kindOf(uri)} ${name}`);
  });
  return [...new Set(found)].toSorted();
}

function kindOf(uri: string): string {
  const file = uri.slice(uri.lastIndexOf("/") + 1);
  if (file.endsWith(".json")) return "metadata";
  if (file.startsWith("snap-")) return "list";
  if (file.endsWith(".avro")) return "manifest";
  return file.endsWith("-deletes.parquet") ? "deletes" : "data";
}

async function vacuum(env: Environment): Promise<void> {
  const olderThanMs = Math.max(Date.now(), fixture.clock.ms) + 1e9;
  await expire(env, { olderThanMs, keep: 1, keepMetadataFiles: 1 });
  await removeOrphans(env, { olderThanMs });
}

type Partitioning = readonly { readonly column: string; readonly transform: "identity" }[];

/** @param deletes delete files that make a data file worth a rewrite. */
function makeCustomers(deletes: number, partitionedBy: Partitioning = []): Promise<Environment> {
  return makeTable(fixture, {
    columns: [{ name: "id", type: "long" }, ...columns.map(({ name, type }) => ({ name, type }))],
    partitionedBy,
    properties: {
      "write.parquet.compression-codec": "uncompressed",
      optimize_rewrite_delete_file_threshold: String(deletes),
    },
  });
}

async function populated(partitionedBy: Partitioning): Promise<Environment> {
  const env = await makeCustomers(1, partitionedBy);
  await insertRows(env, others(0, 40));
  // Two rows, so that the delete marks one of a file that stays.
  await insertRows(env, `${person(100)} UNION ALL ${person(101)} UNION ALL ${others(50, 60)}`);
  await insertRows(env, others(60, 70));
  // Once more in another file, by an update.
  await change(env, { op: 1, where: "id = 100", set: { id: "102" } });
  return env;
}

const erase = async (env: Environment): Promise<unknown> => change(env, { op: 0, where: "id IN (101, 102)" });

test.each([
  ["not partitioned", []],
  ["partitioned by the person's own town, but the town", [{ column: "town", transform: "identity" as const }]],
])("no byte of the row is left in a table %s", async (_, partitionedBy) => {
  const env = await populated(partitionedBy);
  const partitioned = partitionedBy.length > 0;
  const before = holders(env);
  for (const { name } of columns) expect(before).toContain(`data ${name}`);
  for (const name of ["town", "phone", "born", "spent", "score"]) expect(before).toContain(`manifest ${name}`);
  if (partitioned) expect(before).toEqual(expect.arrayContaining(["list town", "deletes town"]));

  await erase(env);
  await optimize(env, []);
  expect(await rowsOf(env, "count(*)", "")).toEqual([["60"]]);
  // Snapshots of before are still listed.
  for (const { name } of columns) expect(holders(env)).toContain(`data ${name}`);

  await vacuum(env);
  // Manifests say what was removed, and of a removed file its partition, until they are written again.
  expect(holders(env)).toEqual(partitioned ? ["list town", "manifest town"] : []);
  expect(loadTable(env).metadata.snapshots).toHaveLength(1);
  expect(await rowsOf(env, "count(*)", "")).toEqual([["60"]]);
  expect(await checkTable(cold(env))).toEqual([]);
});

test("with Athena's default of two delete files OPTIMIZE leaves the row where it is: the table's property counts", async () => {
  const env = await makeCustomers(2);
  await insertRows(env, `${person(101)} UNION ALL ${others(80, 90)}`);
  await erase(env);
  await optimize(env, []);
  await vacuum(env);
  for (const { name } of columns) expect(holders(env)).toContain(`data ${name}`);
});

test("leftovers of a writer that was killed hold it too, until VACUUM takes them", async () => {
  const env = await populated([]);
  const killed = new Error("killed");
  const entry = { current: () => env.entry.current(), swap: () => Promise.reject(killed) };
  const io: FileIo = {
    read: (uri) => env.io.read(uri),
    local: (uri) => env.io.local(uri),
    list: (prefix) => env.io.list(prefix),
    write: (uri, bytes) => env.io.write(uri, bytes),
    adopt: (uri, file) => env.io.adopt(uri, file),
    delete: () => Promise.reject(killed),
  };
  await erase(env);
  await optimize(env, []);
  await expect(insertRows({ ...env, io, entry }, person(103))).rejects.toBe(killed);
  await expire(env, { olderThanMs: fixture.clock.ms + 1e9, keep: 1, keepMetadataFiles: 1 });
  expect(holders(env)).toContain("data town");
  await vacuum(env);
  expect(holders(env)).toEqual([]);
});
