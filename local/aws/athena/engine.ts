import type { DuckDBConnection } from "@duckdb/node-api";
import type { Call, ServiceContext } from "../service.ts";
import { StatementBinder } from "./binder.ts";
import type { Asked, Execution } from "./executions.ts";
import { missing, type PreparedStatements } from "./prepared-statements.ts";
import { isDeterministic } from "./reuse.ts";
import { StatementError } from "./run/errors.ts";
import { Relations } from "./run/relations.ts";
import type { Result, Run } from "./run/run.ts";
import { runStatement } from "./run/statement.ts";
import { preparePrelude } from "./sql/prelude.ts";
import type { Translation } from "./sql/translate.ts";
import { Translations } from "./sql/translations.ts";
import { statementKind } from "./statement-kind.ts";
import { askFor, type Workgroup } from "./workgroups.ts";

/** What a finished statement leaves. */
export interface Outcome extends Result {
  /** The execution whose result this one's is, too: nothing ran. */
  readonly reused?: Execution;
}

type Cost = Pick<Execution, "bytesScanned" | "planningMs" | "engineMs">;

/** A query and what it runs in. */
export interface Job {
  readonly asked: Asked;
  readonly workgroup: Workgroup;
  readonly outputLocation: string;
  readonly call: Call;
  /** Tells that somebody stops the query. */
  readonly signal: AbortSignal;
  /** Gets the connection, for interrupting it. */
  readonly started: (connection: DuckDBConnection) => void;
  /** An execution whose result may be given again, if the query lets it; asks what reading it asks. None if nobody wants it. */
  readonly earlier: (() => Execution | undefined) | undefined;
  /** Takes what the statement cost, also one that failed on the way. */
  readonly measured: (cost: Partial<Cost>) => void;
}

/** Runs Athena SQL on the runtime's DuckDB, under a caller's permissions. */
export class QueryEngine {
  readonly #context: ServiceContext;
  readonly #prepared: PreparedStatements;
  readonly #translations = new Translations();

  constructor(context: ServiceContext, prepared: PreparedStatements) {
    this.#context = context;
    this.#prepared = prepared;
  }

  /** The macros that translated queries stand on. */
  prepare(): Promise<void> {
    return preparePrelude(this.#context.ports.sql);
  }

  /** Runs one statement to its end. */
  async run({ asked, workgroup, outputLocation, call, signal, started, earlier, measured }: Job): Promise<Outcome> {
    const begin = performance.now();
    const { catalogue, sql, tables } = this.#context.ports;
    await this.prepare();
    return sql.use(async (connection) => {
      started(connection);
      const binder = new StatementBinder(catalogue, tables, { connection, call, database: asked.database });
      const translation = this.#translate(asked, binder, workgroup, call);
      measured({ planningMs: Math.round(performance.now() - begin) });
      const reused = earlier && mayBeReused(asked.sql, translation) ? earlier() : undefined;
      if (reused !== undefined) return { columns: reused.columns ?? [], reused };
      const relations = new Relations(translation.scans, binder, workgroup.cutoff, signal);
      const { warnings } = translation;
      const prepared = this.#prepared;
      const context = this.#context;
      const run: Run = {
        ...{ context, connection, call, binder, relations, warnings, workgroup, prepared, outputLocation, signal },
      };
      const planned = performance.now();
      return await runStatement(translation, run).finally(() =>
        measured({ bytesScanned: relations.bytes, engineMs: Math.round(performance.now() - planned) }),
      );
    });
  }

  /** EXECUTE stands for the statement that it names. */
  #translate(asked: Asked, binder: StatementBinder, workgroup: Workgroup, call: Call): Translation {
    const now = this.#context.clock.now();
    const isExecute = statementKind(asked.sql).substatement === "EXECUTE";
    const translation = this.#translations.translate(asked.sql, binder, isExecute ? [] : asked.parameters, now);
    if (translation.kind !== "EXECUTE") return translation;
    askFor(call, "GetPreparedStatement", workgroup);
    const { name, parameters } = translation;
    const statement = this.#prepared.find(workgroup.name, name);
    if (statement === undefined) throw new StatementError("NOT_FOUND", missing(workgroup.name, name));
    const given = parameters.length > 0 ? parameters : asked.parameters;
    return this.#translations.translate(statement.sql, binder, given, now);
  }
}

/** Views may hold what the query's own text does not show, so both texts are looked at. */
const mayBeReused = (sql: string, translation: Translation): boolean =>
  translation.kind === "SELECT" && isDeterministic(sql) && isDeterministic(translation.sql);
