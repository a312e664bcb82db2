import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { tables } from "../../analytics/models/index.ts";
import { fromHive } from "../../local/aws/athena/sql/hive-type.ts";
import type { Binder, BoundTable } from "../../local/aws/athena/sql/scope.ts";
import { translate } from "../../local/aws/athena/sql/translate.ts";
import { trinoType } from "../../local/aws/athena/tables/iceberg-types.ts";
import { type DeclaredTable, declaredTables } from "../../local/aws/glue/declared-tables.ts";
import { icebergCreation } from "../../local/aws/glue/iceberg-creation.ts";
import { catalogueTable } from "../../local/aws/glue/table-input.ts";
import { evaluateProgram } from "../../local/graph/evaluate.ts";
import type { ResourceGraph } from "../../local/graph/resource.ts";

/*
 * Every Athena SQL text that is deployed is one that the local Athena understands, over the tables that are deployed: a
 * column or a function that does not exist is found here. That it gives the right rows is shown where it runs.
 */
/** A declared table as a query sees it. */
function bound({ database, name, tableInput, openTableFormat }: DeclaredTable): BoundTable {
  if (openTableFormat !== undefined) {
    const { columns, partitionedBy } = icebergCreation(openTableFormat, tableInput);
    return {
      database,
      name,
      kind: "iceberg",
      columns: columns.map((column) => ({ name: column.name, type: trinoType(column.type) })),
      partitionColumns: partitionedBy.map(({ column }) => column),
    };
  }
  const stored = { database, name, input: tableInput, version: 0, created: 0, updated: 0 };
  const { columns, partitionKeys } = catalogueTable(stored);
  return {
    database,
    name,
    kind: "hive",
    columns: [...columns, ...partitionKeys].map((column) => {
      const type = fromHive(column.type, 3);
      if (type === undefined) throw new Error(`${name}.${column.name} is of the unknown type ${column.type}`);
      return { name: column.name, type };
    }),
  };
}

describe("SQL in the graph", () => {
  let graph: ResourceGraph;
  let binder: Binder;

  beforeAll(async () => {
    graph = await evaluateProgram({ projectDir: fileURLToPath(new URL("../../", import.meta.url)), stack: "dev" });
    const known = new Map(declaredTables(graph).map((table) => [table.name, bound(table)]));
    binder = {
      table(_schema, name) {
        const table = known.get(name);
        if (table === undefined) throw new Error(`no table ${name}`);
        return table;
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
    const kinds = Object.groupBy(statements, (sql) => translate(sql, binder).kind);
    expect(Object.entries(kinds).map(([kind, each]) => [kind, each?.length])).toEqual([
      ["MERGE", 19],
      ["OPTIMIZE", tables.length],
      ["VACUUM", tables.length],
    ]);
  });
});

/** Members named `sql`, wherever they stand in a definition. */
function sqlIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    name === "sql" && typeof member === "string" ? [member] : sqlIn(member),
  );
}
