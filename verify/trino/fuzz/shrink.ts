import { withRow } from "./expression-questions.ts";
import { leaf, type Tree } from "./expressions.ts";
import { trinoLiteral } from "./literals.ts";
import { type Question, questionSql, type Select } from "./question.ts";
import { EVERY_TYPE, type FuzzTable, fuzzTables } from "./tables.ts";

/** Smaller ones first tried; so many are tried at most. */
const TRIES = 60;

const everyType = fuzzTables.find(({ name }) => name === EVERY_TYPE);

/** Makes a question smaller as long as it still shows the difference. */
export async function shrink(question: Question, shows: (smaller: Question) => Promise<boolean>): Promise<Question> {
  let best = question;
  let tries = 0;
  for (let progress = true; progress && tries < TRIES; ) {
    progress = false;
    for (const smaller of simpler(best)) {
      if (++tries > TRIES) break;
      if (!(await shows(smaller))) continue;
      best = smaller;
      progress = true;
      break;
    }
  }
  return best;
}

function* simpler(question: Question): Iterable<Question> {
  const { selects } = question;
  if (selects.length > 1) for (const only of selects) yield { ...question, selects: [only], tail: allOutputs(only) };
  const [first] = selects;
  const width = first?.outputs.length ?? 0;
  for (let at = 0; width > 1 && at < width; at++)
    yield withSelects(question, (select) => ({ ...select, outputs: select.outputs.filter((_, i) => i !== at) }));
  for (const [at, select] of selects.entries())
    for (const smaller of simplerSelect(select, selects.length === 1))
      yield { ...question, selects: selects.map((each, i) => (i === at ? smaller : each)) };
}

const allOutputs = ({ outputs }: Select): string => `ORDER BY ${outputs.map((_, at) => String(at + 1)).join(", ")}`;

function withSelects(question: Question, change: (select: Select) => Select): Question {
  const selects = question.selects.map(change);
  const [first] = selects;
  const ordinal = /^ORDER BY \d/.test(question.tail);
  return { ...question, selects, tail: ordinal && first !== undefined ? allOutputs(first) : question.tail };
}

function* simplerSelect(select: Select, alone: boolean): Iterable<Select> {
  const { where, having, distinct: _distinct, ...rest } = select;
  if (having !== undefined) yield { ...rest, ...(where && { where }) };
  if (where !== undefined) {
    const ids = /^id IN \((.*)\)$/.exec(where.texts[0] ?? "")?.[1]?.split(", ");
    if (ids === undefined) yield { ...rest, ...(having && { having }) };
    else if (ids.length > 1) for (const id of ids) yield { ...select, where: leaf("boolean", `id IN (${id})`) };
    for (const smaller of simplerTrees(where)) yield { ...select, where: smaller };
  }
  for (const [at, output] of select.outputs.entries()) {
    // An output may be of any kind where no other select must have the same.
    const parts = alone ? output.args : [];
    for (const smaller of [...parts, ...simplerTrees(output)])
      yield { ...select, outputs: select.outputs.map((each, i) => (i === at ? smaller : each)) };
  }
}

function* simplerTrees(tree: Tree): Iterable<Tree> {
  for (const part of descendants(tree)) if (part.kind === tree.kind) yield part;
  if (tree.args.length > 0) for (const plain of plainLeaves(tree)) yield plain;
  for (const [at, arg] of tree.args.entries())
    for (const smaller of simplerTrees(arg))
      yield { ...tree, args: tree.args.map((each, i) => (i === at ? smaller : each)) };
}

function* descendants({ args }: Tree): Iterable<Tree> {
  for (const arg of args) {
    yield arg;
    yield* descendants(arg);
  }
}

const plainLeaves = ({ kind }: Tree): readonly Tree[] =>
  (everyType?.columns ?? [])
    .filter((column) => column.kind === kind)
    .slice(0, 1)
    .map(({ name }) => leaf(kind, name));

/**
 * The same as SQL that reads no table: of one row with its values in place, else with as few of the tables' rows in front as
 * still show the difference.
 */
export async function selfContained(
  question: Question,
  shows: (sql: string) => Promise<boolean>,
): Promise<string | undefined> {
  const literal = withValues(question);
  if (literal !== undefined && (await shows(literal))) return literal;
  const sql = questionSql(question);
  let rows: Rows = new Map(tablesOf(sql).map((table) => [table, keptRows(table, sql)]));
  if (!(await shows(withTables(sql, rows)))) return undefined;
  let tries = 0;
  for (const table of rows.keys())
    for (let size = Math.ceil((rows.get(table)?.length ?? 0) / 2); size >= 1; size = Math.floor(size / 2))
      for (let at = 0; at < (rows.get(table)?.length ?? 0) && tries < ROW_TRIES; ) {
        tries += 1;
        const all = rows.get(table) ?? [];
        const fewer = new Map(rows).set(table, [...all.slice(0, at), ...all.slice(at + size)]);
        if (fewer.get(table)?.length !== 0 && (await shows(withTables(sql, fewer)))) rows = fewer;
        else at += size;
      }
  return withTables(sql, rows);
}

/** So many sets of rows are tried. */
const ROW_TRIES = 60;

type Rows = ReadonlyMap<FuzzTable, FuzzTable["rows"]>;

function withValues(question: Question): string | undefined {
  const [select, ...more] = question.selects;
  const id = /^id IN \((\d+)\)$/.exec(select?.where?.texts[0] ?? "")?.[1];
  if (select === undefined || more.length > 0 || id === undefined || question.area !== "expressions") return undefined;
  return questionSql(withRow(question, Number(id)));
}

const tablesOf = (sql: string): readonly FuzzTable[] =>
  fuzzTables.filter(({ name }) => new RegExp(`\\b${name}\\b`).test(sql));

function keptRows({ rows }: FuzzTable, sql: string): FuzzTable["rows"] {
  const ids = / WHERE id IN \(([\d, ]+)\)/.exec(sql)?.[1]?.split(", ");
  return ids === undefined ? rows : rows.filter(([id]) => ids.includes(String(id)));
}

function withTables(sql: string, rows: Rows): string {
  if (rows.size === 0) return sql;
  const tables = Array.from(rows, ([table, kept]) => tableSql(table, kept, sql)).join(", ");
  return sql.startsWith("WITH ") ? `WITH ${tables}, ${sql.slice("WITH ".length)}` : `WITH ${tables} ${sql}`;
}

function tableSql({ name, columns }: FuzzTable, rows: FuzzTable["rows"], sql: string): string {
  const needed = columns.flatMap((column, at) =>
    new RegExp(`\\b${column.name}\\b`).test(sql) ? [{ column, at }] : [],
  );
  const chosen = needed.length > 0 ? needed : columns.slice(0, 1).map((column) => ({ column, at: 0 }));
  const values = rows.map(
    (row) => `(${chosen.map(({ column, at }) => trinoLiteral(row[at] ?? null, column.type)).join(", ")})`,
  );
  return `${name} AS (SELECT * FROM (VALUES ${values.join(", ")}) AS t (${chosen.map(({ column }) => column.name).join(", ")}))`;
}
