import type { Rows } from "../../analytics/client/index.ts";
import { javaDouble } from "../../local/aws/athena/values.ts";
import { plainType } from "./cells.ts";
import type { Signature, TrinoAnswer } from "./server.ts";

/** A result as text: what is compared of whole tables. */
export interface TableText {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** Types whose values Athena's results and Trino's JSON write alike. */
const plain = new Set(["varchar", "boolean", "integer", "bigint", "decimal", "date", "timestamp"]);

/** Athena's API names a timestamp without its digits, which its values show. */
const typeName = (type: string): string => plainType(type).replace(/^timestamp\(\d+\)$/, "timestamp");

export const textOfAthena = ({ columns, rows }: Rows): TableText => ({
  columns: columns.map(({ name, type }) => ({ name, type: typeName(type) })),
  rows,
});

export function textOfTrino({ columns, rows }: TrinoAnswer): TableText {
  return {
    columns: columns.map(({ name, type }) => ({ name, type: typeName(type) })),
    rows: rows.map((row) => row.map((value, at) => cell(value, columns[at]?.typeSignature))),
  };
}

function cell(value: unknown, type: Signature | undefined): string | null {
  if (value === null || value === undefined) return null;
  if (type?.rawType === "double") return javaDouble(Number(value));
  if (type === undefined || !plain.has(type.rawType)) throw new Error(`The lake has no values of ${type?.rawType}`);
  return String(value);
}

/** How two results differ, without what their rows say; undefined when they are the same. */
export function tableDifference(ours: TableText, theirs: TableText, ordered: boolean): string | undefined {
  const shown = (table: TableText): string => table.columns.map(({ name, type }) => `${name} ${type}`).join(", ");
  if (shown(ours) !== shown(theirs)) return `columns: ${shown(ours)}; Trino: ${shown(theirs)}`;
  if (ours.rows.length !== theirs.rows.length) return `${ours.rows.length} rows, Trino has ${theirs.rows.length}`;
  const [left, right] = [lines(ours, ordered), lines(theirs, ordered)];
  const different = left.filter((line, at) => line !== right[at]).length;
  if (different === 0) return undefined;
  const columns = ours.columns.filter((_, at) => columnText(ours, at) !== columnText(theirs, at));
  return `${different} of ${left.length} rows; columns that differ: ${columns.map(({ name }) => name).join(", ") || "none, but rows put together otherwise"}`;
}

function lines({ rows }: TableText, ordered: boolean): string[] {
  const all = rows.map((row) => JSON.stringify(row));
  return ordered ? all : all.sort();
}

const columnText = ({ rows }: TableText, at: number): string =>
  rows
    .map((row) => JSON.stringify(row[at]))
    .sort()
    .join();
