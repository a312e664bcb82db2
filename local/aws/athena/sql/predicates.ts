import type { Node } from "./ast.ts";
import { findColumn } from "./columns.ts";
import type { Env, Predicate, ScopeColumn } from "./scope.ts";

const operators: Readonly<Record<string, Predicate["operator"]>> = { eq: "=", lt: "<", lte: "<=", gt: ">", gte: ">=" };
const flipped: Readonly<Record<Predicate["operator"], Predicate["operator"]>> = {
  "=": "=",
  "<": ">",
  "<=": ">=",
  ">": "<",
  ">=": "<=",
  in: "in",
};

/** Notes, for each table column, the comparisons with literals that every row of the result must meet. */
export function collectPredicates(node: Node, env: Env): void {
  const { source } = env.session;
  const { members } = node;
  if (node.kind === "and" || node.kind === "paren") {
    for (const key of node.kind === "and" ? ["left", "right"] : ["this"])
      collectPredicates(source.node(members[key]), env);
    return;
  }
  const operator = operators[node.kind];
  if (operator !== undefined) {
    const [left, right] = [source.node(members["left"]), source.node(members["right"])];
    note(columnOf(left, env), operator, [right]);
    note(columnOf(right, env), flipped[operator], [left]);
  } else if (node.kind === "in" && !members["not"] && !members["query"]) {
    note(columnOf(source.node(members["this"]), env), "in", source.nodes(members["expressions"]));
  } else if (node.kind === "between" && !members["not"]) {
    const column = columnOf(source.node(members["this"]), env);
    note(column, ">=", [source.node(members["low"])]);
    note(column, "<=", [source.node(members["high"])]);
  }
}

function note(column: ScopeColumn | undefined, operator: Predicate["operator"], literals: readonly Node[]): void {
  if (column?.origin === undefined) return;
  const values = literals.map(literalValue);
  if (values.length > 0 && values.every((value) => value !== undefined))
    column.origin.scan.predicates.push({ column: column.origin.column, operator, values });
}

function literalValue(node: Node): string | undefined {
  const { literal_type: kind, value } = node.members;
  return node.kind === "literal" &&
    typeof value === "string" &&
    (kind === "string" || kind === "number" || kind === "date")
    ? value
    : undefined;
}

function columnOf(node: Node, env: Env): ScopeColumn | undefined {
  if (node.kind !== "column") return undefined;
  const { source } = env.session;
  const table = node.members["table"] ? source.name(node.members["table"]).toLowerCase() : undefined;
  const found = findColumn(
    { session: env.session, relations: env.relations, ctes: env.ctes },
    table,
    source.name(node.members["name"]).toLowerCase(),
  );
  return found.length === 1 ? found[0] : undefined;
}
