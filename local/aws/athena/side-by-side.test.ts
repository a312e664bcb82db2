import { GetQueryResultsCommand, StopQueryExecutionCommand } from "@aws-sdk/client-athena";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { queriesOf } from "./api-fixture.ts";
import { type Bench, startBench } from "./fixture.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

const { look, start } = queriesOf(() => bench);
const slow =
  "SELECT count(*) FROM UNNEST(sequence(1, 9000)) AS a(x) CROSS JOIN UNNEST(sequence(1, 9000)) AS b(y) CROSS JOIN UNNEST(sequence(1, 9000)) AS c(z) WHERE x + y + z = 1";

describe("queries side by side", () => {
  test("four run, the fifth waits; both kinds can be stopped, and the others go on", async () => {
    const running = await Promise.all([1, 2, 3, 4].map(() => start({ QueryString: slow })));
    await expect.poll(async () => (await look(running[3]))?.Status?.State).toBe("RUNNING");
    const waiting = await start({ QueryString: "SELECT 1 AS one" });
    expect((await look(waiting))?.Status?.State).toBe("QUEUED");
    const given = await start({ QueryString: "SELECT 2 AS two" });
    await expect(bench.athena.send(new GetQueryResultsCommand({ QueryExecutionId: given }))).rejects.toMatchObject({
      message: "Query has not yet finished. Current state: QUEUED",
      AthenaErrorCode: "INVALID_QUERY_EXECUTION_STATE",
    });
    await bench.athena.send(new StopQueryExecutionCommand({ QueryExecutionId: given }));
    await expect.poll(async () => (await look(given))?.Status?.State).toBe("CANCELLED");
    expect((await look(running[0]))?.Status?.State).toBe("RUNNING");
    await bench.athena.send(new StopQueryExecutionCommand({ QueryExecutionId: running[0] }));
    await expect.poll(async () => (await look(running[0]))?.Status?.State, { timeout: 20_000 }).toBe("CANCELLED");
    expect((await look(running[0]))?.Status?.StateChangeReason).toBe("Query cancelled by user");
    await expect.poll(async () => (await look(waiting))?.Status?.State, { timeout: 20_000 }).toBe("SUCCEEDED");
    for (const id of running) await bench.athena.send(new StopQueryExecutionCommand({ QueryExecutionId: id }));
    for (const id of running) await expect.poll(async () => (await look(id))?.Status?.State).toBe("CANCELLED");
    await expect(bench.athena.send(new GetQueryResultsCommand({ QueryExecutionId: running[0] }))).rejects.toMatchObject(
      { message: "Could not find results", AthenaErrorCode: "RESULT_NOT_FOUND" },
    );
  });

  test("one that needs more memory than there is fails by name, the others go on", async () => {
    const small = await startBench(undefined, undefined, "64MiB");
    const greedy =
      "SELECT cardinality(array_agg(rpad(CAST(x * 1000 + y AS varchar), 400, 'x'))) FROM UNNEST(sequence(1, 400)) AS a(x) CROSS JOIN UNNEST(sequence(1, 1000)) AS b(y)";
    const [failed, fine] = await Promise.all([small.execute(greedy), small.rows("SELECT 1 AS one")]);
    expect(failed.Status?.StateChangeReason).toMatch(/^EXCEEDED_MEMORY_LIMIT: Query exceeded local memory limit/);
    expect(failed.Status?.AthenaError).toMatchObject({ ErrorCategory: 1, ErrorType: 0, Retryable: false });
    expect(fine).toEqual([["1"]]);
    expect(await small.rows("SELECT 2 AS two")).toEqual([["2"]]);
    await small.stop();
  });
});
