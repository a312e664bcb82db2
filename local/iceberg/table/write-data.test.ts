import { afterAll, beforeAll, expect, test } from "vitest";
import type { DataFile, PrimitiveType, TableMetadata } from "../format/model.ts";
import { fromBytes } from "../format/value.ts";
import { commit } from "./commit.ts";
import { NoSuchValue, NullNotAllowed } from "./errors.ts";
import { alterTable } from "./evolve.ts";
import { type Fixture, openFixture } from "./fixture.ts";
import { insertRows } from "./insert.ts";
import { planScan } from "./plan.ts";
import { scanSql } from "./scan.ts";
import { loadTable } from "./state.ts";
import { writeData } from "./write-data.ts";
import { change, cold, makeTable, people, rowsOf, type TestEnvironment } from "./writing-fixture.ts";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await openFixture();
});
afterAll(() => fixture.close());

const location = (env: TestEnvironment): string => loadTable(env).metadata.location;

test("every type comes back as it was written, and a sum is no double", async () => {
  const types: Record<string, PrimitiveType> = {
    b: "boolean",
    i: "int",
    l: "long",
    f: "float",
    d: "double",
    dec: "decimal(38,3)",
    day: "date",
    time: "time",
    ts: "timestamp",
    tz: "timestamptz",
    s: "string",
    u: "uuid",
    bin: "binary",
  };
  const columns = Object.entries(types).map(([name, type]) => ({ name, type }));
  const env = await makeTable(fixture, {
    columns: [
      ...columns,
      {
        name: "lines",
        type: {
          type: "list",
          "element-id": 0,
          "element-required": false,
          element: {
            type: "struct",
            fields: [
              { id: 0, name: "sku", required: false, type: "string" },
              { id: 0, name: "n", required: false, type: "int" },
            ],
          },
        },
      },
      {
        name: "tags",
        type: { type: "map", "key-id": 0, key: "string", "value-id": 0, value: "long", "value-required": false },
      },
    ],
  });
  const values = `true AS b, -1 AS i, sum(9007199254740993) AS l, 0.1::FLOAT AS f, 'nan'::DOUBLE AS d,
    12345678901234567890123456789012345.678::DECIMAL(38,3) AS dec, DATE '0001-01-01' AS day, TIME '23:59:59.999999' AS time,
    TIMESTAMP '1969-12-31 23:59:59.999999' AS ts, TIMESTAMPTZ '2011-01-01 00:00:00+02' AS tz, 'é''👍' AS s,
    '550e8400-e29b-41d4-a716-446655440000'::UUID AS u, '\\x00\\xFF'::BLOB AS bin, [{sku: 'a', n: 1}, NULL] AS lines, MAP {'k': 5} AS tags`;
  await insertRows(env, `SELECT ${values}`);
  await insertRows(
    env,
    `SELECT ${[...Object.keys(types), "lines", "tags"].map((name) => `NULL AS ${name}`).join(", ")}`,
  );
  const scan = scanSql(planScan(loadTable(cold(env))));
  const rows = await fixture.rows(`SELECT COLUMNS(*)::VARCHAR FROM ${scan} ORDER BY i`);
  expect(rows[0]).toEqual({
    b: "true",
    i: "-1",
    l: "9007199254740993",
    f: "0.1",
    d: "nan",
    dec: "12345678901234567890123456789012345.678",
    day: "0001-01-01",
    time: "23:59:59.999999",
    ts: "1969-12-31 23:59:59.999999",
    tz: "2010-12-31 22:00:00+00",
    s: "é'👍",
    u: "550e8400-e29b-41d4-a716-446655440000",
    bin: "\\x00\\xFF",
    lines: "[{'sku': a, 'n': 1}, NULL]",
    tags: "{k=5}",
  });
  expect(new Set(Object.values(rows[1] ?? {}))).toEqual(new Set([null]));
});

