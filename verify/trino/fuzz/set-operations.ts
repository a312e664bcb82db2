import { between, chance, everyOutput, lake, over } from "./choices.ts";
import { expressionOf, leaf, leafOf, pick } from "./expressions.ts";
import type { Question } from "./question.ts";
import { ordered } from "./signature.ts";
import { MANY_TYPES, tableNamed } from "./tables.ts";

const operators = ["UNION ALL", "UNION", "INTERSECT", "EXCEPT", "INTERSECT ALL", "EXCEPT ALL"];

export function setOperation(random: () => number): Question {
  const choice = over(random);
  const wanted = Array.from({ length: between(choice, 1, 3) }, () => pick(choice, ordered));
  const selects = Array.from({ length: between(choice, 2, 3) }, () => {
    const table = pick(choice, lake);
    const from = over(random, table.columns);
    return {
      outputs: wanted.map((kind) => (chance(choice, 0.6) ? leafOf(kind, from) : expressionOf(kind, 1, from))),
      from: table.name,
      ...(chance(choice, 0.4) && { where: expressionOf("boolean", 1, from) }),
    };
  });
  return { area: "set operations", selects, operator: pick(choice, operators), tail: everyOutput(wanted.length) };
}

/** Columns of two types, which must become one. */
export function coercedSets(random: () => number): Question {
  const choice = over(random);
  const { columns } = tableNamed(MANY_TYPES);
  const select = () => ({ outputs: [leaf("varchar", pick(choice, columns).name)], from: MANY_TYPES });
  return {
    area: "set operations",
    selects: [select(), select()],
    operator: pick(choice, operators),
    tail: everyOutput(1),
  };
}

/** Operators beside and inside each other: INTERSECT binds tighter. */
export function mixedSets(random: () => number): Question {
  const choice = over(random);
  const kind = pick(choice, ordered);
  const select = (): string => {
    const table = pick(choice, lake);
    const columns = table.columns.filter((column) => column.kind === kind);
    const name = columns.length === 0 ? "NULL" : pick(choice, columns).name;
    const limit = chance(choice, 0.2) ? " ORDER BY 1 LIMIT 5" : "";
    const sql = `SELECT ${name} AS v FROM ${table.name} WHERE id < ${between(choice, 2, 24)}${limit}`;
    return limit === "" && chance(choice, 0.7) ? sql : `(${sql})`;
  };
  const pair = (): string => `${select()} ${pick(choice, operators)} ${select()}`;
  const sides = pick(choice, [
    `${pair()} ${pick(choice, operators)} ${select()}`,
    `(${pair()}) ${pick(choice, operators)} (${pair()})`,
    `${select()} ${pick(choice, operators)} (${pair()})`,
  ]);
  return {
    area: "set operations",
    selects: [{ outputs: [leaf(kind, "v"), leaf("bigint", "count(*)")], from: `(${sides}) AS t`, rest: "GROUP BY v" }],
    tail: everyOutput(2),
  };
}
