import { isNear, render, type Tree } from "./expressions.ts";

/** One SELECT of a generated query. */
export interface Select {
  readonly distinct?: true;
  readonly outputs: readonly Tree[];
  /** FROM clause without the word. */
  readonly from: string;
  readonly where?: Tree;
  /** What follows: GROUP BY, WINDOW. */
  readonly rest?: string;
  readonly having?: Tree;
}

/** A generated query. */
export interface Question {
  readonly area: string;
  /** Tables in front of it, without the word WITH. */
  readonly head?: string;
  readonly selects: readonly Select[];
  /** Between the selects: `UNION ALL`. */
  readonly operator?: string;
  /** ORDER BY and LIMIT; what it says orders the rows wholly, or equal rows are the same. */
  readonly tail: string;
}

/** Queries that are asked one after the other. */
export interface Batch {
  /** They are of one output each, over the same rows: one statement asks Trino for all that are answered here. */
  readonly together: boolean;
  readonly questions: readonly Question[];
}

function selectSql({ distinct, outputs, from, where, rest, having }: Select): string {
  const columns = outputs.map((tree, at) => `${render(tree)} AS x${at + 1}`).join(", ");
  return [
    `SELECT ${distinct ? "DISTINCT " : ""}${columns}`,
    from === "" ? "" : ` FROM ${from}`,
    where === undefined ? "" : ` WHERE ${render(where)}`,
    rest === undefined ? "" : ` ${rest}`,
    having === undefined ? "" : ` HAVING ${render(having)}`,
  ].join("");
}

export function questionSql({ head, selects, operator = "UNION ALL", tail }: Question): string {
  const query = `${selects.map(selectSql).join(` ${operator} `)}${tail === "" ? "" : ` ${tail}`}`;
  return head === undefined ? query : `WITH ${head} ${query}`;
}

/** Whether its doubles are compared nearly. */
export const comparedNearly = ({ selects }: Question): boolean => selects.some(({ outputs }) => outputs.some(isNear));

/** Questions of one output over the same rows, as one statement. */
export function batchSql(questions: readonly Question[]): string {
  const [first] = questions;
  const [select] = first?.selects ?? [];
  if (first === undefined || select === undefined) throw new Error("A batch of no questions");
  const outputs = questions.flatMap(({ selects }) => selects[0]?.outputs ?? []);
  return questionSql({ ...first, selects: [{ ...select, outputs }] });
}
