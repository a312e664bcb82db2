import type { Engine, Reading } from "./engine.ts";
import type { Digest } from "./values.ts";

/** Rows that must be there, under these columns. */
export type Wanted = Digest & { readonly names: readonly string[] };

export type EngineName = Engine["name"];

/** One line of the result: what was done or read, and what each engine saw of it. */
export interface Line {
  readonly table: string;
  /** Who did it; undefined where there is only something to read. */
  readonly by: EngineName | undefined;
  readonly what: string;
  /** What there was to see, in words: `948 rows`. */
  readonly expected: string;
  /** Engine -> undefined for "the same", else the difference. An engine that is not there did not run. */
  readonly seen: ReadonlyMap<EngineName, string | undefined>;
}

/** The results of a run. */
export class Findings {
  readonly lines: Line[] = [];

  add(line: Line): void {
    this.lines.push(line);
  }

  get checks(): number {
    return this.lines.reduce((sum, { seen }) => sum + seen.size, 0);
  }

  /** Every difference, in words. */
  get differences(): readonly string[] {
    return this.lines.flatMap(({ table, by, what, seen }) =>
      Array.from(seen).flatMap(([engine, difference]) =>
        difference === undefined
          ? []
          : [`${table}: ${by === undefined ? "" : `${by}: `}${what}: ${engine} ${difference}`],
      ),
    );
  }
}

/** Runs one engine's part; a refusal is a difference as well. */
export async function seenBy(task: () => Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await task();
  } catch (error) {
    return `failed: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** How a reading differs from what it must be; undefined when it does not. */
export function difference(wanted: Wanted, read: Reading): string | undefined {
  if (read.names.join() !== wanted.names.join()) return `has the columns ${read.names.join(", ")}`;
  if (read.rows !== wanted.rows) return `has ${read.rows} rows, not ${wanted.rows}`;
  if (read.checksum === wanted.checksum) return undefined;
  const columns = read.names.filter((name) => read.columns[name] !== wanted.columns[name]);
  return `has other rows; columns that differ: ${columns.join(", ") || "none, but rows put together otherwise"}`;
}

/**
 * Reads former states of a table with each engine.
 * @param states by snapshot
 */
export async function compareStates(
  table: string,
  states: ReadonlyMap<string, Wanted>,
  engines: readonly Engine[],
): Promise<Map<EngineName, string | undefined>> {
  const seen = new Map<EngineName, string | undefined>();
  for (const engine of engines) {
    const found: string[] = [];
    for (const [snapshot, wanted] of states) {
      const one = await seenBy(async () => difference(wanted, await engine.read(table, snapshot)));
      if (one !== undefined) found.push(`at ${snapshot} ${one}`);
    }
    seen.set(engine.name, found.length === 0 ? undefined : found.join("; "));
  }
  return seen;
}
