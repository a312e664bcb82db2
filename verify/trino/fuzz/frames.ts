import { between, chance, directions, known, lake, over, someRows } from "./choices.ts";
import { type Choice, expressionOf, formOf, leaf, pick, type Tree } from "./expressions.ts";
import type { Question } from "./question.ts";
import { ordered, type Signature, signatures } from "./signature.ts";
import { EVERY_TYPE, EVERY_TYPE_ROWS } from "./tables.ts";

/** Do not depend on the order of rows that tie. */
const anyOrder: readonly Signature[] = [
  ...signatures(`
bigint: count(*)
bigint: count({varchar|integer|date})
bigint: sum({integer})
decimal: sum({decimal})
decimal: avg({decimal})
bigint: sum(id)
boolean: bool_and({boolean})
bigint: count_if({boolean})
bigint: count(*) FILTER (WHERE {boolean})
bigint: sum({integer}) FILTER (WHERE {boolean})
`),
  ...signatures(
    `
T: min({T})
T: max({T})
T: max({T}) FILTER (WHERE {boolean})
T: min_by({T}, id)
`,
    ordered,
  ),
];

/** Take the rows of the frame one by one. */
const inOrder: readonly Signature[] = signatures(
  `
T: first_value({T})
T: last_value({T})
T: nth_value({T}, {#positive})
T: first_value({T}) IGNORE NULLS
T: last_value({T}) IGNORE NULLS
T: nth_value({T}, {#positive}) IGNORE NULLS
`,
  ordered,
);

const rowBound = (choice: Choice): string =>
  pick(choice, [
    "UNBOUNDED PRECEDING",
    `${between(choice, 0, 3)} PRECEDING`,
    "CURRENT ROW",
    `${between(choice, 0, 3)} FOLLOWING`,
    "UNBOUNDED FOLLOWING",
  ]);

function frame(choice: Choice, unit: string): string {
  const [from, to] = [rowBound(choice), rowBound(choice)];
  return chance(choice, 0.2) ? `${unit} ${from}` : `${unit} BETWEEN ${from} AND ${to}`;
}

/** Keys whose distances are numbers or intervals. */
const distances: Readonly<Record<string, readonly string[]>> = {
  c_small: ["2", "5", "0", "2.5", "100"],
  c_long: ["1", "1000", "BIGINT '40'"],
  c_cents: ["1", "0.5", "100.25"],
  c_plain: ["1", "0.5E0", "2.25E0"],
  c_day: ["INTERVAL '30' DAY", "INTERVAL '1' MONTH", "INTERVAL '1' YEAR"],
  c_time: ["INTERVAL '1' DAY", "INTERVAL '90' SECOND", "INTERVAL '1' MONTH"],
};

function distance(choice: Choice, key: string): string {
  const by = (): string => pick(choice, distances[key] ?? []);
  const bound = (): string =>
    pick(choice, [
      "UNBOUNDED PRECEDING",
      `${by()} PRECEDING`,
      "CURRENT ROW",
      `${by()} FOLLOWING`,
      "UNBOUNDED FOLLOWING",
    ]);
  return `RANGE BETWEEN ${bound()} AND ${bound()}`;
}

const PARTITIONS = ["", "PARTITION BY grp ", "PARTITION BY c_flag, grp ", "PARTITION BY id % 3 "];

function window(choice: Choice): { readonly forms: readonly Signature[]; readonly over: string } {
  const partition = pick(choice, PARTITIONS);
  const key = (): string =>
    `${
      pick(
        choice,
        known(choice.columns).filter(({ kind }) => sortable(kind)),
      ).name
    }${pick(choice, directions)}`;
  const both = [...anyOrder, ...inOrder];
  return pick(choice, [
    () => ({ forms: both, over: `${partition}ORDER BY ${key()}, id ${frame(choice, "ROWS")}` }),
    () => ({ forms: both, over: `${partition}ORDER BY id${pick(choice, directions)} ${frame(choice, "ROWS")}` }),
    () => ({ forms: anyOrder, over: `${partition}ORDER BY ${key()} ${frame(choice, "GROUPS")}` }),
    () => ({ forms: anyOrder, over: `${partition}ORDER BY ${key()}` }),
    () => ({ forms: anyOrder, over: `${partition}ORDER BY ${key()}, ${key()} RANGE UNBOUNDED PRECEDING` }),
    () => ({
      forms: anyOrder,
      over: `${partition}ORDER BY ${key()} RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING`,
    }),
    () => ({ forms: anyOrder, over: partition.trim() }),
    () => {
      const by = pick(choice, Object.keys(distances));
      return { forms: anyOrder, over: `${partition}ORDER BY ${by}${pick(choice, directions)} ${distance(choice, by)}` };
    },
  ])();
}

const sortable = (kind: string | undefined): boolean =>
  kind !== undefined && [...ordered, "boolean", "double", "instant"].some((each) => each === kind);

/** An aggregate over a window: `sum(x) OVER (...)`. */
const placed = (tree: Tree, over: string): Tree => ({
  ...tree,
  texts: tree.texts.map((text, at) => (at === tree.texts.length - 1 ? `${text} OVER (${over})` : text)),
});

/** Frames of every kind. */
export function frameBatch(random: () => number, count: number): Question[] {
  const choice = over(random);
  const where = someRows(choice, 16, EVERY_TYPE_ROWS);
  return Array.from({ length: count }, () => {
    const { forms, over: by } = window(choice);
    return {
      area: "frames",
      selects: [{ outputs: [placed(formOf(pick(choice, forms), undefined, 1, choice), by)], from: EVERY_TYPE, where }],
      tail: "ORDER BY id",
    };
  });
}

/** A window that is named, and windows that build on it. */
export function namedWindow(random: () => number): Question {
  const table = pick(over(random), lake);
  const choice = over(random, table.columns);
  const key = pick(choice, known(table.columns)).name;
  return {
    area: "frames",
    selects: [
      {
        outputs: [
          leaf("bigint", "id"),
          leaf("bigint", "sum(id) OVER w"),
          leaf("bigint", "count(*) OVER (w ROWS 1 PRECEDING)"),
          leaf("bigint", "row_number() OVER v"),
        ],
        from: table.name,
        ...(chance(choice, 0.5) && { where: expressionOf("boolean", 1, choice) }),
        rest: `WINDOW w AS (PARTITION BY ${key} ORDER BY id), v AS (ORDER BY ${key}${pick(choice, directions)}, id)`,
      },
    ],
    tail: "ORDER BY id",
  };
}
