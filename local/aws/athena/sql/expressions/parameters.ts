import { type Node, Source } from "../ast.ts";
import type { Env } from "../scope.ts";

/** Whether an expression names something, if only as text that is meant. */
function hasNames(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasNames);
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([key, member]) => key === "column" || key === "identifier" || hasNames(member));
}

/**
 * What was given for a `?`, as Athena reads it: an expression that names no column is that expression, and anything else
 * is a text, such as `it's` or an id without quotes.
 */
export function parameterOf(placeholder: Node, env: Env): Node {
  const { source, parameter } = env.session;
  const text = parameter(Number(placeholder.members["index"]));
  if (text === undefined)
    throw source.error("INVALID_PARAMETER_USAGE", placeholder, "Incorrect number of parameters for the query");
  const expression = Source.expressionOf(text);
  const isExpression =
    expression !== undefined && expression.kind !== "alias" && !hasNames({ [expression.kind]: expression.members });
  return isExpression ? expression : { kind: "literal", members: { literal_type: "string", value: text } };
}
