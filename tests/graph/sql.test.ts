import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { fromHive } from "../../local/aws/athena/sql/hive-type.ts";
import type { Binder } from "../../local/aws/athena/sql/scope.ts";
import { translate } from "../../local/aws/athena/sql/translate.ts";
import { GraphCatalogue } from "../../local/aws/glue/catalogue.ts";
import type { Call } from "../../local/aws/service.ts";
import { evaluateProgram } from "../../local/graph/evaluate.ts";
import type { ResourceGraph } from "../../local/graph/resource.ts";

/*
 * Every Athena SQL text that is deployed is one that the local Athena understands, over the tables that are deployed: a
 * column or a function that does not exist is found here. That it gives the right rows is shown where it runs.
 */
const anybody: Call = {
  principal: {
    roleArn: "arn:aws:iam::123456789012:role/test",
    sessionArn: "arn:aws:sts::123456789012:assumed-role/test/test",
  },
  requestId: "test",
  authorize: () => undefined,
};

describe("SQL in the graph", () => {
  let graph: ResourceGraph;
  let binder: Binder;

  beforeAll(async () => {
    graph = await evaluateProgram({ projectDir: fileURLToPath(new URL("../../", import.meta.url)), stack: "dev" });
    const catalogue = new GraphCatalogue(graph);
    const database = String(graph.outputs["database"]);
    binder = {
      table(_schema, name) {
        const table = catalogue.table(database, name, anybody);
        const columns = [...table.columns, ...table.partitionKeys].map((column) => {
          const type = fromHive(column.type, table.kind === "iceberg" ? 6 : 3);
          if (type === undefined) throw new Error(`${name}.${column.name} is of the unknown type ${column.type}`);
          return { name: column.name, type };
        });
        return { database, name, columns };
      },
    };
  });

  test("every saved question translates", () => {
    const questions = graph.resources.filter(({ type }) => type === "aws:athena/namedQuery:NamedQuery");
    expect(questions.map(({ inputs }) => inputs["name"])).toContain("net-value-by-month");
    for (const { inputs } of questions) expect(translate(String(inputs["query"]), binder).kind).toBe("SELECT");
  });

  test("every statement of the refresh translates", () => {
    const machines = graph.resources.filter(({ type }) => type === "aws:sfn/stateMachine:StateMachine");
    const statements = machines.flatMap(({ inputs }) => sqlIn(JSON.parse(String(inputs["definition"]))));
    expect(statements.length).toBe(19);
    for (const sql of statements) expect(translate(sql, binder).kind).toBe("MERGE");
  });
});

/** Members named `sql`, wherever they stand in a definition. */
function sqlIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    name === "sql" && typeof member === "string" ? [member] : sqlIn(member),
  );
}
