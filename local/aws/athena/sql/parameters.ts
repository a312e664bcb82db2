import type { Node } from "./ast.ts";
import { parameterNode } from "./literals.ts";
import type { Env } from "./scope.ts";

/** The literal that was given for a `?`. */
export function parameterOf(placeholder: Node, env: Env): Node {
  const { source, parameter } = env.session;
  const text = parameter(Number(placeholder.members["index"]));
  if (text === undefined)
    throw source.error("SYNTAX_ERROR", placeholder, "Incorrect number of parameters for the query");
  return source.node(parameterNode(text));
}
