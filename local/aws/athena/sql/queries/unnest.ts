import type { Node } from "../ast.ts";
import { expression } from "../expressions/expression.ts";
import { ANONYMOUS, type Env, type Expr, type From } from "../scope.ts";
import { BIGINT, display, type TrinoType } from "../types.ts";
import { hinderingUses } from "./correlation.ts";

interface Unnest {
  readonly node: Node;
  readonly arrays: readonly Node[];
  readonly ordinality: boolean;
  readonly alias: string | undefined;
  readonly names: readonly string[];
}

/** UNNEST in FROM, or undefined for any other relation. */
export function unnestOf(item: Node, env: Env): Unnest | undefined {
  const { source } = env.session;
  const aliased = item.kind === "alias";
  const inner = aliased ? source.optional(item.members["this"]) : item;
  if (inner?.kind !== "unnest") return undefined;
  const members = source.only(inner, "this", "expressions", "with_ordinality", "alias");
  const outer = aliased ? source.only(item, "this", "alias", "column_aliases") : {};
  const names: readonly unknown[] = Array.isArray(outer["column_aliases"]) ? outer["column_aliases"] : [];
  const alias = outer["alias"] ?? members["alias"];
  return {
    node: inner,
    arrays: [source.node(members["this"]), ...source.nodes(members["expressions"])],
    ordinality: members["with_ordinality"] === true,
    alias: alias ? source.name(alias).toLowerCase() : undefined,
    names: names.map((name) => source.name(name).toLowerCase()),
  };
}

interface Field {
  readonly name: string;
  readonly type: TrinoType;
  readonly sql: string;
}

/** The columns that an element becomes: a map's key and value, a row's fields, or itself. */
function fieldsOf(type: TrinoType, element: string): readonly Field[] {
  if (type.kind === "map")
    return [
      { name: ANONYMOUS, type: type.key, sql: `${element}.key` },
      { name: ANONYMOUS, type: type.value, sql: `${element}.value` },
    ];
  const item: TrinoType = type.kind === "array" ? type.element : type;
  if (item.kind !== "row") return [{ name: ANONYMOUS, type: item, sql: element }];
  return item.fields.map((field, i) => ({
    name: field.name === "" ? ANONYMOUS : field.name.toLowerCase(),
    type: field.type,
    sql: `struct_extract_at(${element}, ${i + 1})`,
  }));
}

/** The list that DuckDB unnests. */
function listOf(node: Node, at: Node, env: Env): Expr {
  const value = expression(node, env);
  if (value.type.kind === "map") return { sql: `map_entries(${value.sql})`, type: value.type };
  if (value.type.kind === "array") return value;
  throw env.session.source.error("TYPE_MISMATCH", at, `Cannot unnest type: ${display(value.type)}`);
}

/**
 * `left CROSS JOIN UNNEST(a, b, ...)`: DuckDB unnests in the select list, beside all columns of the left side, so that no
 * join is made; shorter lists are filled with NULL in both.
 * @param outer as LEFT JOIN ... ON true: rows without elements stay, once
 */
export function unnest(left: From, item: Unnest, env: Env, outer = false): From {
  const { source, fresh } = env.session;
  const seen = { ...env, relations: left.relations };
  const lists = hinderingUses(env, "such a column in UNNEST", () =>
    item.arrays.map((array) => listOf(array, item.node, seen)),
  );
  const emitted = fresh("r");
  const relationsBefore = left.relations.map((rel) => ({
    alias: rel.alias,
    columns: rel.columns.filter(({ hidden }) => hidden !== true),
  }));
  const kept = relationsBefore.flatMap((rel) => rel.columns);
  const inner = [...kept.map((column, i) => `${column.sql} AS k${i}`), ...lists.map(({ sql }, i) => `${sql} AS a${i}`)];
  const size = lists.length === 1 ? "len(a0)" : `greatest(${lists.map((_, i) => `len(a${i})`).join(", ")})`;
  const count = `coalesce(${size}, 0)`;
  const unnested = lists.map(
    (_, i) => `unnest(${outer && i === 0 ? `CASE WHEN ${count} = 0 THEN [NULL] ELSE a0 END` : `a${i}`}) AS e${i}`,
  );
  const ordinal = outer
    ? `unnest(CASE WHEN ${count} = 0 THEN [NULL] ELSE generate_series(1, ${count}) END) AS o`
    : lists.length === 1
      ? "generate_subscripts(a0, 1) AS o"
      : `unnest(generate_series(1, ${count})) AS o`;
  const columns = [...kept.map((_, i) => `k${i}`), ...unnested, ordinal].join(", ");
  const from = left.sql === "" ? "" : ` FROM ${left.sql}`;
  const sql = `(SELECT ${columns} FROM (SELECT ${inner.join(", ")}${from})) AS ${emitted}`;
  let k = 0;
  const relations = relationsBefore.map((rel) => ({
    alias: rel.alias,
    columns: rel.columns.map((column) => ({ ...column, sql: `${emitted}.k${k++}` })),
  }));
  const fields = lists.flatMap(({ type }, i) => fieldsOf(type, `${emitted}.e${i}`));
  const all = item.ordinality
    ? [...fields, { name: "ordinality", type: BIGINT, sql: `CAST(${emitted}.o AS BIGINT)` }]
    : fields;
  if (item.names.length > 0 && item.names.length !== all.length)
    throw source.error(
      "SYNTAX_ERROR",
      item.node,
      `Column alias list has ${item.names.length} entries but '${item.alias ?? "unnest"}' has ${all.length} columns available`,
    );
  return {
    sql,
    single: true,
    relations: [
      ...relations,
      { alias: item.alias, columns: all.map((field, i) => ({ ...field, name: item.names[i] ?? field.name })) },
    ],
  };
}
