import { quote } from "../ast.ts";
import { cast } from "../expressions/casts.ts";
import type { Expr } from "../scope.ts";
import { isInteger, VARCHAR } from "../types.ts";
import { wrongArguments } from "./calls.ts";
import { type FunctionRule, literalText } from "./function-rule.ts";

const SPECIFIER = /%(?:(\d+)\$)?([-,0]*)(\d*)(?:\.(\d+))?([a-zA-Z%])/g;

/** One conversion of Java's formatter as SQL, or undefined for one we do not have. */
function conversion(
  value: Expr,
  letter: string,
  flags: string,
  width: string,
  digits: string | undefined,
): string | undefined {
  const size = width === "" ? "0" : width;
  const number = (text: string, precision: string): string =>
    `trino_format_number(${text}, '${precision}', '${flags}', '${size}')`;
  if (letter === "s" && digits === undefined && !/[,0]/.test(flags)) {
    if (!["varchar", "boolean", "date", "decimal", "unknown"].includes(value.type.kind) && !isInteger(value.type))
      return undefined;
    const text = cast(value.sql, value.type, VARCHAR, false);
    return text && `trino_format_text(coalesce(${text}, 'null'), '${flags}', '${size}')`;
  }
  if (letter === "d" && digits === undefined && isInteger(value.type))
    return `coalesce(${number(`CAST(${value.sql} AS VARCHAR)`, "")}, trino_format_text('null', '${flags.replace(/[,0]/g, "")}', '${size}'))`;
  if (letter !== "f" || (value.type.kind !== "double" && value.type.kind !== "decimal")) return undefined;
  return `coalesce(${number(`CAST(${value.sql} AS VARCHAR)`, digits ?? "6")}, error('NOT_IMPLEMENTED_LOCALLY: format of NULL with %f'))`;
}

/** `format('%s %d %.2f', ...)` with a literal format: `%s`, `%d`, `%f`, widths, and the flags `-`, `,` and `0`. */
export const format: FunctionRule = (call, env) => {
  const { source } = env.session;
  const text = literalText(call, 0, env);
  if (call.args.length < 2) throw wrongArguments(call, env);
  const parts: string[] = [];
  let last = 0;
  let next = 1;
  for (const match of text.matchAll(SPECIFIER)) {
    const [all, position, flags = "", width = "", digits, letter = ""] = match;
    parts.push(quote(text.slice(last, match.index)));
    last = match.index + all.length;
    if (letter === "%" && all === "%%") {
      parts.push("'%'");
      continue;
    }
    const value = call.args[position === undefined ? next++ : Number(position)];
    const sql = value && conversion(value, letter, flags, width, digits);
    if (sql === undefined || (flags.includes("-") && flags.includes("0")))
      throw source.refuse(call.node, `format with ${quote(all)} of this argument`);
    parts.push(sql);
  }
  parts.push(quote(text.slice(last)));
  if (text.replace(SPECIFIER, "").includes("%")) throw source.refuse(call.node, `format with ${quote(text)}`);
  return { sql: `(${parts.join(" || ")})`, type: VARCHAR };
};
