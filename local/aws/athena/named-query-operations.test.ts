import {
  BatchGetNamedQueryCommand,
  CreateNamedQueryCommand,
  DeleteNamedQueryCommand,
  GetNamedQueryCommand,
  ListNamedQueriesCommand,
} from "@aws-sdk/client-athena";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { account, type Bench, startBench } from "./fixture.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

describe("saved questions", () => {
  test("saved questions of clients are kept; those of the stack are not theirs to delete", async () => {
    const { NamedQueryId } = await bench.athena.send(
      new CreateNamedQueryCommand({ Name: "mine", Database: "db", QueryString: "SELECT 1", WorkGroup: "wg" }),
    );
    const { NamedQuery } = await bench.athena.send(new GetNamedQueryCommand({ NamedQueryId }));
    expect(NamedQuery).toMatchObject({ Name: "mine", QueryString: "SELECT 1", WorkGroup: "wg" });
    const { NamedQueryIds } = await bench.athena.send(new ListNamedQueriesCommand({ WorkGroup: "wg" }));
    expect(NamedQueryIds).toEqual(["q1", NamedQueryId]);
    await bench.athena.send(new DeleteNamedQueryCommand({ NamedQueryId }));
    await expect(bench.athena.send(new DeleteNamedQueryCommand({ NamedQueryId: "q1" }))).rejects.toThrow("declares");
  });

  test("many are asked for at once, and what is missing is told", async () => {
    const { NamedQueries, UnprocessedNamedQueryIds } = await bench.athena.send(
      new BatchGetNamedQueryCommand({ NamedQueryIds: ["nothing", "q1"] }),
    );
    expect(NamedQueries?.map(({ Name }) => Name)).toEqual(["how-many"]);
    expect(UnprocessedNamedQueryIds).toEqual([
      { NamedQueryId: "nothing", ErrorCode: "INVALID_INPUT", ErrorMessage: "NamedQuery nothing was not found" },
    ]);
    expect(bench.asked).toContain(`athena:BatchGetNamedQuery arn:aws:athena:eu-west-1:${account}:workgroup/wg`);
  });
});
