import { join } from "node:path";
import {
  BatchGetDataQualityResultCommand,
  GetDataQualityRulesetEvaluationRunCommand,
  GlueClient,
  ListDataQualityResultsCommand,
  StartDataQualityRulesetEvaluationRunCommand,
} from "@aws-sdk/client-glue";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readStackOutputs, type StackOutputs } from "../../cli/stack-outputs.ts";
import { readMessages } from "../../local/aws/sns/index.ts";
import { type Runtime, startRuntime } from "../../local/runtime.ts";
import { folder, root } from "./command.ts";

const home = folder();
let runtime: Runtime;
let outputs: StackOutputs;
let glue: GlueClient;

beforeAll(async () => {
  runtime = await startRuntime({
    projectDir: root,
    stack: "dev",
    home: home.path,
    clock: "virtual",
    startAt: Date.UTC(2011, 0, 1),
  });
  outputs = readStackOutputs(runtime.graph.outputs);
  const keys = runtime.environmentFor(outputs.roleArns.operator);
  glue = new GlueClient({
    endpoint: runtime.endpoint,
    region: outputs.region,
    credentials: {
      accessKeyId: String(keys["AWS_ACCESS_KEY_ID"]),
      secretAccessKey: String(keys["AWS_SECRET_ACCESS_KEY"]),
    },
  });
});

afterAll(async () => {
  await runtime.stop();
  home.remove();
});

test("rules that do not hold are told to those on call, by the real client and under the operator's role (000-23)", async () => {
  const table = { DatabaseName: outputs.database, TableName: "raw_events" };
  const { RunId } = await glue.send(
    new StartDataQualityRulesetEvaluationRunCommand({
      DataSource: { GlueTable: table },
      Role: outputs.qualityRoleArn,
      RulesetNames: [String(outputs.rulesetNames["raw-events"])],
    }),
  );
  await runtime.clock.settled();
  const run = await glue.send(new GetDataQualityRulesetEvaluationRunCommand({ RunId }));
  expect([run.Status, run.ErrorString, run.StartedOn]).toEqual([
    "SUCCEEDED",
    undefined,
    new Date(Date.UTC(2011, 0, 1)),
  ]);

  const { Results } = await glue.send(
    new ListDataQualityResultsCommand({ Filter: { DataSource: { GlueTable: table } } }),
  );
  expect(Results?.map(({ ResultId }) => ResultId)).toEqual(run.ResultIds);
  const found = await glue.send(new BatchGetDataQualityResultCommand({ ResultIds: run.ResultIds }));
  // No event has come: the first rule asks for at least one, and of no row nothing else can be said either.
  expect(found.Results?.[0]?.Score).toBe(0);
  expect(found.Results?.[0]?.RuleResults?.[0]).toMatchObject({
    Description: "RowCount > 0",
    Result: "FAIL",
    EvaluatedMetrics: { "Dataset.*.RowCount": 0 },
  });

  const alerts = readMessages(join(home.path, "sns"), outputs.alertsTopicArn).map(({ message }) => JSON.parse(message));
  expect(alerts).toMatchObject([
    {
      source: "aws.glue-dataquality",
      detail: { state: "FAILED", rulesetNames: [outputs.rulesetNames["raw-events"]], numRulesFailed: 9 },
    },
  ]);
});
