import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { objectIn } from "../members.ts";
import type { FailureNumbers } from "./failure.ts";
import { invalidRequest } from "./invalid-request.ts";

export type QueryState = "QUEUED" | "RUNNING" | "SUCCEEDED" | "FAILED" | "CANCELLED";

export interface ResultColumn {
  readonly name: string;
  /** Trino's, e.g. `decimal(18,3)`. */
  readonly type: string;
}

/** What a client asks for with a query. */
export interface Asked {
  readonly sql: string;
  /** As the client wrote it. */
  readonly catalog: string | undefined;
  readonly database: string | undefined;
  readonly workgroup: string;
  readonly parameters: readonly string[];
  /** `s3://bucket/prefix/`, below which its results go. */
  readonly outputFolder: string;
  /** The account that must own their bucket, where the client or the workgroup names one. */
  readonly bucketOwner?: string;
}

/** One query execution. Instants are milliseconds since the epoch by the runtime's clock. */
export interface Execution extends Asked {
  readonly id: string;
  readonly token: string | undefined;
  /** The minutes that a result may be old to be given again; undefined when none may. */
  readonly reuseMinutes: number | undefined;
  readonly submitted: number;
  /** Where the result is; that of another execution when it is given again. */
  outputLocation: string;
  state: QueryState;
  completed?: number;
  statementType: "DML" | "DDL" | "UTILITY";
  substatement: string;
  reason?: string;
  /** Athena's numbers of a failure. */
  error?: FailureNumbers;
  bytesScanned: number;
  queueMs: number;
  planningMs: number;
  engineMs: number;
  /** Time after the engine: results are written. */
  writingMs: number;
  updateCount?: number;
  columns?: readonly ResultColumn[];
  /** What was written to the result file. */
  output?: { readonly rows: number; readonly bytes: number };
  /** `s3://` address of the list of files that the statement wrote. */
  manifest?: string;
  reused?: true;
}

/** Executions that have ended, of which the last are known; AWS forgets them after 45 days. */
const KEPT = 5000;

const hasEnded = ({ state }: Execution): boolean => state !== "QUEUED" && state !== "RUNNING";

function isExecution(value: unknown): value is Execution {
  const item = objectIn(value);
  return (
    item !== undefined &&
    ["id", "sql", "workgroup", "outputLocation", "state"].every((key) => typeof item[key] === "string")
  );
}

const tokenKey = (workgroup: string, token: string): string => `${workgroup} ${token}`;

/** Executions and their ends, appended to one file; the last line of an id counts. */
export class ExecutionStore {
  readonly #file: string;
  readonly #byId = new Map<string, Execution>();
  readonly #byToken = new Map<string, string>();

  constructor(home: string) {
    this.#file = join(home, "executions.ndjson");
    if (!existsSync(this.#file)) return;
    for (const line of readFileSync(this.#file, "utf8").split("\n")) {
      const execution = parseLine(line);
      if (execution !== undefined) this.#remember(execution);
    }
    for (const execution of this.#byId.values()) {
      if (!hasEnded(execution))
        Object.assign(execution, {
          state: "FAILED",
          reason: "The runtime stopped while the query ran.",
          error: { category: 1, type: 100, retryable: true },
          completed: execution.submitted,
        });
    }
    this.#forget();
    const kept = [...this.#byId.values()].map((execution) => `${JSON.stringify(execution)}\n`);
    writeFileSync(`${this.#file}.new`, kept.join(""));
    renameSync(`${this.#file}.new`, this.#file);
  }

  #remember(execution: Execution): void {
    this.#byId.set(execution.id, execution);
    if (execution.token !== undefined) this.#byToken.set(tokenKey(execution.workgroup, execution.token), execution.id);
  }

  /** The oldest, beyond those that are kept. */
  #forget(): void {
    for (const [id, execution] of this.#byId) {
      if (this.#byId.size <= KEPT) return;
      if (!hasEnded(execution)) continue;
      this.#byId.delete(id);
      if (execution.token !== undefined) this.#byToken.delete(tokenKey(execution.workgroup, execution.token));
    }
  }

  save(execution: Execution): void {
    this.#remember(execution);
    this.#forget();
    appendFileSync(this.#file, `${JSON.stringify(execution)}\n`);
  }

  /** @throws AwsError `InvalidRequestException` */
  get(id: string): Execution {
    const execution = this.#byId.get(id);
    if (execution === undefined)
      throw invalidRequest(`QueryExecution ${id} was not found`, "QUERY_EXECUTION_NOT_FOUND");
    return execution;
  }

  find(id: string): Execution | undefined {
    return this.#byId.get(id);
  }

  /** The execution that an earlier request with this token started. */
  withToken(workgroup: string, token: string | undefined): Execution | undefined {
    const id = token === undefined ? undefined : this.#byToken.get(tokenKey(workgroup, token));
    return id === undefined ? undefined : this.#byId.get(id);
  }

  /** The newest execution of the same query whose result is there and not older than an instant. */
  answered(asked: Asked, since: number): Execution | undefined {
    const same = (execution: Execution): boolean =>
      execution.state === "SUCCEEDED" &&
      execution.reused !== true &&
      execution.substatement === "SELECT" &&
      (execution.completed ?? 0) >= since &&
      sameQuestion(execution, asked);
    return [...this.#byId.values()].findLast(same);
  }

  /** Newest first. */
  of(workgroup: string): readonly Execution[] {
    return [...this.#byId.values()].filter((execution) => execution.workgroup === workgroup).reverse();
  }
}

/** Whether two requests ask for the same in the same place. */
export const sameQuestion = (a: Asked, b: Asked): boolean =>
  a.sql === b.sql &&
  a.workgroup === b.workgroup &&
  a.outputFolder === b.outputFolder &&
  a.database === b.database &&
  a.catalog?.toLowerCase() === b.catalog?.toLowerCase() &&
  JSON.stringify(a.parameters) === JSON.stringify(b.parameters);

/** A line cut short by a crash is no execution. */
function parseLine(line: string): Execution | undefined {
  if (line === "") return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return isExecution(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
