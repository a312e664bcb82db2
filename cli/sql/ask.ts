import { AthenaClient } from "@aws-sdk/client-athena";
import { GetTableCommand, GlueClient } from "@aws-sdk/client-glue";
import { cost, type Rows, runRows } from "../../analytics/client/index.ts";
import { bytes, grouped, seconds } from "../output.ts";
import type { Session } from "../session.ts";
import { adviceOn } from "./advice.ts";

/** What a statement came to. */
export interface Answer extends Rows {
  /** Of what is right in the statement and may surprise. */
  readonly warnings: readonly string[];
  /** From the question to the last row, as the caller waits. */
  readonly waited: number;
}

/** Asks one statement; the signal stops it. */
export type Ask = (sql: string, signal?: AbortSignal) => Promise<Answer>;

/** Asks Athena as the analyst, on AWS or here. */
export function analyst(session: Session): Ask {
  const { database, workgroup } = session.outputs;
  const config = session.as("analyst");
  const athena = new AthenaClient(config);
  const glue = new GlueClient(config);
  const find = async (inside: string, name: string) =>
    (await glue.send(new GetTableCommand({ DatabaseName: inside, Name: name }))).Table;
  return async (sql, signal) => {
    const begin = performance.now();
    const [rows, warnings] = await session.waitFor(
      Promise.all([
        runRows(athena, { sql, database, workgroup, ...(signal !== undefined && { signal }) }),
        adviceOn(sql, database, find),
      ]),
    );
    return { ...rows, warnings, waited: performance.now() - begin };
  };
}

/** `5 rows, 1.2 MiB scanned ($0.000048 on Athena), 0.4 s` */
export function summaryOf({ rows, bytesScanned, statementType, milliseconds, waited }: Answer): string {
  const count = `${grouped(rows.length)} ${rows.length === 1 ? "row" : "rows"}`;
  const price = `$${cost(bytesScanned, statementType).toFixed(6)} on Athena`;
  return `${count}, ${bytes(bytesScanned)} scanned (${price}), ${seconds(waited)} (${seconds(milliseconds)} in the engine)`;
}

/** The statement that shows what becomes of another one. */
export const explaining = (sql: string, form: "text" | "json" = "text"): string =>
  `EXPLAIN ${form === "json" ? "(FORMAT JSON) " : ""}${sql}`;

/** The lines of EXPLAIN's answer. */
export const planOf = ({ rows }: Answer): string => rows.map((row) => row.join("\t")).join("\n");
