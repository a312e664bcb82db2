import type { StartQueryExecutionCommandInput } from "@aws-sdk/client-athena";
import { GetQueryExecutionCommand, type QueryExecution, StartQueryExecutionCommand } from "@aws-sdk/client-athena";
import { expect } from "vitest";
import type { Bench } from "./fixture.ts";

/** Queries as a client of the API starts and watches them, step by step. */
export interface Queries {
  /** In workgroup `wg` and database `db`, unless the request says another. @returns the query's id */
  start(
    input: Partial<StartQueryExecutionCommandInput> & { readonly QueryString: string },
  ): Promise<string | undefined>;
  look(id: string | undefined): Promise<QueryExecution | undefined>;
  /** The query once it has ended. */
  ended(id: string | undefined): Promise<QueryExecution | undefined>;
}

const RUNNING = new Set<string | undefined>(["QUEUED", "RUNNING"]);

/** @param bench is asked for when a query is started: tests make it before they run. */
export function queriesOf(bench: () => Bench): Queries {
  const look: Queries["look"] = async (QueryExecutionId) =>
    (await bench().athena.send(new GetQueryExecutionCommand({ QueryExecutionId }))).QueryExecution;
  return {
    look,
    async start(input) {
      const { QueryExecutionId } = await bench().athena.send(
        new StartQueryExecutionCommand({ WorkGroup: "wg", QueryExecutionContext: { Database: "db" }, ...input }),
      );
      return QueryExecutionId;
    },
    async ended(id) {
      await expect.poll(async () => RUNNING.has((await look(id))?.Status?.State), { timeout: 20_000 }).toBe(false);
      return look(id);
    },
  };
}
