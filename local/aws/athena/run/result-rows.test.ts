import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { quote } from "../sql/ast.ts";
import { makePrelude } from "../sql/prelude.ts";
import {
  BIGINT,
  BOOLEAN,
  DATE,
  DOUBLE,
  decimal,
  REAL,
  type TrinoType,
  timestamp,
  VARCHAR,
  zoned,
} from "../sql/types.ts";
import { copyStatement, streamRows, writeRows } from "./result-rows.ts";

let folder: string;
let connection: DuckDBConnection;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "result-rows-"));
  connection = await (await DuckDBInstance.create(":memory:")).connect();
  await connection.run("SET TimeZone = 'UTC'");
  await makePrelude(connection);
});
afterAll(() => {
  connection.closeSync();
  rmSync(folder, { recursive: true, force: true });
});

let files = 0;
const { signal } = new AbortController();
const column = (name: string, type: TrinoType) => ({ name, type, emitted: name });

async function written(
  write: typeof writeRows,
  query: string,
  columns: readonly ReturnType<typeof column>[],
): Promise<readonly [string, number]> {
  const file = join(folder, `${files++}.csv`);
  const rows = await write({ connection, query, columns, file, signal });
  return [readFileSync(file, "utf8"), rows];
}

/** Microseconds of years from -99999 to 99999. */
const micros = fc.oneof(
  fc.bigInt({ min: -3_000_000_000_000_000_000n, max: 3_000_000_000_000_000_000n }),
  fc.bigInt({ min: -62_200_000_000_000_000n, max: -62_100_000_000_000_000n }),
  fc.bigInt({ min: 253_402_200_000_000_000n, max: 253_402_400_000_000_000n }),
);
/** Each type that DuckDB writes, with values of it in DuckDB's words. */
const kinds: readonly (readonly [TrinoType, fc.Arbitrary<string>])[] = [
  [VARCHAR, fc.string({ unit: "binary" }).map((text) => quote(text.replaceAll("\0", "")))],
  [BOOLEAN, fc.boolean().map(String)],
  [BIGINT, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((value) => `(${value})::BIGINT`)],
  [decimal(38, 3), fc.bigInt({ min: -(10n ** 34n), max: 10n ** 34n }).map((whole) => `'${whole}.042'::DECIMAL(38,3)`)],
  [DOUBLE, fc.double().map((value) => `'${Object.is(value, -0) ? "-0.0" : value}'::DOUBLE`)],
  [DOUBLE, fc.double({ min: 1e-4, max: 2e7 }).map((value) => `'${-value}'::DOUBLE`)],
  [DATE, fc.integer({ min: -40_000_000, max: 40_000_000 }).map((days) => `DATE '1970-01-01' + (${days})::INTEGER`)],
  [timestamp(0), micros.map((value) => `make_timestamp((${value})::BIGINT)`)],
  [timestamp(3), micros.map((value) => `make_timestamp((${value})::BIGINT)`)],
  [timestamp(6), micros.map((value) => `make_timestamp((${value})::BIGINT)`)],
  [zoned(3), micros.map((value) => `CAST(make_timestamp((${value})::BIGINT) AS TIMESTAMPTZ)`)],
];

test("what DuckDB writes is what is written value by value", async () => {
  const columns = kinds.map(([type], i) => column(`the "${i}th"`, type));
  const row = fc.tuple(...kinds.map(([, value]) => fc.option(value, { nil: "NULL", freq: 8 })));
  await fc.assert(
    fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), async (rows) => {
      const query = `VALUES ${rows.map((values) => `(${values.join(", ")})`).join(", ")}`;
      expect(copyStatement({ query, columns, file: "x" })).toBeDefined();
      expect(await written(writeRows, query, columns)).toEqual(await written(streamRows, query, columns));
    }),
    { numRuns: 60 },
  );
});

test.each([
  ["no rows", "SELECT 1 WHERE false", [column("n", BIGINT)], '"n"\n', 0],
  ["one column of NULL and of empty text", "VALUES (NULL), ('')", [column("t", VARCHAR)], '"t"\n\n""\n', 2],
  ["names that are the same", "SELECT 1, 2", [column("n", BIGINT), column("N", BIGINT)], '"n","N"\n"1","2"\n', 1],
  [
    "doubles as Java writes them",
    "VALUES (5e-324::DOUBLE), (1e7)",
    [column("d", DOUBLE)],
    '"d"\n"4.9E-324"\n"1.0E7"\n',
    2,
  ],
  ["a type without an expression", "SELECT 0.1::FLOAT", [column("r", REAL)], '"r"\n"0.1"\n', 1],
])("%s", async (_what, query, columns, text, rows) => {
  expect(await written(writeRows, query, columns)).toEqual([text, rows]);
});

test("rows keep the query's order, however many there are", async () => {
  const query = "SELECT i FROM range(300000) r(i) ORDER BY hash(i), i";
  const [text] = await written(writeRows, query, [column("i", BIGINT)]);
  const expected = (await connection.runAndReadAll(query)).getRows().map(([i]) => `"${i}"\n`);
  expect(text).toBe(`"i"\n${expected.join("")}`);
});
