import type { DuckDBConnection } from "@duckdb/node-api";
import type { Call, ServiceContext } from "../service.ts";
import { StatementBinder } from "./binder.ts";
import { Relations } from "./run/relations.ts";
import type { Result, Run } from "./run/run.ts";
import { runStatement } from "./run/statement.ts";
import { preparePrelude } from "./sql/prelude.ts";
import type { Statement } from "./sql/statement-types.ts";
import { translate } from "./sql/translate.ts";

/** What a finished statement leaves. */
export interface Outcome extends Result {
  readonly statement: Statement["kind"];
  readonly bytesScanned: number;
  readonly planningMs: number;
  readonly engineMs: number;
}

export interface Query {
  readonly sql: string;
  readonly database: string | undefined;
  readonly parameters: readonly string[];
  /** Bytes it may scan. */
  readonly cutoff: number | undefined;
}

/** Runs Athena SQL on the runtime's DuckDB, under a caller's permissions. */
export class QueryEngine {
  readonly #context: ServiceContext;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  /** The macros that translated queries stand on. */
  prepare(): Promise<void> {
    return preparePrelude(this.#context.ports.sql);
  }

  /**
   * Runs one statement to its end.
   * @param started gets the connection, for interrupting it.
   */
  async run(query: Query, call: Call, started: (connection: DuckDBConnection) => void): Promise<Outcome> {
    const begin = performance.now();
    const { catalogue, sql, tables } = this.#context.ports;
    await this.prepare();
    return sql.use(async (connection) => {
      started(connection);
      const binder = new StatementBinder(catalogue, tables, { connection, call, database: query.database });
      const translation = translate(query.sql, binder, query.parameters, this.#context.clock.now());
      const relations = new Relations(translation.scans, binder, query.cutoff);
      const { warnings } = translation;
      const run: Run = { context: this.#context, connection, call, binder, relations, warnings };
      const planned = performance.now();
      const result = await runStatement(translation, run);
      return {
        ...result,
        statement: translation.kind,
        bytesScanned: relations.bytes,
        planningMs: Math.round(planned - begin),
        engineMs: Math.round(performance.now() - planned),
      };
    });
  }
}
