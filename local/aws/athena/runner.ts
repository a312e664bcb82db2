import { randomUUID } from "node:crypto";
import type { DuckDBConnection } from "@duckdb/node-api";
import { AwsError, type Call, type ServiceContext } from "../service.ts";
import { type Outcome, QueryEngine } from "./engine.ts";
import type { Execution, ExecutionStore, QueryState } from "./executions.ts";
import { failureOf } from "./failure.ts";
import { ScanLimitExceeded } from "./run/relations.ts";
import { statementType } from "./run/statement.ts";
import { splitLocation } from "./tables/hive-files.ts";
import type { Workgroup } from "./workgroups.ts";

/** Queries that run side by side; the others wait in their order. */
const CONCURRENT = 4;

export interface Submission {
  readonly sql: string;
  readonly database: string | undefined;
  readonly workgroup: Workgroup;
  readonly parameters: readonly string[];
  readonly token: string | undefined;
  /** `s3://bucket/prefix/` */
  readonly outputLocation: string;
}

interface Running {
  connection?: DuckDBConnection;
  stopped: boolean;
  readonly done: Promise<void>;
}

const firstWords = /^(?:\s|--[^\n]*\n|\/\*.*?\*\/|\()*(\w+)(?:\s+(\w+))?/s;

/**
 * Where below the output location the result of a statement lies. Rows are CSV, what the catalogue says is text; of
 * changes Athena keeps metadata only.
 */
function outputKey(id: string, sql: string): string {
  const [, first = "", second = ""] = firstWords.exec(sql)?.map((word) => word?.toLowerCase() ?? "") ?? [];
  if (["select", "with", "values", "update", "delete", "merge"].includes(first)) return `${id}.csv`;
  if (["insert", "optimize", "vacuum", "unload"].includes(first)) return id;
  const asSelect = first === "create" && second === "table" && /\bas\s*\(*\s*(select|with|values)\b/i.test(sql);
  return asSelect ? `tables/${id}` : `${id}.txt`;
}

/** Queues queries, runs them, writes their results and remembers how they ended. */
export class QueryRunner {
  readonly #context: ServiceContext;
  readonly #store: ExecutionStore;
  readonly #engine: QueryEngine;
  readonly #running = new Map<string, Running>();
  readonly #waiting: (() => void)[] = [];
  #active = 0;

  constructor(context: ServiceContext, store: ExecutionStore) {
    this.#context = context;
    this.#store = store;
    this.#engine = new QueryEngine(context);
  }

  prepare(): Promise<void> {
    return this.#engine.prepare();
  }

  /** Starts a query under its caller's permissions; it counts as the clock's work until it ends. */
  submit(submission: Submission, call: Call): Execution {
    const { sql, database, workgroup, parameters, token, outputLocation } = submission;
    // Athena asks for the result bucket's region before it starts.
    const { bucket } = splitLocation(outputLocation);
    call.authorize("s3:GetBucketLocation", `arn:aws:s3:::${bucket}`);
    const id = randomUUID();
    const execution: Execution = {
      id,
      sql,
      database,
      workgroup: workgroup.name,
      parameters,
      token,
      outputLocation: `${outputLocation}${outputKey(id, sql)}`,
      submitted: this.#context.clock.now(),
      state: "QUEUED",
      statementType: "DML",
      bytesScanned: 0,
      queueMs: 0,
      planningMs: 0,
      engineMs: 0,
    };
    this.#store.save(execution);
    const done = this.#context.clock.work(() => this.#run(execution, workgroup, call));
    this.#running.set(id, { stopped: false, done });
    return execution;
  }

  /** Resolves when the query has ended, however it did. */
  async ended(id: string): Promise<Execution> {
    await this.#running.get(id)?.done;
    return this.#store.get(id);
  }

  /** A query that has ended stays as it is. */
  stop(id: string): void {
    const running = this.#running.get(id);
    if (running === undefined) return;
    running.stopped = true;
    running.connection?.interrupt();
  }

  async #slot(): Promise<void> {
    if (this.#active >= CONCURRENT) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#active++;
  }

  #release(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#active--;
    else next();
  }

  async #run(execution: Execution, workgroup: Workgroup, call: Call): Promise<void> {
    const begin = performance.now();
    await this.#slot();
    const running = this.#running.get(execution.id);
    try {
      execution.queueMs = Math.round(performance.now() - begin);
      if (running?.stopped) throw new Error("stopped");
      execution.state = "RUNNING";
      await this.#answer(execution, workgroup, call);
      this.#end(execution, "SUCCEEDED");
    } catch (error) {
      if (running?.stopped) this.#end(execution, "CANCELLED", "Query cancelled by user");
      else if (error instanceof ScanLimitExceeded) this.#end(execution, "CANCELLED", error.message);
      else {
        const { reason, category } = failureOf(error);
        execution.category = category;
        this.#end(execution, "FAILED", reason);
      }
    } finally {
      this.#running.delete(execution.id);
      this.#release();
    }
  }

  #end(execution: Execution, state: QueryState, reason?: string): void {
    execution.state = state;
    execution.completed = this.#context.clock.now();
    if (reason !== undefined) execution.reason = reason;
    this.#store.save(execution);
    const dimensions = { WorkGroup: execution.workgroup, QueryState: state, QueryType: execution.statementType };
    this.#context.metric("AWS/Athena", "ProcessedBytes", dimensions, execution.bytesScanned);
    this.#context.metric(
      "AWS/Athena",
      "TotalExecutionTime",
      dimensions,
      execution.queueMs + execution.planningMs + execution.engineMs,
    );
  }

  async #answer(execution: Execution, workgroup: Workgroup, call: Call): Promise<void> {
    const { sql, database, parameters, id } = execution;
    const running = this.#running.get(id);
    const outcome = await this.#engine
      .run({ sql, database, parameters, cutoff: workgroup.cutoff }, call, (connection) => {
        if (running === undefined) return;
        running.connection = connection;
        if (running.stopped) connection.interrupt();
      })
      // The connection goes back to the pool: stopping this query must not reach the next one on it.
      .finally(() => {
        if (running !== undefined) delete running.connection;
      });
    Object.assign(execution, {
      bytesScanned: outcome.bytesScanned,
      planningMs: outcome.planningMs,
      engineMs: outcome.engineMs,
      columns: outcome.columns,
      statementType: statementType(outcome.statement),
      substatement: outcome.statement === "DESCRIBE" ? "DESCRIBE_TABLE" : outcome.statement,
    });
    if (outcome.changed !== undefined) execution.updateCount = outcome.changed;
    await this.#write(execution, outcome, call);
  }

  /** The rows as CSV or text and, beside them, what Athena keeps for itself: here JSON with the columns and their types. */
  async #write(
    { outputLocation, columns, updateCount }: Execution,
    { file, lines = [] }: Outcome,
    call: Call,
  ): Promise<void> {
    const { bucket, prefix: key } = splitLocation(outputLocation);
    const { objects } = this.#context.ports;
    try {
      if (file !== undefined) await objects.put({ bucket, key }, { file }, { contentType: "text/csv" }, call);
      else if (key.endsWith(".txt"))
        await objects.put({ bucket, key }, lines.join("\n"), { contentType: "text/plain" }, call);
      const metadata = JSON.stringify({ columns, ...(updateCount !== undefined && { updateCount }) });
      await objects.put({ bucket, key: `${key}.metadata` }, metadata, { contentType: "binary/octet-stream" }, call);
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== "AccessDenied") throw error;
      throw new AwsError(
        "AccessDeniedException",
        `Access denied when writing output to url: ${outputLocation}. ${error.message}`,
      );
    }
  }
}
