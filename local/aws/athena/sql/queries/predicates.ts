import type { Node } from "../ast.ts";
import { findColumn } from "../expressions/columns.ts";
import { leastInteger, literal } from "../expressions/literals.ts";
import { parameterOf } from "../expressions/parameters.ts";
import type { Env, Predicate, ScopeColumn } from "../scope.ts";
import { asDecimal, type TrinoType } from "../types.ts";

type Comparison = Exclude<Predicate["operator"], "in" | "is null" | "is not null">;

const operators: Readonly<Record<string, Comparison>> = { eq: "=", lt: "<", lte: "<=", gt: ">", gte: ">=" };
const flipped: Readonly<Record<Comparison, Comparison>> = { "=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<=" };

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
    note(columnOf(left, env), operator, [right], env);
    note(columnOf(right, env), flipped[operator], [left], env);
  } else if (node.kind === "in" && !members["not"] && !members["query"]) {
    note(columnOf(source.node(members["this"]), env), "in", source.nodes(members["expressions"]), env);
  } else if (node.kind === "between" && !members["not"]) {
    const column = columnOf(source.node(members["this"]), env);
    note(column, ">=", [source.node(members["low"])], env);
    note(column, "<=", [source.node(members["high"])], env);
  } else if (node.kind === "is_null") {
    const column = columnOf(source.node(members["this"]), env);
    // Of an outer join, NULL may stand for a missing row.
    if (column?.origin === undefined || (!members["not"] && column.origin.nullable === true)) return;
    const nullness = members["not"] ? "is not null" : "is null";
    column.origin.scan.predicates.push({
      column: column.origin.column,
      type: column.type,
      operator: nullness,
      values: [],
    });
  }
}

function note(column: ScopeColumn | undefined, operator: Comparison | "in", literals: readonly Node[], env: Env): void {
  if (column?.origin === undefined || literals.length === 0) return;
  const values = literals.flatMap((node) => literalValue(node, column.type, env) ?? []);
  if (values.length === literals.length)
    column.origin.scan.predicates.push({ column: column.origin.column, type: column.type, operator, values });
}

/** The text of a literal as a value of the column's type; undefined when it is none exactly. */
function literalValue(node: Node, type: TrinoType, env: Env): string | undefined {
  if (node.kind === "placeholder") return literalValue(parameterOf(node, env), type, env);
  if (node.kind === "boolean") return type.kind === "boolean" ? String(node.members["value"] === true) : undefined;
  if (node.kind === "neg") {
    const inner = env.session.source.node(node.members["this"]);
    const positive = leastInteger(inner) === undefined ? literalValue(inner, type, env) : undefined;
    return positive === undefined || !/^[\d.]/.test(positive) || type.kind === "varchar" ? undefined : `-${positive}`;
  }
  if (node.kind === "cast") return castLiteral(node, type, env);
  if (node.kind !== "literal" || typeof node.members["value"] !== "string") return undefined;
  return asValueOf(node.members["value"], literal(node, env).type, type);
}

/** `CAST('2020-01-31' AS date)`, as many write it for `DATE '2020-01-31'`. */
function castLiteral(node: Node, type: TrinoType, env: Env): string | undefined {
  const text = env.session.source.node(node.members["this"]);
  const dated = Object(node.members["to"])["data_type"] === "date" && type.kind === "date";
  if (!dated || text.kind !== "literal" || text.members["literal_type"] !== "string") return undefined;
  const value = String(text.members["value"]);
  return /^\d{4}-\d{1,2}-\d{1,2}$/.test(value) ? padded(value) : undefined;
}

function asValueOf(text: string, from: TrinoType, to: TrinoType): string | undefined {
  switch (to.kind) {
    case "varchar":
      return from.kind === "varchar" ? text : undefined;
    case "double":
      return from.kind === "double" || asDecimal(from) !== undefined ? text : undefined;
    case "date":
      return from.kind === "date" ? padded(text) : undefined;
    case "timestamp":
      if (from.kind === "date") return `${padded(text)} 00:00:00`;
      return from.kind === "timestamp" && from.precision <= to.precision ? padded(text) : undefined;
    default: {
      const [wanted, given] = [asDecimal(to), asDecimal(from)];
      const fits = wanted !== undefined && given !== undefined && given.scale <= wanted.scale;
      return fits ? text : undefined;
    }
  }
}

/** `2010-1-5 9:30` -> `2010-01-05 09:30:00` */
function padded(text: string): string {
  const [day = "", time] = text.split(" ");
  const two = (parts: string, separator: string): string =>
    parts
      .split(separator)
      .map((part) => (/^\d(\.|$)/.test(part) ? `0${part}` : part))
      .join(separator);
  if (time === undefined) return two(day, "-");
  return `${two(day, "-")} ${two(time.split(":").length === 2 ? `${time}:00` : time, ":")}`;
}

/** The column that a node is, if it is one and in this scope. */
export function columnOf(node: Node, env: Env): ScopeColumn | undefined {
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
