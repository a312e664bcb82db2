import { Source } from "./ast.ts";
import { SqlError } from "./errors.ts";
import type { Binder, Scan, Session } from "./scope.ts";
import { type Statement, statement } from "./statements.ts";

/** An Athena query in DuckDB's words, and what it reads. */
export interface Translation extends Statement {
  /** Every place where a catalogue table is read, with the columns and the literal predicates on them. */
  readonly scans: readonly Scan[];
  readonly warnings: readonly string[];
}

/**
 * Translates one Athena (Trino) statement for DuckDB. Everything it does not know to give Trino's answer is refused by
 * name: a node, function, type or member without a rule never reaches DuckDB.
 * @param parameters execution parameters, literals that take the place of each `?` in order.
 * @throws SqlError what Athena would refuse, and what the local engine does not have (`NOT_IMPLEMENTED_LOCALLY`).
 */
export function translate(sql: string, binder: Binder, parameters: readonly string[] = []): Translation {
  const { source, root } = Source.parse(sql);
  const scans: Scan[] = [];
  const warnings: string[] = [];
  let names = 0;
  let used = 0;
  const session: Session = {
    source,
    binder,
    parameters,
    scans,
    warnings,
    fresh: (prefix) => `${prefix}${++names}`,
    nextParameter: () => parameters[used++],
  };
  const result = statement(root, { session, relations: [], ctes: new Map() });
  if (used !== parameters.length)
    throw new SqlError(
      "SYNTAX_ERROR",
      `Incorrect number of parameters: expected ${used} but found ${parameters.length}`,
    );
  return { ...result, scans, warnings };
}

/** Puts each scan's relation into the translated text. */
export function place(sql: string, relation: (scan: number) => string): string {
  return sql.replace(/\0(\d+)\0/g, (_all, index: string) => relation(Number(index)));
}
