import { over, someRows } from "./choices.ts";
import { type Choice, formOf, leaf, pick, type Tree } from "./expressions.ts";
import { aggregateSignatures } from "./group-signatures.ts";
import { nestedSignatures } from "./nested-signatures.ts";
import type { Batch, Question } from "./question.ts";
import { scalarSignatures } from "./scalar-signatures.ts";
import type { Signature } from "./signature.ts";
import { MANY_TYPES, MANY_TYPES_ROWS, tableNamed } from "./tables.ts";

/** Values of every type as a query writes them: engines take some literals for more types than columns. */
const samples: readonly (readonly string[])[] = [
  ["NULL"],
  ["true", "false"],
  ["TINYINT '1'", "CAST(-128 AS tinyint)"],
  ["SMALLINT '1'", "CAST(300 AS smallint)"],
  ["1", "-7", "16777217"],
  ["BIGINT '1'", "9007199254740993", "3000000000"],
  ["REAL '1'", "REAL '0.1'", "CAST(16777216 AS real)"],
  ["1E0", "0.1E0", "1.5E0", "nan()", "infinity()"],
  ["1.0", "0.1", "1.5", "-99.99", "DECIMAL '1'"],
  ["12345678901234567890123456789012345678", "0.12345678901234567890", "CAST(1 AS decimal(38, 20))"],
  ["'1'", "'a'", "''", "'true'", "'2011-12-09'", "'0.1'", "'12:50:00'"],
  ["CAST('1' AS varchar)", "CAST('ab' AS varchar(1))", "CAST(NULL AS varchar)"],
  ["CAST('a' AS char(3))", "CAST('1' AS char(1))"],
  ["X'31'", "CAST('1' AS varbinary)"],
  ["DATE '2011-12-09'", "CAST(NULL AS date)"],
  ["TIMESTAMP '2011-12-09 00:00:00'", "TIMESTAMP '2011-12-09 12:50:00.500001'"],
  ["TIMESTAMP '2011-12-09 00:00:00 UTC'", "TIMESTAMP '2011-12-09 01:00:00.500 Europe/Paris'"],
  ["TIME '12:50:00'", "TIME '00:00:00.000001'"],
  ["TIME '12:50:00 +01:00'"],
  ["INTERVAL '1' DAY", "INTERVAL '-1' SECOND"],
  ["INTERVAL '1' MONTH", "INTERVAL '2' YEAR"],
  ["JSON '1'", `json_parse('"a"')`, "CAST(true AS json)"],
  ["UUID '12151fd2-7586-11e9-8f9e-2a86e4085a59'"],
  ["ARRAY[1]", "ARRAY[1, NULL]"],
  ["ARRAY[1.5]", "ARRAY[1.0E0]"],
  ["ARRAY['1']", "ARRAY['a', NULL]"],
  ["ARRAY[]", "ARRAY[NULL]"],
  ["ARRAY[ARRAY[1]]", "ARRAY[DATE '2011-12-09']"],
  ["MAP(ARRAY['a'], ARRAY[1])", "MAP(ARRAY['a'], ARRAY[1.5])"],
  ["MAP()", "MAP(ARRAY[1], ARRAY['a'])"],
  ["ROW(1, 'a')", "CAST(ROW(1, 'a') AS ROW(x bigint, y varchar))"],
  ["ROW(1.5, NULL)", "ROW(1)"],
];

/** Where two types meet. */
const meetings: readonly string[] = `
({} = {})
({} <> {})
({} < {})
({} >= {})
({} IS DISTINCT FROM {})
({} IN ({}, {}))
({} NOT IN ({}, {}))
({} BETWEEN {} AND {})
({} NOT BETWEEN {} AND {})
CASE WHEN true THEN {} ELSE {} END
CASE WHEN false THEN {} ELSE {} END
CASE WHEN false THEN {} WHEN true THEN {} END
CASE {} WHEN {} THEN 1 WHEN {} THEN 2 ELSE 0 END
CASE WHEN {} THEN 1 ELSE 0 END
coalesce({}, {})
coalesce(NULL, {}, {})
if(true, {}, {})
if({}, {})
nullif({}, {})
greatest({}, {})
least({}, {}, {})
ARRAY[{}, {}]
(ARRAY[{}] || ARRAY[{}])
(ARRAY[{}] || {})
({} || {})
concat({}, {})
({} + {})
({} - {})
({} * {})
({} / {})
({} % {})
(-{})
({} AND {})
(NOT {})
({} LIKE {})
contains(ARRAY[{}], {})
array_position(ARRAY[{}, {}], {})
array_union(ARRAY[{}], ARRAY[{}])
element_at(MAP(ARRAY[{}], ARRAY[{}]), {})
map_concat(MAP(ARRAY[1], ARRAY[{}]), MAP(ARRAY[2], ARRAY[{}]))
(ROW({}, 1) = ROW({}, 1))
(ROW({}, 1) < ROW({}, 1))
(({}, 1) IN (({}, 1), ({}, 2)))
(ARRAY[{}] = ARRAY[{}])
(ARRAY[{}] < ARRAY[{}])
CAST({} AS varchar)
CAST(ROW({}, {}) AS ROW(a bigint, b varchar))
typeof(coalesce({}, {}))
`
  .trim()
  .split("\n");

