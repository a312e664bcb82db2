import { between, chance, directions, known, over, someRows } from "./choices.ts";
import { expressionOf, leaf, pick, render } from "./expressions.ts";
import type { Question } from "./question.ts";
import { scalars } from "./signature.ts";
import { EVERY_TYPE, EVERY_TYPE_ROWS } from "./tables.ts";
import type { Kind } from "./values.ts";

/** Everything that has an order: NaN is the greatest of doubles. */
const sortable: readonly Kind[] = [...scalars, "time", "varbinary", "interval", "numbers", "texts", "doubles", "row"];

/** By expressions that are no output, of every kind that can be ordered by. */
export function ordering(random: () => number): Question {
  const choice = over(random);
  const keys = Array.from({ length: between(choice, 1, 2) }, () => {
    const key = expressionOf(pick(choice, sortable), chance(choice, 0.5) ? 0 : 1, choice);
    return `${render(key)}${pick(choice, directions)}`;
  });
  const limit = pick(choice, ["", "", " LIMIT 5", " OFFSET 3", " OFFSET 2 ROWS FETCH NEXT 4 ROWS ONLY", " LIMIT ALL"]);
  const from = { from: EVERY_TYPE, where: someRows(choice, 20, EVERY_TYPE_ROWS) };
  return {
    area: "order",
    selects: [{ outputs: [leaf("integer", "id")], ...from }],
    tail: `ORDER BY ${keys.join(", ")}, id${limit}`,
  };
}

/** As many rows as tie with the last. */
export function withTies(random: () => number): Question {
  const choice = over(random);
  const key = `${pick(choice, known(choice.columns)).name}${pick(choice, directions)}`;
  return {
    area: "order",
    selects: [
      {
        outputs: ["count(*)", "min(id)", "max(id)"].map((sql) => leaf("bigint", sql)),
        from: `(SELECT id FROM ${EVERY_TYPE} ORDER BY ${key} FETCH FIRST ${between(choice, 1, 4)} ROWS WITH TIES) AS t`,
      },
    ],
    tail: "",
  };
}
