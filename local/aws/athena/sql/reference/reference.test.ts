import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { typeForms } from "../data-type.ts";
import { SqlError } from "../errors.ts";
import { specialForms } from "../expressions/by-kind.ts";
import { expressionRules } from "../expressions/rules.ts";
import { aggregates } from "../functions/aggregates.ts";
import { hints } from "../functions/hints.ts";
import { functions } from "../functions/index.ts";
import { lambdaFunctions } from "../functions/lambdas.ts";
import type { Binder } from "../scope.ts";
import { type Translation, translate } from "../translate.ts";
import {
  arrayOf,
  BIGINT,
  BOOLEAN,
  DATE,
  DOUBLE,
  decimal,
  display,
  mapOf,
  rowOf,
  type TrinoType,
  timestamp,
  VARBINARY,
  VARCHAR,
} from "../types.ts";
import { missingFunctions, sqlPage } from "./page.ts";
import { refusalsIn } from "./refusals.ts";
import { functionFamilies, functionNames } from "./rules.ts";
import { trinoFunctions } from "./trino-functions.ts";

const pair = rowOf([
  { name: "", type: VARCHAR },
  { name: "", type: BIGINT },
]);
/** A column of every type that a form names; T is bigint, K varchar, V bigint, U and R double, S bigint. */
const columns: Readonly<Record<string, TrinoType>> = {
  t: BIGINT,
  v: VARCHAR,
  p: decimal(18, 3),
  x: DOUBLE,
  b: BOOLEAN,
  bin: VARBINARY,
  d: DATE,
  ts: timestamp(6),
  tod: { kind: "time", precision: 3 },
  j: { kind: "json" },
  a: arrayOf(BIGINT),
  aa: arrayOf(arrayOf(BIGINT)),
  av: arrayOf(VARCHAR),
  ax: arrayOf(DOUBLE),
  entries: arrayOf(pair),
  m: mapOf(VARCHAR, BIGINT),
  mx: mapOf(VARCHAR, DOUBLE),
};
const table: Binder = {
  schema: "lake",
  table: () => ({
    database: "db",
    name: "every",
    kind: "iceberg",
    columns: Object.entries(columns).map(([name, type]) => ({ name, type })),
  }),
};

/** What stands for an argument of a form. */
const samples: Readonly<Record<string, string>> = {
  ...{ T: "t", K: "v", V: "t", U: "x", S: "t", x: "t", n: "2", "*": "*" },
  ...{ integer: "CAST(t AS integer)", real: "REAL '1.5'", "array(double)": "ax", "map(varchar, double)": "mx" },
  ...{ bigint: "t", varchar: "v", double: "x", decimal: "p", number: "p", boolean: "b", varbinary: "bin", json: "j" },
  ...{ date: "d", timestamp: "ts", time: "tod", interval: "INTERVAL '1' DAY", "interval day to second": "ts - ts" },
  ...{ "array(T)": "a", "array(K)": "av", "array(V)": "a", "array(U)": "ax", "array(array(T))": "aa" },
  ...{ "array(varchar)": "av", "array(row(K, V))": "entries", "map(K, V)": "m", "map(K, U)": "mx" },
  ...{ "'unit'": "'day'", "'zone'": "'UTC'", "'format'": "'%Y'", "'pattern'": "'yyyy'", "'template'": "'%s'" },
  ...{ "'path'": "'$.a'", "'lax path'": "'lax $.a'", "'characters'": "'x'", "'c'": "'c'", "'replacement'": "'x'" },
  ...{
    "'separator'": "','",
    error: "0.05",
    NFC: "NFC",
    NFD: "NFD",
    NFKD: "NFKD",
    NFKC: "NFKC",
    "T -> U": "e -> x",
    "T -> boolean": "e -> b",
    "S -> R": "s -> x",
  },
  ...{ "(S, T) -> S": "(s, e) -> s + e", "(S, S) -> S": "(s, r) -> s + r", "(T, U) -> R": "(e, f) -> f" },
  ...{ "(T, T) -> bigint": "(e, f) -> e - f", "(K, V) -> boolean": "(k, i) -> b", "(K, V) -> R": "(k, i) -> x" },
  ...{ "(K, V, U) -> R": "(k, i, f) -> f", "array(varchar) -> varchar": "g -> g[1]" },
};
/** What a letter of a form's result is with these samples. */
const letters: Readonly<Record<string, string>> = {
  ...{ T: "bigint", K: "varchar", V: "bigint", U: "double", R: "double", S: "bigint", number: "decimal" },
};

