import { AthenaClient } from "@aws-sdk/client-athena";
import { cost, type Rows, runRows } from "../../analytics/client/index.ts";
import { bytes, counted, duration } from "../output.ts";
import type { Session } from "../session.ts";
import type { RoleName } from "../stack-outputs.ts";
import { maySurprise } from "./surprising.ts";

/** What a statement came to. */
export interface Answer extends Rows {
  /** From the question to the last row, as the caller waits. */
  readonly waited: number;
  /** Looks for what is right in the statement and may surprise; the rows are shown before. */
  readonly warnings: () => Promise<readonly string[]>;
}

/** Asks one statement; the signal stops it. */
export type Ask = (sql: string, signal?: AbortSignal) => Promise<Answer>;

export interface AskOptions {
  /** Who asks, on this machine. Default: the analyst. */
  readonly role?: RoleName;
  /** Values of the `?`, as SQL literals. */
  readonly parameters?: readonly string[];
}

/** Asks Athena, on AWS or here. */
export function asking(session: Session, { role = "analyst", parameters = [] }: AskOptions = {}): Ask {
  const { database, workgroup } = session.outputs;
  const athena = new AthenaClient(session.as(role));
  return async (sql, signal) => {
    const begin = performance.now();
    const request = { sql, database, workgroup, parameters, ...(signal !== undefined && { signal }) };
    const answer = await session.waitFor(runRows(athena, request));
    return {
      ...answer,
      rows:
        answer.statementType === "UTILITY" ? answer.rows.map((row) => told(row, answer.columns.length)) : answer.rows,
      waited: performance.now() - begin,
      warnings: async () => (maySurprise(sql) ? session.waitFor(warningsOn(sql, session, role)) : []),
    };
  };
}

/** What the catalogue tells is lines, with tabs between the columns. */
export function told(row: Rows["rows"][number], columns: number): Rows["rows"][number] {
  const [line] = row;
  if (row.length !== 1 || columns < 2 || line == null) return row;
  const parts = line.split("\t").map((part) => part.trimEnd());
  return parts.length > columns ? row : [...parts, ...new Array<string>(columns - parts.length).fill("")];
}

async function warningsOn(sql: string, session: Session, role: RoleName): Promise<readonly string[]> {
  const [{ adviceOn }, { GetTableCommand, GlueClient }] = await Promise.all([
    import("./advice.ts"),
    import("@aws-sdk/client-glue"),
  ]);
  const glue = new GlueClient(session.as(role));
  return adviceOn(
    sql,
    session.outputs.database,
    async (DatabaseName, Name) => (await glue.send(new GetTableCommand({ DatabaseName, Name }))).Table,
  );
}

/** `5 rows, 1.2 MiB scanned ($0.000048 on Athena), 85 ms (40 ms in the engine)` */
export function summaryOf({
  columns,
  rows,
  changed,
  bytesScanned,
  statementType,
  milliseconds,
  waited,
}: Answer): string {
  const count = columns.length === 0 || changed !== undefined ? "" : `${counted(rows.length, "row")}, `;
  const dollars = cost(bytesScanned, statementType);
  const price = `${dollars === 0 ? "free" : `$${dollars.toFixed(6)}`} on Athena`;
  return `${count}${bytes(bytesScanned)} scanned (${price}), ${duration(waited)} (${duration(milliseconds)} in the engine)`;
}

/** The statement that shows what becomes of another one. */
export const explaining = (sql: string, form: "text" | "json" = "text"): string =>
  `EXPLAIN ${form === "json" ? "(FORMAT JSON) " : ""}${sql}`;

/** The lines of EXPLAIN's answer. */
export const planOf = ({ rows }: Answer): string => rows.map((row) => row.join("\t")).join("\n");
