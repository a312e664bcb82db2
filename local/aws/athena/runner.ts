import { randomUUID } from "node:crypto";
import type { DuckDBConnection } from "@duckdb/node-api";
import { AwsError, type Call, type ServiceContext } from "../service.ts";
import { QueryEngine } from "./engine.ts";
import type { Asked, Execution, ExecutionStore, QueryState } from "./executions.ts";
import { failureOf } from "./failure.ts";
import type { PreparedStatements } from "./prepared-statements.ts";
import { writeResult } from "./result-files.ts";
import { ScanLimitExceeded } from "./run/relations.ts";
import { Slots } from "./slots.ts";
import { outputKey, type StatementKind, statementKind } from "./statement-kind.ts";
import { splitLocation } from "./tables/hive-files.ts";
import type { Workgroup } from "./workgroups.ts";

/** Queries that run side by side; the others wait in their order. */
const CONCURRENT = 4;

/** The result of what changes rows. */
const CHANGED_ROWS = [{ name: "rows", type: "bigint" }];

export interface Submission {
  readonly asked: Asked;
  readonly workgroup: Workgroup;
  readonly token: string | undefined;
  /** The minutes that a result may be old to be given again; undefined when none may. */
  readonly reuseMinutes: number | undefined;
}

interface Running {
  connection?: DuckDBConnection;
  readonly stop: AbortController;
  readonly done: Promise<void>;
}

/** Queues queries, runs them, writes their results and remembers how they ended. */
export class QueryRunner {
  readonly #context: ServiceContext;
  readonly #store: ExecutionStore;
  readonly #prepared: PreparedStatements;
  readonly #engine: QueryEngine;
  readonly #running = new Map<string, Running>();
  readonly #slots = new Slots(CONCURRENT);

  constructor(context: ServiceContext, store: ExecutionStore, prepared: PreparedStatements) {
    this.#context = context;
    this.#store = store;
    this.#prepared = prepared;
    this.#engine = new QueryEngine(context, prepared);
  }

  prepare(): Promise<void> {
    return this.#engine.prepare();
  }

  /** Starts a query under its caller's permissions; it counts as the clock's work until it ends. */
  submit({ asked, workgroup, token, reuseMinutes }: Submission, call: Call): Execution {
    // Athena asks for the result bucket's region before it starts.
    const { bucket } = splitLocation(asked.outputFolder);
    call.authorize("s3:GetBucketLocation", `arn:aws:s3:::${bucket}`);
    const id = randomUUID();
    const kind = this.#kindOf(asked);
    const execution: Execution = {
      ...asked,
      id,
      token,
      reuseMinutes,
      outputLocation: `${asked.outputFolder}${outputKey(id, kind)}`,
      submitted: this.#context.clock.now(),
      state: "QUEUED",
      statementType: kind.type,
      substatement: kind.substatement,
      ...{ bytesScanned: 0, queueMs: 0, planningMs: 0, engineMs: 0, writingMs: 0 },
    };
    this.#store.save(execution);
    const stop = new AbortController();
    const done = this.#context.clock.work(() => this.#run(execution, workgroup, stop.signal, call));
    this.#running.set(id, { stop, done });
    return execution;
  }

  /** EXECUTE is of the kind of the statement that it names. */
  #kindOf({ sql, workgroup }: Asked): StatementKind {
    const kind = statementKind(sql);
    if (kind.substatement !== "EXECUTE") return kind;
    const name = /^.*?\bexecute\s+"?([\w@:]+)/is.exec(sql)?.[1]?.toLowerCase() ?? "";
    const statement = this.#prepared.find(workgroup, name);
    return statement === undefined ? kind : statementKind(statement.sql);
  }

  /** Resolves when the query has ended, however it did. */
  async ended(id: string): Promise<Execution> {
    await this.#running.get(id)?.done;
    return this.#store.get(id);
  }

  /** A query that has ended stays as it is, and so does one that has just committed. */
  stop(id: string): void {
    const running = this.#running.get(id);
    running?.stop.abort();
    running?.connection?.interrupt();
  }

  async #run(execution: Execution, workgroup: Workgroup, signal: AbortSignal, call: Call): Promise<void> {
    const begin = performance.now();
    const entered = await this.#slots.acquire(signal);
    try {
      execution.queueMs = Math.round(performance.now() - begin);
      signal.throwIfAborted();
      execution.state = "RUNNING";
      await this.#answer(execution, workgroup, signal, call);
      this.#end(execution, "SUCCEEDED");
    } catch (error) {
      if (signal.aborted) this.#end(execution, "CANCELLED", "Query cancelled by user");
      else if (error instanceof ScanLimitExceeded) this.#end(execution, "CANCELLED", error.message);
      else {
        const { reason, ...numbers } = failureOf(error);
        execution.error = numbers;
        this.#end(execution, "FAILED", reason);
      }
    } finally {
      this.#running.delete(execution.id);
      if (entered) this.#slots.release();
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
      execution.queueMs + execution.planningMs + execution.engineMs + execution.writingMs,
    );
  }

  async #answer(execution: Execution, workgroup: Workgroup, signal: AbortSignal, call: Call): Promise<void> {
    const running = this.#running.get(execution.id);
    const { reuseMinutes } = execution;
    const outcome = await this.#engine
      .run({
        asked: execution,
        workgroup,
        outputLocation: execution.outputLocation,
        call,
        signal,
        started: (connection) => {
          if (running !== undefined) running.connection = connection;
        },
        earlier: reuseMinutes === undefined ? undefined : () => this.#earlier(execution, reuseMinutes, call),
        measured: (cost) => Object.assign(execution, cost),
      })
      // The connection goes back to the pool: stopping this query must not reach the next one on it.
      .finally(() => {
        if (running !== undefined) delete running.connection;
      });
    const { reused, changed, written, rows } = outcome;
    execution.columns = changed === undefined ? outcome.columns : CHANGED_ROWS;
    if (outcome.substatement !== undefined) execution.substatement = outcome.substatement;
    if (changed !== undefined) execution.updateCount = changed;
    if (reused !== undefined) {
      execution.reused = true;
      execution.outputLocation = reused.outputLocation;
      return;
    }
    if (written !== undefined) execution.manifest = `${execution.outputLocation}-manifest.csv`;
    const begin = performance.now();
    const bytes = await writeResult(execution, outcome, this.#context.ports.objects, call);
    execution.writingMs = Math.round(performance.now() - begin);
    execution.output = { rows: rows ?? changed ?? 0, bytes };
  }

  /** An earlier execution of the same question whose result the caller may read, and which is still there. */
  #earlier(execution: Execution, minutes: number, call: Call): Execution | undefined {
    const since = this.#context.clock.now() - minutes * 60_000;
    const found = this.#store.answered(execution, since);
    if (found === undefined) return undefined;
    const { bucket, prefix: key } = splitLocation(found.outputLocation);
    try {
      this.#context.ports.objects.file({ bucket, key }, call);
      return found;
    } catch (error) {
      if (error instanceof AwsError) return undefined;
      throw error;
    }
  }
}
