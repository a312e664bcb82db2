import { describe, expect, test } from "vitest";
import { models } from "../../analytics/models/index.ts";
import { rulesets } from "../../governance/quality/index.ts";
import type { Shape } from "../../local/aws/service.ts";
import { type Bench, bench, machineArn, startTime } from "../../local/aws/states/fixture.ts";
import { refreshDefinition } from "../../pipelines/refresh/definition.ts";

const alertsTopicArn = "arn:aws:sns:eu-west-1:123456789012:alerts";
const definition = refreshDefinition({
  planFunctionArn: "arn:aws:lambda:eu-west-1:123456789012:function:plan",
  workgroup: "c360-test",
  database: "c360_test",
  qualityRoleArn: "arn:aws:iam::123456789012:role/quality",
  rulesetNames: Object.fromEntries(rulesets.map(({ name }) => [name, `c360-test-${name}`])),
  alertsTopicArn,
});

const watermark = { asOf: "2011-01-01", until: 1, seen: { "2010-12-31": "ab" } };
const plan = {
  asOf: "2011-01-01",
  nothingNew: false,
  dates: ["2010-12-30", "2010-12-31"],
  eventDates: "'2010-12-30', '2010-12-31'",
  pushDownPredicate: "event_date in ('2010-12-30', '2010-12-31')",
  objects: 5,
  partitions: 4,
  watermark,
};

/** The services around the machine; it is the real interpreter that runs it. */
function machineWith(planned: object, failing?: { readonly ruleset: string; readonly status?: string }): Bench {
  const polls = new Map<string, number>();
  const machine: Bench = bench(definition, (_service, operation, input): Shape | Promise<Shape> => {
    switch (operation) {
      case "Invoke": {
        const payload = JSON.parse(Buffer.from(Object(input["Payload"])).toString());
        return {
          StatusCode: 200,
          Payload: Buffer.from(JSON.stringify(payload.action === "plan" ? planned : { committed: true })),
        };
      }
      case "StartQueryExecution":
        return { QueryExecutionId: "q" };
      case "AwaitQueryExecution":
        return { QueryExecution: { Status: { State: "SUCCEEDED" }, Statistics: { DataScannedInBytes: 100 } } };
      case "StartDataQualityRulesetEvaluationRun":
        return { RunId: String(Object(input["RulesetNames"])[0]) };
      case "GetDataQualityRulesetEvaluationRun": {
        const run = String(input["RunId"]);
        polls.set(run, (polls.get(run) ?? 0) + 1);
        if (polls.get(run) === 1) return { RunId: run, Status: "RUNNING" };
        const status = failing?.status !== undefined && run.endsWith(failing.ruleset) ? failing.status : "SUCCEEDED";
        return {
          RunId: run,
          Status: status,
          ...(status === "FAILED" && { ErrorString: "no such table" }),
          ResultIds: [`result-${run}`],
        };
      }
      case "BatchGetDataQualityResult": {
        const id = String(Object(input["ResultIds"])[0]);
        const passes = { Name: "Rule_1", Description: "RowCount > 0", Result: "PASS" };
        const fails = {
          Name: "Rule_2",
          Description: 'IsComplete "monetary"',
          Result: "FAIL",
          EvaluationMessage: "Value: 0.5",
        };
        const failed = failing !== undefined && id.endsWith(failing.ruleset);
        return {
          Results: [{ ResultId: id, Score: failed ? 0.5 : 1, RuleResults: failed ? [passes, fails] : [passes] }],
        };
      }
      case "Publish":
        return { MessageId: "m" };
      case "ListExecutions":
        return machine.ask(operation, input);
      default:
        throw new Error(`unexpected ${operation}`);
    }
  });
  return machine;
}

async function refresh(planned: object, failing?: { readonly ruleset: string; readonly status?: string }) {
  const machine = machineWith(planned, failing);
  const ended = await machine.run({ scheduledTime: "2011-01-01T00:00:00Z" });
  const of = (operation: string) =>
    machine.calls.filter((call) => call.operation === operation).map(({ input }) => input);
  const sql = of("StartQueryExecution").map((input) => String(input["QueryString"]));
  const output = ended["output"] === undefined ? undefined : JSON.parse(String(ended["output"]));
  return { ended, output, of, sql, calls: machine.calls };
}

const invoked = (inputs: readonly Shape[]) =>
  inputs.map((input) => JSON.parse(Buffer.from(Object(input["Payload"])).toString()));