/** The same with queries inside; columns of a table there would be another thing. */
const queries: readonly string[] = `
({} IN (SELECT {}))
({} NOT IN (VALUES {}, {}))
({} = ANY (VALUES {}, {}))
({} > ALL (SELECT {}))
({} = (SELECT {}))
(SELECT max(v) FROM (VALUES {}, {}) AS t (v))
(SELECT array_agg(v ORDER BY v) FROM (SELECT {} AS v UNION SELECT {}) AS t)
(SELECT count(*) FROM (SELECT {} AS v INTERSECT SELECT {}) AS t)
(SELECT count(*) FROM (VALUES {}) AS t (v) JOIN (VALUES {}) AS u (w) ON v = w)
(SELECT sum(v) FROM (VALUES {}, {}) AS t (v))
(SELECT array_agg(lag(v, 1, {}) OVER (ORDER BY v)) FROM (VALUES {}) AS t (v))
`
  .trim()
  .split("\n");

/** The slots of a meeting, of two types in turn. */
function filled(text: string, one: () => string, other: () => string): Tree {
  let at = 0;
  return leaf(
    "varchar",
    text.replace(/\{\}/g, () => (at++ % 2 === 0 ? one() : other())),
  );
}

const sampleOf = (choice: Choice) => {
  const of = pick(choice, samples);
  return () => pick(choice, of);
};
const columnOf = (choice: Choice) => {
  const { name } = pick(choice, tableNamed(MANY_TYPES).columns);
  return () => name;
};

function batchOf(
  random: () => number,
  count: number,
  area: string,
  output: (choice: Choice, columns: boolean) => Tree,
): Batch {
  const choice = over(random, []);
  const columns = random() < 0.5;
  const rows = { from: MANY_TYPES, where: someRows(choice, 5, MANY_TYPES_ROWS) };
  const question = (): Question => ({
    area,
    selects: [{ outputs: [output(choice, columns)], ...(columns ? rows : { from: "" }) }],
    tail: columns ? "ORDER BY id" : "",
  });
  return { together: true, questions: Array.from({ length: count }, question) };
}

/** Two types in an operator, a condition, a list or a query. */
export const coercionBatch = (random: () => number, count: number): Batch =>
  batchOf(random, count, "two types", (choice, columns) => {
    if (!columns) return filled(pick(choice, [...meetings, ...queries]), sampleOf(choice), sampleOf(choice));
    const literal = choice.random() < 0.3;
    const sides = [columnOf(choice), literal ? sampleOf(choice) : columnOf(choice)] as const;
    const [one, other] = choice.random() < 0.5 ? sides : [sides[1], sides[0]];
    return filled(pick(choice, meetings), one, other);
  });

const functions: readonly Signature[] = [...scalarSignatures, ...nestedSignatures];

/** A form with an argument of any type in one place. */
function strange(choice: Choice, forms: readonly Signature[], columns: boolean): Tree {
  const tree = formOf(pick(choice, forms), undefined, 0, choice);
  const at = Math.floor(choice.random() * tree.args.length);
  const argument = columns ? columnOf(choice) : sampleOf(choice);
  return { ...tree, args: tree.args.map((arg, i) => (i === at ? leaf(arg.kind, argument()) : arg)) };
}

export const argumentBatch = (random: () => number, count: number, forms = functions): Batch =>
  batchOf(random, count, "argument types", (choice, columns) => strange(choice, forms, columns));

/** The same of aggregates. */
export function aggregateArgumentBatch(random: () => number, count: number): Batch {
  const choice = over(random, []);
  const forms = aggregateSignatures.filter(({ sql }) => !/c_plain|c_long/.test(sql));
  const where = someRows(choice, 9, MANY_TYPES_ROWS);
  return {
    together: true,
    questions: Array.from({ length: count }, () => ({
      area: "argument types",
      selects: [{ outputs: [strange(choice, forms, true)], from: MANY_TYPES, where }],
      tail: "",
    })),
  };
}
