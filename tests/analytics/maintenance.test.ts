import { describe, expect, test } from "vitest";
import { tables } from "../../analytics/models/index.ts";
import { rulesets } from "../../governance/quality/index.ts";
import type { Shape } from "../../local/aws/service.ts";
import { bench, machine } from "../../local/aws/states/fixture.ts";
import { refreshDefinition } from "../../pipelines/refresh/definition.ts";
import { maintenanceStates, mostRuns } from "../../pipelines/refresh/maintenance-states.ts";

/*
 * The maintenance states on the real interpreter, Athena played. Not shown here: that the statements do what they say;
 * for that there are the tests of the engine, and the demo.
 */
const alertsTopicArn = "arn:aws:sns:eu-west-1:123456789012:alerts";

/** Why a query fails, `throttled` before it starts; undefined: it succeeds. */
type Fate = string | undefined;

/** Runs the states on these tables; `fate` decides each query by its text and how often it has run before. */
async function maintain(names: readonly string[], fate: (sql: string, earlier: number) => Fate = () => undefined) {
  const ran: string[] = [];
  const texts = new Map<string, string>();
  const definition = machine({
    Begin: { Type: "Pass", Assign: { asOf: "2011-01-01" }, Next: "Maintain" },
    ...maintenanceStates({ workgroup: "w", database: "d", alertsTopicArn }, names, "End"),
    End: { Type: "Succeed", Output: "{% [$maintenance] %}" },
  });
  const made = bench(definition, (_service, operation, input): Shape => {
    if (operation === "StartQueryExecution") {
      const id = String(ran.length);
      texts.set(id, String(input["QueryString"]));
      ran.push(String(input["QueryString"]));
      return { QueryExecutionId: id };
    }
    if (operation !== "AwaitQueryExecution") return { MessageId: "m" };
    const id = String(input["QueryExecutionId"]);
    const sql = texts.get(id) ?? "";
    const reason = fate(sql, ran.slice(0, Number(id)).filter((text) => text === sql).length);
    const Statistics = { DataScannedInBytes: 7 };
    return reason === undefined
      ? { QueryExecution: { Query: sql, Status: { State: "SUCCEEDED" }, Statistics } }
      : { QueryExecution: { Query: sql, Status: { State: "FAILED", StateChangeReason: reason }, Statistics } };
  });
  const ended = await made.run({});
  const published = made.calls.filter(({ operation }) => operation === "Publish").map(({ input }) => input);
  return { ran, published, status: ended["status"], output: JSON.parse(String(ended["output"])) };
}

const optimize = (table: string) => `OPTIMIZE ${table} REWRITE DATA USING BIN_PACK`;

