import { appendFileSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect, test } from "vitest";
import type { GraphResource, ResourceGraph } from "../../graph/resource.ts";
import { AwsError, type Call, type Operation, type ServiceContext, type Shape } from "../service.ts";
import { qualityOperations } from "./quality.ts";

const ACCOUNT = "123456789012";
const ROLE = `arn:aws:iam::${ACCOUNT}:role/judge`;
const ARN = `arn:aws:glue:eu-west-1:${ACCOUNT}:dataQualityRuleset`;

const ruleset = (name: string, text: string): GraphResource => {
  const outputs = { name, ruleset: text, arn: `${ARN}/${name}`, targetTable: { databaseName: "db", tableName: "t" } };
  return {
    urn: name,
    type: "aws:glue/dataQualityRuleset:DataQualityRuleset",
    name,
    custom: true,
    id: name,
    inputs: outputs,
    outputs,
    dependencies: [],
    propertyDependencies: {},
  };
};

/** Quality operations over one table `t` of three rows, with what was authorised and announced. */
async function harness(
  home = mkdtempSync(join(tmpdir(), "quality-")),
  denied?: string,
  text = 'Rules = [ RowCount = 3, IsUnique "id" ]',
) {
  const connection = await (await DuckDBInstance.create()).connect();
  await connection.run("CREATE TABLE t AS SELECT * FROM (VALUES (1, 'x'), (2, 'x'), (2, 'y')) AS v(id, day)");
  const asked: string[] = [];
  const events: Shape[] = [];
  const tasks: Promise<unknown>[] = [];
  const callOf = (who: string): Call => ({
    principal: { roleArn: ROLE, sessionArn: ROLE },
    requestId: "1",
    authorize(action, resource) {
      asked.push(`${who} ${action} ${resource}`);
      if (action === denied) throw new AwsError("AccessDeniedException", `no ${action}`);
    },
  });
  const graph: ResourceGraph = {
    project: "p",
    stack: "s",
    region: "eu-west-1",
    account: ACCOUNT,
    resources: [ruleset("rules", text)],
    outputs: {},
  };
  const context = {
    graph,
    home,
    region: "eu-west-1",
    account: ACCOUNT,
    clock: {
      now: () => Date.UTC(2011, 0, 1),
      work: (task: () => Promise<unknown>) => {
        const running = task();
        tasks.push(running);
        return running;
      },
    },
    ports: { sql: { use: (task: (on: typeof connection) => Promise<unknown>) => task(connection) } },
    assume: (_role: string, service: string) => callOf(service),
    servicePrincipal: (service: string) => callOf(service),
    dispatch: (_service: string, _operation: string, input: Shape) => {
      events.push(input);
      return Promise.resolve({});
    },
    log: () => undefined,
  };
  const operations = qualityOperations(
    context as unknown as ServiceContext,
    async (_connection, { table, pushDownPredicate }, call) => {
      call.authorize("glue:GetTable", table);
      return pushDownPredicate === undefined ? "t" : `(SELECT * FROM t WHERE ${pushDownPredicate})`;
    },
  );
  const run = async (name: string, input: Shape): Promise<Shape> => {
    const operation: Operation | undefined = operations[name];
    if (operation === undefined) throw new Error(name);
    return operation(input, callOf("caller"));
  };
  return { run, asked, events, home, settled: () => Promise.all(tasks) };
}

const START = {
  DataSource: { GlueTable: { DatabaseName: "db", TableName: "t" } },
  Role: ROLE,
  RulesetNames: ["rules"],
};

test("a run reads under its role and keeps its result (000-23)", async () => {
  const { run, asked, events, settled } = await harness();
  const { RunId } = await run("StartDataQualityRulesetEvaluationRun", START);
  expect((await run("GetDataQualityRulesetEvaluationRun", { RunId }))["Status"]).toBe("RUNNING");
  await settled();
  const ended = await run("GetDataQualityRulesetEvaluationRun", { RunId });
  expect(ended["Status"]).toBe("SUCCEEDED");
  const { Results, ResultsNotFound } = await run("BatchGetDataQualityResult", { ResultIds: ended["ResultIds"] });
  expect(ResultsNotFound).toEqual([]);
  expect(Results).toMatchObject([
    {
      Score: 0.5,
      RulesetName: "rules",
      RulesetEvaluationRunId: RunId,
      RuleResults: [
        { Name: "Rule_1", Description: "RowCount = 3", Result: "PASS", EvaluatedMetrics: { "Dataset.*.RowCount": 3 } },
        {
          Name: "Rule_2",
          Description: 'IsUnique "id"',
          Result: "FAIL",
          EvaluationMessage: "Value: 0.3333333333333333 does not meet the constraint requirement!",
        },
      ],
    },
  ]);
  expect(asked.slice(0, 2)).toEqual([
    `caller glue:StartDataQualityRulesetEvaluationRun ${ARN}/*`,
    `caller iam:PassRole ${ROLE}`,
  ]);
  expect(asked).toContain("glue.amazonaws.com glue:GetTable t");
  expect(events).toMatchObject([
    { Entries: [{ Source: "aws.glue-dataquality", DetailType: "Data Quality Evaluation Results Available" }] },
  ]);
  expect(JSON.stringify(events)).toContain('\\"state\\":\\"FAILED\\"');
});