test("a file says its rows, sizes, nulls and bounds by field id", async () => {
  const env = await makeTable(fixture, { columns: people });
  const long = "é".repeat(20);
  const [file, ...others] = await writeData(
    loadTable(env),
    `SELECT 7 AS id, NULL AS name, NULL AS ts UNION ALL SELECT -7, '${long}', TIMESTAMP '1969-12-31 23:00:00' UNION ALL SELECT 0, 'a', TIMESTAMP '2011-01-01'`,
  );
  expect(others).toEqual([]);
  expect(file).toMatchObject({ content: 0, specId: 0, partition: [], records: 3, sortOrderId: 0 });
  expect(file?.path).toMatch(new RegExp(`^${location(env)}/data/[0-9a-f-]{36}\\.parquet$`));
  expect(fixture.io.list(`${location(env)}/data/`).map(({ size }) => size)).toEqual([file?.size]);
  expect([...(file?.valueCounts ?? [])]).toEqual([
    [1, 3],
    [2, 3],
    [3, 3],
  ]);
  expect([...(file?.nullCounts ?? [])]).toEqual([
    [1, 0],
    [2, 1],
    [3, 1],
  ]);
  expect([...(file?.columnSizes.keys() ?? [])]).toEqual([1, 2, 3]);
  const bounds = (of: DataFile["lowerBounds"] | undefined) => [
    fromBytes(of?.get(1) ?? Buffer.of(), "long"),
    fromBytes(of?.get(2) ?? Buffer.of(), "string"),
    fromBytes(of?.get(3) ?? Buffer.of(), "timestamp"),
  ];
  expect(bounds(file?.lowerBounds)).toEqual([-7n, "a", -3_600_000_000n]);
  expect(bounds(file?.upperBounds)).toEqual([7n, `${"é".repeat(15)}ê`, BigInt(Date.UTC(2011, 0, 1)) * 1000n]);
});

test("NULL in a required column, nested or not, and infinity are refused and leave nothing", async () => {
  const env = await makeTable(fixture, {
    columns: [
      ...people,
      {
        name: "lines",
        required: true,
        type: { type: "list", "element-id": 0, element: "int", "element-required": false },
      },
    ],
  });
  const row = (id: string, ts: string, lines: string) =>
    `SELECT ${id} AS id, 'x' AS name, ${ts} AS ts, ${lines} AS lines`;
  await expect(insertRows(env, row("NULL", "NULL", "[1]"))).rejects.toThrow(new NullNotAllowed("id"));
  await expect(insertRows(env, row("1", "NULL", "NULL"))).rejects.toThrow(
    "NULL value not allowed for NOT NULL column: lines",
  );
  await expect(insertRows(env, row("1", "'infinity'::TIMESTAMP", "[1]"))).rejects.toThrow(NoSuchValue);
  await expect(insertRows(env, row("1", "NULL", "['x']"))).rejects.toThrow("Could not convert string 'x' to INT32");
  expect(fixture.io.list(`${location(env)}/data/`)).toEqual([]);
  expect(loadTable(cold(env)).metadata.snapshots).toEqual([]);
});

test("a statement without rows makes no snapshot", async () => {
  for (const partitionedBy of [[], [{ column: "ts", transform: "day" } as const]]) {
    const env = await makeTable(fixture, { columns: people, partitionedBy });
    const nothing = "SELECT 1 AS id, 'x' AS name, NULL::TIMESTAMP AS ts WHERE false";
    expect(await insertRows(env, nothing)).toEqual({ rows: 0, addedFiles: 0, deleteFiles: 0 });
    expect(loadTable(cold(env)).metadata.snapshots).toEqual([]);
    expect(fixture.io.list(`${location(env)}/`)).toHaveLength(1);
  }
});

test("files are about as large as the table wants them, and compressed as it wants", async () => {
  const env = await makeTable(fixture, {
    columns: people,
    properties: { "write.target-file-size-bytes": "2000000", "write.parquet.compression-codec": "snappy" },
  });
  const files = await writeData(
    loadTable(env),
    "SELECT hash(i) % 1000000000 AS id, md5(i::VARCHAR) AS name, NULL AS ts FROM range(400000) r(i)",
  );
  expect(files.length).toBeGreaterThan(3);
  expect(files.reduce((sum, file) => sum + file.records, 0)).toBe(400_000);
  const codecs = await fixture.rows(
    `SELECT DISTINCT compression FROM parquet_metadata('${fixture.io.local(files[0]?.path ?? "")}')`,
  );
  expect(codecs).toEqual([{ compression: "SNAPPY" }]);
});

test.each([
  ["write.format.default", "orc", "Writing orc files is not supported"],
  ["write.parquet.compression-codec", "lzo", "Parquet compression lzo is not supported"],
  ["write.target-file-size-bytes", "512MB", "must be a positive whole number, not 512MB"],
])("property %s=%s is refused by name", async (name, value, message) => {
  const env = await makeTable(fixture, { columns: people, properties: { [name]: value } });
  await expect(insertRows(env, "SELECT 1 AS id, 'x' AS name, NULL AS ts")).rejects.toThrow(message);
});

