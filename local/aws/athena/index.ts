import { join } from "node:path";
import type { ServiceFactory } from "../service.ts";
import { ExecutionStore } from "./executions.ts";
import { metadataOperations } from "./metadata.ts";
import { NamedQueries } from "./named-queries.ts";
import { namedQueryOperations } from "./named-query-operations.ts";
import { preparedOperations } from "./prepared-operations.ts";
import { PreparedStatements } from "./prepared-statements.ts";
import { queryOperations } from "./query-operations.ts";
import { queryResults } from "./query-results.ts";
import { QueryRunner } from "./runner.ts";
import { createTableReader } from "./tables/reader.ts";
import { tagOperations } from "./tag-operations.ts";
import { workgroupOperations } from "./workgroup-operations.ts";
import { Workgroups } from "./workgroups.ts";

/** Athena on the runtime's DuckDB. Fills `ports.tables`. */
export const athena: ServiceFactory = (context) => {
  const { graph, home } = context;
  const workgroups = new Workgroups(graph, join(home, "workgroups.json"));
  const store = new ExecutionStore(home);
  const prepared = new PreparedStatements(join(home, "prepared-statements.json"));
  const runner = new QueryRunner(context, store, prepared);
  context.ports.tables = createTableReader(context);
  return {
    name: "athena",
    binding: { protocol: "json", version: "1.1", target: "AmazonAthena" },
    operations: {
      ...queryOperations(workgroups, store, runner),
      ...queryResults(context, workgroups, store),
      ...workgroupOperations(workgroups),
      ...tagOperations(workgroups),
      ...namedQueryOperations(workgroups, new NamedQueries(graph, join(home, "named-queries.json"))),
      ...preparedOperations(context, workgroups, prepared),
      ...metadataOperations(context),
    },
    runs: ["aws:athena/workgroup:Workgroup", "aws:athena/namedQuery:NamedQuery"],
  };
};
