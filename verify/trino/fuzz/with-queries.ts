import { chance, lake, orderBy, outputsOf, over } from "./choices.ts";
import { type Choice, expressionOf, leaf, pick, render, type Tree } from "./expressions.ts";
import type { Question } from "./question.ts";
import type { FuzzColumn } from "./tables.ts";

/** A named query over a table of the lake: `w1 AS (SELECT id, ... AS p, ... AS q FROM ...)`. */
function namedQuery(choice: Choice, name: string, from: string, columns: readonly FuzzColumn[]): string {
  const inside: Choice = { ...choice, columns };
  const [p, q] = outputsOf(inside, 2).map(render);
  const where = chance(choice, 0.5) ? ` WHERE ${render(expressionOf("boolean", 1, inside))}` : "";
  return chance(choice, 0.5)
    ? `${name} AS (SELECT id, grp, ${p} AS p, ${q} AS q FROM ${from}${where})`
    : `${name} (id, grp, p, q) AS (SELECT id, grp, ${p}, ${q} FROM ${from}${where})`;
}

const outputs = (...names: readonly string[]): Tree[] => names.map((name) => leaf("varchar", name));

/** Named queries: one over the other, twice in one query, under a table's own name, inside a sub-query. */
export function withQuery(random: () => number): Question {
  const choice = over(random);
  const [one, two] = [pick(choice, lake), pick(choice, lake)];
  const w = (from = one.name, name = "w"): string => namedQuery(choice, name, from, one.columns);
  const shapes: readonly (() => Omit<Question, "area" | "tail"> & { readonly count: number })[] = [
    () => ({
      head: `${w()}, v AS (SELECT grp, count(*) AS n, max(p) AS m FROM w GROUP BY grp)`,
      selects: [{ outputs: outputs("w.id", "w.p", "v.n", "v.m"), from: "w LEFT JOIN v ON w.grp = v.grp" }],
      count: 4,
    }),
    () => ({
      head: w(),
      selects: [
        { outputs: outputs("x.id", "y.id", "x.q"), from: "w AS x FULL JOIN w AS y ON x.p = y.p AND x.id < y.id" },
      ],
      count: 3,
    }),
    () => ({
      head: `${one.name} AS (SELECT * FROM ${one.name} WHERE id > 12)`,
      selects: [{ outputs: outputs("count(*)", "min(id)"), from: one.name }],
      count: 2,
    }),
    () => ({
      head: w(),
      selects: [
        {
          outputs: outputs("t.n", "t.m"),
          from: `(WITH w AS (SELECT count(*) AS n, max(id) AS m FROM ${two.name}) SELECT * FROM w) AS t`,
          where: leaf("boolean", "EXISTS (SELECT 1 FROM w WHERE w.id > 3)"),
        },
      ],
      count: 2,
    }),
    () => ({
      head: `${w()}, v AS (WITH w AS (SELECT grp, min(id) AS id FROM w GROUP BY grp) SELECT * FROM w)`,
      selects: [{ outputs: outputs("v.id", "v.grp", "(SELECT count(*) FROM w)"), from: "v" }],
      count: 3,
    }),
    () => ({
      head: w(),
      selects: [
        { outputs: outputs("id", "p"), from: "w", where: leaf("boolean", "id < 9") },
        { outputs: outputs("id", "p"), from: "w", where: leaf("boolean", "p IS NULL") },
      ],
      operator: pick(choice, ["UNION", "UNION ALL", "EXCEPT", "INTERSECT"]),
      count: 2,
    }),
    () => ({
      head: `${w()}, v AS (SELECT * FROM w UNION ALL SELECT * FROM w WHERE id < 4)`,
      selects: [{ outputs: outputs("id", "count(*)", "max(q)"), from: "v", rest: "GROUP BY id" }],
      count: 3,
    }),
  ];
  const { count, ...question } = pick(choice, shapes)();
  return { area: "named queries", ...question, tail: orderBy(choice, count) };
}
