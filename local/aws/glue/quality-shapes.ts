import { objectIn, onlyMembers, optionalText, requiredText } from "../members.ts";
import { AwsError, NotImplementedLocally, type Shape } from "../service.ts";
import type { RuleOutcome } from "./dqdl/evaluate.ts";
import type { QualityResult, QualityRun, RunTable } from "./quality-store.ts";

/** What StartDataQualityRulesetEvaluationRun asks for. */
export interface RunRequest {
  readonly source: RunTable;
  readonly references: Readonly<Record<string, RunTable>>;
  readonly role: string;
  readonly rulesetNames: readonly string[];
  readonly clientToken: string | undefined;
}

const OPERATION = "glue:StartDataQualityRulesetEvaluationRun";

/** @throws AwsError for a malformed request, NotImplementedLocally for what is not done here. */
export function parseRunRequest(input: Shape): RunRequest {
  const sized = ["NumberOfWorkers", "Timeout"];
  onlyMembers(OPERATION, input, [
    "DataSource",
    "Role",
    "RulesetNames",
    "ClientToken",
    "AdditionalDataSources",
    ...sized,
  ]);
  const names = input["RulesetNames"];
  if (
    !Array.isArray(names) ||
    names.length < 1 ||
    names.length > 10 ||
    !names.every((name) => typeof name === "string")
  ) {
    throw new AwsError("InvalidInputException", "RulesetNames must hold 1 to 10 names");
  }
  const others = Object.entries(objectIn(input["AdditionalDataSources"]) ?? {});
  return {
    source: tableOf(input["DataSource"], "DataSource"),
    references: Object.fromEntries(
      others.map(([alias, source]) => [alias, tableOf(source, `AdditionalDataSources.${alias}`)]),
    ),
    role: requiredText(input, "Role"),
    rulesetNames: names,
    clientToken: optionalText(input, "ClientToken"),
  };
}

/** Which results ListDataQualityResults asks for; only the table can be chosen. */
export function parseResultFilter(input: Shape): (result: QualityResult) => boolean {
  const filter = objectIn(input["Filter"]);
  if (filter === undefined) return () => true;
  onlyMembers("glue:ListDataQualityResults Filter", filter, ["DataSource"]);
  const { database, table } = tableOf(filter["DataSource"], "Filter.DataSource");
  return ({ source }) => source.database === database && source.table === table;
}

function tableOf(source: unknown, path: string): RunTable {
  const shape = objectIn(source) ?? {};
  onlyMembers(`glue:${path}`, shape, ["GlueTable"]);
  const table = objectIn(shape["GlueTable"]);
  if (table === undefined) throw new AwsError("InvalidInputException", `${path}.GlueTable is missing`);
  onlyMembers(`glue:${path}.GlueTable`, table, ["DatabaseName", "TableName", "CatalogId", "AdditionalOptions"]);
  const options = objectIn(table["AdditionalOptions"]) ?? {};
  const other = Object.keys(options).find((name) => name !== "pushDownPredicate");
  if (other !== undefined) throw new NotImplementedLocally(`glue:${path} with AdditionalOptions.${other}`);
  const predicate = optionalText(options, "pushDownPredicate");
  return {
    database: requiredText(table, "DatabaseName"),
    table: requiredText(table, "TableName"),
    ...(predicate === undefined ? {} : { pushDownPredicate: predicate }),
  };
}

/** The answer of GetDataQualityRulesetEvaluationRun. */
export function runShape(run: QualityRun): Shape {
  return {
    RunId: run.id,
    DataSource: sourceShape(run.source),
    Role: run.roleArn,
    Status: run.status,
    StartedOn: new Date(run.startedOn),
    LastModifiedOn: new Date(run.completedOn ?? run.startedOn),
    RulesetNames: run.rulesetNames,
    ...(run.completedOn === undefined
      ? {}
      : {
          CompletedOn: new Date(run.completedOn),
          ExecutionTime: Math.round((run.completedOn - run.startedOn) / 1000),
        }),
    ...(run.resultIds.length === 0 ? {} : { ResultIds: run.resultIds }),
    ...(run.error === undefined ? {} : { ErrorString: run.error }),
  };
}

/** An entry of ListDataQualityRulesetEvaluationRuns. */
export const runSummary = ({ id, status, startedOn, source }: QualityRun): Shape => ({
  RunId: id,
  Status: status,
  StartedOn: new Date(startedOn),
  DataSource: sourceShape(source),
});

/** The answer of GetDataQualityResult. */
export function resultShape(result: QualityResult): Shape {
  return {
    ResultId: result.id,
    Score: scoreOf(result),
    DataSource: sourceShape(result.source),
    RulesetName: result.rulesetName,
    RulesetEvaluationRunId: result.runId,
    StartedOn: new Date(result.startedOn),
    CompletedOn: new Date(result.completedOn),
    RuleResults: result.outcomes.map(outcomeShape),
  };
}

/** An entry of ListDataQualityResults. */
export const resultSummary = ({ id, source, startedOn }: QualityResult): Shape => ({
  ResultId: id,
  DataSource: sourceShape(source),
  StartedOn: new Date(startedOn),
});

/** Share of the rules that passed. */
export const scoreOf = ({ outcomes }: QualityResult): number =>
  outcomes.filter(({ passed }) => passed).length / outcomes.length;

const outcomeShape = (outcome: RuleOutcome, index: number): Shape => ({
  Name: `Rule_${index + 1}`,
  Description: outcome.rule,
  Result: outcome.passed ? "PASS" : "FAIL",
  EvaluatedMetrics: outcome.metrics,
  ...(outcome.reason === undefined ? {} : { EvaluationMessage: outcome.reason }),
});

const sourceShape = ({ database, table, pushDownPredicate }: RunTable): Shape => ({
  GlueTable: {
    DatabaseName: database,
    TableName: table,
    ...(pushDownPredicate === undefined ? {} : { AdditionalOptions: { pushDownPredicate } }),
  },
});
