import { isDeepStrictEqual } from "node:util";
import type { Binder, BoundTable, BoundView, TimeTravel } from "./scope.ts";
import { type Translation, translate } from "./translate.ts";

const KEPT = 64;
/** Characters of a text and its translation, which a view may make far longer. */
const LONGEST = 65_536;

/** What a name stood for. */
interface Binding {
  readonly database: string | undefined;
  readonly name: string;
  readonly at: TimeTravel | undefined;
  readonly bound: BoundTable | BoundView;
}

interface Known {
  readonly translation: Translation;
  /** In the order in which the names were met. */
  readonly bindings: readonly Binding[];
}

/** Writes down what it is asked. */
function recording(binder: Binder, bindings: Binding[]): Binder {
  return {
    schema: binder.schema,
    table(database, name, at) {
      const bound = binder.table(database, name, at);
      bindings.push({ database, name, at, bound });
      return bound;
    },
  };
}

/**
 * Translations of the last queries: dashboards and schedules ask the same again and again. A translation hangs on its
 * text, its parameters, the session's database, what its names stand for, and sometimes on its instant. Every name is
 * bound again, under the caller's permissions, before a translation is given again; one of an instant never is.
 */
export class Translations {
  readonly #known = new Map<string, Known>();

  /** As `translate` does, with the same errors. */
  translate(sql: string, binder: Binder, parameters: readonly string[], now: number): Translation {
    const key = JSON.stringify([binder.schema, parameters, sql]);
    const known = this.#known.get(key);
    if (known !== undefined && isBoundAlike(known, binder)) return known.translation;
    const bindings: Binding[] = [];
    const translation = translate(sql, recording(binder, bindings), parameters, now);
    this.#known.delete(key);
    // Of other statements nobody promises that running them leaves their translation as it was.
    if (
      translation.kind === "SELECT" &&
      translation.ofInstant === undefined &&
      key.length + translation.sql.length <= LONGEST
    )
      this.#keep(key, { translation, bindings });
    return translation;
  }

  #keep(key: string, known: Known): void {
    const [oldest] = this.#known.keys();
    if (this.#known.size >= KEPT && oldest !== undefined) this.#known.delete(oldest);
    this.#known.set(key, known);
  }
}

/** A name that stands for nothing any more fails as it would in a translation: those before it are what they were. */
const isBoundAlike = ({ bindings }: Known, binder: Binder): boolean =>
  bindings.every(({ database, name, at, bound }) => isDeepStrictEqual(binder.table(database, name, at), bound));
