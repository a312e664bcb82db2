import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { objectIn } from "../members.ts";
import { AwsError } from "../service.ts";

export type QueryState = "QUEUED" | "RUNNING" | "SUCCEEDED" | "FAILED" | "CANCELLED";

export interface ResultColumn {
  readonly name: string;
  /** Trino's, e.g. `decimal(18,3)`. */
  readonly type: string;
}

/** One query execution. Instants are milliseconds since the epoch by the runtime's clock. */
export interface Execution {
  readonly id: string;
  readonly sql: string;
  readonly database: string | undefined;
  readonly workgroup: string;
  readonly parameters: readonly string[];
  readonly token: string | undefined;
  readonly outputLocation: string;
  readonly submitted: number;
  state: QueryState;
  completed?: number;
  statementType: "DML" | "DDL" | "UTILITY";
  substatement?: string;
  reason?: string;
  /** Athena's category of a failure: 1 system, 2 user. */
  category?: 1 | 2;
  bytesScanned: number;
  queueMs: number;
  planningMs: number;
  engineMs: number;
  updateCount?: number;
  columns?: readonly ResultColumn[];
}

const KEPT = 5000;

function isExecution(value: unknown): value is Execution {
  const item = objectIn(value);
  return (
    item !== undefined &&
    ["id", "sql", "workgroup", "outputLocation", "state"].every((key) => typeof item[key] === "string")
  );
}

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
      if (execution.state === "QUEUED" || execution.state === "RUNNING")
        Object.assign(execution, {
          state: "FAILED",
          reason: "The runtime stopped while the query ran.",
          category: 1,
          completed: execution.submitted,
        });
    }
    const kept = [...this.#byId.values()].slice(-KEPT);
    writeFileSync(`${this.#file}.new`, kept.map((execution) => `${JSON.stringify(execution)}\n`).join(""));
    renameSync(`${this.#file}.new`, this.#file);
  }

  #remember(execution: Execution): void {
    this.#byId.set(execution.id, execution);
    if (execution.token !== undefined) this.#byToken.set(`${execution.workgroup} ${execution.token}`, execution.id);
  }

  save(execution: Execution): void {
    this.#remember(execution);
    appendFileSync(this.#file, `${JSON.stringify(execution)}\n`);
  }

  /** @throws AwsError `InvalidRequestException` */
  get(id: string): Execution {
    const execution = this.#byId.get(id);
    if (execution === undefined) throw new AwsError("InvalidRequestException", `QueryExecution ${id} was not found`);
    return execution;
  }

  find(id: string): Execution | undefined {
    return this.#byId.get(id);
  }

  /** The execution that an earlier request with this token started. */
  withToken(workgroup: string, token: string | undefined): Execution | undefined {
    const id = token === undefined ? undefined : this.#byToken.get(`${workgroup} ${token}`);
    return id === undefined ? undefined : this.#byId.get(id);
  }

  /** Newest first. */
  of(workgroup: string): readonly Execution[] {
    return [...this.#byId.values()].filter((execution) => execution.workgroup === workgroup).reverse();
  }
}

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
