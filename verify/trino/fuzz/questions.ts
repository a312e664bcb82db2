import { type Choice, expressionOf, formOf, leaf, leafOf, pick, type Tree } from "./expressions.ts";
import { aggregateSignatures, windowSignatures } from "./group-signatures.ts";
import { trinoLiteral } from "./literals.ts";
import type { Question } from "./question.ts";
import { ordered } from "./signature.ts";
import { EVERY_TYPE, EVERY_TYPE_ROWS, type FuzzColumn, type FuzzTable, fuzzTables } from "./tables.ts";
import { kinds } from "./values.ts";

const DEPTH = 3;

function tableNamed(name: string): FuzzTable {
  const table = fuzzTables.find((each) => each.name === name);
  if (table === undefined) throw new Error(`No table ${name}`);
  return table;
}

const everyColumn = tableNamed(EVERY_TYPE).columns;
const over = (random: () => number, columns: readonly FuzzColumn[] = everyColumn): Choice => ({ random, columns });

/** Some rows: fewer, so that one row's failure does not hide all others. */
function someRows(random: () => number, count: number): Tree {
  const ids = new Set<number>();
  while (ids.size < count) ids.add(1 + Math.floor(random() * EVERY_TYPE_ROWS));
  return leaf("boolean", `id IN (${[...ids].sort((a, b) => a - b).join(", ")})`);
}

/** Expressions over the same rows of the table of every type. */
export function expressionBatch(random: () => number, count: number): Question[] {
  const choice = over(random);
  const where = someRows(random, 6);
  const chosen = kinds.filter((kind) => kind !== "json");
  return Array.from({ length: count }, () => ({
    area: "expressions",
    selects: [{ outputs: [expressionOf(pick(choice, chosen), DEPTH, choice)], from: EVERY_TYPE, where }],
    tail: "ORDER BY id",
  }));
}

/** A question about one row of the table of every type, with the row's values in place of its columns. */
export function withRow(question: Question, id: number): Question {
  const { columns, rows } = tableNamed(EVERY_TYPE);
  const row = rows[id - 1] ?? [];
  const placed = (tree: Tree): Tree => {
    const at = columns.findIndex(({ name }) => tree.args.length === 0 && name === tree.texts[0]);
    const column = columns[at];
    if (column !== undefined) return leaf(tree.kind, trinoLiteral(row[at] ?? null, column.type));
    return { ...tree, args: tree.args.map(placed) };
  };
  const selects = question.selects.map(({ outputs }) => ({ outputs: outputs.map(placed), from: "" }));
  return { ...question, selects, tail: "" };
}

/** The same expressions without a table: the engines work such out in advance, by other code. */
export function literalBatch(random: () => number, count: number): Question[] {
  return expressionBatch(random, count).map((question) => ({
    ...withRow(question, 1 + Math.floor(random() * EVERY_TYPE_ROWS)),
    area: "constant expressions",
  }));
}

export function aggregateBatch(random: () => number, count: number): Question[] {
  const choice = over(random);
  const where = someRows(random, 16);
  const grouped = random() < 0.7;
  return Array.from({ length: count }, () => ({
    area: "aggregates",
    selects: [
      {
        outputs: [formOf(pick(choice, aggregateSignatures), undefined, 2, choice)],
        from: EVERY_TYPE,
        where,
        ...(grouped && { rest: "GROUP BY grp" }),
      },
    ],
    tail: grouped ? "ORDER BY grp" : "",
  }));
}

export function windowBatch(random: () => number, count: number): Question[] {
  const choice = over(random);
  const where = someRows(random, 14);
  return Array.from({ length: count }, () => ({
    area: "windows",
    selects: [{ outputs: [formOf(pick(choice, windowSignatures), undefined, 2, choice)], from: EVERY_TYPE, where }],
    tail: "ORDER BY id",
  }));
}

const lake = fuzzTables.filter(({ name }) => name !== EVERY_TYPE);

const named = (alias: string, columns: readonly FuzzColumn[]): FuzzColumn[] =>
  columns.map((column) => ({ ...column, name: `${alias}.${column.name}` }));

/** Outputs that can be ordered by, each of another kind perhaps. */
function outputsOf(choice: Choice, count: number): Tree[] {
  return Array.from({ length: count }, () => expressionOf(pick(choice, ordered), 2, choice));
}

