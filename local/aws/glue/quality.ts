import { randomBytes } from "node:crypto";
import type { DuckDBConnection } from "@duckdb/node-api";
import { onlyMembers, pageOf, requiredText } from "../members.ts";
import { AwsError, type Call, NotImplementedLocally, type Operation, type ServiceContext } from "../service.ts";
import { evaluateRuleset } from "./dqdl/evaluate.ts";
import { type NamedRuleset, rulesetNamed, rulesetShape, rulesetSummary, rulesetsOf } from "./quality-rulesets.ts";
import {
  parseResultFilter,
  parseRunRequest,
  resultShape,
  resultSummary,
  runShape,
  runSummary,
  scoreOf,
} from "./quality-shapes.ts";
import { type QualityResult, type QualityRun, QualityStore, type RunTable } from "./quality-store.ts";

/**
 * Makes a catalogue table readable on a connection, under the caller's permissions.
 * @returns what to write in FROM: a quoted name or a sub-query in parentheses
 */
export type ReadTable = (connection: DuckDBConnection, table: RunTable, call: Call) => Promise<string>;

/** Glue's data-quality operations: rulesets of the graph, evaluation runs in the background, results that stay. */
export function qualityOperations(context: ServiceContext, readTable: ReadTable): Record<string, Operation> {
  const { clock, region, account } = context;
  const rulesets = rulesetsOf(context.graph);
  const store = new QualityStore(context.home);
  const byToken = new Map<string, string>();
  const anyRuleset = `arn:aws:glue:${region}:${account}:dataQualityRuleset/*`;

  /** Runs are asked for by ids that name no ruleset, so Glue authorises on all of them. */
  const start: Operation = (input, call) => {
    const request = parseRunRequest(input);
    const roleArn = request.role.startsWith("arn:") ? request.role : `arn:aws:iam::${account}:role/${request.role}`;
    call.authorize("glue:StartDataQualityRulesetEvaluationRun", anyRuleset);
    call.authorize("iam:PassRole", roleArn, { "iam:PassedToService": "glue.amazonaws.com" });
    const known = request.clientToken === undefined ? undefined : byToken.get(request.clientToken);
    if (known !== undefined) return { RunId: known };
    const chosen = request.rulesetNames.map((name) => rulesetNamed(rulesets, name));
    const { source, references, rulesetNames } = request;
    const run: QualityRun = {
      id: `dqrun-${randomBytes(20).toString("hex")}`,
      status: "RUNNING",
      source,
      references,
      roleArn,
      rulesetNames,
      startedOn: clock.now(),
      resultIds: [],
    };
    store.saveRun(run);
    if (request.clientToken !== undefined) byToken.set(request.clientToken, run.id);
    void clock.work(() => evaluate(run, chosen));
    return { RunId: run.id };
  };

  async function evaluate(run: QualityRun, chosen: readonly NamedRuleset[]): Promise<void> {
    try {
      const resultIds: string[] = [];
      for (const ruleset of chosen) {
        const result = await judge(run, ruleset);
        store.saveResult(result);
        resultIds.push(result.id);
        await announce(result, ruleset);
      }
      store.saveRun({ ...run, status: "SUCCEEDED", completedOn: clock.now(), resultIds });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      store.saveRun({ ...run, status: "FAILED", completedOn: clock.now(), error: reason });
      context.log("data-quality run failed", { run: run.id, table: run.source.table, reason });
    }
  }

  /** Under the run's role, as Glue itself reads the data. */
  async function judge(run: QualityRun, ruleset: NamedRuleset): Promise<QualityResult> {
    const call = context.assume(run.roleArn, "glue.amazonaws.com", ruleset.arn);
    call.authorize("glue:GetDataQualityRuleset", ruleset.arn);
    const startedOn = clock.now();
    const outcomes = await context.ports.sql.use(async (connection) => {
      const relation = await readTable(connection, run.source, call);
      const references = new Map<string, string>();
      for (const [alias, table] of Object.entries(run.references))
        references.set(alias, await readTable(connection, table, call));
      return evaluateRuleset(ruleset.parsed, { connection, relation, references, now: startedOn });
    });
    call.authorize("glue:PublishDataQuality", ruleset.arn);
    return {
      id: `dqresult-${randomBytes(20).toString("hex")}`,
      runId: run.id,
      rulesetName: ruleset.name,
      source: run.source,
      startedOn,
      completedOn: clock.now(),
      outcomes,
    };
  }

  /** The event that Glue puts on the default bus for every result. */
  async function announce(result: QualityResult, ruleset: NamedRuleset): Promise<void> {
    const passed = result.outcomes.filter((outcome) => outcome.passed).length;
    const { database, table } = result.source;
    const detail = {
      context: {
        contextType: "GLUE_DATA_CATALOG",
        runId: result.runId,
        databaseName: database,
        tableName: table,
        catalogId: account,
      },
      resultID: result.id,
      rulesetNames: [result.rulesetName],
      state: passed === result.outcomes.length ? "SUCCEEDED" : "FAILED",
      score: scoreOf(result),
      numRulesSucceeded: passed,
      numRulesFailed: result.outcomes.length - passed,
      numRulesSkipped: 0,
    };
    const entry = {
      Source: "aws.glue-dataquality",
      DetailType: "Data Quality Evaluation Results Available",
      Resources: [],
      Detail: JSON.stringify(detail),
      Time: new Date(result.completedOn),
    };
    try {
      await context.dispatch(
        "events",
        "PutServiceEvents",
        { Entries: [entry] },
        context.servicePrincipal("glue.amazonaws.com", ruleset.arn),
      );
    } catch (error) {
      context.log("a data-quality result was not announced", { result: result.id, reason: String(error) });
    }
  }

  const getRun: Operation = (input, call) => {
    call.authorize("glue:GetDataQualityRulesetEvaluationRun", anyRuleset);
    onlyMembers("glue:GetDataQualityRulesetEvaluationRun", input, ["RunId"]);
    const run = store.run(requiredText(input, "RunId"));
    if (run === undefined)
      throw new AwsError("EntityNotFoundException", "Cannot find Data Quality Ruleset Evaluation Run with this id");
    return runShape(run);
  };

  const listRuns: Operation = (input, call) => {
    call.authorize("glue:ListDataQualityRulesetEvaluationRuns", anyRuleset);
    onlyMembers("glue:ListDataQualityRulesetEvaluationRuns", input, ["NextToken", "MaxResults"]);
    const page = pageOf(store.runs(), input["MaxResults"], input["NextToken"], 100);
    return { Runs: page.items.map(runSummary), NextToken: page.next };
  };

  const listResults: Operation = (input, call) => {
    call.authorize("glue:ListDataQualityResults", anyRuleset);
    onlyMembers("glue:ListDataQualityResults", input, ["Filter", "NextToken", "MaxResults"]);
    const wanted = parseResultFilter(input);
    const page = pageOf(store.results().filter(wanted), input["MaxResults"], input["NextToken"], 100);
    return { Results: page.items.map(resultSummary), NextToken: page.next };
  };

  const getResult: Operation = (input, call) => {
    call.authorize("glue:GetDataQualityResult", anyRuleset);
    onlyMembers("glue:GetDataQualityResult", input, ["ResultId"]);
    const result = store.result(requiredText(input, "ResultId"));
    if (result === undefined)
      throw new AwsError("EntityNotFoundException", "Cannot find Data Quality Result with this id");
    return resultShape(result);
  };

  const getResults: Operation = (input, call) => {
    // AWS has no action of this operation's own: it is authorised as GetDataQualityResult.
    call.authorize("glue:GetDataQualityResult", anyRuleset);
    onlyMembers("glue:BatchGetDataQualityResult", input, ["ResultIds"]);
    const ids = input["ResultIds"];
    if (!Array.isArray(ids) || ids.length < 1 || ids.length > 10)
      throw new AwsError("InvalidInputException", "ResultIds must hold 1 to 10 ids");
    const found = ids.flatMap((id) => store.result(String(id)) ?? []);
    return {
      Results: found.map(resultShape),
      ResultsNotFound: ids.filter((id) => store.result(String(id)) === undefined),
    };
  };

  const getRuleset: Operation = (input, call) => {
    onlyMembers("glue:GetDataQualityRuleset", input, ["Name"]);
    const name = requiredText(input, "Name");
    call.authorize("glue:GetDataQualityRuleset", anyRuleset.replace(/\*$/, name));
    return rulesetShape(rulesetNamed(rulesets, name));
  };

  const listRulesets: Operation = (input, call) => {
    call.authorize("glue:ListDataQualityRulesets", anyRuleset);
    if (input["Filter"] !== undefined || input["Tags"] !== undefined)
      throw new NotImplementedLocally("glue:ListDataQualityRulesets with Filter or Tags");
    onlyMembers("glue:ListDataQualityRulesets", input, ["NextToken", "MaxResults"]);
    const page = pageOf([...rulesets.values()], input["MaxResults"], input["NextToken"], 100);
    return { Rulesets: page.items.map(rulesetSummary), NextToken: page.next };
  };

  return {
    StartDataQualityRulesetEvaluationRun: start,
    GetDataQualityRulesetEvaluationRun: getRun,
    ListDataQualityRulesetEvaluationRuns: listRuns,
    ListDataQualityResults: listResults,
    GetDataQualityResult: getResult,
    BatchGetDataQualityResult: getResults,
    GetDataQualityRuleset: getRuleset,
    ListDataQualityRulesets: listRulesets,
  };
}
