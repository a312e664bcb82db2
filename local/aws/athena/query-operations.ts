import { readFileSync } from "node:fs";
import { objectIn, onlyMembers, optionalText, pageOf, requiredText } from "../members.ts";
import {
  AwsError,
  type Call,
  NotImplementedLocally,
  type Operation,
  type ServiceContext,
  type Shape,
} from "../service.ts";
import { parseCsv } from "./csv.ts";
import { columnInfo, executionView } from "./execution-view.ts";
import type { Execution, ExecutionStore } from "./executions.ts";
import type { QueryRunner } from "./runner.ts";
import { MAX_QUERY_BYTES } from "./sql/ast.ts";
import { splitLocation } from "./tables/hive-files.ts";
import { type Workgroup, workgroupNamed } from "./workgroups.ts";

/** What the catalogue says has no header, and a whole line is one value. */
const linesOf = (text: string): string[][] => (text === "" ? [] : text.split("\n").map((line) => [line]));

/** Parsed results kept for paging. */
const KEPT_RESULTS = 8;

/** Starting, watching and reading queries. */
export function queryOperations(
  context: ServiceContext,
  workgroups: ReadonlyMap<string, Workgroup>,
  store: ExecutionStore,
  runner: QueryRunner,
): Record<string, Operation> {
  const parsed = new Map<string, (string | null)[][]>();

  const view = (execution: Execution): Shape => executionView(execution, workgroups.get(execution.workgroup));
  const authorized = (input: Shape, action: string, call: Call): Execution => {
    const execution = store.get(requiredText(input, "QueryExecutionId"));
    call.authorize(action, workgroupNamed(workgroups, execution.workgroup).arn);
    return execution;
  };
  const outputOf = (input: Shape, workgroup: Workgroup): string => {
    const client = objectIn(input["ResultConfiguration"]);
    if (client !== undefined)
      onlyMembers("athena:StartQueryExecution ResultConfiguration", client, [
        "OutputLocation",
        "EncryptionConfiguration",
        "ExpectedBucketOwner",
      ]);
    const asked = workgroup.enforced ? undefined : client?.["OutputLocation"];
    const location = typeof asked === "string" ? asked : workgroup.outputLocation;
    if (location === undefined)
      throw new AwsError(
        "InvalidRequestException",
        "No output location provided. An output location is required either through the Workgroup result configuration setting or as an API input.",
      );
    return location.replace(/\/?$/, "/");
  };

  /** All rows of a result; of a query the header first. */
  const rowsOf = (execution: Execution, call: Call): (string | null)[][] => {
    const { bucket, prefix: key } = splitLocation(execution.outputLocation);
    // Asks for s3:GetObject every time, cached or not.
    const file = context.ports.objects.file({ bucket, key }, call);
    const known = parsed.get(execution.id);
    if (known !== undefined) return known;
    const text = readFileSync(file, "utf8");
    const rows = key.endsWith(".txt") ? linesOf(text) : parseCsv(text);
    const [oldest] = parsed.keys();
    if (parsed.size >= KEPT_RESULTS && oldest !== undefined) parsed.delete(oldest);
    parsed.set(execution.id, rows);
    return rows;
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
      const reuse = objectIn(objectIn(input["ResultReuseConfiguration"])?.["ResultReuseByAgeConfiguration"]);
      if (reuse?.["Enabled"] === true)
        throw new NotImplementedLocally("athena:StartQueryExecution with ResultReuseConfiguration");
      const workgroup = workgroupNamed(workgroups, optionalText(input, "WorkGroup") ?? "primary");
      call.authorize("athena:StartQueryExecution", workgroup.arn);
      const sql = requiredText(input, "QueryString");
      if (Buffer.byteLength(sql) > MAX_QUERY_BYTES || sql.trim() === "")
        throw new AwsError("InvalidRequestException", `QueryString must have between 1 and ${MAX_QUERY_BYTES} bytes`);
      const scope = objectIn(input["QueryExecutionContext"]) ?? {};
      onlyMembers("athena:StartQueryExecution QueryExecutionContext", scope, ["Database", "Catalog"]);
      const catalog = optionalText(scope, "Catalog");
      if (catalog !== undefined && catalog.toLowerCase() !== "awsdatacatalog")
        throw new NotImplementedLocally(`athena catalog ${catalog}`);
      const token = optionalText(input, "ClientRequestToken");
      const parameters = Array.isArray(input["ExecutionParameters"]) ? input["ExecutionParameters"].map(String) : [];
      const earlier = store.withToken(workgroup.name, token);
      if (earlier !== undefined) {
        if (earlier.sql !== sql) throw new AwsError("InvalidRequestException", "Idempotent parameters do not match");
        return { QueryExecutionId: earlier.id };
      }
      const outputLocation = outputOf(input, workgroup);
      const { id } = runner.submit(
        { sql, database: optionalText(scope, "Database"), workgroup, parameters, token, outputLocation },
        call,
      );
      return { QueryExecutionId: id };
    },
    GetQueryExecution(input, call) {
      onlyMembers("athena:GetQueryExecution", input, ["QueryExecutionId"]);
      return { QueryExecution: view(authorized(input, "athena:GetQueryExecution", call)) };
    },
    /** For services in process: answers when the query has ended, as `.sync` integrations need. Not an operation of AWS. */
    async AwaitQueryExecution(input, call) {
      onlyMembers("athena:AwaitQueryExecution", input, ["QueryExecutionId"]);
      const { id } = authorized(input, "athena:GetQueryExecution", call);
      return { QueryExecution: view(await runner.ended(id)) };
    },
    BatchGetQueryExecution(input, call) {
      onlyMembers("athena:BatchGetQueryExecution", input, ["QueryExecutionIds"]);
      const ids = Array.isArray(input["QueryExecutionIds"]) ? input["QueryExecutionIds"].map(String) : [];
      const found = ids.flatMap((id) => store.find(id) ?? []);
      for (const execution of found)
        call.authorize("athena:BatchGetQueryExecution", workgroupNamed(workgroups, execution.workgroup).arn);
      const missing = ids.filter((id) => store.find(id) === undefined);
      return {
        QueryExecutions: found.map(view),
        UnprocessedQueryExecutionIds: missing.map((id) => ({
          QueryExecutionId: id,
          ErrorCode: "INVALID_INPUT",
          ErrorMessage: `QueryExecution ${id} was not found`,
        })),
      };
    },
    ListQueryExecutions(input, call) {
      onlyMembers("athena:ListQueryExecutions", input, ["NextToken", "MaxResults", "WorkGroup"]);
      const workgroup = workgroupNamed(workgroups, optionalText(input, "WorkGroup") ?? "primary");
      call.authorize("athena:ListQueryExecutions", workgroup.arn);
      const { items, next } = pageOf(store.of(workgroup.name), input["MaxResults"], input["NextToken"], 50);
      return { QueryExecutionIds: items.map(({ id }) => id), ...(next !== undefined && { NextToken: next }) };
    },
    StopQueryExecution(input, call) {
      onlyMembers("athena:StopQueryExecution", input, ["QueryExecutionId"]);
      runner.stop(authorized(input, "athena:StopQueryExecution", call).id);
      return {};
    },
    GetQueryResults(input, call) {
      onlyMembers("athena:GetQueryResults", input, ["QueryExecutionId", "NextToken", "MaxResults", "QueryResultType"]);
      if (input["QueryResultType"] !== undefined && input["QueryResultType"] !== "DATA_ROWS")
        throw new NotImplementedLocally(`athena:GetQueryResults with ${String(input["QueryResultType"])}`);
      const execution = authorized(input, "athena:GetQueryResults", call);
      if (execution.state !== "SUCCEEDED")
        throw new AwsError(
          "InvalidRequestException",
          `Query did not finish successfully. Final query state: ${execution.state}`,
        );
      const columns = execution.columns ?? [];
      const metadata = { ColumnInfo: columns.map(({ name, type }) => columnInfo(name, type, execution.statementType)) };
      if (columns.length === 0)
        return { UpdateCount: execution.updateCount ?? 0, ResultSet: { Rows: [], ResultSetMetadata: metadata } };
      const { items, next } = pageOf(rowsOf(execution, call), input["MaxResults"], input["NextToken"], 1000);
      return {
        UpdateCount: 0,
        ResultSet: {
          Rows: items.map((row) => ({ Data: row.map((value) => (value === null ? {} : { VarCharValue: value })) })),
          ResultSetMetadata: metadata,
        },
        ...(next !== undefined && { NextToken: next }),
      };
    },
  };
}
