import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { tableFromIPC } from "apache-arrow";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { start } from "./command.ts";
import { type Home, oneMonth } from "./one-month.ts";

const SQL = `SELECT country, count(*) AS customers, sum(net_value) AS net_value, max(last_purchase_at) AS latest
FROM customer_360 WHERE country IN ('EIRE', 'Germany') GROUP BY country ORDER BY country`;

/** What is said about every query: rows, bytes, their price, time. */
const account = /^2 rows, [\d.]+ KiB scanned \(\$0\.0000\d+ on Athena\), [\d.]+ m?s \([\d.]+ m?s in the engine\)\n$/;

describe("c360 query", { timeout: 120_000 }, () => {
  let home: Home;
  let json: readonly Readonly<Record<string, unknown>>[];
  beforeAll(async () => {
    home = await oneMonth();
    json = await home.rows(SQL);
  });
  afterAll(() => home.remove());

  it("--format json: exact decimals as numbers, and the account on stderr", async () => {
    const ran = await home.c360("query", "--format", "json", SQL);
    expect(ran.stderr).toMatch(account);
    expect(JSON.parse(ran.stdout)).toEqual(json);
    expect(json).toHaveLength(2);
    expect(ran.stdout).toMatch(/"net_value": \d+\.\d{3},/);
  });

  it("--format csv and table: the same values", async () => {
    const csv = await home.c360("query", "--format", "csv", SQL);
    expect(csv.stderr).toMatch(account);
    const [header, ...lines] = csv.stdout.trimEnd().split("\n");
    expect(header).toBe("country,customers,net_value,latest");
    expect(lines.map((line) => line.split(",").slice(0, 2))).toEqual(
      json.map((row) => [row["country"], String(row["customers"])]),
    );
    const table = await home.c360("query", SQL);
    expect(table.stderr).toMatch(account);
    expect(table.stdout.split("\n")[0]).toMatch(/^country +customers +net_value +latest$/);
    const printed = table.stdout.replaceAll(/ {2,}/g, ",");
    for (const line of lines) expect(printed).toContain(line);
  });

  it("--format arrow: the bytes of an Arrow file, and nothing else on stdout", async () => {
    const ran = await home.c360("query", "--format", "arrow", SQL);
    expect(ran.stderr).toMatch(account);
    expect(ran.bytes.subarray(0, 6).toString()).toBe("ARROW1");
    const table = tableFromIPC(ran.bytes);
    expect(table.schema.fields.map(({ type }) => String(type))).toEqual([
      "Utf8",
      "Int64",
      "Decimal[38e+3]",
      "Timestamp<MICROSECOND>",
    ]);
    expect(Array.from(table, (row) => [row["country"], Number(row["customers"])])).toEqual(
      json.map((row) => [row["country"], row["customers"]]),
    );
  });

  it("loses no digit of any type, in any format", async () => {
    const sql = `SELECT TIMESTAMP '2011-12-09 12:50:00.123456' AS at, TIME '12:00:01.123456' AS "time",
  TIMESTAMP '2011-12-09 12:50:00.123456 Europe/Berlin' AS zoned, DECIMAL '-12345678901234567890123456789.005' AS paid,
  9007199254740993 AS big, 1e-7 AS share, nan() AS nan, X'00ff' AS bytes, '' AS empty, CAST(NULL AS varchar) AS "null",
  ARRAY[1, NULL] AS list, true AS yes, 1 AS twice, 2 AS twice`;
    const csv = await home.c360("query", "--csv", sql);
    expect(csv.stdout).toBe(
      "at,time,zoned,paid,big,share,nan,bytes,empty,null,list,yes,twice,twice\n" +
        "2011-12-09 12:50:00.123456,12:00:01.123456,2011-12-09 12:50:00.123456 Europe/Berlin,-12345678901234567890123456789.005," +
        '9007199254740993,1.0E-7,NaN,00 ff,"",,"[1, null]",true,1,2\n',
    );
    const text = await home.c360("query", "--json", sql);
    expect(text.stdout.replaceAll(/\n +/g, " ")).toBe(
      '[ { "at": "2011-12-09 12:50:00.123456", "time": "12:00:01.123456", "zoned": "2011-12-09 12:50:00.123456 Europe/Berlin",' +
        ' "paid": -12345678901234567890123456789.005, "big": 9007199254740993, "share": 1.0E-7, "nan": "NaN", "bytes": "00 ff",' +
        ' "empty": "", "null": null, "list": "[1, null]", "yes": true, "twice": 1, "twice_2": 2 }\n]\n',
    );
    const arrow = tableFromIPC((await home.c360("query", "--format", "arrow", sql)).bytes);
    const stored = (name: string): unknown[] =>
      arrow.getChild(name)?.data.flatMap(({ values }) => Array.from(values)) ?? [];
    expect([stored("at"), stored("time"), stored("big")]).toEqual([
      [1323435000123456n],
      [43201123456n],
      [9007199254740993n],
    ]);
    const [first] = arrow.toArray();
    expect([first?.["zoned"], first?.["bytes"], first?.["empty"], first?.["null"], first?.["twice_2"]]).toEqual([
      "2011-12-09 12:50:00.123456 Europe/Berlin",
      Uint8Array.of(0, 255),
      "",
      null,
      2,
    ]);
  });

  it("says how many rows a statement changed", async () => {
    const none = "DELETE FROM tickets WHERE ticket_id = 'nobody''s'";
    const ran = await home.c360("query", "--as", "operator", none);
    expect([ran.code, ran.stdout]).toEqual([0, "0 rows changed\n"]);
    expect(ran.stderr).toMatch(/^[\d.]+ K?i?B scanned /);
    expect(await home.json("query", "--as", "operator", none)).toEqual([{ rows: 0 }]);
    const done = await home.c360("query", "--as", "operator", "VACUUM tickets");
    expect([done.code, done.stdout]).toEqual([0, "VACUUM done\n"]);
  });

  it("--file takes the statement from a file", async () => {
    const file = join(home.path, "..", "question.sql");
    writeFileSync(file, `-- Two countries\n${SQL}\n`);
    expect(await home.json("query", "--file", file)).toEqual(json);
  });

  it("a pipe brings several, which run until one fails; it is told with its place", async () => {
    const input = "SELECT 1 AS a;\n-- and\nSELECT 2 AS b,\n  nobody\nFROM customer_360;\nSELECT 3 AS c";
    const ran = await start(["--home", home.path, "query", "--csv"], { input }).ended;
    expect([ran.code, ran.stdout]).toEqual([1, "a\n1\n"]);
    expect(ran.stderr).toMatch(/the statement on line 2 failed: .*nobody/);
  });

  it("--parameter gives the values of the ?", async () => {
    expect(await home.json("query", "-p", "41", "-p", "'x'", "SELECT ? + 1 AS n, ? AS s")).toEqual([{ n: 42, s: "x" }]);
  });

  it("--name asks a saved question: the month's value is the source's", async () => {
    expect(await home.json("query", "--name", "net-value-by-month")).toEqual([
      { month: "2010-12", net_value: 748957.02 },
    ]);
  });
});
