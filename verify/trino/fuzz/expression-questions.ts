import { everyColumn, over, someRows } from "./choices.ts";
import { type Choice, expressionOf, formOf, leaf, pick, type Tree } from "./expressions.ts";
import { aggregateSignatures, windowSignatures } from "./group-signatures.ts";
import { trinoLiteral } from "./literals.ts";
import type { Question } from "./question.ts";
import type { Signature } from "./signature.ts";
import { EVERY_TYPE, EVERY_TYPE_ROWS, tableNamed } from "./tables.ts";
import { kinds } from "./values.ts";

const DEPTH = 3;

/** Kinds that are asked for; JSON is text there. */
const asked = kinds.filter((kind) => kind !== "json");

/** An expression of any kind, or of one of the forms that are asked about. */
const anyExpression = (choice: Choice, forms: readonly Signature[] | undefined): Tree =>
  forms === undefined
    ? expressionOf(pick(choice, asked), DEPTH, choice)
    : formOf(pick(choice, forms), undefined, DEPTH, choice);

/** Expressions over the same rows of the table of every type. */
export function expressionBatch(random: () => number, count: number, forms?: readonly Signature[]): Question[] {
  const choice = over(random);
  const where = someRows(choice, 6, EVERY_TYPE_ROWS);
  return Array.from({ length: count }, () => ({
    area: "expressions",
    selects: [{ outputs: [anyExpression(choice, forms)], from: EVERY_TYPE, where }],
    tail: "ORDER BY id",
  }));
}

/** A question about one row of the table of every type, with the row's values in place of its columns. */
export function withRow(question: Question, id: number): Question {
  const row = tableNamed(EVERY_TYPE).rows[id - 1] ?? [];
  const placed = (tree: Tree): Tree => {
    const at = everyColumn.findIndex(({ name }) => tree.args.length === 0 && name === tree.texts[0]);
    const column = everyColumn[at];
    if (column !== undefined) return leaf(tree.kind, trinoLiteral(row[at] ?? null, column.type));
    return { ...tree, args: tree.args.map(placed) };
  };
  const selects = question.selects.map(({ outputs }) => ({ outputs: outputs.map(placed), from: "" }));
  return { ...question, selects, tail: "" };
}

/** The same expressions without a table: the engines work such out in advance, by other code. */
export function literalBatch(random: () => number, count: number, forms?: readonly Signature[]): Question[] {
  return expressionBatch(random, count, forms).map((question) => ({
    ...withRow(question, 1 + Math.floor(random() * EVERY_TYPE_ROWS)),
    area: "constant expressions",
  }));
}

export function aggregateBatch(
  random: () => number,
  count: number,
  forms: readonly Signature[] = aggregateSignatures,
): Question[] {
  const choice = over(random);
  const where = someRows(choice, 16, EVERY_TYPE_ROWS);
  const grouped = random() < 0.7;
  return Array.from({ length: count }, () => ({
    area: "aggregates",
    selects: [
      {
        outputs: [formOf(pick(choice, forms), undefined, 2, choice)],
        from: EVERY_TYPE,
        where,
        ...(grouped && { rest: "GROUP BY grp" }),
      },
    ],
    tail: grouped ? "ORDER BY grp" : "",
  }));
}

export function windowBatch(
  random: () => number,
  count: number,
  forms: readonly Signature[] = windowSignatures,
): Question[] {
  const choice = over(random);
  const where = someRows(choice, 14, EVERY_TYPE_ROWS);
  return Array.from({ length: count }, () => ({
    area: "windows",
    selects: [{ outputs: [formOf(pick(choice, forms), undefined, 2, choice)], from: EVERY_TYPE, where }],
    tail: "ORDER BY id",
  }));
}
