import { arrayFunctions } from "./array-functions.ts";
import { byteFunctions } from "./byte-functions.ts";
import { wrongArguments } from "./calls.ts";
import { compare } from "./comparison.ts";
import { dateFunctions } from "./date-functions.ts";
import { unify } from "./expression.ts";
import type { FunctionRule } from "./function-rule.ts";
import { jsonFunctions } from "./json-functions.ts";
import { mapFunctions } from "./map-functions.ts";
import { mathFunctions } from "./math-functions.ts";
import { regexpFunctions } from "./regexp-functions.ts";
import { sessionFunctions } from "./session-functions.ts";
import { textFunctions } from "./text-functions.ts";
import { written } from "./written.ts";

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
