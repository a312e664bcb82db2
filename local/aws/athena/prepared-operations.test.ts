import {
  BatchGetPreparedStatementCommand,
  CreatePreparedStatementCommand,
  DeletePreparedStatementCommand,
  GetPreparedStatementCommand,
  ListPreparedStatementsCommand,
  UpdatePreparedStatementCommand,
} from "@aws-sdk/client-athena";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Bench, startBench } from "./fixture.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

describe("prepared statements", () => {
  test("are kept in the workgroup by SQL and through the API, and run with parameters", async () => {
    await bench.run("PREPARE by_sql FROM SELECT ? AS a, ? + 1 AS b");
    expect(await bench.rows("EXECUTE by_sql USING 'x', 41")).toEqual([["x", "42"]]);
    expect(await bench.rows("EXECUTE by_sql", ["'y'", "1"])).toEqual([["y", "2"]]);
    const { SubstatementType, ResultConfiguration } = await bench.execute("EXECUTE by_sql USING 'x', 1");
    expect(SubstatementType).toBe("SELECT");
    expect(ResultConfiguration?.OutputLocation).toMatch(/\.csv$/);
    const keep = { WorkGroup: "wg", StatementName: "by_api" };
    await bench.athena.send(
      new CreatePreparedStatementCommand({ ...keep, QueryStatement: "INSERT INTO sales (sku, n) VALUES (?, ?)" }),
    );
    expect(await bench.run("EXECUTE by_api USING 'p', 7")).toBe(1);
    expect(await bench.rows("SELECT n FROM sales WHERE sku = 'p'")).toEqual([["7"]]);
    await bench.athena.send(
      new UpdatePreparedStatementCommand({ ...keep, QueryStatement: "SELECT 1", Description: "one" }),
    );
    const { PreparedStatement } = await bench.athena.send(new GetPreparedStatementCommand(keep));
    expect(PreparedStatement).toMatchObject({ QueryStatement: "SELECT 1", Description: "one", WorkGroupName: "wg" });
    const { PreparedStatements } = await bench.athena.send(new ListPreparedStatementsCommand({ WorkGroup: "wg" }));
    expect(PreparedStatements?.map(({ StatementName }) => StatementName)).toEqual(["by_api", "by_sql"]);
    await bench.run("DEALLOCATE PREPARE by_sql");
    await bench.athena.send(new DeletePreparedStatementCommand(keep));
    await expect(bench.athena.send(new GetPreparedStatementCommand(keep))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      ResourceName: "by_api",
    });
    expect(await bench.reason("EXECUTE by_sql USING 1")).toBe(
      "NOT_FOUND: PreparedStatement by_sql was not found in workGroup wg",
    );
    expect(await bench.reason("PREPARE d FROM DROP TABLE sales")).toContain("can be prepared");
  });

  test("want the workgroup's leave", async () => {
    bench.denied.add("athena:CreatePreparedStatement");
    expect(await bench.reason("PREPARE p FROM SELECT 1")).toContain("athena:CreatePreparedStatement");
    bench.denied.clear();
  });

  test("many are asked for at once, without regard to case", async () => {
    await bench.run("PREPARE one FROM SELECT 1");
    const { PreparedStatements, UnprocessedPreparedStatementNames } = await bench.athena.send(
      new BatchGetPreparedStatementCommand({ WorkGroup: "wg", PreparedStatementNames: ["ONE", "two"] }),
    );
    expect(PreparedStatements?.map(({ QueryStatement }) => QueryStatement)).toEqual(["SELECT 1"]);
    expect(UnprocessedPreparedStatementNames).toEqual([
      { StatementName: "two", ErrorCode: "STATEMENT_NOT_FOUND", ErrorMessage: "PreparedStatement two was not found" },
    ]);
  });
});
