import { type Choice, expressionOf, leaf, pick, type Tree } from "./expressions.ts";
import { ordered } from "./signature.ts";
import { EVERY_TYPE, type FuzzColumn, fuzzTables, MANY_TYPES, tableNamed } from "./tables.ts";
import type { Kind } from "./values.ts";

export const everyColumn = tableNamed(EVERY_TYPE).columns;

/** The tables that have the lake's columns. */
export const lake = fuzzTables.filter(({ name }) => name !== EVERY_TYPE && name !== MANY_TYPES);

export const over = (random: () => number, columns: readonly FuzzColumn[] = everyColumn): Choice => ({
  random,
  columns,
});

/** Columns under a table's alias. */
export const named = (alias: string, columns: readonly FuzzColumn[]): FuzzColumn[] =>
  columns.map((column) => ({ ...column, name: `${alias}.${column.name}` }));

export const chance = ({ random }: Pick<Choice, "random">, share: number): boolean => random() < share;

/** From `least` to `most`. */
export const between = ({ random }: Pick<Choice, "random">, least: number, most: number): number =>
  least + Math.floor(random() * (most - least + 1));

/** Texts with trees between them: `form("boolean", "({} > {})", a, b)`. */
export const form = (kind: Kind, text: string, ...args: readonly Tree[]): Tree => ({
  kind,
  texts: text.split("{}"),
  args,
});

/** Some rows of a table: fewer, so that one row's failure does not hide all others. */
export function someRows(choice: Pick<Choice, "random">, count: number, of: number): Tree {
  const ids = new Set<number>();
  while (ids.size < count) ids.add(between(choice, 1, of));
  return leaf("boolean", `id IN (${[...ids].sort((a, b) => a - b).join(", ")})`);
}

/** Columns that a kind is known of. */
export const known = (columns: readonly FuzzColumn[]): readonly FuzzColumn[] =>
  columns.filter(({ kind }) => kind !== undefined);

/** Outputs that can be ordered by, each of another kind perhaps. */
export const outputsOf = (choice: Choice, count: number): Tree[] =>
  Array.from({ length: count }, () => expressionOf(pick(choice, ordered), 2, choice));

export const everyOutput = (count: number): string =>
  `ORDER BY ${Array.from({ length: count }, (_, at) => String(at + 1)).join(", ")}`;

export const directions = ["", " DESC", " ASC NULLS FIRST", " DESC NULLS LAST", " DESC NULLS FIRST"];

/** By all outputs, so that rows that tie are the same. */
export function orderBy(choice: Choice, count: number): string {
  const keys = Array.from({ length: count }, (_, at) => `${at + 1}${pick(choice, directions)}`);
  return `ORDER BY ${keys.join(", ")}${pick(choice, ["", "", "", " LIMIT 7", " OFFSET 2 LIMIT 5", " FETCH FIRST 3 ROWS ONLY"])}`;
}

/** Two columns of the same kind to join by: `[a.x, b.y]`. */
export function joinKeys(
  choice: Choice,
  a: readonly FuzzColumn[],
  b: readonly FuzzColumn[],
): readonly [string, string] {
  const left = pick(choice, known(a));
  const others = b.filter(({ kind }) => kind === left.kind);
  if (others.length > 0) return [left.name, pick(choice, others).name];
  const key = (columns: readonly FuzzColumn[]): string =>
    columns.find(({ name }) => name.endsWith("grp"))?.name ?? "grp";
  return [key(a), key(b)];
}

export const nullCheck = (choice: Choice): string =>
  `${pick(choice, known(choice.columns)).name} ${pick(choice, ["IS NOT NULL", "IS NULL"])}`;
