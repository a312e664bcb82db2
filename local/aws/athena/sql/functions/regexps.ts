import { quote } from "../ast.ts";
import { expression } from "../expressions/expression.ts";
import type { Env } from "../scope.ts";
import { arrayOf, BIGINT, BOOLEAN, duckType, INTEGER, isText, VARCHAR } from "../types.ts";
import { written } from "../written.ts";
import type { FunctionCall } from "./calls.ts";
import { type FunctionRule, fixed, integer, literalText, text } from "./function-rule.ts";
import type { LambdaRule } from "./lambdas.ts";
import { applyLambda } from "./lambdas.ts";
import { replacesOtherwise, toRe2, toReplacement } from "./patterns.ts";
import { type JsPattern, readTemplate, toJs } from "./regexp.ts";

/** RE2 is fast, but its `$` does not take a last line feed as Joni's does. */
const fast = (regex: string): string | undefined => (/[$]/.test(regex.replace(/\\./g, "")) ? undefined : toRe2(regex));

function jsPattern(regex: string, call: Pick<FunctionCall, "node">, env: Env): JsPattern {
  const js = toJs(regex);
  if (js === undefined)
    throw env.session.source.refuse(
      call.node,
      `the pattern ${quote(regex)}`,
      "avoid back references, possessive quantifiers, inline flags and classes inside classes",
    );
  return js;
}

/** The text to search, checked where the pattern only knows ASCII's words. */
const subject = (x: string, { asciiOnly }: JsPattern): string => (asciiOnly ? `trino_ascii(${x})` : x);

const like: FunctionRule = (call, env) => {
  const regex = literalText(call, 1, env);
  const re2 = fast(regex);
  if (re2 !== undefined) return fixed([text, text], BOOLEAN, (x) => `regexp_matches(${x}, ${quote(re2)})`)(call, env);
  const js = jsPattern(regex, call, env);
  return fixed([text, text], BOOLEAN, (x) => `trino_regexp_like(${subject(x, js)}, ${quote(js.text)})`)(call, env);
};

const extracting =
  (name: string, type: typeof VARCHAR): FunctionRule =>
  (call, env) => {
    const js = jsPattern(literalText(call, 1, env), call, env);
    const given = call.args[2]?.sql;
    if (given !== undefined && /^\d+$/.test(given) && Number(given) > js.groups) {
      const message = `INVALID_FUNCTION_ARGUMENT: Pattern has ${js.groups} groups. Cannot access group ${given}`;
      return fixed(
        [text, text, integer],
        type,
        (x) => `CAST(CASE WHEN ${x} IS NOT NULL THEN trino_fail(${quote(message)}) END AS ${duckType(type)})`,
      )(call, env);
    }
    return fixed(
      [text, text, integer],
      type,
      (x, _pattern, group = "0") =>
        `trino_${name}(${subject(x, js)}, ${quote(js.text)}, ${/^\d+$/.test(group) ? `'${group}'` : `CAST(${group} AS VARCHAR)`})`,
      1,
    )(call, env);
  };

const plain =
  (name: string, type: typeof VARCHAR, sql: (call: string) => string = (call) => call): FunctionRule =>
  (call, env) => {
    const js = jsPattern(literalText(call, 1, env), call, env);
    return fixed([text, text], type, (x) => sql(`trino_${name}(${subject(x, js)}, ${quote(js.text)})`))(call, env);
  };

const replace: FunctionRule = (call, env) => {
  const regex = literalText(call, 1, env);
  const by = call.args.length === 3 ? literalText(call, 2, env) : "";
  const js = jsPattern(regex, call, env);
  const template = readTemplate(by, js);
  if (template === undefined)
    throw env.session.source.refuse(
      call.node,
      `the replacement ${quote(by)}`,
      "use $1 for a group that the pattern has",
    );
  const re2 = replacesOtherwise(regex) ? undefined : fast(regex);
  const plainly = toReplacement(by, js.groups);
  const sql =
    re2 !== undefined && plainly !== undefined
      ? (x: string) => `regexp_replace(${x}, ${quote(re2)}, ${quote(plainly)}, 'g')`
      : (x: string) => `trino_regexp_replace(${subject(x, js)}, ${quote(js.text)}, ${quote(JSON.stringify(template))})`;
  return fixed([text, text, text], VARCHAR, sql, 1)(call, env);
};

/** `regexp_replace(x, pattern, groups -> text)`: the lambda gets what the groups caught. */
export const replaceByLambda: LambdaRule = ([value, pattern, lambda], node, env) => {
  const { source } = env.session;
  const regex = pattern?.members["value"];
  if (value === undefined || pattern?.kind !== "literal" || typeof regex !== "string")
    throw source.refuse(node, "regexp_replace with a pattern that is no literal text");
  const js = jsPattern(regex, { node }, env);
  const x = expression(value, env);
  const piece = env.session.fresh("l");
  const index = env.session.fresh("l");
  const groups = { sql: `${piece}[2:]`, type: arrayOf(VARCHAR) };
  const result = applyLambda(lambda, [groups], node, env);
  if (!isText(x.type) || !isText(result.type)) throw source.refuse(node, "regexp_replace of what is no text");
  const pieces = `trino_regexp_pieces(${subject(x.sql, js)}, ${quote(js.text)})`;
  const parts = `list_transform(${pieces}, lambda ${piece}, ${index}: CASE WHEN ${index} = len(${pieces}) THEN ${piece}[1] ELSE ${piece}[1] || ${result.sql} END)`;
  return { sql: `trino_joined(${parts})`, type: VARCHAR };
};

/** In an empty text Trino finds nothing, whatever the pattern. */
const position: FunctionRule = (call, env) => {
  const empty = `${call.args[0]?.sql} = ''`;
  const sql = (found: string): string => `CASE WHEN ${empty} THEN -1 ELSE CAST(${found} AS INTEGER) END`;
  return plain("regexp_position", INTEGER, sql)(call, env);
};

/** Functions with regular expressions. */
export const regexpFunctions: Readonly<Record<string, FunctionRule>> = {
  regexp_like: written("(varchar, 'pattern') → boolean", like),
  regexp_replace: written(
    ["(varchar, 'pattern'[, 'replacement']) → varchar", "(varchar, 'pattern', array(varchar) -> varchar) → varchar"],
    replace,
  ),
  regexp_extract: written("(varchar, 'pattern'[, bigint]) → varchar", extracting("regexp_extract", VARCHAR)),
  regexp_extract_all: written(
    "(varchar, 'pattern'[, bigint]) → array(varchar)",
    extracting("regexp_extract_all", arrayOf(VARCHAR)),
  ),
  regexp_split: written("(varchar, 'pattern') → array(varchar)", plain("regexp_split", arrayOf(VARCHAR))),
  regexp_count: written("(varchar, 'pattern') → bigint", plain("regexp_count", BIGINT)),
  regexp_position: written("(varchar, 'pattern') → integer", position),
};