test("a push-down predicate limits what is judged", async () => {
  const { run, settled } = await harness();
  const source = {
    GlueTable: { DatabaseName: "db", TableName: "t", AdditionalOptions: { pushDownPredicate: "day = 'y'" } },
  };
  const { RunId } = await run("StartDataQualityRulesetEvaluationRun", { ...START, DataSource: source });
  await settled();
  const { ResultIds } = await run("GetDataQualityRulesetEvaluationRun", { RunId });
  const result = await run("GetDataQualityResult", { ResultId: Array.isArray(ResultIds) ? ResultIds[0] : undefined });
  expect(result["RuleResults"]).toMatchObject([{ EvaluatedMetrics: { "Dataset.*.RowCount": 1 } }, { Result: "PASS" }]);
});

test("a role that may not read fails the run, not the runtime", async () => {
  const { run, settled } = await harness(undefined, "glue:GetTable");
  const { RunId } = await run("StartDataQualityRulesetEvaluationRun", START);
  await settled();
  expect(await run("GetDataQualityRulesetEvaluationRun", { RunId })).toMatchObject({
    Status: "FAILED",
    ErrorString: "no glue:GetTable",
  });
});

test("without iam:PassRole nothing starts", async () => {
  const { run } = await harness(undefined, "iam:PassRole");
  await expect(run("StartDataQualityRulesetEvaluationRun", START)).rejects.toThrow("no iam:PassRole");
});

test("results survive a restart, and a run that was cut short is failed", async () => {
  const first = await harness();
  const { RunId } = await first.run("StartDataQualityRulesetEvaluationRun", START);
  await first.settled();
  appendFileSync(
    join(first.home, "quality-runs.ndjson"),
    `${JSON.stringify({ run: { id: "cut", status: "RUNNING", source: { database: "db", table: "t" }, references: {}, roleArn: ROLE, rulesetNames: ["rules"], startedOn: 0, resultIds: [] } })}\n{"run":{"id":"to`,
  );
  const second = await harness(first.home);
  const { ResultIds } = await second.run("GetDataQualityRulesetEvaluationRun", { RunId });
  expect((await second.run("BatchGetDataQualityResult", { ResultIds }))["ResultsNotFound"]).toEqual([]);
  expect((await second.run("GetDataQualityRulesetEvaluationRun", { RunId: "cut" }))["Status"]).toBe("FAILED");
});

test("what is unknown or not implemented is refused by name", async () => {
  const { run } = await harness();
  await expect(run("StartDataQualityRulesetEvaluationRun", { ...START, RulesetNames: ["none"] })).rejects.toThrow(
    "Data quality ruleset none not found",
  );
  await expect(run("StartDataQualityRulesetEvaluationRun", { ...START, AdditionalRunOptions: {} })).rejects.toThrow(
    "AdditionalRunOptions",
  );
  await expect(run("GetDataQualityResult", { ResultId: "none" })).rejects.toThrow("Cannot find Data Quality Result");
  await expect(harness(undefined, undefined, 'Rules = [ SchemaMatch "x" = 1 ]')).rejects.toThrow(
    "Ruleset rules: DQDL line 1, column 11: rule type SchemaMatch is not implemented locally",
  );
});

test("rulesets of the graph can be listed and read", async () => {
  const { run } = await harness();
  const target = { DatabaseName: "db", TableName: "t" };
  expect(await run("ListDataQualityRulesets", {})).toEqual({
    Rulesets: [{ Name: "rules", RuleCount: 2, TargetTable: target }],
  });
  expect(await run("GetDataQualityRuleset", { Name: "rules" })).toEqual({
    Name: "rules",
    Ruleset: 'Rules = [ RowCount = 3, IsUnique "id" ]',
    TargetTable: target,
  });
});
