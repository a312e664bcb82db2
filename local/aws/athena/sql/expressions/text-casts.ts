import { quote } from "../ast.ts";
import { display, duckType, isInteger, type TrinoType } from "../types.ts";

/** Digits with a point or an exponent, as Java reads them. */
export const NUMBER = "[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?";

/** Text that a cast takes, and text that Trino's may take and ours does not: there TRY_CAST is refused, not NULL. */
interface Form {
  readonly exact: string;
  readonly doubtful?: string;
}

/** `1_000` and `1e3` are no integers; dates only as Y-M-D. Java also reads the digits of other scripts. */
const forms: Readonly<Record<string, Form>> = {
  integer: { exact: "[+-]?[0-9]+", doubtful: "[+-]?\\p{Nd}+" },
  decimal: { exact: NUMBER, doubtful: "[+-]?[\\p{Nd}.]+([eE][+-]?\\p{Nd}+)?" },
  real: { exact: `${NUMBER}|NaN|[+-]?Infinity`, doubtful: `[+-]NaN|(${NUMBER})[dDfF]|[+-]?0[xX].*` },
  double: { exact: `${NUMBER}|NaN|[+-]?Infinity`, doubtful: `[+-]NaN|(${NUMBER})[dDfF]|[+-]?0[xX].*` },
  date: { exact: "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}", doubtful: "[+-]?[0-9]+-[0-9]{1,2}-[0-9]{1,2}" },
  timestamp: {
    exact: "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}( ([01]?[0-9]|2[0-3]):[0-9]{1,2}(:[0-9]{1,2}([.][0-9]{1,6})?)?)?",
    doubtful: "[+-]?[0-9]{4,}-[0-9]{1,2}-[0-9]{1,2}( .*)?",
  },
  boolean: { exact: "(?i)(true|t|1|false|f|0)" },
};

/** What a cast cuts off both ends of a text: what Java's `String.trim` does, or its white space. */
const trims: Readonly<Record<string, string>> = {
  integer: "trino_strip",
  real: "trino_strip",
  double: "trino_strip",
  timestamp: "trino_strip",
  date: "trino_trim",
};

/** DuckDB's own cast. */
export const plain = (sql: string, to: TrinoType, safe: boolean): string =>
  `${safe ? "TRY_CAST" : "CAST"}(${sql} AS ${duckType(to)})`;

/** Rounds to the target's digits of a second, half up. */
export function toPrecision(sql: string, digits: number): string {
  if (digits >= 6) return sql;
  if (digits === 3) return `date_trunc('milliseconds', ${sql} + INTERVAL 500 MICROSECOND)`;
  return `date_trunc('second', ${sql} + INTERVAL 500 MILLISECOND)`;
}

/** @param ambiguous a form of text of which it cannot be said here what it was, and so what becomes of it. */
export function fromText(sql: string, to: TrinoType, safe: boolean, ambiguous?: string): string | undefined {
  if (to.kind === "json") return `to_json(${sql})`;
  const kind = isInteger(to) ? "integer" : to.kind;
  const form = forms[kind];
  if (form === undefined) return undefined;
  const trim = trims[kind];
  const trimmed = trim === undefined ? sql : `${trim}(${sql})`;
  const macro = safe ? "trino_try_form" : "trino_form";
  const doubtful = [form.doubtful, ambiguous].filter((it) => it !== undefined).join("|");
  const checked = `${macro}(${trimmed}, ${quote(form.exact)}, ${doubtful === "" ? "NULL" : quote(doubtful)}, ${quote(display(to))})`;
  const value = plain(to.kind === "decimal" ? `trino_plain(${checked})` : checked, to, safe);
  return to.kind === "timestamp" ? toPrecision(value, to.precision) : value;
}
