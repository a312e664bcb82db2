import type { Schema, Value } from "../../../iceberg/format/model.ts";
import { isPrimitive } from "../../../iceberg/format/types.ts";
import { parseValue } from "../../../iceberg/format/value-text.ts";
import type { Filter } from "../../../iceberg/table/prune.ts";
import type { Predicate } from "../sql/scope.ts";

/**
 * Conditions of a query as filters that leave out files. One that cannot be said exactly is left away, which keeps more
 * files, never fewer rows.
 */
export function filtersOf(predicates: readonly Predicate[], schema: Schema): readonly Filter[] {
  return predicates.flatMap(({ column, operator, values: texts }): Filter[] => {
    const field = schema.fields.find(({ name }) => name.toLowerCase() === column);
    // The text of a literal is not exactly the `real` that it is compared as.
    if (field === undefined || !isPrimitive(field.type) || field.type === "float") return [];
    const type = field.type;
    const values = texts.map((text) => parseValue(text, type));
    return values.every((value): value is Value => value !== undefined)
      ? [{ column: field.name, operator, values }]
      : [];
  });
}
