import { chance, directions, everyOutput, form, known, lake, orderBy, outputsOf, over, someRows } from "./choices.ts";
import { aggregateBatch } from "./expression-questions.ts";
import { expressionOf, formOf, leaf, pick, render } from "./expressions.ts";
import { aggregateSignatures } from "./group-signatures.ts";
import type { Question } from "./question.ts";
import { ordered, type Signature, scalars, signatures } from "./signature.ts";
import { EVERY_TYPE, EVERY_TYPE_ROWS } from "./tables.ts";

/** Aggregates that the lake's columns serve, and whose result can be ordered by. */
const counted = aggregateSignatures.filter(
  ({ gives, sql, near }) =>
    near === undefined &&
    !/c_plain|c_long|\{map\}/.test(sql) &&
    gives !== "map" &&
    gives !== "double" &&
    gives !== "boolean",
);

export function grouping(random: () => number): Question {
  const table = pick(over(random), lake);
  const choice = over(random, table.columns);
  const keys = table.columns.filter(({ kind }) => kind !== undefined && ordered.includes(kind));
  const [k1, k2] = [pick(choice, keys), pick(choice, keys)];
  const names = k1.name === k2.name ? [k1.name] : [k1.name, k2.name];
  const list = names.join(", ");
  const sets = [`ROLLUP (${list})`, `CUBE (${list})`, `GROUPING SETS ((${list}), (${k1.name}), ())`];
  const by = pick(choice, [list, names.map((_, at) => at + 1).join(", "), ...sets]);
  const aggregates = Array.from({ length: 2 }, () => formOf(pick(choice, counted), undefined, 1, choice));
  const level = sets.includes(by) && chance(choice, 0.5) ? [leaf("integer", `grouping(${list})`)] : [];
  const outputs = [...names.map((name) => leaf("varchar", name)), ...level, ...aggregates];
  return {
    area: "grouping",
    selects: [
      {
        outputs,
        from: table.name,
        ...(chance(choice, 0.5) && { where: expressionOf("boolean", 1, choice) }),
        rest: `GROUP BY ${by}`,
        ...(chance(choice, 0.4) && {
          having: leaf(
            "boolean",
            pick(choice, [
              "count(*) > 1",
              "max(id) > 5",
              "count_if(id > 10) > 0",
              `count(DISTINCT ${k1.name}) = 1`,
              `max(id) > (SELECT avg(id) FROM ${table.name})`,
            ]),
          ),
        }),
      },
    ],
    tail: orderBy(choice, outputs.length),
  };
}

/** By an expression of any kind: NULL, NaN and zeros of both signs make groups, too. */
export function groupedByExpression(random: () => number): Question {
  const choice = over(random);
  const key = expressionOf(pick(choice, scalars), 1, choice);
  return {
    area: "grouping",
    selects: [
      {
        outputs: [leaf("bigint", "min(id)"), leaf("bigint", "count(*)"), form("bigint", "count({})", key)],
        from: EVERY_TYPE,
        where: someRows(choice, 20, EVERY_TYPE_ROWS),
        rest: `GROUP BY ${render(key)}`,
      },
    ],
    tail: everyOutput(3),
  };
}

/** What an aggregate leaves out, and in which order it takes the rest. */
const filteredSignatures: readonly Signature[] = [
  ...signatures(
    `
bigint: count({T}) FILTER (WHERE {boolean})
bigint: count(DISTINCT {T}) FILTER (WHERE {boolean})
T: min({T}) FILTER (WHERE {T} IS NOT NULL AND {boolean})
T: max_by({T}, id) FILTER (WHERE {boolean})
bigint: cardinality(array_agg({T}) FILTER (WHERE {T} IS NOT NULL))
T: element_at(array_agg({T} ORDER BY {T} DESC NULLS LAST, id), {#positive})
T: element_at(array_agg({T} ORDER BY {T}, id DESC) FILTER (WHERE {boolean}), {#positive})
bigint: approx_distinct({T}) FILTER (WHERE false)
`,
    ordered,
  ),
  ...signatures(`
bigint: count(*) FILTER (WHERE {boolean})
bigint: sum({integer}) FILTER (WHERE {boolean})
decimal: sum({decimal}) FILTER (WHERE {boolean})
decimal: avg({decimal}) FILTER (WHERE {boolean})
bigint: sum(DISTINCT {integer}) FILTER (WHERE {boolean})
boolean: bool_and({boolean}) FILTER (WHERE {boolean})
boolean: every({boolean})
bigint: count(DISTINCT ROW({integer}, {varchar}))
varchar: listagg({varchar}, '|') WITHIN GROUP (ORDER BY {varchar}, id) FILTER (WHERE {boolean})
bigint: element_at(array_agg(DISTINCT id % 5 ORDER BY id % 5 DESC), {#positive})
varchar: listagg(DISTINCT grp, '|') WITHIN GROUP (ORDER BY grp)
`),
];

export const filteredBatch = (random: () => number, count: number): Question[] =>
  aggregateBatch(random, count, filteredSignatures).map((question) => ({ ...question, area: "filtered aggregates" }));

export function distinct(random: () => number): Question {
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
        ...(chance(choice, 0.5) && { where: expressionOf("boolean", 2, choice) }),
      },
    ],
    tail: orderBy(choice, outputs.length),
  };
}

/** One row of each group, chosen by a window. */
export function ranked(random: () => number): Question {
  const table = pick(over(random), lake);
  const choice = over(random, table.columns);
  const key = pick(choice, known(table.columns));
  const direction = pick(choice, directions);
  const from = `(SELECT *, row_number() OVER (PARTITION BY ${key.name} ORDER BY ${pick(choice, known(table.columns)).name}${direction}, id DESC) AS place, count(*) OVER (PARTITION BY grp) AS size FROM ${table.name}) AS t`;
  return {
    area: "ranked",
    selects: [
      { outputs: [...outputsOf(choice, 2), leaf("bigint", "size")], from, where: leaf("boolean", "place = 1") },
    ],
    tail: orderBy(choice, 3),
  };
}

/** Windows over the rows that a grouping gives. */
export function windowOverGroups(random: () => number): Question {
  const table = pick(over(random), lake);
  const choice = over(random, table.columns);
  const key = pick(choice, known(table.columns)).name;
  return {
    area: "ranked",
    selects: [
      {
        outputs: [
          leaf("bigint", "min(id)"),
          leaf("bigint", "sum(count(*)) OVER (ORDER BY min(id))"),
          leaf("bigint", `rank() OVER (ORDER BY count(*)${pick(choice, directions)})`),
          leaf("bigint", "count(*) * 100 / sum(count(*)) OVER ()"),
          leaf("bigint", "lag(max(id)) OVER (ORDER BY min(id) DESC)"),
        ],
        from: table.name,
        rest: `GROUP BY ${key}`,
      },
    ],
    tail: "ORDER BY 1",
  };
}
