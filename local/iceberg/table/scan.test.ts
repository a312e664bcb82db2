import { truncateSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { InvalidChange, UnsupportedIceberg } from "../format/errors.ts";
import type { DataFile, IcebergType } from "../format/model.ts";
import type { NewColumn } from "../format/schema.ts";
import { commit } from "./commit.ts";
import type { Environment } from "./environment.ts";
import { type Alteration, alterTable } from "./evolve.ts";
import { insertRows } from "./insert.ts";
import { NotParquet } from "./parquet-footer.ts";
import { type Plan, planScan } from "./plan.ts";
import { openReadingFixture, type ReadingFixture } from "./reading-fixture.ts";
import { type ScanOptions, scanBytes, scanSql } from "./scan.ts";
import { loadTable } from "./state.ts";

let fixture: ReadingFixture;
let newTable: ReadingFixture["newTable"];
let deleteWhere: ReadingFixture["deleteWhere"];
beforeAll(async () => {
  fixture = await openReadingFixture();
  ({ newTable, deleteWhere } = fixture);
});
afterAll(() => fixture.close());

const plan = (env: Environment): Plan => planScan(loadTable(env));
const alter = (env: Environment, ...alterations: Alteration[]) => alterTable(env, alterations);
const register = (env: Environment, ...added: DataFile[]) =>
  commit(loadTable(env), { operation: "append", added, validation: "none" });

async function rowsOf(env: Environment, options: ScanOptions = {}): Promise<unknown[]> {
  const rows = await fixture.rows(`SELECT * FROM ${scanSql(plan(env), options)} ORDER BY ALL`);
  return rows.map((row) => Object.values(row));
}

const pair: readonly NewColumn[] = [
  { name: "a", type: "int" },
  { name: "b", type: "string" },
];
const list = (element: IcebergType): IcebergType => ({
  type: "list",
  "element-id": 0,
  element,
  "element-required": false,
});
const struct = (...fields: [string, IcebergType][]): IcebergType => ({
  type: "struct",
  fields: fields.map(([name, type]) => ({ id: 0, name, required: false, type })),
});

describe("A scan", () => {
  test("of a table that was never written has its columns and no rows.", async () => {
    const env = await newTable([...pair, { name: "c", type: list(struct(["x", "date"])) }]);
    const sql = scanSql(plan(env), { positions: true });
    expect(await fixture.rows(`SELECT * FROM ${sql}`)).toEqual([]);
    const types = await fixture.rows(`SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM ${sql})`);
    expect(types.map((row) => Object.values(row).join(" "))).toEqual([
      "a INTEGER",
      "b VARCHAR",
      "c STRUCT(x DATE)[]",
      "__file BIGINT",
      "__pos BIGINT",
    ]);
  });

  test("gives the columns asked for, in that order, and rows where none is.", async () => {
    const env = await newTable(pair);
    await insertRows(env, "SELECT 1 AS a, 'x' AS b UNION ALL SELECT 2, 'y'");
    expect(await rowsOf(env, { columns: ["b", "a"] })).toEqual([
      ["x", 1],
      ["y", 2],
    ]);
    expect(await fixture.rows(`SELECT count(*) AS n FROM ${scanSql(plan(env), { columns: [] })}`)).toEqual([
      { n: "2" },
    ]);
    expect(() => scanSql(plan(env), { columns: ["c"] })).toThrow(new InvalidChange("Column c does not exist"));
  });

  test("numbers files as the plan does, whichever way they are read.", async () => {
    const env = await newTable(pair);
    for (const [i, select] of ["SELECT 10 AS a, 'x' AS b", "SELECT 20, 'y' UNION ALL SELECT 21, 'z'"].entries()) {
      await insertRows(env, i === 0 ? select : `SELECT * FROM (${select}) AS t(a, b)`);
    }
    await alter(env, { kind: "add columns", columns: [{ name: "c", type: "int" }] });
    await insertRows(env, "SELECT 30 AS a, 'w' AS b, 3 AS c");
    await deleteWhere(env, "a = 20");
    const planned = plan(env);
    const rows = await fixture.rows(`SELECT a, __file, __pos FROM ${scanSql(planned, { positions: true })} ORDER BY a`);
    const found = rows.map(({ a, __file, __pos }) => [a, planned.files[Number(__file)]?.entry.file.records, __pos]);
    expect(found).toEqual([
      [10, 1, "0"],
      [21, 2, "1"],
      [30, 1, "0"],
    ]);
    expect(planned.files.map(({ deletes }) => deletes)).toEqual([[0], [], []]);
  });

  test("leaves deleted rows out, of one file and of several, and reads delete files only where they apply.", async () => {
    const env = await newTable(
      [
        { name: "a", type: "int" },
        { name: "p", type: "int" },
      ],
      {
        partitionedBy: [{ column: "p", transform: "identity" }],
      },
    );
    await insertRows(env, "SELECT i AS a, i % 3 AS p FROM range(9) t(i)");
    await deleteWhere(env, "a = 4");
    expect(await rowsOf(env, { columns: ["a"] })).toEqual([[0], [1], [2], [3], [5], [6], [7], [8]]);
    expect(scanSql(plan(env))).toContain("__d.file_row_number NOT IN");
    await deleteWhere(env, "a IN (0, 8)");
    expect(await rowsOf(env, { columns: ["a"] })).toEqual([[1], [2], [3], [5], [6], [7]]);
    expect(scanSql(plan(env))).toContain("(__d.file_index, __d.file_row_number) NOT IN");
    const one = planScan(loadTable(env), { filters: [{ column: "p", operator: "=", values: [1] }] });
    expect([one.files.length, one.deletes.length]).toEqual([1, 1]);
    expect(await fixture.rows(`SELECT a FROM ${scanSql(one)} ORDER BY a`)).toEqual([{ a: 1 }, { a: 7 }]);
  });

  test("finds the files of partitions whose values mean something in paths.", async () => {
    const env = await newTable(pair, { partitionedBy: [{ column: "b", transform: "identity" }] });
    const values = ["*", "a*b", "a-b", "a[bc]", "ab", "a?", "a/b", "..", "a'b", "é %2F", ""];
    const rows = values.map((value, i) => `(${i}, '${value.replaceAll("'", "''")}')`);
    await insertRows(env, `SELECT * FROM (VALUES ${rows.join(", ")}, (99, NULL)) AS v(a, b)`);
    await deleteWhere(env, "a = 1");
    const left = values.map((value, i) => [i, value]).filter(([i]) => i !== 1);
    expect(await rowsOf(env)).toEqual([...left, [99, null]]);
  });

  test("counts the column chunks it reads, and delete files whole.", async () => {
    const env = await newTable([...pair, { name: "c", type: list("int") }]);
    await insertRows(env, "SELECT i AS a, 'b' || i AS b, [i, 2] AS c FROM range(100) t(i)");
    const [planned] = plan(env).files;
    const sizes = planned?.entry.file.columnSizes ?? new Map();
    expect([...sizes.keys()]).toEqual([1, 2, 4]);
    expect(scanBytes(plan(env), ["a"])).toBe(sizes.get(1));
    expect(scanBytes(plan(env), ["c", "b"])).toBe(sizes.get(2) + sizes.get(4));
    expect(scanBytes(plan(env), undefined)).toBe(sizes.get(1) + sizes.get(2) + sizes.get(4));
    expect(scanBytes(plan(env), [])).toBe(0);
    await deleteWhere(env, "a = 7");
    expect(scanBytes(plan(env), ["a"])).toBe(sizes.get(1) + plan(env).deletes[0]?.file.size);
    await register(
      env,
      await fixture.writeParquet("s3://lake/foreign/sizes.parquet", "SELECT 1 AS a", "FIELD_IDS {a: 1}"),
    );
    const size = plan(env).files.find(({ entry }) => entry.file.path.endsWith("sizes.parquet"))?.entry.file.size ?? 0;
    expect(scanBytes(plan(env), ["a"])).toBe(sizes.get(1) + plan(env).deletes[0]?.file.size + size);
  });
});

describe("Columns keep their identity", () => {
  test("when they are added, renamed, dropped, added again under the same name, and widened.", async () => {
    const env = await newTable([...pair, { name: "d", type: "decimal(5,2)" }, { name: "f", type: "float" }]);
    await insertRows(env, "SELECT 1 AS a, 'old' AS b, 1.25 AS d, 0.5 AS f");
    await alter(env, { kind: "rename column", column: "b", to: "renamed" });
    await alter(env, { kind: "drop column", column: "f" });
    await alter(env, {
      kind: "add columns",
      columns: [
        { name: "f", type: "float" },
        { name: "b", type: "string" },
      ],
    });
    await alter(env, { kind: "widen column", column: "a", type: "long" });
    await alter(env, { kind: "widen column", column: "d", type: "decimal(20,2)" });
    await insertRows(env, "SELECT 3000000000 AS a, 'new' AS renamed, 12345678901.5 AS d, 2.5 AS f, 'again' AS b");
    expect(await rowsOf(env)).toEqual([
      ["1", "old", "1.25", null, null],
      ["3000000000", "new", "12345678901.50", 2.5, "again"],
    ]);
    await deleteWhere(env, "a = 1");
    expect(await rowsOf(env, { columns: ["a"] })).toEqual([["3000000000"]]);
  });

  test("also nested: lists, structs and maps are read as they were written, under new columns too.", async () => {
    const map: IcebergType = {
      type: "map",
      "key-id": 0,
      key: "string",
      "value-id": 0,
      value: struct(["q", "date"]),
      "value-required": false,
    };
    const env = await newTable([
      { name: "s", type: struct(["x", "int"], ["l", list("string")]) },
      { name: "m", type: map },
    ]);
    await insertRows(env, "SELECT {x: 1, l: ['a', NULL]} AS s, MAP {'k': {q: DATE '2010-12-01'}} AS m");
    const row = [{ x: 1, l: ["a", null] }, [{ key: "k", value: { q: "2010-12-01" } }]];
    expect(await rowsOf(env)).toEqual([row]);
    await alter(env, { kind: "add columns", columns: [{ name: "n", type: "int" }] });
    expect(await rowsOf(env)).toEqual([[...row, null]]);
  });
});

describe("Files of other writers", () => {
  test("are read by field id, whatever their columns are called and however their numbers are stored.", async () => {
    const env = await newTable([...pair, { name: "t", type: "timestamp" }]);
    const select = "SELECT 'x' AS \"b b\", 7::UTINYINT AS a_, TIMESTAMP_NS '2010-12-01 08:26:00' AS t, 1 AS more";
    await register(
      env,
      await fixture.writeParquet("s3://lake/foreign/f.parquet", select, 'FIELD_IDS {a_: 1, "b b": 2, t: 3}'),
    );
    await insertRows(env, "SELECT 8 AS a, 'y' AS b, TIMESTAMP '2010-12-01 08:27:00' AS t");
    expect(await rowsOf(env)).toEqual([
      [7, "x", "2010-12-01 08:26:00"],
      [8, "y", "2010-12-01 08:27:00"],
    ]);
  });

  test("may have columns that are called like DuckDB's virtual ones: deletes still hit the right rows.", async () => {
    const env = await newTable(pair);
    const select =
      "SELECT (99 - i)::INTEGER AS file_row_number, 'f' || i AS file_index, 'z' AS filename FROM range(5) t(i)";
    const ids = "FIELD_IDS {file_row_number: 1, file_index: 2, filename: 3}";
    await register(env, await fixture.writeParquet("s3://lake/foreign/virtual.parquet", select, ids));
    await deleteWhere(env, "a = 98");
    expect(await rowsOf(env)).toEqual([
      [95, "f4"],
      [96, "f3"],
      [97, "f2"],
      [99, "f0"],
    ]);
    expect(await fixture.rows(`SELECT count(*) AS n FROM ${scanSql(plan(env), { columns: [] })}`)).toEqual([
      { n: "4" },
    ]);
  });

  test("without field ids are refused by name.", async () => {
    const env = await newTable(pair);
    await register(env, await fixture.writeParquet("s3://lake/foreign/no-ids.parquet", "SELECT 1 AS a, 'x' AS b"));
    const message =
      "Data file s3://lake/foreign/no-ids.parquet has no Iceberg field ids: files that were only registered are not read";
    expect(() => scanSql(plan(env))).toThrow(new UnsupportedIceberg(message));
  });

  test.each([
    ["renamed", "SELECT {was: 1} AS s", "{__duckdb_field_id: 1, was: 2}"],
    ["replaced by one of its name", "SELECT {x: 1, y: 2} AS s", "{__duckdb_field_id: 1, x: 9, y: 3}"],
  ])("with a field %s inside of a struct are refused by name.", async (kind, select, ids) => {
    const env = await newTable([{ name: "s", type: struct(["x", "int"], ["y", "int"]) }]);
    const uri = `s3://lake/foreign/${kind.replaceAll(" ", "-")}.parquet`;
    await register(env, await fixture.writeParquet(uri, select, `FIELD_IDS {s: ${ids}}`));
    const message = `Field x in column s of data file ${uri} was renamed or replaced: not supported inside of structs`;
    expect(() => scanSql(plan(env))).toThrow(new UnsupportedIceberg(message));
  });

  test("may lack fields of a struct, or have more and wider ones.", async () => {
    const env = await newTable([{ name: "s", type: struct(["x", "long"], ["y", "int"]) }]);
    const ids = "FIELD_IDS {s: {__duckdb_field_id: 1, z: 8, x: 2}}";
    await register(
      env,
      await fixture.writeParquet("s3://lake/foreign/fields.parquet", "SELECT {z: 9, x: 1} AS s", ids),
    );
    expect(await rowsOf(env)).toEqual([[{ x: "1", y: null }]]);
  });

  test("that were cut short or are no Parquet are refused by name.", async () => {
    const env = await newTable(pair);
    const file = await fixture.writeParquet(
      "s3://lake/foreign/cut.parquet",
      "SELECT 1 AS a, 'x' AS b",
      "FIELD_IDS {a: 1, b: 2}",
    );
    truncateSync(fixture.io.local(file.path), file.size - 1);
    await register(env, file);
    const message = "s3://lake/foreign/cut.parquet is not a Parquet file of the size that its manifest says";
    expect(() => scanSql(plan(env))).toThrow(new NotParquet(message));
  });
});
