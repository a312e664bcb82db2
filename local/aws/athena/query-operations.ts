import { objectIn, onlyMembers, optionalText, pageOf, requiredText } from "../members.ts";
import { type Call, NotImplementedLocally, type Operation, type Shape } from "../service.ts";
import { batchOf } from "./batch.ts";
import { executionView, runtimeStatistics } from "./execution-view.ts";
import { type Asked, type Execution, type ExecutionStore, sameQuestion } from "./executions.ts";
import { checkPage, invalidRequest } from "./invalid-request.ts";
import { outputOf } from "./result-configuration.ts";
import type { QueryRunner } from "./runner.ts";
import { MAX_QUERY_BYTES, Source } from "./sql/ast.ts";
import { SqlError } from "./sql/errors.ts";
import { statementKind } from "./statement-kind.ts";
import { askFor, type Workgroup, type Workgroups } from "./workgroups.ts";

/** A result may be a week old at most (API reference, ResultReuseByAgeConfiguration). */
const MAX_REUSE_MINUTES = 10_080;
const DEFAULT_REUSE_MINUTES = 60;

/** Statements that the parser reads whole, and what is none; the others are read when they run. */
const PARSED = new Set(["SELECT", "INSERT", "UPDATE", "DELETE", "MERGE"]);
const OTHERS = /^[\s(]*(show|create|alter|drop|desc|describe|msck)\b/i;

/** Athena refuses what it cannot parse before there is a query. @throws AwsError */
function checkSyntax(sql: string): void {
  const { substatement } = statementKind(sql);
  if (!PARSED.has(substatement) && (substatement !== "UNKNOWN" || OTHERS.test(sql))) return;
  try {
    new Source(sql).parse();
  } catch (error) {
    if (!(error instanceof SqlError) || error.code !== "SYNTAX_ERROR") throw error;
    throw invalidRequest(error.message.replace(/^SYNTAX_ERROR: /, ""), "MALFORMED_QUERY");
  }
}

/** The age of results that the client takes, in minutes. @throws AwsError */
function reuseMinutes(input: Shape): number | undefined {
  const configuration = objectIn(input["ResultReuseConfiguration"]) ?? {};
  onlyMembers("athena:StartQueryExecution ResultReuseConfiguration", configuration, ["ResultReuseByAgeConfiguration"]);
  const byAge = objectIn(configuration["ResultReuseByAgeConfiguration"]) ?? {};
  if (byAge["Enabled"] !== true) return undefined;
  const { MaxAgeInMinutes: minutes = DEFAULT_REUSE_MINUTES } = byAge;
  if (typeof minutes !== "number" || minutes < 0 || minutes > MAX_REUSE_MINUTES)
    throw invalidRequest(`MaxAgeInMinutes must be between 0 and ${MAX_REUSE_MINUTES}`);
  return minutes;
}

/** Starting, watching and stopping queries. */
export function queryOperations(
  workgroups: Workgroups,
  store: ExecutionStore,
  runner: QueryRunner,
): Record<string, Operation> {
  const view = (execution: Execution): Shape => executionView(execution, workgroups.find(execution.workgroup));
  const authorized = (input: Shape, action: string, call: Call): Execution => {
    const execution = store.get(requiredText(input, "QueryExecutionId"));
    askFor(call, action, workgroups.named(execution.workgroup));
    return execution;
  };
  const askedIn = (input: Shape, workgroup: Workgroup): Asked => {
    const sql = requiredText(input, "QueryString");
    if (Buffer.byteLength(sql) > MAX_QUERY_BYTES || sql.trim() === "")
      throw invalidRequest(`QueryString must have between 1 and ${MAX_QUERY_BYTES} bytes`);
    const scope = objectIn(input["QueryExecutionContext"]) ?? {};
    onlyMembers("athena:StartQueryExecution QueryExecutionContext", scope, ["Database", "Catalog"]);
    const catalog = optionalText(scope, "Catalog");
    if (catalog !== undefined && catalog.toLowerCase() !== "awsdatacatalog")
      throw new NotImplementedLocally(`athena catalog ${catalog}`);
    const given = input["ExecutionParameters"];
    return {
      sql,
      catalog,
      // Clients write it as Hive's statements have names, too.
      database: optionalText(scope, "Database")?.replace(/^`(.+)`$/, "$1"),
      workgroup: workgroup.name,
      parameters: Array.isArray(given) ? given.map(String) : [],
      ...outputOf(input, workgroup),
    };
  };

  return {
    StartQueryExecution(input, call) {
      onlyMembers("athena:StartQueryExecution", input, [
        "QueryString",
        "ClientRequestToken",
        "QueryExecutionContext",
        "ResultConfiguration",
        "WorkGroup",
        "ExecutionParameters",
        "ResultReuseConfiguration",
      ]);
      const workgroup = workgroups.of(input);
      askFor(call, "StartQueryExecution", workgroup);
      if (!workgroup.enabled) throw invalidRequest(`WorkGroup ${workgroup.name} is disabled.`);
      const asked = askedIn(input, workgroup);
      checkSyntax(asked.sql);
      const token = optionalText(input, "ClientRequestToken");
      const earlier = store.withToken(workgroup.name, token);
      if (earlier !== undefined) {
        // Parameters are not compared on AWS either.
        if (sameQuestion({ ...earlier, parameters: [] }, { ...asked, parameters: [] }))
          return { QueryExecutionId: earlier.id };
        throw invalidRequest("Idempotent parameters do not match", "IDEMPOTENT_PARAMETER_MISMATCH");
      }
      const { id } = runner.submit({ asked, workgroup, token, reuseMinutes: reuseMinutes(input) }, call);
      return { QueryExecutionId: id };
    },
    GetQueryExecution(input, call) {
      onlyMembers("athena:GetQueryExecution", input, ["QueryExecutionId"]);
      return { QueryExecution: view(authorized(input, "GetQueryExecution", call)) };
    },
    GetQueryRuntimeStatistics(input, call) {
      onlyMembers("athena:GetQueryRuntimeStatistics", input, ["QueryExecutionId"]);
      const execution = authorized(input, "GetQueryRuntimeStatistics", call);
      return { QueryRuntimeStatistics: runtimeStatistics(execution) };
    },
    /** For services in process: answers when the query has ended, as `.sync` integrations need. Not an operation of AWS. */
    async AwaitQueryExecution(input, call) {
      onlyMembers("athena:AwaitQueryExecution", input, ["QueryExecutionId"]);
      const { id } = authorized(input, "GetQueryExecution", call);
      return { QueryExecution: view(await runner.ended(id)) };
    },
    BatchGetQueryExecution(input, call) {
      onlyMembers("athena:BatchGetQueryExecution", input, ["QueryExecutionIds"]);
      const { found, unprocessed } = batchOf(input, {
        member: "QueryExecutionIds",
        most: 50,
        find: (id) => store.find(id),
        missing: { member: "QueryExecutionId", what: "QueryExecution", code: "QUERY_EXECUTION_NOT_FOUND" },
      });
      for (const { workgroup } of found) askFor(call, "BatchGetQueryExecution", workgroups.named(workgroup));
      return { QueryExecutions: found.map(view), UnprocessedQueryExecutionIds: unprocessed };
    },
    ListQueryExecutions(input, call) {
      onlyMembers("athena:ListQueryExecutions", input, ["NextToken", "MaxResults", "WorkGroup"]);
      checkPage(input, 50);
      const workgroup = workgroups.of(input);
      askFor(call, "ListQueryExecutions", workgroup);
      const { items, next } = pageOf(store.of(workgroup.name), input["MaxResults"], input["NextToken"], 50);
      return { QueryExecutionIds: items.map(({ id }) => id), ...(next !== undefined && { NextToken: next }) };
    },
    StopQueryExecution(input, call) {
      onlyMembers("athena:StopQueryExecution", input, ["QueryExecutionId"]);
      runner.stop(authorized(input, "StopQueryExecution", call).id);
      return {};
    },
  };
}
