import type { Node } from "../ast.ts";
import { expression } from "../expressions/expression.ts";
import type { Env, Expr } from "../scope.ts";
import { display } from "../types.ts";

/** One function call, whatever node the parser made of it. */
export interface FunctionCall {
  readonly name: string;
  readonly args: readonly Expr[];
  readonly nodes: readonly Node[];
  readonly node: Node;
}

/** Kinds that the parser gives to functions it knows: the names Trino has for them, and where the arguments are. */
const known: Readonly<Record<string, { readonly names: readonly string[]; readonly args: readonly string[] }>> = {
  lower: { names: ["lower"], args: ["this"] },
  upper: { names: ["upper"], args: ["this"] },
  length: { names: ["length"], args: ["this"] },
  substring: { names: ["substr", "substring"], args: ["this", "start", "length"] },
  str_position: { names: ["strpos", "position"], args: ["this", "substr", "occurrence"] },
  starts_with: { names: ["starts_with"], args: ["this", "expression"] },
  abs: { names: ["abs"], args: ["this"] },
  floor: { names: ["floor"], args: ["this"] },
  ceil: { names: ["ceil", "ceiling"], args: ["this"] },
  mod_func: { names: ["mod"], args: ["this", "expression"] },
  sqrt: { names: ["sqrt"], args: ["this"] },
  typeof: { names: ["typeof"], args: ["this"] },
  log: { names: ["log"], args: ["base", "this"] },
  exp: { names: ["exp"], args: ["this"] },
  pi: { names: ["pi"], args: [] },
  power: { names: ["power", "pow"], args: ["this", "expression"] },
  ln: { names: ["ln"], args: ["this"] },
  acos: { names: ["acos"], args: ["this"] },
  asin: { names: ["asin"], args: ["this"] },
  atan: { names: ["atan"], args: ["this"] },
  atan2: { names: ["atan2"], args: ["this", "expression"] },
  cos: { names: ["cos"], args: ["this"] },
  sin: { names: ["sin"], args: ["this"] },
  tan: { names: ["tan"], args: ["this"] },
  degrees: { names: ["degrees"], args: ["this"] },
  radians: { names: ["radians"], args: ["this"] },
  rand: { names: ["random", "rand"], args: ["seed", "lower", "upper"] },
  random: { names: ["random", "rand"], args: [] },
  year: { names: ["year"], args: ["this"] },
  month: { names: ["month"], args: ["this"] },
  day: { names: ["day"], args: ["this"] },
  day_of_month: { names: ["day_of_month"], args: ["this"] },
  quarter: { names: ["quarter"], args: ["this"] },
  hour: { names: ["hour"], args: ["this"] },
  minute: { names: ["minute"], args: ["this"] },
  second: { names: ["second"], args: ["this"] },
  day_of_week: { names: ["day_of_week"], args: ["this"] },
  day_of_year: { names: ["day_of_year"], args: ["this"] },
  week_of_year: { names: ["week_of_year"], args: ["this"] },
  cardinality: { names: ["cardinality"], args: ["this"] },
  json_array_length: { names: ["json_array_length"], args: ["this"] },
  element_at: { names: ["element_at"], args: ["this", "expression"] },
  array_union: { names: ["array_union"], args: ["this", "expression"] },
  array_except: { names: ["array_except"], args: ["this", "expression"] },
  array_position: { names: ["array_position"], args: ["this", "expression"] },
  array_remove: { names: ["array_remove"], args: ["this", "expression"] },
  array_distinct: { names: ["array_distinct"], args: ["this"] },
  map_keys: { names: ["map_keys"], args: ["this"] },
  map_values: { names: ["map_values"], args: ["this"] },
  map_from_entries: { names: ["map_from_entries"], args: ["this"] },
  contains: { names: ["contains"], args: ["this", "expression"] },
};

/** The other names that Trino has for a function. */
export const aliasesOf = (name: string): readonly string[] =>
  Object.values(known)
    .find(({ names }) => names[0] === name)
    ?.names.slice(1) ?? [];

/** The call a node is, or undefined for a node that is no plain function. */
export function callOf(node: Node, env: Env): FunctionCall | undefined {
  const { source } = env.session;
  const call = (name: string, values: readonly unknown[]): FunctionCall => {
    const nodes = values.filter((value) => value !== null && value !== undefined).map((value) => source.node(value));
    return { name, nodes, args: nodes.map((arg) => expression(arg, env)), node };
  };
  if (node.kind === "function") {
    const { name, args } = source.only(node, "name", "args");
    return call(source.name(name).toLowerCase(), Array.isArray(args) ? args : []);
  }
  if (node.kind === "coalesce") {
    requireName(node, ["coalesce"], env);
    const { expressions } = source.only(node, "expressions");
    return call("coalesce", Array.isArray(expressions) ? expressions : []);
  }
  if (node.kind === "array_intersect") {
    requireName(node, ["array_intersect"], env);
    const { expressions } = source.only(node, "expressions");
    return call("array_intersect", Array.isArray(expressions) ? expressions : []);
  }
  if (node.kind === "trim") {
    const {
      this: value,
      characters,
      position,
    } = source.only(node, ...["this", "characters", "position", "sql_standard_syntax", "position_explicit"]);
    const name = { Both: "trim", Leading: "ltrim", Trailing: "rtrim" }[String(position)];
    if (name === undefined) throw source.refuse(node, `TRIM ${String(position)}`);
    return call(name, [value, characters]);
  }
  if (node.kind === "normalize") {
    const { this: value, form: name } = source.only(node, "this", "form");
    const form = name
      ? { literal: { literal_type: "string", value: source.name(Object(source.node(name).members["name"])) } }
      : undefined;
    return call("normalize", [value, form]);
  }
  const form = known[node.kind];
  if (form === undefined) return undefined;
  requireName(node, form.names, env);
  const members = source.only(node, ...form.args, "from_for_syntax");
  return call(
    form.names[0] ?? node.kind,
    form.args.map((arg) => members[arg]),
  );
}

/** The parser takes other dialects' names for the same function (LEN, IFNULL); Athena does not. */
function requireName(node: Node, names: readonly string[], env: Env): void {
  if (!new RegExp(`\\b(${names.join("|")})"?\\s*\\(`, "i").test(env.session.source.text))
    throw env.session.source.error(
      "FUNCTION_NOT_FOUND",
      node,
      `Function not registered; Athena calls it ${names.join(" or ")}`,
    );
}

/** Arguments no rule takes. Trino may have another form of the function that does, so this is no complaint of Trino's. */
export function wrongArguments(call: FunctionCall, env: Env): Error {
  const types = call.args.map((arg) => display(arg.type)).join(", ");
  return env.session.source.refuse(call.node, `${call.name} of (${types})`);
}
