import { chance, form, joinKeys, lake, named, nullCheck, orderBy, outputsOf, over } from "./choices.ts";
import { type Choice, expressionOf, leaf, leafOf, pick, type Tree } from "./expressions.ts";
import type { Question } from "./question.ts";
import { ordered } from "./signature.ts";

/** A table inside another's query: `a` outside, `b` inside, `c` inside of that. */
interface Place {
  readonly outer: Choice;
  readonly inner: Choice;
  readonly both: Choice;
  /** FROM of the inner query. */
  readonly from: string;
  /** What ties it to the outer row. */
  readonly tie: string;
  readonly innermost: string;
}

function placeOf(random: () => number): Place & { readonly table: string } {
  const choice = over(random);
  const [one, two, three] = [pick(choice, lake), pick(choice, lake), pick(choice, lake)];
  const [a, b, c] = [named("a", one.columns), named("b", two.columns), named("c", three.columns)];
  const tie = joinKeys(choice, a, b).join(" = ");
  const innermost = `${three.name} AS c WHERE ${joinKeys(choice, c, chance(choice, 0.5) ? a : b).join(" = ")}`;
  return {
    table: one.name,
    outer: over(random, a),
    inner: over(random, b),
    both: over(random, [...a, ...b]),
    from: `${two.name} AS b`,
    tie,
    innermost,
  };
}

const comparisons = ["=", "<>", "<", ">="];

/** Conditions; three-valued, where a NULL is among the rows. */
function condition({ outer, inner, both, from, tie, innermost }: Place): Tree {
  const kind = pick(outer, ordered);
  const [left, right] = [leafOf(kind, outer), leafOf(kind, inner)];
  const inside = (): Tree => expressionOf("boolean", 1, chance(outer, 0.5) ? inner : both);
  const operator = pick(outer, comparisons);
  return pick(outer, [
    () => leaf("boolean", `EXISTS (SELECT 1 FROM ${from} WHERE ${tie})`),
    () => form("boolean", `EXISTS (SELECT 1 FROM ${from} WHERE ${tie} AND {})`, inside()),
    () => form("boolean", `NOT EXISTS (SELECT b.id FROM ${from} WHERE ${tie} AND {})`, inside()),
    () => form("boolean", `{} IN (SELECT {} FROM ${from})`, left, right),
    () => form("boolean", `{} IN (SELECT {} FROM ${from} WHERE {})`, left, right, inside()),
    () => form("boolean", `{} NOT IN (SELECT {} FROM ${from})`, left, right),
    () => form("boolean", `{} NOT IN (SELECT {} FROM ${from} WHERE ${nullCheck(inner)})`, left, right),
    () => form("boolean", `{} NOT IN (SELECT {} FROM ${from} WHERE ${tie})`, left, right),
    () => form("boolean", `({} NOT IN (SELECT {} FROM ${from} WHERE false))`, left, right),
    () => form("boolean", `({} IN (SELECT {} FROM ${from})) IS NULL`, left, right),
    () => form("boolean", `{} ${operator} (SELECT max({}) FROM ${from} WHERE ${tie})`, left, right),
    () => form("boolean", `{} ${operator} (SELECT min({}) FROM ${from} WHERE b.id > 20)`, left, right),
    () => form("boolean", `{} ${operator} ALL (SELECT {} FROM ${from} WHERE b.id < 3)`, left, right),
    () => form("boolean", `{} ${operator} ANY (SELECT {} FROM ${from})`, left, right),
    () => form("boolean", `{} ${operator} ALL (SELECT {} FROM ${from} WHERE false)`, left, right),
    () => form("boolean", `(SELECT count(*) FROM ${from} WHERE {}) > 2`, inside()),
    () => leaf("boolean", `EXISTS (SELECT 1 FROM ${from} WHERE ${tie} AND EXISTS (SELECT 1 FROM ${innermost}))`),
    () =>
      leaf("boolean", `(SELECT count(*) FROM ${from} WHERE ${tie} AND b.id IN (SELECT c.id FROM ${innermost})) > 0`),
    () => form("boolean", `EXISTS (SELECT count(*) FROM ${from} WHERE ${tie} GROUP BY b.grp HAVING count(*) > 1)`),
    () => form("boolean", `(a.id, {}) IN (SELECT b.id, {} FROM ${from})`, left, right),
  ])();
}

