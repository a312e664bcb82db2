import type { DuckDBConnection } from "@duckdb/node-api";
import type { AtomicRule, Rule, Ruleset } from "./ast.ts";
import { compileRule, filterOf, type Surroundings } from "./compile.ts";
import { type DataColumns, EMPTY_STATE, type Plan, type Verdict } from "./plan.ts";
import { identifier } from "./predicate.ts";
import { printRule } from "./print.ts";

/** Outcome of one rule. */
export interface RuleOutcome extends Verdict {
  /** The rule as text. */
  readonly rule: string;
}

/** The data a ruleset judges. */
export interface JudgedData {
  readonly connection: DuckDBConnection;
  /** SQL that stands for the data in FROM. */
  readonly relation: string;
  /** Alias -> SQL that stands for another data set in FROM. */
  readonly references?: ReadonlyMap<string, string>;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

interface Prepared {
  readonly rule: AtomicRule;
  readonly plan: Plan;
}

/**
 * Judges data by a ruleset, all rules in one query where they allow it; a rule that stands there twice once. Semantics:
 * Deequ 3.0, the open engine under Glue Data Quality.
 * @throws DqdlError `unsupported` before any rule is judged.
 */
export async function evaluateRuleset(ruleset: Ruleset, data: JudgedData): Promise<RuleOutcome[]> {
  const around = await surroundings(data);
  const distinct = new Map(ruleset.rules.map((rule) => [printRule(rule), rule]));
  const plans = new Map<AtomicRule, Plan>();
  for (const rule of [...distinct.values()].flatMap(atoms)) plans.set(rule, compileRule(rule, around));
  const prepared = [...plans].map(([rule, plan]): Prepared => ({ rule, plan }));
  const verdicts = await judgeAll(prepared, around, data);
  return [...distinct].map(([text, rule]) => ({ rule: text, ...combine(rule, verdicts) }));
}

const atoms = (rule: Rule): AtomicRule[] => (rule.kind === "rule" ? [rule] : rule.parts.flatMap(atoms));

/** Parts are judged on their own and then combined; a failed part's reason is kept even when the whole passes. */
function combine(rule: Rule, verdicts: ReadonlyMap<AtomicRule, Verdict>): Verdict {
  if (rule.kind === "rule") {
    const found = verdicts.get(rule);
    if (found === undefined) throw new Error(`${printRule(rule)} was not judged`);
    return found;
  }
  const parts = rule.parts.map((part) => combine(part, verdicts));
  const passed = rule.operator === "and" ? parts.every((part) => part.passed) : parts.some((part) => part.passed);
  const reasons = parts.flatMap(({ reason }) => (reason === undefined ? [] : [reason]));
  return {
    passed,
    ...(reasons.length === 0 ? {} : { reason: reasons.join(" ") }),
    metrics: Object.assign({}, ...parts.map((part) => part.metrics)),
  };
}

async function surroundings({ connection, relation, references, now }: JudgedData): Promise<Surroundings> {
  const others = new Map<string, { relation: string; columns: DataColumns }>();
  for (const [alias, other] of references ?? [])
    others.set(alias, { relation: other, columns: await columnsOf(connection, other) });
  return { columns: await columnsOf(connection, relation), relation, references: others, now };
}

async function columnsOf(connection: DuckDBConnection, relation: string): Promise<DataColumns> {
  const reader = await connection.runAndReadAll(`SELECT * FROM ${relation} LIMIT 0`);
  const types = reader.columnTypes();
  const names = reader.columnNames();
  return {
    names: new Map(names.map((name) => [name.toLowerCase(), name])),
    types: new Map(names.map((name, index) => [name, String(types[index])])),
  };
}

const ROWS = "count(*)";

async function judgeAll(
  prepared: readonly Prepared[],
  around: Surroundings,
  data: JudgedData,
): Promise<Map<AtomicRule, Verdict>> {
  const asked = prepared.map(({ rule, plan }) => ({
    ...plan.asks,
    ...(rule.where === undefined ? {} : { [FILTERED]: `${ROWS}${filterOf(rule, around)}` }),
  }));
  const [rows = 0] = await ask(data, [ROWS]);
  const expressions = asked.flatMap((asks) => Object.values(asks));
  const together = await ask(data, expressions).catch(() => undefined);
  const verdicts = new Map<AtomicRule, Verdict>();
  let at = 0;
  for (const [index, { rule, plan }] of prepared.entries()) {
    const names = Object.keys(asked[index] ?? {});
    // One rule's SQL may fail (a cast, an overflow): then each is asked alone, and only that one fails.
    const numbers =
      together === undefined
        ? await ask(data, Object.values(asked[index] ?? {})).catch(reasonOf)
        : together.slice(at, at + names.length);
    at += names.length;
    verdicts.set(
      rule,
      typeof numbers === "string"
        ? { passed: false, reason: numbers, metrics: {} }
        : judge(plan, names, numbers, rows ?? 0),
    );
  }
  return verdicts;
}

const FILTERED = "rows that the where leaves";

function judge(plan: Plan, names: readonly string[], numbers: readonly (number | undefined)[], rows: number): Verdict {
  const answers = new Map(names.map((name, index) => [name, numbers[index]]));
  if (rows === 0 && plan.withoutRows !== "judged") {
    return plan.withoutRows === "passes"
      ? { passed: true, metrics: {} }
      : { passed: false, reason: EMPTY_STATE, metrics: {} };
  }
  const verdict = plan.judge((name) => answers.get(name));
  // Of no row that its where leaves, a rule says nothing wrong.
  return rows > 0 && answers.get(FILTERED) === 0 ? { passed: true, metrics: verdict.metrics } : verdict;
}

/** The count of rows comes along, and makes the query an aggregate even when every expression is a sub-query. */
async function ask(
  { connection, relation }: JudgedData,
  expressions: readonly string[],
): Promise<(number | undefined)[]> {
  const selected = expressions.map((sql, index) => `CAST((${sql}) AS DOUBLE) AS ${identifier(`v${index}`)}`);
  const reader = await connection.runAndReadAll(`SELECT ${[ROWS, ...selected].join(", ")} FROM ${relation}`);
  const [, ...numbers] = reader.getRows()[0] ?? [];
  return numbers.map((value) => (typeof value === "number" ? value : undefined));
}

/** The first line of an engine's message, without the values it may quote. */
function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return `The rule could not be evaluated: ${(message.split("\n")[0] ?? "").replaceAll(/'[^']*'/g, "'...'").slice(0, 200)}`;
}