describe("the refresh on the local interpreter", () => {
  test("builds, audits, publishes and only then moves the watermark", async () => {
    const { ended, output, of, sql, calls } = await refresh(plan);
    expect(ended).toMatchObject({ status: "SUCCEEDED" });
    expect(output).toMatchObject({
      status: "Refreshed",
      asOf: "2011-01-01",
      dates: 2,
      objects: 5,
      partitions: 4,
      bytesScanned: 100 * models.length,
    });
    expect(output.statements.map(({ name }: { name: string }) => name)).toEqual(models.map(({ name }) => name));
    expect(output.audits).toHaveLength(rulesets.length);
    expect(invoked(of("Invoke"))).toEqual([
      { action: "plan", asOf: "2011-01-01", full: false },
      { action: "commit", watermark },
    ]);
    expect(sql.join("\n")).not.toContain("/*:");
    expect(sql[0]).toContain("event_date IN ('2010-12-30', '2010-12-31')");
    expect(sql.find((text) => text.startsWith("-- The whole population"))).toContain(
      "sold_at < CAST(DATE '2011-01-01' AS timestamp)",
    );
    const order = calls.map(({ operation }) => operation);
    expect(order.lastIndexOf("StartDataQualityRulesetEvaluationRun")).toBeLessThan(
      order.lastIndexOf("StartQueryExecution"),
    );
    expect(order.lastIndexOf("Invoke")).toBe(order.length - 1);
    expect(of("Publish")).toEqual([]);
  });

  test("audits only the new partitions of raw_events, other tables whole", async () => {
    const { of: inputs } = await refresh(plan);
    const sources = inputs("StartDataQualityRulesetEvaluationRun").map(
      (input) => Object(input["DataSource"])["GlueTable"],
    );
    expect(sources).toHaveLength(rulesets.length);
    const of = (table: string) => sources.find(({ TableName }) => TableName === table);
    expect(of("raw_events")).toEqual({
      DatabaseName: "c360_test",
      TableName: "raw_events",
      AdditionalOptions: { pushDownPredicate: plan.pushDownPredicate },
    });
    expect(of("orders")).toEqual({ DatabaseName: "c360_test", TableName: "orders" });
  });

  test("with nothing new does nothing", async () => {
    const { ended, output, calls } = await refresh({ ...plan, nothingNew: true, dates: [] });
    expect(ended).toMatchObject({ status: "SUCCEEDED" });
    expect(output).toEqual({ status: "NothingNew", asOf: "2011-01-01" });
    expect(calls.map(({ operation }) => operation)).toEqual(["ListExecutions", "Invoke"]);
  });

  test("for a new refresh date alone leaves silver as it is", async () => {
    const { output, sql } = await refresh({ ...plan, dates: [], eventDates: "''" });
    const gold = models.filter(({ layer }) => layer === "gold");
    expect(output).toMatchObject({ status: "Refreshed", dates: 0, bytesScanned: 100 * gold.length });
    expect(sql).toHaveLength(gold.length);
  });

  test("a failed rule of a candidate publishes nothing, keeps the watermark and tells who is on call (P14)", async () => {
    const { ended, of, sql } = await refresh(plan, { ruleset: "gold-rfm" });
    expect(ended).toMatchObject({ status: "FAILED", error: "QualityFailed" });
    expect(sql).toHaveLength(models.filter(({ kind }) => kind === "build").length);
    expect(invoked(of("Invoke")).map(({ action }) => action)).toEqual(["plan"]);
    const [alert] = of("Publish");
    expect(alert?.["TopicArn"]).toBe(alertsTopicArn);
    expect(JSON.parse(String(alert?.["Message"]))).toEqual({
      asOf: "2011-01-01",
      failed: [{ ruleset: "gold-rfm", failed: ['Rule_2: IsComplete "monetary"'] }],
    });
  });

  test("a failed rule of silver stops before gold", async () => {
    const { ended, sql } = await refresh(plan, { ruleset: "silver-orders" });
    expect(ended).toMatchObject({ status: "FAILED", error: "QualityFailed" });
    expect(sql).toHaveLength(models.filter(({ layer }) => layer === "silver").length);
  });

  test("an audit that cannot be made counts as failed", async () => {
    const { ended, of } = await refresh(plan, { ruleset: "raw-events", status: "FAILED" });
    expect(ended).toMatchObject({ status: "FAILED", error: "QualityFailed" });
    expect(JSON.parse(String(of("Publish")[0]?.["Message"])).failed).toEqual([
      { ruleset: "raw-events", failed: ["not evaluated: FAILED, no such table"] },
    ]);
  });

  test.each([
    ["in the same millisecond, the smaller name goes on", ["b", "a"], 0, "a"],
    ["one after the other, the first goes on", ["b", "a"], 1000, "b"],
  ])("of two %s; the other changes nothing and says why", async (_title, names, apart, first) => {
    const machine = machineWith(plan);
    const start = async (name: string) => {
      const input = JSON.stringify({ scheduledTime: "2011-01-01T00:00:00Z" });
      await machine.ask("StartExecution", { stateMachineArn: machineArn, name, input });
    };
    await start(names[0] ?? "");
    // The first one is waiting for its audits by then.
    if (apart > 0) await machine.clock.advanceTo(startTime + apart);
    await start(names[1] ?? "");
    await machine.clock.advanceTo(startTime + 86_400_000);
    const ends = await Promise.all(
      ["a", "b"].map((name) =>
        machine.ask("DescribeExecution", {
          executionArn: `${machineArn.replace("stateMachine", "execution")}:${name}`,
        }),
      ),
    );
    const [gone, stopped] = first === "a" ? ends : [...ends].reverse();
    expect(gone).toMatchObject({ status: "SUCCEEDED" });
    expect(stopped).toMatchObject({
      status: "FAILED",
      error: "AlreadyRunning",
      cause:
        `The refresh ${first} has been running since 2011-01-01T00:00:00.000Z. ` +
        "This one has changed nothing; start it again when that one has ended.",
    });
    expect(machine.calls.filter(({ operation }) => operation === "Invoke")).toHaveLength(2);
  });

  test("after another one has ended, the next one goes on", async () => {
    const machine = machineWith(plan);
    const input = { scheduledTime: "2011-01-01T00:00:00Z" };
    expect(await machine.run(input)).toMatchObject({ status: "SUCCEEDED" });
    expect(await machine.run(input, startTime + 2 * 86_400_000)).toMatchObject({ status: "SUCCEEDED" });
  });
});