/** Sub-queries that are a value. */
function scalar({ outer, inner, from, tie }: Place): Tree {
  const kind = pick(outer, ordered);
  const right = leafOf(kind, inner);
  return pick(outer, [
    () => leaf("bigint", `(SELECT count(*) FROM ${from} WHERE ${tie})`),
    () => form("bigint", `(SELECT count({}) FROM ${from} WHERE ${tie} AND b.id > 12)`, right),
    () => form(kind, `(SELECT max({}) FROM ${from} WHERE ${tie})`, right),
    () =>
      form(kind, `coalesce((SELECT min({}) FROM ${from} WHERE ${tie} AND b.id < 5), {})`, right, leafOf(kind, outer)),
    () => form(kind, `(SELECT {} FROM ${from} WHERE b.id = a.id)`, right),
    () => form(kind, `(SELECT {} FROM ${from} WHERE b.id = 30)`, right),
    () => form(kind, `(SELECT {} FROM ${from} WHERE b.grp = a.grp)`, right),
    () => form(kind, `(SELECT {} FROM ${from} WHERE ${tie} ORDER BY b.id DESC LIMIT 1)`, right),
    () => form(kind, `(SELECT max_by({}, b.id) FROM ${from} WHERE b.id <= a.id)`, right),
    () => leaf("bigint", `(SELECT count(*) + a.id FROM ${from})`),
    () => leaf("bigint", `(SELECT sum(a.id) FROM ${from} WHERE b.id < 4)`),
  ])();
}

export function subQuery(random: () => number): Question {
  const place = placeOf(random);
  const { outer, table } = place;
  const where = pick(outer, [
    () => condition(place),
    () => condition(place),
    () => form("boolean", "({} AND {})", condition(place), expressionOf("boolean", 1, outer)),
    () => form("boolean", "({} OR {})", expressionOf("boolean", 1, outer), condition(place)),
    () => form("boolean", "(NOT {})", condition(place)),
  ])();
  const outputs = [leaf("bigint", "a.id"), ...outputsOf(outer, 1)];
  return {
    area: "sub-queries",
    selects: [{ outputs, from: `${table} AS a`, where }],
    tail: orderBy(outer, outputs.length),
  };
}

/** Among the outputs, where unknown shows. */
export function subQueryOutput(random: () => number): Question {
  const place = placeOf(random);
  const shown = chance(place.outer, 0.5) ? condition(place) : scalar(place);
  return {
    area: "sub-queries",
    selects: [
      {
        outputs: [leaf("bigint", "a.id"), shown],
        from: `${place.table} AS a`,
        ...(chance(place.outer, 0.4) && { where: expressionOf("boolean", 1, place.outer) }),
      },
    ],
    tail: "ORDER BY 1",
  };
}

/** A query in FROM that sees the rows before it. */
export function lateral(random: () => number): Question {
  const place = placeOf(random);
  const right = leafOf(pick(place.outer, ordered), place.inner);
  const [joined, on] = pick(place.outer, [
    ["CROSS JOIN", ""],
    ["LEFT JOIN", " ON true"],
  ]);
  const inside = pick(place.outer, [
    `SELECT ${right.texts[0]} AS v FROM ${place.from} WHERE ${place.tie}`,
    `SELECT max(${right.texts[0]}) AS v FROM ${place.from} WHERE ${place.tie}`,
    `SELECT a.id * 2 AS v`,
  ]);
  return {
    area: "sub-queries",
    selects: [
      {
        outputs: [leaf("bigint", "a.id"), leaf("varchar", "t.v")],
        from: `${place.table} AS a ${joined} LATERAL (${inside}) AS t${on}`,
      },
    ],
    tail: "ORDER BY 1, 2",
  };
}