/** Splits at commas outside of brackets. */
function split(text: string, separator = ","): string[] {
  const parts: string[] = [""];
  let depth = 0;
  for (const c of text) {
    if ("([".includes(c)) depth += 1;
    if (")]".includes(c)) depth -= 1;
    if (c === separator && depth === 0) parts.push("");
    else parts[parts.length - 1] += c;
  }
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

const sampleOf = (argument: string, choice: number): string => {
  const choices = split(argument, "|");
  const chosen = choices[choice % choices.length] ?? argument;
  const sample = samples[chosen];
  if (sample === undefined) throw new Error(`no sample of ${chosen}`);
  return sample;
};

/** Calls of a form: with and without its optional arguments, and with each of an argument's types. */
function callsOf(form: string): { readonly sql: string; readonly type: string }[] {
  const [call = "", result = ""] = form.split(" → ");
  const [, name = "", inside = "", tail = ""] =
    /^(\w+)\((.*?)\)((?: WITHIN GROUP.*| \[IGNORE NULLS\])?)$/.exec(call) ?? [];
  if (name === "") return [{ sql: call, type: result }];
  const optional = [...inside.matchAll(/\[, (.*?)\]+(?=[,)]|$)/g)].length > 0;
  const full = inside.replace(/\[DISTINCT\] /, "").replace(/ \[ORDER BY \.\.\.\]/, "");
  const without = full.replace(/\[, .*\]/, "");
  const withAll = full.replaceAll("[, ", ", ").replaceAll("]", "");
  const more = tail.replace(" [IGNORE NULLS]", " IGNORE NULLS").replace("...", "t");
  return (optional ? [without, withAll] : [withAll]).flatMap((text) => {
    const args = split(text).filter((argument) => argument !== "...");
    const most = Math.max(1, ...args.map((argument) => split(argument, "|").length));
    return Array.from({ length: most }, (_, choice) => ({
      sql: `${name}(${args.map((argument) => sampleOf(argument, choice)).join(", ")})${more}`,
      type: result,
    }));
  });
}

/** Without sizes, which depend on the arguments. */
const bare = (type: string): string => type.replace(/\(\d+(,\d+)?\)/g, "");
const expected = (type: string): string =>
  bare(type)
    .replace(", ...", "")
    .replace(/\b([TKVURS]|number)\b/g, (letter) => letters[letter] ?? letter);
const typeOf = (sql: string): string => {
  const translation: Translation = translate(sql, table);
  if (translation.kind !== "SELECT") throw new Error(translation.kind);
  return translation.columns.map(({ type }) => bare(display(type))).join();
};

/** Syntax of their own, which the samples cannot write. */
const written = /^(trim\(\[|json_value|json_object|ROW|if\(|TRY\()/;

describe.each(functionFamilies().map((family) => [family.title, family.functions] as const))("%s", (title, members) => {
  const cases = members.flatMap(({ forms }) => forms.filter((form) => !written.test(form)));
  test.each(cases)("%s", (form) => {
    for (const { sql, type } of callsOf(form)) {
      const over = title === "Windows" ? " OVER (ORDER BY d)" : "";
      expect([sql, typeOf(`SELECT ${sql}${over} FROM every`)]).toEqual([sql, expected(type)]);
    }
  });
});

it.each(typeForms)("casts to %s", (form) => {
  const type = form
    .replace("(p,s)", "(18,3)")
    .replace("(p)", "(3)")
    .replace("(n)", "(5)")
    .replace(/\bT\b/, "bigint")
    .replace("K", "varchar")
    .replace("V", "double")
    .replace("name bigint, ...", "name bigint, other varchar");
  expect(typeOf(`SELECT CAST(NULL AS ${type})`)).toBe(bare(type));
});

it("every rule says how it is written, with the type of every argument", () => {
  const rules = Object.entries({
    ...functions,
    ...lambdaFunctions,
    ...aggregates,
    ...specialForms,
    ...expressionRules,
  });
  const silent = rules.filter(
    ([, { forms }]) => forms === undefined || forms.some((form) => /\(,|, ,|, \)|\[, \]/.test(form)),
  );
  expect(silent.map(([name]) => name)).toEqual([]);
});

it.each(missingFunctions())("%s is refused", (name) => {
  for (const args of ["", "t", "x", "v", "x, x", "v, v"]) {
    const word = args === "" && /^(current_|local)/.test(name) ? name : `${name}(${args})`;
    expect(() => translate(`SELECT ${word} FROM every`, table), word).toThrow(SqlError);
  }
});

it("names functions as Trino does", () => {
  const own = functionNames().filter((name) => !trinoFunctions.includes(name));
  expect(own).toEqual(["row"]);
});

it("what has a hint is refused, or the hint is old", () => {
  for (const name of Object.keys(hints))
    expect(() => translate(`SELECT ${name}(t / x) FROM every`, table), name).toThrow(hints[name]);
});

it("finds what the rules refuse with a word on what to write instead", () => {
  expect(refusalsIn(join(import.meta.dirname, ".."))).toContainEqual({
    what: "text in a recursive query",
    instead: "cast it to varchar in the first part",
  });
});

it("docs/sql.md is what the rules say; npm run docs:sql writes it", () => {
  expect(readFileSync(join(import.meta.dirname, "../../../../../docs/sql.md"), "utf8")).toBe(sqlPage());
});
