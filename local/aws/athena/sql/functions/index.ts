import { compare } from "../expressions/comparison.ts";
import { unify } from "../expressions/expression.ts";
import { written } from "../written.ts";
import { arrayFunctions } from "./arrays.ts";
import { byteFunctions } from "./bytes.ts";
import { wrongArguments } from "./calls.ts";
import { dateFunctions } from "./dates.ts";
import type { FunctionRule } from "./function-rule.ts";
import { jsonFunctions } from "./json.ts";
import { mapFunctions } from "./maps.ts";
import { mathFunctions } from "./math.ts";
import { regexpFunctions } from "./regexps.ts";
import { sessionFunctions } from "./session.ts";
import { textFunctions } from "./texts.ts";

const nullif: FunctionRule = (call, env) => {
  const [value, other] = call.args;
  if (value === undefined || other === undefined || call.args.length !== 2) throw wrongArguments(call, env);
  const equal = compare("=", value, other, call.node, env);
  return { sql: `CASE WHEN ${equal.sql} THEN NULL ELSE ${value.sql} END`, type: value.type };
};

/** Every function with a rule; whatever is not here is refused by name. */
export const functions: Readonly<Record<string, FunctionRule>> = {
  ...dateFunctions,
  ...arrayFunctions,
  ...mapFunctions,
  ...mathFunctions,
  ...textFunctions,
  ...byteFunctions,
  ...regexpFunctions,
  coalesce: written("(T, T, ...) → T", (call, env) => {
    if (call.args.length < 2) throw wrongArguments(call, env);
    const all = unify(call.args, env, call.node, "COALESCE operands");
    return { sql: `coalesce(${all.values.join(", ")})`, type: all.type };
  }),
  nullif: written("(T, T) → T", nullif),
  ...sessionFunctions,
  ...jsonFunctions,
};
