import type { Athena } from "./athena.ts";
import type { Engine, Point } from "./engine.ts";
import { compareStates, difference, type EngineName, type Findings, seenBy, type Wanted } from "./findings.ts";
import { type Column, edgeRows, Model, type Table } from "./model.ts";
import type { PyIceberg } from "./pyiceberg.ts";
import { athenaCreate, insert, trinoCreate } from "./statements.ts";
import type { Trino } from "./trino.ts";

export interface Engines {
  readonly athena: Athena;
  readonly pyiceberg: PyIceberg;
  readonly trino: Trino | undefined;
}

/** One statement of one engine, and what it must do to the rows. */
interface Step {
  readonly by: EngineName;
  readonly what: string;
  act(): Promise<unknown>;
  readonly change?: () => void;
}

/** A table that several engines write in turn, beside the rows that it must have. */
export class Scenario {
  readonly engines: Engines;
  readonly model: Model;
  readonly #table: Table;
  readonly #location: string;
  readonly #findings: Findings;
  /** Snapshot -> what it must hold. */
  readonly #history = new Map<string, Wanted>();

  constructor(table: Table, folder: string, engines: Engines, findings: Findings) {
    this.#table = table;
    this.#location = `${folder}/${table.name}`;
    this.engines = engines;
    this.#findings = findings;
    this.model = new Model(table.columns);
  }

  get name(): string {
    return this.#table.name;
  }

  get #readers(): readonly Engine[] {
    const { athena, pyiceberg, trino } = this.engines;
    return [athena, pyiceberg, ...(trino === undefined ? [] : [trino])];
  }

  async #each(task: (engine: Engine) => Promise<string | undefined>): Promise<Map<EngineName, string | undefined>> {
    const seen = new Map<EngineName, string | undefined>();
    for (const engine of this.#readers) seen.set(engine.name, await seenBy(() => task(engine)));
    return seen;
  }

  /** Does a step, then lets every engine read the table. */
  async do({ by, what, act, change }: Step): Promise<void> {
    const table = this.#table.name;
    const failed = await seenBy(async () => void (await act()));
    if (failed !== undefined) {
      this.#findings.add({ table, by, what, expected: "done", seen: new Map([[by, failed]]) });
      return;
    }
    change?.();
    const wanted = { ...this.model.digest(), names: this.model.names };
    const seen = await this.#each(async (engine) => difference(wanted, await engine.read(table)));
    this.#findings.add({ table, by, what, expected: `${wanted.rows} rows`, seen });
    const { snapshot } = await this.engines.pyiceberg.read(table);
    // A step without rows, like a column more, makes no snapshot.
    if (snapshot !== null && !this.#history.has(snapshot)) this.#history.set(snapshot, wanted);
  }

  async create(by: EngineName): Promise<void> {
    const { athena, pyiceberg, trino } = this.engines;
    const transforms = this.#table.partitionedBy.map(({ column, transform }) => `${transform} of ${column}`);
    const act = {
      Athena: () => athena.run(athenaCreate(this.#table, this.#location)),
      PyIceberg: () => pyiceberg.create(this.#table, this.#location),
      Trino: async () => trino?.run(trinoCreate(this.#table, this.#location)),
    }[by];
    await this.do({ by, what: `CREATE TABLE, partitioned by ${transforms.join(", ") || "nothing"}`, act });
  }

  async fill(by: EngineName): Promise<void> {
    const { athena, pyiceberg, trino } = this.engines;
    const { name, columns } = this.#table;
    const act = {
      Athena: () => athena.run(insert(name, columns, edgeRows)),
      PyIceberg: () => pyiceberg.append(name, edgeRows),
      Trino: async () => trino?.run(insert(name, columns, edgeRows)),
    }[by];
    await this.do({
      by,
      what: `${edgeRows.length} rows on the edges of every type`,
      act,
      change: () => this.model.put(...edgeRows),
    });
  }

  /** Looks every scalar of every row up, through the pruning of each engine. */
  async lookUps(): Promise<void> {
    const scalars = this.model.columns.filter(({ kind }) => typeof kind === "string");
    const all = scalars.flatMap((column) => this.#points(column));
    const seen = await this.#each(async (engine) => {
      const points = all.filter((point) => engine.canLookUp(point));
      const found = await engine.lookUp(this.#table.name, points);
      const missed = points.flatMap(({ column, value }, at) => {
        const wanted = this.model.count(column, value);
        return found[at] === wanted ? [] : [`${column.name} = ${value} finds ${found[at]}, not ${wanted}`];
      });
      if (missed.length === 0) return undefined;
      return `misses ${missed.length} of ${points.length}: ${missed.slice(0, 5).join("; ")}`;
    });
    this.#findings.add({
      table: this.#table.name,
      by: undefined,
      what: "look-ups by every scalar column",
      expected: `${all.length} found`,
      seen,
    });
  }

  #points(column: Column): readonly Point[] {
    const values = new Set(Array.from(this.model.rows.values(), (each) => each[column.name] ?? null));
    return Array.from(values, (value) => ({ column, value }));
  }

  /** Reads every former state that is still there. */
  async timeTravel(): Promise<void> {
    this.#findings.add({
      table: this.#table.name,
      by: undefined,
      what: "FOR VERSION AS OF each of its states so far",
      expected: `${this.#history.size} states`,
      seen: await compareStates(this.#table.name, this.#history, this.#readers),
    });
  }

  /** What was before cannot be read any more. */
  forgetHistory(): void {
    this.#history.clear();
  }

  /** Removes the table by the engine that made it, and sees that it is gone for the others. */
  async drop(by: EngineName): Promise<void> {
    const { athena, pyiceberg, trino } = this.engines;
    const { name: table } = this.#table;
    const act = {
      Athena: () => athena.run(`DROP TABLE ${table}`),
      PyIceberg: () => pyiceberg.drop(table),
      Trino: async () => trino?.run(`DROP TABLE ${table}`),
    }[by];
    const seen = new Map<EngineName, string | undefined>();
    const failed = await seenBy(async () => void (await act()));
    if (failed !== undefined) seen.set(by, failed);
    else
      for (const engine of this.#readers) {
        const refused = await seenBy(async () => `reads ${(await engine.read(table)).rows} rows of it`);
        seen.set(engine.name, refused?.startsWith("failed: ") === true ? undefined : refused);
      }
    this.#findings.add({ table, by, what: "DROP TABLE", expected: "gone", seen });
  }
}