const everyOutput = (count: number): string =>
  `ORDER BY ${Array.from({ length: count }, (_, at) => String(at + 1)).join(", ")}`;

const directions = ["", " DESC", " NULLS FIRST", " DESC NULLS LAST"];
function orderBy(choice: Choice, count: number): string {
  const keys = Array.from({ length: count }, (_, at) => `${at + 1}${pick(choice, directions)}`);
  return `ORDER BY ${keys.join(", ")}${choice.random() < 0.3 ? " LIMIT 7" : ""}`;
}

/** Two columns of the same kind to join by. */
function joinKeys(random: () => number, a: readonly FuzzColumn[], b: readonly FuzzColumn[]): string {
  const choice = over(random);
  const left = pick(
    choice,
    a.filter(({ kind }) => kind !== undefined),
  );
  const others = b.filter(({ kind }) => kind === left.kind);
  return others.length === 0 ? "a.grp = b.grp" : `${left.name} = ${pick(choice, others).name}`;
}

function join(random: () => number): Question {
  const choice = over(random);
  const [left, right] = [pick(choice, lake), pick(choice, lake)];
  const [a, b] = [named("a", left.columns), named("b", right.columns)];
  const both = over(random, [...a, ...b]);
  const kind = pick(choice, ["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN", "CROSS JOIN"]);
  const more = kind === "CROSS JOIN" || random() < 0.7 ? "" : ` AND ${renderCondition(both)}`;
  const on = kind === "CROSS JOIN" ? "" : ` ON ${joinKeys(random, a, b)}${more}`;
  const count = 2 + Math.floor(random() * 3);
  return {
    area: "joins",
    selects: [
      {
        outputs: outputsOf(both, count),
        from: `${left.name} AS a ${kind} ${right.name} AS b${on}`,
        ...(random() < 0.6 && { where: expressionOf("boolean", 2, both) }),
      },
    ],
    tail: orderBy(choice, count),
  };
}

const renderCondition = (choice: Choice): string => {
  const column = pick(
    choice,
    choice.columns.filter(({ kind }) => kind !== undefined),
  );
  return `${column.name} ${pick(choice, ["IS NOT NULL", "IS NULL"])}`;
};

function grouping(random: () => number): Question {
  const table = pick(over(random), lake);
  const choice = over(random, table.columns);
  const keys = table.columns.filter(({ kind }) => kind !== undefined && ordered.includes(kind));
  const [k1, k2] = [pick(choice, keys), pick(choice, keys)];
  const names = k1.name === k2.name ? [k1.name] : [k1.name, k2.name];
  const list = names.join(", ");
  const by = pick(choice, [
    list,
    list,
    `ROLLUP (${list})`,
    `CUBE (${list})`,
    `GROUPING SETS ((${list}), (${k1.name}), ())`,
  ]);
  const simple = aggregateSignatures.filter(
    ({ sql, near }) => near === undefined && !/c_plain|c_long|\{map\}/.test(sql),
  );
  const counted = simple.filter(({ gives }) => gives !== "map" && gives !== "double" && gives !== "boolean");
  const aggregates = Array.from({ length: 2 }, () => formOf(pick(choice, counted), undefined, 1, choice));
  const outputs = [...names.map((name) => leaf("varchar", name)), ...aggregates];
  return {
    area: "grouping",
    selects: [
      {
        outputs,
        from: table.name,
        ...(random() < 0.5 && { where: expressionOf("boolean", 1, choice) }),
        rest: `GROUP BY ${by}`,
        ...(random() < 0.4 && {
          having: leaf("boolean", pick(choice, ["count(*) > 1", `max(id) > 5`, "count_if(id > 10) > 0"])),
        }),
      },
    ],
    tail: orderBy(choice, outputs.length),
  };
}

function setOperation(random: () => number): Question {
  const choice = over(random);
  const wanted = Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(choice, ordered));
  const selects = Array.from({ length: 2 + Math.floor(random() * 2) }, () => {
    const table = pick(choice, lake);
    const from = over(random, table.columns);
    return {
      outputs: wanted.map((kind) => (random() < 0.6 ? leafOf(kind, from) : expressionOf(kind, 1, from))),
      from: table.name,
      ...(random() < 0.4 && { where: expressionOf("boolean", 1, from) }),
    };
  });
  const operator = pick(choice, ["UNION ALL", "UNION", "INTERSECT", "EXCEPT", "INTERSECT ALL", "EXCEPT ALL"]);
  return { area: "set operations", selects, operator, tail: everyOutput(wanted.length) };
}