test.each([{ partitionedBy: [] }, { partitionedBy: [{ column: "name", transform: "identity" } as const] }])(
  "files are sorted where the table has a sort order, partitioned by $partitionedBy",
  async ({ partitionedBy }) => {
    const env = await makeTable(fixture, { columns: people, partitionedBy });
    await commit(loadTable(env), { update: sortedBy });
    const rows =
      "SELECT (i * 7919) % 1000 AS id, CASE WHEN i % 3 = 0 THEN NULL ELSE 'p' || i % 3 END AS name, NULL AS ts";
    const files = await writeData(loadTable(env), `${rows} FROM range(1000) r(i)`);
    expect(files.map((file) => [file.partition, file.records, file.sortOrderId])).toEqual(
      expect.arrayContaining(
        partitionedBy.length === 0
          ? [[[], 1000, 1]]
          : [
              [[null], 334, 1],
              [["p1"], 333, 1],
            ],
      ),
    );
    for (const file of files) {
      const ids = await fixture.rows(`SELECT id FROM read_parquet('${fixture.io.local(file.path)}')`);
      const found = ids.map((row) => Number(row["id"]));
      expect(found).toEqual(found.toSorted((a, b) => b - a));
    }
  },
);

function sortedBy(metadata: TableMetadata): TableMetadata {
  const field = { transform: "identity", "source-id": 1, direction: "desc", "null-order": "nulls-last" } as const;
  return {
    ...metadata,
    "sort-orders": [...metadata["sort-orders"], { "order-id": 1, fields: [field] }],
    "default-sort-order-id": 1,
  };
}

test("rows with -0 or with bytes that are no text are found by a condition on them, which DuckDB's Bloom filters miss", async () => {
  const env = await makeTable(fixture, {
    columns: [
      { name: "d", type: "double" },
      { name: "f", type: "float" },
      { name: "bin", type: "binary" },
    ],
  });
  const select = `SELECT if(i < 2, '-0'::DOUBLE, i) AS d, if(i < 2, '-0'::FLOAT, i) AS f, '\\xFF\\x00'::BLOB AS bin
    FROM range(9) r(i)`;
  await insertRows(env, select);
  expect(await rowsOf(env, "count(*)", "WHERE d = 0 AND f = 0 AND bin = '\\xFF\\x00'::BLOB")).toEqual([["2"]]);
  const joined = "JOIN (SELECT 0::DOUBLE AS z, '\\xFF\\x00'::BLOB AS x) AS s ON d = z AND bin = x";
  expect(await rowsOf(env, "count(*)", joined)).toEqual([["2"]]);
  // As another writer may have left it, with the filters.
  const fieldIds = "FIELD_IDS {bin: 3}, WRITE_BLOOM_FILTER true";
  const uri = `${location(env)}/data/foreign.parquet`;
  const file = await fixture.writeParquet(uri, "SELECT '\\xFE'::BLOB AS bin FROM range(9)", fieldIds);
  await commit(loadTable(env), { operation: "append", added: [file], validation: "none" });
  expect(await rowsOf(env, "count(*)", "WHERE bin = '\\xFE'::BLOB")).toEqual([["9"]]);
});

test("sorted rows of 0 and -0 share a partition, and a long text makes one", async () => {
  const env = await makeTable(fixture, {
    columns: [
      { name: "d", type: "double" },
      { name: "s", type: "string" },
    ],
    partitionedBy: [
      { column: "d", transform: "identity" },
      { column: "s", transform: "identity" },
    ],
  });
  const select = `SELECT d::DOUBLE AS d, s FROM (VALUES ('-0'), ('0'), ('nan')) v(d), (VALUES ('${"é".repeat(200)}'), ('a' || chr(0)), (NULL)) w(s)`;
  await insertRows(env, select);
  await commit(loadTable(env), {
    update: (metadata) => ({
      ...metadata,
      "default-sort-order-id": 1,
      "sort-orders": [
        ...metadata["sort-orders"],
        {
          "order-id": 1,
          fields: [{ transform: "identity", "source-id": 1, direction: "asc", "null-order": "nulls-first" }],
        },
      ],
    }),
  });
  await insertRows(env, select);
  expect(await rowsOf(env, "count(*), count(DISTINCT s), count(*) FILTER (d = 0)", "")).toEqual([["18", "2", "12"]]);
  expect(
    planScan(loadTable(env))
      .files.map(({ entry }) => entry.file.records)
      .toSorted(),
  ).toEqual([...Array(6).fill(1), ...Array(6).fill(2)]);
});

test("a partition's value is of the type that its column was widened to", async () => {
  const env = await makeTable(fixture, {
    columns: [
      { name: "n", type: "int" },
      { name: "x", type: "int" },
    ],
    partitionedBy: [{ column: "n", transform: "identity" }],
  });
  await insertRows(env, "SELECT i % 2 AS n, i AS x FROM range(8) r(i)");
  await alterTable(env, [{ kind: "widen column", column: "n", type: "long" }]);
  await change(env, { op: 0, where: "x = 3" });
  await change(env, { op: 0, where: "n = 0" });
  await insertRows(env, "SELECT 5000000000 AS n, 9 AS x");
  expect(await rowsOf(env)).toEqual([
    ["1", 1],
    ["1", 5],
    ["1", 7],
    ["5000000000", 9],
  ]);
});
