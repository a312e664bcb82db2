import { setTimeout as sleep } from "node:timers/promises";
import {
  BatchGetDataQualityResultCommand,
  type DataQualityResult,
  GetDataQualityRulesetEvaluationRunCommand,
  GlueClient,
  ListDataQualityResultsCommand,
  StartDataQualityRulesetEvaluationRunCommand,
} from "@aws-sdk/client-glue";
import { rulesets } from "../../governance/quality/index.ts";
import { CliError, exitCodes } from "../errors.ts";
import type { Session } from "../session.ts";

/** One rule of one ruleset as it came out. */
export interface RuleOutcome {
  readonly ruleset: string;
  readonly table: string;
  readonly rule: string;
  readonly passed: boolean;
  /** Why it failed: figures, never values of rows. */
  readonly reason?: string;
  readonly evaluatedAt?: string;
}

/** Evaluates rulesets now, all of them together, and waits. */
export async function evaluateRulesets(session: Session, names: readonly string[]): Promise<RuleOutcome[]> {
  const client = new GlueClient(session.as("operator"));
  const runs = await Promise.all(names.map((name) => startRun(client, session, name)));
  const resultIds = await session.waitFor(Promise.all(runs.map((runId) => ended(client, runId))));
  return outcomes(client, resultIds.flat());
}

/** The newest outcome of every rule of these rulesets: what the last refresh's audits found. */
export async function latestOutcomes(session: Session, names: readonly string[]): Promise<RuleOutcome[]> {
  const client = new GlueClient(session.as("operator"));
  const newest = new Map<string, { readonly id: string; readonly at: number }>();
  for (const name of names) {
    const ruleset = rulesetNamed(name);
    const page = await client.send(
      new ListDataQualityResultsCommand({
        Filter: { DataSource: { GlueTable: { DatabaseName: session.outputs.database, TableName: ruleset.table } } },
      }),
    );
    for (const result of page.Results ?? []) {
      const at = result.StartedOn?.getTime() ?? 0;
      if (result.ResultId !== undefined && at >= (newest.get(name)?.at ?? 0))
        newest.set(name, { id: result.ResultId, at });
    }
  }
  return outcomes(
    client,
    [...newest.values()].map((result) => result.id),
  );
}

/** @throws CliError listing the names there are. */
export function rulesetNamed(name: string): (typeof rulesets)[number] {
  const found = rulesets.find((ruleset) => ruleset.name === name);
  if (found !== undefined) return found;
  throw new CliError(
    `There is no ruleset "${name}". There are: ${rulesets.map((ruleset) => ruleset.name).join(", ")}.`,
    exitCodes.usage,
  );
}

async function startRun(client: GlueClient, session: Session, name: string): Promise<string> {
  const ruleset = rulesetNamed(name);
  const physical = session.outputs.rulesetNames[name];
  if (physical === undefined) throw new CliError(`The stack has no ruleset ${name}: deploy it again.`);
  const { RunId } = await client.send(
    new StartDataQualityRulesetEvaluationRunCommand({
      DataSource: { GlueTable: { DatabaseName: session.outputs.database, TableName: ruleset.table } },
      Role: session.outputs.qualityRoleArn,
      RulesetNames: [physical],
    }),
  );
  if (RunId === undefined) throw new CliError(`Glue started no run of ${name}.`);
  return RunId;
}

async function ended(client: GlueClient, runId: string): Promise<readonly string[]> {
  for (let wait = 20; ; wait = Math.min(wait * 1.5, 2000)) {
    const run = await client.send(new GetDataQualityRulesetEvaluationRunCommand({ RunId: runId }));
    if (run.Status === "SUCCEEDED") return run.ResultIds ?? [];
    if (run.Status === "FAILED" || run.Status === "STOPPED" || run.Status === "TIMEOUT") {
      throw new CliError(
        `The evaluation ${runId} ${run.Status.toLowerCase()}: ${run.ErrorString ?? "no reason given"}`,
      );
    }
    await sleep(wait);
  }
}

async function outcomes(client: GlueClient, resultIds: readonly string[]): Promise<RuleOutcome[]> {
  const found: RuleOutcome[] = [];
  // Glue takes ten a call.
  for (let from = 0; from < resultIds.length; from += 10) {
    const { Results = [] } = await client.send(
      new BatchGetDataQualityResultCommand({ ResultIds: resultIds.slice(from, from + 10) }),
    );
    found.push(...Results.flatMap(ruleOutcomes));
  }
  return found;
}

function ruleOutcomes(result: DataQualityResult): RuleOutcome[] {
  return (result.RuleResults ?? []).map((rule) => ({
    ruleset: result.RulesetName ?? "",
    table: result.DataSource?.GlueTable?.TableName ?? "",
    rule: rule.Description ?? rule.Name ?? "",
    passed: rule.Result === "PASS",
    ...(rule.EvaluationMessage === undefined ? {} : { reason: rule.EvaluationMessage }),
    ...(result.StartedOn === undefined ? {} : { evaluatedAt: result.StartedOn.toISOString() }),
  }));
}
