import type { Node } from "../ast.ts";
import { atTimeZone } from "../functions/dates.ts";
import { functions } from "../functions/index.ts";
import type { Env, Expr } from "../scope.ts";
import { display } from "../types.ts";
import { expression } from "./expression.ts";
import { zoneName } from "./zones.ts";

/** EXTRACT's fields and the functions that give the same. */
const extracts: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ["year", "quarter", "month", "week", "day", "hour", "minute", "second"].map((name) => [name, name]),
  ),
  dow: "day_of_week",
  dayofweek: "day_of_week",
  doy: "day_of_year",
  dayofyear: "day_of_year",
  dayofmonth: "day_of_month",
  yow: "year_of_week",
  yearofweek: "year_of_week",
  timezonehour: "timezone_hour",
  timezoneminute: "timezone_minute",
};

/** `x AT TIME ZONE 'zone'`. */
export function inZone(node: Node, env: Env): Expr {
  const { source } = env.session;
  const { this: value, zone } = source.only(node, "this", "zone");
  const name = source.node(zone).members["value"];
  const known = typeof name === "string" ? zoneName(name) : undefined;
  const inner = expression(source.node(value), env);
  const moved = known === undefined ? undefined : atTimeZone(inner, known);
  if (moved === undefined)
    throw source.refuse(node, `AT TIME ZONE of ${display(inner.type)}`, "name a region such as 'Europe/Berlin'");
  return moved;
}

/** `EXTRACT(field FROM x)`: the function of that name. */
export function extract(node: Node, env: Env): Expr {
  const { source } = env.session;
  const { this: value, field: given } = source.only(node, "this", "field");
  const name = String(typeof given === "string" ? given : Object(given)["Custom"])
    .toLowerCase()
    .replaceAll("_", "");
  const rule = functions[extracts[name] ?? ""];
  if (rule === undefined) throw source.refuse(node, `EXTRACT of ${name}`);
  const inner = source.node(value);
  const from = expression(inner, env);
  // Unlike the function of that name.
  if (name.startsWith("timezone") && from.type.kind === "timestamp")
    throw source.error(
      "TYPE_MISMATCH",
      node,
      `Cannot extract ${extracts[name]?.toUpperCase()} from ${display(from.type)}`,
    );
  return rule({ name: extracts[name] ?? name, args: [from], nodes: [inner], node }, env);
}
