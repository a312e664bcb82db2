import type { ServiceFactory } from "../service.ts";
import { ExecutionStore } from "./executions.ts";
import { metadataOperations } from "./metadata.ts";
import { namedQueryOperations } from "./named-queries.ts";
import { queryOperations } from "./query-operations.ts";
import { QueryRunner } from "./runner.ts";
import { createTableReader } from "./tables/reader.ts";
import { namedQueriesOf, workgroupsOf } from "./workgroups.ts";

/** Athena on the runtime's DuckDB. Fills `ports.tables`. */
export const athena: ServiceFactory = (context) => {
  const workgroups = workgroupsOf(context.graph);
  const store = new ExecutionStore(context.home);
  const runner = new QueryRunner(context, store);
  context.ports.tables = createTableReader(context);
  return {
    name: "athena",
    binding: { protocol: "json", version: "1.1", target: "AmazonAthena" },
    operations: {
      ...queryOperations(context, workgroups, store, runner),
      ...namedQueryOperations(workgroups, namedQueriesOf(context.graph)),
      ...metadataOperations(context),
    },
    runs: ["aws:athena/workgroup:Workgroup", "aws:athena/namedQuery:NamedQuery"],
  };
};
