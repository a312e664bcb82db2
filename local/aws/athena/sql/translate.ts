import { Source } from "./ast.ts";
import { SqlError } from "./errors.ts";
import { grammar } from "./grammar.ts";
import type { Binder, Scan, Session } from "./scope.ts";
import type { Select, Statement } from "./statement-types.ts";
import { compile } from "./statements.ts";

/** An Athena statement in DuckDB's words, and what it reads. */
export type Translation = Statement & {
  /** Every place where a catalogue table is read, with the columns and the literal predicates on them. */
  readonly scans: readonly Scan[];
  readonly warnings: readonly string[];
  /** It holds the instant at which it was made: another one's translation is another. */
  readonly ofInstant?: true;
};

/**
 * Translates one Athena (Trino) statement for DuckDB. Everything it does not know to give Trino's answer is refused by
 * name: a node, function, type or member without a rule never reaches DuckDB.
 * @param parameters execution parameters, literals that take the place of each `?` in order.
 * @param now milliseconds since the epoch, for `current_timestamp` in time travel.
 * @throws SqlError what Athena would refuse, and what the local engine does not have (`NOT_IMPLEMENTED_LOCALLY`).
 */
export function translate(
  sql: string,
  binder: Binder,
  parameters: readonly string[] = [],
  now: number = Date.now(),
): Translation {
  const source = new Source(sql);
  const scans: Scan[] = [];
  const warnings: string[] = [];
  let names = 0;
  let instant: Pick<Translation, "ofInstant"> = {};
  const used = new Set<number>();
  const session: Session = {
    grammar,
    source,
    binder,
    parameters,
    views: [],
    now() {
      instant = { ofInstant: true };
      return now;
    },
    scans,
    warnings,
    fresh: (prefix) => `${prefix}${++names}`,
    parameter(index) {
      used.add(index);
      return parameters[index];
    },
  };
  const result = compile(source, session);
  // Athena does not mind parameters of a text that has no place for any.
  if (used.size > 0 && used.size !== parameters.length)
    throw new SqlError(
      "INVALID_PARAMETER_USAGE",
      `Incorrect number of parameters: expected ${used.size} but found ${parameters.length}`,
    );
  return { ...result, scans, warnings, ...instant };
}

/**
 * Translates what must be a query.
 * @throws SqlError also for any other statement.
 */
export function translateQuery(...given: Parameters<typeof translate>): Translation & Select {
  const translation = translate(...given);
  if (translation.kind === "SELECT") return translation;
  throw new SqlError("NOT_SUPPORTED", `a query is expected here, not ${translation.kind.replaceAll("_", " ")}`);
}

/** Puts each scan's relation into the translated text. */
export function place(sql: string, relation: (scan: number) => string): string {
  return sql.replace(/\0(\d+)\0/g, (_all, index: string) => relation(Number(index)));
}
