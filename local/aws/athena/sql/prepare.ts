import type { SqlEngine } from "../../ports.ts";
import { prelude } from "./prelude.ts";

const prepared = new WeakMap<SqlEngine, Promise<void>>();

/**
 * Creates the macros that translated queries stand on, once an engine: they belong to its database, not to a
 * connection, and two connections that create them at the same time conflict.
 */
export function prepareMacros(engine: SqlEngine): Promise<void> {
  let ready = prepared.get(engine);
  if (ready === undefined) {
    ready = engine.use(async (connection) => {
      for (const macro of prelude) await connection.run(macro);
    });
    prepared.set(engine, ready);
  }
  return ready;
}
