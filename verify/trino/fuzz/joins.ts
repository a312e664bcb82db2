import {
  between,
  chance,
  everyColumn,
  everyOutput,
  form,
  joinKeys,
  lake,
  named,
  nullCheck,
  orderBy,
  outputsOf,
  over,
  someRows,
} from "./choices.ts";
import { type Choice, expressionOf, leaf, pick } from "./expressions.ts";
import type { Question } from "./question.ts";
import { EVERY_TYPE, EVERY_TYPE_ROWS, type FuzzColumn, MANY_TYPES, tableNamed } from "./tables.ts";

const OUTER = ["JOIN", "LEFT JOIN", "RIGHT JOIN", "FULL JOIN"];

/** What rows meet by: equal keys, and sometimes more or something else. */
function condition(choice: Choice, a: readonly FuzzColumn[], b: readonly FuzzColumn[]): string {
  const [left, right] = joinKeys(choice, a, b);
  const equal = `${left} = ${right}`;
  return pick(choice, [
    equal,
    equal,
    equal,
    `${equal} AND ${nullCheck(choice)}`,
    `${equal} AND a.id < b.id`,
    `(${equal} OR a.id = b.id)`,
    `${left} IS NOT DISTINCT FROM ${right}`,
    `${left} <= ${right} AND a.id = b.id + 1`,
    "a.grp = b.grp AND a.id > b.id",
  ]);
}

export function join(random: () => number): Question {
  const choice = over(random);
  const [left, right] = [pick(choice, lake), pick(choice, lake)];
  const [a, b] = [named("a", left.columns), named("b", right.columns)];
  const both = over(random, [...a, ...b]);
  const kind = pick(choice, [...OUTER, "CROSS JOIN"]);
  const on = kind === "CROSS JOIN" ? "" : ` ON ${condition(both, a, b)}`;
  const count = between(choice, 2, 4);
  return {
    area: "joins",
    selects: [
      {
        outputs: outputsOf(both, count),
        from: `${left.name} AS a ${kind} ${right.name} AS b${on}`,
        ...(chance(choice, 0.6) && { where: expressionOf("boolean", 2, both) }),
      },
    ],
    tail: orderBy(choice, count),
  };
}

/** Three tables, the third by a key that an outer join may have left NULL. */
export function chain(random: () => number): Question {
  const choice = over(random);
  const [one, two, three] = [pick(choice, lake), pick(choice, lake), pick(choice, lake)];
  const [a, b, c] = [named("a", one.columns), named("b", two.columns), named("c", three.columns)];
  const [second, third] = [joinKeys(choice, a, b), joinKeys(choice, b, c)];
  const all = over(random, [...a, ...b, ...c]);
  const [first, next] = [pick(choice, OUTER), pick(choice, OUTER)];
  return {
    area: "joins",
    selects: [
      {
        outputs: [leaf("bigint", "a.id"), leaf("bigint", "b.id"), leaf("bigint", "c.id"), ...outputsOf(all, 1)],
        from: `${one.name} AS a ${first} ${two.name} AS b ON ${second.join(" = ")} ${next} ${three.name} AS c ON ${third.join(" = ")} AND c.id < 9`,
        where: form("boolean", "({} OR a.id IS NULL OR b.id < 4)", expressionOf("boolean", 1, all)),
      },
    ],
    tail: orderBy(choice, 4),
  };
}

/** `USING`: the column is of both tables, whichever row is missing. */
export function using(random: () => number): Question {
  const choice = over(random);
  const [left, right] = [pick(choice, lake), pick(choice, lake)];
  const keys = pick(choice, ["grp", "id", "id, grp"]);
  const outputs = keys.split(", ").map((key) => leaf("varchar", key));
  const free = (alias: string, columns: readonly FuzzColumn[]): FuzzColumn[] =>
    named(
      alias,
      columns.filter(({ name }) => name !== "id" && name !== "grp"),
    );
  const both = over(random, [...free("a", left.columns), ...free("b", right.columns)]);
  return {
    area: "joins",
    selects: [
      {
        outputs: [...outputs, ...outputsOf(both, 2)],
        from: `${left.name} AS a ${pick(choice, OUTER)} ${right.name} AS b USING (${keys})`,
        where: leaf("boolean", keys === "grp" ? "a.id < 4" : pick(choice, ["id < 8", "id IS NOT NULL", "id > 20"])),
      },
    ],
    tail: orderBy(choice, outputs.length + 2),
  };
}

/** Rows meet by columns of two types. */
export function coercedJoin(random: () => number): Question {
  const choice = over(random);
  const { columns } = tableNamed(MANY_TYPES);
  const key = (alias: string): string => `${alias}.${pick(choice, columns).name}`;
  const operator = pick(choice, ["=", "=", "=", "<", "IS NOT DISTINCT FROM"]);
  return {
    area: "joins",
    selects: [
      {
        outputs: [leaf("bigint", "a.id"), leaf("bigint", "b.id")],
        from: `${MANY_TYPES} AS a ${pick(choice, OUTER)} ${MANY_TYPES} AS b ON ${key("a")} ${operator} ${key("b")}`,
      },
    ],
    tail: everyOutput(2),
  };
}

export function unnested(random: () => number): Question {
  const choice = over(random);
  const [list, kind] = pick(choice, [
    ["c_numbers", "bigint"],
    ["c_texts", "varchar"],
    ["filter(c_numbers, x -> x > 1)", "bigint"],
    ["sequence(1, cardinality(c_texts))", "bigint"],
    ["split(c_text, ',')", "varchar"],
  ] as const);
  const columns: FuzzColumn[] = [...everyColumn, { name: "u.v", type: { kind: "unknown" }, kind, values: [] }];
  const outputs = [leaf("integer", "id"), leaf(kind, "u.v"), ...outputsOf(over(random, columns), 1)];
  const alias = chance(choice, 0.5) ? "WITH ORDINALITY AS u (v, n)" : "AS u (v)";
  const joined = pick(choice, ["CROSS JOIN", "CROSS JOIN", "LEFT JOIN"]);
  return {
    area: "unnest",
    selects: [
      {
        outputs,
        from: `${EVERY_TYPE} ${joined} UNNEST(${list}) ${alias}${joined === "LEFT JOIN" ? " ON TRUE" : ""}`,
        where: someRows(choice, 12, EVERY_TYPE_ROWS),
      },
    ],
    tail: everyOutput(outputs.length),
  };
}
