import type { AthenaClient } from "@aws-sdk/client-athena";
import { type Rows, runRows } from "../../analytics/client/index.ts";
import { type Engine, type Point, pointStatements, type Reading } from "./engine.ts";
import { literal } from "./types.ts";
import { comparable, digestOf } from "./values.ts";

/** Athena's names of the types whose texts are compared in another form. */
const kinds: Readonly<Record<string, string>> = {
  real: "float",
  float: "float",
  double: "double",
  varbinary: "binary",
};

/** The local Athena, asked as any client asks it. */
export class Athena implements Engine {
  readonly name = "Athena";
  readonly #client: AthenaClient;
  readonly #place: { readonly database: string; readonly workgroup: string };

  constructor(client: AthenaClient, place: { readonly database: string; readonly workgroup: string }) {
    this.#client = client;
    this.#place = place;
  }

  /** @throws QueryError */
  run(sql: string): Promise<Rows> {
    return runRows(this.#client, { sql, ...this.#place });
  }

  async read(table: string, snapshot?: string): Promise<Reading> {
    const at = snapshot === undefined ? "" : ` FOR VERSION AS OF ${snapshot}`;
    const { columns, rows } = await this.run(`SELECT * FROM ${table}${at}`);
    const names = columns.map(({ name }) => name);
    const texts = columns.map(
      ({ type }) =>
        (text: string) =>
          comparable(kinds[type] ?? "", text),
    );
    const compared = rows.map((row) => row.map((cell, at) => (cell === null ? null : (texts[at]?.(cell) ?? cell))));
    return { ...digestOf(names, compared), names };
  }

  /** It refuses comparisons of `real` by name. */
  canLookUp({ column, value }: Point): boolean {
    return column.kind !== "float" || value === null;
  }

  async lookUp(table: string, points: readonly Point[]): Promise<readonly number[]> {
    const found: number[] = [];
    for (const sql of pointStatements(table, points, ({ column, value }) => literal(column.kind, value)))
      for (const [point, count] of (await this.run(sql)).rows) found[Number(point)] = Number(count);
    return found;
  }
}
