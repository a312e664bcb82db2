import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { tableFromIPC } from "apache-arrow";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { rowsOf } from "../../cli/rows.ts";
import { type Home, oneMonth } from "./one-month.ts";

const SQL = `SELECT country, count(*) AS customers, sum(net_value) AS net_value, max(last_purchase_at) AS latest
FROM customer_360 WHERE country IN ('EIRE', 'Germany') GROUP BY country ORDER BY country`;

/** What is said about every query: rows, bytes, their price, time. */
const account = /^2 rows, [\d.]+ KiB scanned \(\$0\.0000\d+ on Athena\), [\d.]+ s \([\d.]+ s in the engine\)\n$/;

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
    // Rows as Arrow, and so CSV, know milliseconds; the table prints what Athena sends.
    const printed = table.stdout.replaceAll(/ {2,}/g, ",").replaceAll(/(:\d\d\.\d{3})000/g, "$1");
    for (const line of lines) expect(printed).toContain(line);
  });

  it("--format arrow: the bytes of an Arrow file, and nothing else on stdout", async () => {
    const ran = await home.c360("query", "--format", "arrow", SQL);
    expect(ran.stderr).toMatch(account);
    expect(ran.bytes.subarray(0, 6).toString()).toBe("ARROW1");
    expect(JSON.parse(JSON.stringify(rowsOf(tableFromIPC(ran.bytes))))).toEqual(json);
  });

  it("--file takes the statement from a file", async () => {
    const file = join(home.path, "..", "question.sql");
    writeFileSync(file, `-- Two countries\n${SQL}\n`);
    expect(await home.json("query", "--file", file)).toEqual(json);
  });

  it("--name asks a saved question: the month's value is the source's", async () => {
    expect(await home.json("query", "--name", "net-value-by-month")).toEqual([
      { month: "2010-12", net_value: 748957.02 },
    ]);
  });
});
