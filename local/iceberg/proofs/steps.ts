import fc from "fast-check";
import type { IcebergType, PrimitiveType, Transform } from "../format/model.ts";
import { resultType } from "../format/transform.ts";
import { isPrimitive } from "../format/types.ts";
import { allTypes, primitives } from "./pools.ts";

/** Numbers choose among what a table has when the step comes: any sequence of steps can be taken, and shrunk. */
type Choice = number;

export interface Condition {
  readonly column: Choice;
  readonly operator: Choice;
  readonly value: Choice;
}

export interface Partitioning {
  readonly column: Choice;
  readonly transform: Choice;
}

export type Action =
  | { readonly kind: "insert"; readonly rows: readonly (readonly Choice[])[] }
  | { readonly kind: "delete"; readonly where: Condition }
  | {
      readonly kind: "update";
      readonly where: Condition;
      readonly set: readonly { readonly column: Choice; readonly value: Choice }[];
    }
  | {
      readonly kind: "merge";
      readonly on: Choice;
      readonly rows: readonly (readonly Choice[])[];
      /** Delete matched rows instead of replacing them. */
      readonly deletes: boolean;
    }
  | { readonly kind: "add"; readonly name: Choice; readonly type: Choice }
  | { readonly kind: "drop"; readonly column: Choice }
  | { readonly kind: "rename"; readonly column: Choice; readonly name: Choice }
  | { readonly kind: "widen"; readonly column: Choice; readonly type: Choice }
  | { readonly kind: "repartition"; readonly by: readonly Partitioning[] }
  | { readonly kind: "sort"; readonly column: Choice; readonly descending: boolean }
  | { readonly kind: "optimize"; readonly where?: Condition | undefined }
  | { readonly kind: "vacuum"; readonly keep: number };

export interface Step {
  readonly action: Action;
  /** Chooses what is asked of the table after the step. */
  readonly probe: Choice;
}

export interface Story {
  /** Types of the columns besides the one that the table is partitioned by. */
  readonly columns: readonly IcebergType[];
  /** A second partition field. */
  readonly second: Partitioning | undefined;
  readonly steps: readonly Step[];
}

const choice: fc.Arbitrary<Choice> = fc.nat(10_000);
const condition: fc.Arbitrary<Condition> = fc.record({ column: choice, operator: choice, value: choice });
const rows = (maxLength: number): fc.Arbitrary<Choice[][]> =>
  fc.array(fc.array(choice, { minLength: 10, maxLength: 10 }), { minLength: 1, maxLength });
const partitioning: fc.Arbitrary<Partitioning> = fc.record({ column: choice, transform: choice });

const insert: fc.Arbitrary<Action> = fc.record({ kind: fc.constant("insert"), rows: rows(14) });

const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 5, arbitrary: insert },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("delete"), where: condition }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("update"),
      where: condition,
      set: fc.array(fc.record({ column: choice, value: choice }), { minLength: 1, maxLength: 3 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant("merge"), on: choice, rows: rows(6), deletes: fc.boolean() }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("add"), name: choice, type: choice }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("drop"), column: choice }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("rename"), column: choice, name: choice }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("widen"), column: choice, type: choice }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("repartition"), by: fc.array(partitioning, { maxLength: 2 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("sort"), column: choice, descending: fc.boolean() }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("optimize"), where: fc.option(condition, { nil: undefined }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("vacuum"), keep: fc.integer({ min: 1, max: 3 }) }) },
);

/** What happens to a table; it begins with rows. */
export function stories(maxSteps: number): fc.Arbitrary<Story> {
  const step = (of: fc.Arbitrary<Action>): fc.Arbitrary<Step> => fc.record({ action: of, probe: choice });
  return fc.record({
    columns: fc.array(fc.constantFrom(...allTypes), { minLength: 1, maxLength: 4 }),
    second: fc.option(partitioning, { nil: undefined }),
    steps: fc
      .tuple(step(insert), fc.array(step(action), { minLength: maxSteps - 4, maxLength: maxSteps - 1, size: "max" }))
      .map(([first, more]) => [first, ...more]),
  });
}

const transforms: readonly Transform[] = [
  ...(["identity", "void", "year", "month", "day", "hour", "bucket[1]", "bucket[7]"] as const),
  ...(["truncate[1]", "truncate[3]", "truncate[10]"] as const),
];

/** Transforms that a column of the type may be partitioned by. */
export function transformsOf(type: IcebergType): readonly Transform[] {
  return isPrimitive(type) ? transforms.filter((transform) => takes(transform, type)) : [];
}

function takes(transform: Transform, type: PrimitiveType): boolean {
  try {
    resultType(transform, type);
    return true;
  } catch {
    return false;
  }
}

/** Every transform of every type that has it, and no partitioning at all. */
export const partitionings: readonly { readonly type: PrimitiveType; readonly transform: Transform | undefined }[] = [
  { type: "string", transform: undefined },
  ...primitives.flatMap((type) =>
    transformsOf(type)
      .filter((transform) => transform !== "bucket[1]" && transform !== "truncate[1]")
      .map((transform) => ({ type, transform })),
  ),
];
