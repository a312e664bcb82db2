import type { Udf } from "../udf/udf.ts";

/** What may stand inside DuckDB's TRY, and means there what it means outside. */
export interface TryForms {
  /** To be made after all others. */
  readonly macros: readonly string[];
  /** The same expression in those forms. */
  rewritten(sql: string): string;
  /** The name of what in an expression has no such form. */
  unfit(sql: string): string | undefined;
}

/**
 * DuckDB's TRY makes NULL of what it takes for errors of a value, which are ours, too; not of what it calls not
 * implemented, such as the name of a time zone that it does not know.
 */
const REFUSE = "trino_refuse(message) AS [NULL][epoch_us(timezone(message, TIMESTAMP '1970-01-01'))]";

/**
 * What several TRYs have in common DuckDB works out before them, where it fails; not inside a CASE whose condition it cannot
 * foresee. In TRY itself it takes nothing of the kind: an inner one does without.
 */
const TRY = "trino_try(x) AS CASE WHEN random() >= 0 THEN TRY(x) END";
const ALWAYS = "random() >= 0";

const BROKEN = "trino_refuse('NOT_IMPLEMENTED_LOCALLY: a value out of broken JSON')";
/**
 * What fails in DuckDB by itself, and not as Trino does: of broken JSON Trino may read what it was asked for, and half of
 * a pair of surrogates is no fault there.
 */
const written: Readonly<Record<string, string>> = {
  trino_json_extract: `trino_json_extract_in_try(j, p) AS CASE WHEN j IS NULL OR json_valid(j) THEN json_extract(j, p) ELSE ${BROKEN} END`,
  // So far away DuckDB has no dates, and Trino goes on.
  trino_amount:
    "trino_amount_in_try(n, most) AS CASE WHEN abs(CAST(n AS HUGEINT)) > most THEN trino_refuse('NOT_IMPLEMENTED_LOCALLY: a date or time so far away') ELSE n END",
  trino_strict: String.raw`trino_strict_in_try(j) AS CASE WHEN trino_lenient_in_try(j) THEN trino_refuse('NOT_IMPLEMENTED_LOCALLY: JSON with NaN, Infinity, -0 or a comma too many') WHEN regexp_matches(CAST(j AS VARCHAR), '\\u[dD][89a-fA-F]') AND NOT json_valid(j) THEN ${BROKEN} ELSE j END`,
};

const VOLATILE = ["random", "uuid", "gen_random_uuid"];
/** Texts and quoted names, in which no function is called; the name of a call. */
const PARTS = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\b(\w+)\(/g;

const made = (body: string): string => `CREATE OR REPLACE MACRO ${body}`;
const nameOf = (macro: string): string => /MACRO (\w+)\(/.exec(macro)?.[1] ?? "";
const bodyOf = (macro: string): string => macro.slice(macro.indexOf(" AS "));
const twin = (name: string): string => `${name}_in_try`;

const called = (sql: string): string[] => [...sql.matchAll(PARTS)].flatMap(([, name]) => (name ? [name] : []));

/** All of `names` and whatever calls one of them. */
function callers(names: readonly string[], macros: readonly string[]): Set<string> {
  const found = new Set(names);
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const macro of macros) if (called(bodyOf(macro)).some((name) => found.has(name))) found.add(nameOf(macro));
  }
  return found;
}

/** A function in JavaScript says why it has no answer, and the macro refuses. */
function answering({ name, takes }: Udf): string {
  const args = takes.map((_, i) => `a${i}`).join(", ");
  const answer = "CASE WHEN trino_s.why IS NULL THEN trino_s.value ELSE trino_refuse(trino_s.why) END";
  return `${twin(name)}(${args}) AS list_transform([${name}_answer(${args})], lambda trino_s: ${answer})[1]`;
}

/** The forms for TRY of all macros and functions: a twin for each that may refuse a value. */
export function tryForms(macros: readonly string[], udfs: readonly Udf[]): TryForms {
  const steady = macros.map((macro) => macro.replaceAll(ALWAYS, "true"));
  const unfit = callers(VOLATILE, steady);
  const refusing = udfs.filter(({ refuses }) => refuses);
  const guarded = macros.filter((macro) => macro.includes(ALWAYS)).map(nameOf);
  const seeds = ["error", ...Object.keys(written), ...guarded, ...refusing.map(({ name }) => name)];
  const doubtful = callers(seeds, steady);
  const forms = new Map([...doubtful].map((name) => [name, twin(name)]));
  forms.set("error", "trino_refuse").set("trino_try", "TRY");
  const rewritten = (sql: string): string =>
    sql.replace(PARTS, (all, name?: string) => {
      const form = name === undefined ? undefined : forms.get(name);
      return form === undefined ? all : `${form}(`;
    });
  const twins = steady
    .map((macro) => ({ macro, name: nameOf(macro), own: written[nameOf(macro)] }))
    .filter(({ name }) => doubtful.has(name) && !unfit.has(name))
    .map(({ macro, own }) => (own === undefined ? rewritten(macro) : made(own)));
  return {
    macros: [...[REFUSE, TRY, ...refusing.map(answering)].map(made), ...twins],
    rewritten,
    unfit: (sql) =>
      called(sql)
        .find((name) => unfit.has(name))
        ?.replace(/^trino_/, ""),
  };
}