function subQuery(random: () => number): Question {
  const choice = over(random);
  const [outer, inner] = [pick(choice, lake), pick(choice, lake)];
  const a = over(random, named("a", outer.columns));
  const b = named("b", inner.columns);
  const keys = joinKeys(random, a.columns, b);
  const [left = "a.id", right = "b.id"] = keys.split(" = ");
  const inside = over(random, b);
  const condition = pick(choice, [
    `EXISTS (SELECT 1 FROM ${inner.name} AS b WHERE ${keys})`,
    `NOT EXISTS (SELECT 1 FROM ${inner.name} AS b WHERE ${keys} AND b.id > 5)`,
    `${left} IN (SELECT ${right} FROM ${inner.name} AS b WHERE ${renderCondition(inside)})`,
    `${left} NOT IN (SELECT ${right} FROM ${inner.name} AS b)`,
    `a.id > (SELECT min(b.id) FROM ${inner.name} AS b WHERE b.grp = 'a')`,
    `${left} = ANY (SELECT ${right} FROM ${inner.name} AS b)`,
  ]);
  const outputs = [
    ...outputsOf(a, 2),
    leaf("bigint", pick(choice, ["a.id", `(SELECT count(*) FROM ${inner.name} AS b WHERE ${keys})`, "a.grp"])),
  ];
  return {
    area: "sub-queries",
    selects: [{ outputs, from: `${outer.name} AS a`, where: leaf("boolean", condition) }],
    tail: orderBy(choice, outputs.length),
  };
}

function unnested(random: () => number): Question {
  const choice = over(random);
  const [list, kind, type] = pick(choice, [
    ["c_numbers", "bigint", "u.v"],
    ["c_texts", "varchar", "u.v"],
    ["filter(c_numbers, x -> x > 1)", "bigint", "u.v"],
    ["sequence(1, cardinality(c_texts))", "bigint", "u.v"],
    ["split(c_text, ',')", "varchar", "u.v"],
  ] as const);
  const ordinality = random() < 0.5;
  const columns: FuzzColumn[] = [...everyColumn, { name: type, type: { kind: "unknown" }, kind, values: [] }];
  const outputs = [leaf("integer", "id"), leaf(kind, type), ...outputsOf(over(random, columns), 1)];
  const from = `${EVERY_TYPE} ${pick(choice, ["CROSS JOIN", "CROSS JOIN", "LEFT JOIN"])} UNNEST(${list})${ordinality ? " WITH ORDINALITY AS u (v, n)" : " AS u (v)"}`;
  return {
    area: "unnest",
    selects: [{ outputs, from: from.includes("LEFT JOIN") ? `${from} ON TRUE` : from, where: someRows(random, 12) }],
    tail: everyOutput(outputs.length),
  };
}

function distinct(random: () => number): Question {
  const table = pick(over(random), lake);
  const choice = over(random, table.columns);
  const outputs = outputsOf(choice, 2);
  return {
    area: "distinct",
    selects: [
      {
        distinct: true,
        outputs,
        from: table.name,
        ...(random() < 0.5 && { where: expressionOf("boolean", 2, choice) }),
      },
    ],
    tail: orderBy(choice, outputs.length),
  };
}

/** One row of each group, chosen by a window. */
function ranked(random: () => number): Question {
  const table = pick(over(random), lake);
  const choice = over(random, table.columns);
  const key = pick(
    choice,
    table.columns.filter(({ kind }) => kind !== undefined),
  );
  const outputs = outputsOf(choice, 2);
  const from = `(SELECT *, row_number() OVER (PARTITION BY ${key.name} ORDER BY id DESC) AS place, count(*) OVER (PARTITION BY grp) AS size FROM ${table.name}) AS t`;
  return {
    area: "ranked",
    selects: [{ outputs: [...outputs, leaf("bigint", "size")], from, where: leaf("boolean", "place = 1") }],
    tail: orderBy(choice, 3),
  };
}

/** A query with several tables or clauses. */
export const wholeQuery = (random: () => number): Question =>
  pick(over(random), [join, join, grouping, grouping, setOperation, subQuery, unnested, distinct, ranked])(random);
