import { seededRandom } from "../../../cli/demo/random.ts";
import { aggregateArgumentBatch, argumentBatch, coercionBatch } from "./coercions.ts";
import { aggregateBatch, expressionBatch, literalBatch, windowBatch } from "./expression-questions.ts";
import { frameBatch, namedWindow } from "./frames.ts";
import { aggregateSignatures, windowSignatures } from "./group-signatures.ts";
import { distinct, filteredBatch, groupedByExpression, grouping, ranked, windowOverGroups } from "./groups.ts";
import { chain, coercedJoin, join, unnested, using } from "./joins.ts";
import { nestedSignatures } from "./nested-signatures.ts";
import { ordering, withTies } from "./orderings.ts";
import type { Batch, Question } from "./question.ts";
import { scalarSignatures } from "./scalar-signatures.ts";
import { coercedSets, mixedSets, setOperation } from "./set-operations.ts";
import type { Signature } from "./signature.ts";
import { lateral, subQuery, subQueryOutput } from "./sub-queries.ts";
import { withQuery } from "./with-queries.ts";

/** What queries are about, how often a batch of them comes, and how it is made. */
export interface Area {
  readonly name: string;
  readonly weight: number;
  batch(random: () => number): Batch;
}

const together = (questions: readonly Question[]): Batch => ({ together: true, questions });

/** Whole queries, each a statement of its own. */
const alone =
  (...kinds: readonly ((random: () => number) => Question)[]) =>
  (random: () => number): Batch => ({
    together: false,
    questions: Array.from({ length: 6 }, () => {
      const kind = kinds[Math.floor(random() * kinds.length)];
      if (kind === undefined) throw new Error("No kind of queries");
      return kind(random);
    }),
  });

const areas: readonly Area[] = [
  { name: "expressions", weight: 5, batch: (random) => together(expressionBatch(random, 25)) },
  { name: "constant expressions", weight: 7, batch: (random) => together(literalBatch(random, 40)) },
  { name: "two types", weight: 3, batch: (random) => coercionBatch(random, 30) },
  {
    name: "argument types",
    weight: 3,
    batch: (random) => (random() < 0.7 ? argumentBatch(random, 30) : aggregateArgumentBatch(random, 12)),
  },
  { name: "aggregates", weight: 2, batch: (random) => together(aggregateBatch(random, 12)) },
  { name: "filtered aggregates", weight: 1, batch: (random) => together(filteredBatch(random, 12)) },
  { name: "windows", weight: 2, batch: (random) => together(windowBatch(random, 12)) },
  {
    name: "frames",
    weight: 3,
    batch: (random) => (random() < 0.7 ? together(frameBatch(random, 12)) : alone(namedWindow)(random)),
  },
  { name: "joins", weight: 2, batch: alone(join, join, chain, using, coercedJoin) },
  { name: "unnest", weight: 1, batch: alone(unnested) },
  { name: "grouping", weight: 2, batch: alone(grouping, grouping, groupedByExpression) },
  { name: "ranked", weight: 1, batch: alone(ranked, windowOverGroups) },
  { name: "distinct", weight: 1, batch: alone(distinct) },
  { name: "set operations", weight: 2, batch: alone(setOperation, coercedSets, mixedSets) },
  { name: "sub-queries", weight: 3, batch: alone(subQuery, subQuery, subQueryOutput, lateral) },
  { name: "named queries", weight: 1, batch: alone(withQuery) },
  { name: "order", weight: 1, batch: alone(ordering, ordering, withTies) },
];

/** The areas of one function: wherever its forms are asked about. */
function areasOf(name: string): readonly Area[] {
  const called = new RegExp(`\\b${name}\\(`, "i");
  const of = (forms: readonly Signature[]): readonly Signature[] => forms.filter(({ sql }) => called.test(sql));
  const plain = of([...scalarSignatures, ...nestedSignatures]);
  const [aggregates, windows] = [of(aggregateSignatures), of(windowSignatures)];
  const made: readonly (readonly [readonly Signature[], Area["batch"]])[] = [
    [plain, (random) => together(expressionBatch(random, 25, plain))],
    [plain, (random) => together(literalBatch(random, 40, plain))],
    [plain, (random) => argumentBatch(random, 30, plain)],
    [aggregates, (random) => together(aggregateBatch(random, 12, aggregates))],
    [windows, (random) => together(windowBatch(random, 12, windows))],
  ];
  return made.filter(([forms]) => forms.length > 0).map(([, batch]) => ({ name, weight: 1, batch }));
}

/**
 * The areas that are asked for.
 * @param only an area or a function; all areas without
 * @throws Error with the areas' names when it is neither
 */
export function chosenAreas(only: string | undefined): readonly Area[] {
  if (only === undefined) return areas;
  const named = areas.filter(({ name }) => name === only);
  const chosen = named.length > 0 || !/^\w+$/.test(only) ? named : areasOf(only);
  if (chosen.length > 0) return chosen;
  throw new Error(
    `--only ${only}: there is no such area, and no form of such a function. Areas: ${areas.map(({ name }) => name).join(", ")}`,
  );
}

/** The n-th batch of a seed. */
export function batchOf(chosen: readonly Area[], seed: number, at: number): Batch {
  const turns = chosen.flatMap((area) => Array.from({ length: area.weight }, () => area));
  const area = turns[at % turns.length];
  if (area === undefined) throw new Error("No areas");
  return area.batch(seededRandom(seed * 1_000_003 + at));
}