describe("maintenance", () => {
  test("compacts, then vacuums, every table", async () => {
    const names = tables.map(({ name }) => name);
    const { ran, published, output } = await maintain(names);
    expect(ran.toSorted()).toEqual(names.flatMap((name) => [optimize(name), `VACUUM ${name}`]).toSorted());
    for (const name of names) expect(ran.indexOf(`VACUUM ${name}`)).toBeGreaterThan(ran.indexOf(optimize(name)));
    expect(output).toHaveLength(names.length);
    expect(output[0]).toEqual({
      table: names[0],
      statements: [
        { statement: "OPTIMIZE", runs: 1, bytesScanned: 7 },
        { statement: "VACUUM", runs: 1, bytesScanned: 7 },
      ],
    });
    expect(published).toEqual([]);
  });

  test("runs a statement again as long as Athena has more to do, or another writer was faster", async () => {
    const { ran, published, output } = await maintain(["rfm"], (sql, earlier) => {
      if (sql.startsWith("OPTIMIZE") && earlier < 3) return "ICEBERG_OPTIMIZE_MORE_RUNS_NEEDED: only 100 partitions";
      if (sql.startsWith("VACUUM") && earlier < 1) return "ICEBERG_VACUUM_MORE_RUNS_NEEDED: Removed 20000 files";
      if (sql.startsWith("VACUUM") && earlier < 2) return "ICEBERG_COMMIT_ERROR: Failed to commit";
      return undefined;
    });
    expect(ran).toEqual([...Array(4).fill(optimize("rfm")), ...Array(3).fill("VACUUM rfm")]);
    expect(output).toEqual([
      {
        table: "rfm",
        statements: [
          { statement: "OPTIMIZE", runs: 4, bytesScanned: 7 },
          { statement: "VACUUM", runs: 3, bytesScanned: 7 },
        ],
      },
    ]);
    expect(published).toEqual([]);
  });

  test("gives up a statement that never ends", async () => {
    const { ran, output } = await maintain(["rfm"], (sql) =>
      sql.startsWith("VACUUM") ? "ICEBERG_VACUUM_MORE_RUNS_NEEDED: more" : undefined,
    );
    expect(ran).toHaveLength(1 + mostRuns);
    expect(output[0].statements[1]).toEqual({
      statement: "VACUUM",
      runs: mostRuns,
      failed: "ICEBERG_VACUUM_MORE_RUNS_NEEDED: more",
    });
  });

  test("a failure fails nothing: the others are maintained, the output says why, those on call are told", async () => {
    const { ran, published, status, output } = await maintain(["orders", "rfm"], (sql) =>
      sql === optimize("orders") ? "GENERIC_INTERNAL_ERROR: no" : undefined,
    );
    expect(status).toBe("SUCCEEDED");
    expect(ran).toHaveLength(4);
    expect(output).toEqual([
      {
        table: "orders",
        statements: [
          { statement: "OPTIMIZE", runs: 1, failed: "GENERIC_INTERNAL_ERROR: no" },
          { statement: "VACUUM", runs: 1, bytesScanned: 7 },
        ],
      },
      {
        table: "rfm",
        statements: [
          { statement: "OPTIMIZE", runs: 1, bytesScanned: 7 },
          { statement: "VACUUM", runs: 1, bytesScanned: 7 },
        ],
      },
    ]);
    expect(published.map(({ TopicArn }) => TopicArn)).toEqual([alertsTopicArn]);
    expect(JSON.parse(String(published[0]?.["Message"]))).toEqual({
      asOf: "2011-01-01",
      failed: [{ table: "orders", statements: ["OPTIMIZE: GENERIC_INTERNAL_ERROR: no"] }],
    });
  });
});

describe("a refresh with nothing new", () => {
  const definition = refreshDefinition({
    planFunctionArn: "arn:aws:lambda:eu-west-1:123456789012:function:plan",
    workgroup: "w",
    database: "d",
    qualityRoleArn: "arn:aws:iam::123456789012:role/quality",
    rulesetNames: Object.fromEntries(rulesets.map(({ name }) => [name, name])),
    alertsTopicArn,
  });
  const planned = {
    asOf: "2011-01-01",
    nothingNew: true,
    dates: [],
    eventDates: "''",
    pushDownPredicate: "",
    objects: 0,
    partitions: 0,
    watermark: {},
  };

  test.each([
    [true, tables.length],
    [false, 0],
  ])("maintains the tables only if it is told to: %s", async (maintain, maintained) => {
    const made = bench(definition, (_service, operation, input): Shape | Promise<Shape> => {
      if (operation === "ListExecutions") return made.ask(operation, input);
      if (operation === "StartQueryExecution") return { QueryExecutionId: "q" };
      if (operation === "AwaitQueryExecution")
        return { QueryExecution: { Status: { State: "SUCCEEDED" }, Statistics: { DataScannedInBytes: 7 } } };
      const payload = JSON.parse(Buffer.from(Object(input["Payload"])).toString());
      expect(payload).toEqual({ action: "plan", asOf: "2011-01-01", full: false, maintain });
      return { StatusCode: 200, Payload: Buffer.from(JSON.stringify({ ...planned, maintain })) };
    });
    const ended = await made.run({ scheduledTime: "2011-01-01T00:00:00Z", maintain });
    const output = JSON.parse(String(ended["output"]));
    expect(output).toMatchObject({ status: "NothingNew", asOf: "2011-01-01" });
    expect(output.maintenance?.length ?? 0).toBe(maintained);
    expect(made.calls.filter(({ operation }) => operation === "StartQueryExecution")).toHaveLength(2 * maintained);
  });
});
