import { quote } from "../ast.ts";
import type { Env, Expr } from "../scope.ts";
import { DATE, timestamp, VARCHAR, zoned } from "../types.ts";
import { written } from "../written.ts";
import { type FunctionCall, wrongArguments } from "./calls.ts";
import { type FunctionRule, fixed } from "./function-rule.ts";

/** Words of the grammar, no functions: brackets may only hold a precision. */
function precisionOf(call: FunctionCall, env: Env, most: number): number {
  const [digits] = call.args;
  if (digits === undefined) {
    if (call.node.members["no_parens"] !== true)
      throw env.session.source.error("SYNTAX_ERROR", call.node, "mismatched input ')'. Expecting: <integer>");
    return 3;
  }
  const precision = Number(digits.sql);
  if (call.args.length > 1 || ![0, 3, 6].includes(precision) || precision > most) throw wrongArguments(call, env);
  return precision;
}

/** The statement's instant, the same everywhere in it: whole milliseconds, or seconds. */
const micros = ({ session }: Env, precision: number): number =>
  (precision === 0 ? Math.floor(session.now() / 1000) * 1000 : session.now()) * 1000;

const instant = (env: Env, precision: number): Expr => ({
  sql: `make_timestamptz(${micros(env, precision)})`,
  type: zoned(precision),
});

/** What the statement's clock and zone say; Athena's sessions are in UTC. */
export const clockFunctions: Readonly<Record<string, FunctionRule>> = {
  now: written("() → timestamp(3) with time zone", (call, env) => {
    if (call.args.length > 0) throw wrongArguments(call, env);
    return instant(env, 3);
  }),
  current_timestamp: written("current_timestamp → timestamp(3) with time zone", (call, env) =>
    instant(env, precisionOf(call, env, 6)),
  ),
  localtimestamp: written("localtimestamp → timestamp(3)", (call, env) => {
    const precision = precisionOf(call, env, 6);
    return { sql: `make_timestamp(${micros(env, precision)})`, type: timestamp(precision) };
  }),
  localtime: written("localtime → time(3)", (call, env) => {
    const precision = precisionOf(call, env, 3);
    const clock = new Date(micros(env, precision) / 1000).toISOString().slice(11, precision === 0 ? 19 : 23);
    return { sql: `TIME ${quote(clock)}`, type: { kind: "time", precision } };
  }),
  current_date: written("current_date → date", (call, env) => {
    if (call.node.members["no_parens"] !== true)
      throw env.session.source.error("SYNTAX_ERROR", call.node, "mismatched input '('");
    return { sql: `DATE ${quote(new Date(env.session.now()).toISOString().slice(0, 10))}`, type: DATE };
  }),
  current_timezone: fixed([], VARCHAR, () => "'UTC'"),
};
