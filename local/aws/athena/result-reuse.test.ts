import { GetQueryResultsCommand } from "@aws-sdk/client-athena";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { queriesOf } from "./api-fixture.ts";
import { type Bench, startBench } from "./fixture.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

const { ended, start } = queriesOf(() => bench);

describe("result reuse", () => {
  const reuse = { ResultReuseConfiguration: { ResultReuseByAgeConfiguration: { Enabled: true, MaxAgeInMinutes: 60 } } };

  test("gives an earlier result again, though the table has changed since, and scans nothing", async () => {
    const QueryString = "SELECT count(*) AS c FROM wide WHERE k <> 'x'";
    await bench.run("INSERT INTO wide (k) VALUES ('a')");
    const first = await ended(await start({ QueryString }));
    await bench.run("INSERT INTO wide (k) VALUES ('b')");
    const again = await ended(await start({ QueryString, ...reuse }));
    expect(again?.Statistics).toMatchObject({
      DataScannedInBytes: 0,
      ResultReuseInformation: { ReusedPreviousResult: true },
    });
    expect(again?.ResultConfiguration?.OutputLocation).toBe(first?.ResultConfiguration?.OutputLocation);
    const { ResultSet } = await bench.athena.send(
      new GetQueryResultsCommand({ QueryExecutionId: again?.QueryExecutionId }),
    );
    expect(ResultSet?.Rows?.[1]?.Data).toEqual([{ VarCharValue: "1" }]);
    const reused = async (input: Parameters<typeof start>[0]) =>
      (await ended(await start(input)))?.Statistics?.ResultReuseInformation?.ReusedPreviousResult;
    expect(await reused({ QueryString })).toBe(false);
    // That was another execution: it is the newest now.
    expect(await reused({ QueryString, ...reuse })).toBe(true);
    expect(await reused({ QueryString: `${QueryString} `, ...reuse })).toBe(false);
    expect(await reused({ QueryString, QueryExecutionContext: { Database: "other" }, ...reuse })).toBe(false);
    const anyRow = { QueryString: "SELECT k FROM wide LIMIT 1" };
    expect([await reused(anyRow), await reused({ ...anyRow, ...reuse })]).toEqual([false, false]);
  });

  test("wants leave to read the result and to know the tables", async () => {
    const QueryString = "SELECT max(k) FROM wide";
    const first = await ended(await start({ QueryString }));
    const key = first?.ResultConfiguration?.OutputLocation?.replace("s3://", "arn:aws:s3:::") ?? "";
    bench.denied.add(`s3:GetObject ${key}`);
    const other = await ended(await start({ QueryString, ...reuse }));
    expect(other?.Statistics?.ResultReuseInformation?.ReusedPreviousResult).toBe(false);
    bench.denied.clear();
    bench.denied.add("glue:GetTable");
    expect((await ended(await start({ QueryString, ...reuse })))?.Status?.State).toBe("FAILED");
    bench.denied.clear();
  });
});
