import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import type { SqlEngine } from "../aws/ports.ts";

/** What the engine may use of the machine. */
export interface SqlEngineOptions {
  /** Folder for scratch and spill files; emptied at start. */
  readonly scratch: string;
  /** DuckDB's size text. Default `1GB`. */
  readonly memoryLimit?: string;
  /** Default 2. */
  readonly threads?: number;
}

/** Idle connections kept for reuse; more are opened under load and closed afterwards. */
const idleLimit = 8;

/**
 * Starts the one DuckDB of the runtime: in memory, bounded, `TimeZone='UTC'`. It reaches local files only: extensions
 * (httpfs among them) are neither installed nor loaded by themselves.
 */
export async function createSqlEngine(options: SqlEngineOptions): Promise<SqlEngine & { close(): Promise<void> }> {
  const { scratch, memoryLimit = "1GB", threads = 2 } = options;
  await rm(scratch, { recursive: true, force: true });
  await mkdir(scratch, { recursive: true });
  const instance = await DuckDBInstance.create(":memory:", {
    memory_limit: memoryLimit,
    threads: String(threads),
    temp_directory: join(scratch, "spill"),
    autoinstall_known_extensions: "false",
    autoload_known_extensions: "false",
    allow_community_extensions: "false",
  });
  const idle: DuckDBConnection[] = [];
  const busy = new Set<Promise<unknown>>();
  let closed = false;

  const connect = async () => {
    const connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
    return connection;
  };
  const run = async <T>(task: (connection: DuckDBConnection) => Promise<T>): Promise<T> => {
    const connection = idle.pop() ?? (await connect());
    let healthy = false;
    try {
      const result = await task(connection);
      healthy = true;
      return result;
    } finally {
      // A failed task may have left a transaction open: its connection is not handed on.
      if (healthy && !closed && idle.length < idleLimit) idle.push(connection);
      else connection.closeSync();
    }
  };

  return {
    scratch,
    use(task) {
      if (closed) return Promise.reject(new Error("The SQL engine is closed."));
      const running = run(task);
      busy.add(running);
      const forget = () => busy.delete(running);
      running.then(forget, forget);
      return running;
    },
    async close() {
      closed = true;
      await Promise.allSettled(busy);
      for (const connection of idle.splice(0)) connection.closeSync();
      instance.closeSync();
    },
  };
}
