import { readFileSync } from "node:fs";
import { onlyMembers, requiredText } from "../members.ts";
import { type Call, NotImplementedLocally, type Operation, type ServiceContext, type Shape } from "../service.ts";
import { parseCsv } from "./csv.ts";
import { columnInfo } from "./execution-view.ts";
import type { Execution, ExecutionStore } from "./executions.ts";
import { checkPage, invalidRequest } from "./invalid-request.ts";
import { splitLocation } from "./tables/hive-files.ts";
import { type Workgroup, workgroupNamed } from "./workgroups.ts";

/** Rows of a page, the header counted. */
const PAGE = 1000;
/** Parsed results kept for paging. */
const KEPT_RESULTS = 8;

type Row = readonly (string | null)[];

/** A whole line is one value. */
const linesOf = (text: string): Row[] => (text === "" ? [] : text.split("\n").map((line) => [line]));

/** Only what succeeded has a result. @throws AwsError */
function checkEnded({ state }: Execution): void {
  if (state === "QUEUED" || state === "RUNNING")
    throw invalidRequest(`Query has not yet finished. Current state: ${state}`, "INVALID_QUERY_EXECUTION_STATE");
  if (state === "CANCELLED") throw invalidRequest("Could not find results", "RESULT_NOT_FOUND");
  if (state === "FAILED")
    throw invalidRequest(
      "Query did not finish successfully. Final query state: FAILED",
      "INVALID_QUERY_EXECUTION_STATE",
    );
}

/** Where a page starts. @throws AwsError */
function startOf(token: unknown, rows: number): number {
  if (token === undefined) return 0;
  const start = Number(token);
  if (!Number.isInteger(start) || start < 0 || start > rows)
    throw invalidRequest(`Malformed nextPageToken ${String(token)}`);
  return start;
}

/** Queries and what the catalogue says tell that they changed nothing; definitions and plans do not speak of it. */
function updateCountOf({ updateCount, statementType, substatement }: Execution): number | undefined {
  if (updateCount !== undefined) return updateCount;
  return substatement === "SELECT" || statementType === "UTILITY" ? 0 : undefined;
}

/** Reading the rows of a query, page by page. */
export function queryResults(
  context: ServiceContext,
  workgroups: ReadonlyMap<string, Workgroup>,
  store: ExecutionStore,
): Record<string, Operation> {
  const parsed = new Map<string, Row[]>();

  /** All rows of a result; of a query the header first. */
  const rowsOf = ({ id, outputLocation, updateCount }: Execution, call: Call): readonly Row[] => {
    if (updateCount !== undefined || !/\.(csv|txt)$/.test(outputLocation)) return [];
    const { bucket, prefix: key } = splitLocation(outputLocation);
    // Asks for s3:GetObject every time, cached or not.
    const file = context.ports.objects.file({ bucket, key }, call);
    const known = parsed.get(id);
    if (known !== undefined) return known;
    const text = readFileSync(file, "utf8");
    const rows = key.endsWith(".txt") ? linesOf(text) : parseCsv(text);
    const [oldest] = parsed.keys();
    if (parsed.size >= KEPT_RESULTS && oldest !== undefined) parsed.delete(oldest);
    parsed.set(id, rows);
    return rows;
  };

  return {
    // In the order in which Athena looks: the request's form, the query, the page's size, the query's state, the token.
    GetQueryResults(input, call): Shape {
      onlyMembers("athena:GetQueryResults", input, ["QueryExecutionId", "NextToken", "MaxResults", "QueryResultType"]);
      if (input["QueryResultType"] !== undefined && input["QueryResultType"] !== "DATA_ROWS")
        throw new NotImplementedLocally(`athena:GetQueryResults with ${String(input["QueryResultType"])}`);
      checkPage(input, 100_000);
      const execution = store.get(requiredText(input, "QueryExecutionId"));
      call.authorize("athena:GetQueryResults", workgroupNamed(workgroups, execution.workgroup).arn);
      const { MaxResults: asked } = input;
      const size = typeof asked === "number" ? asked : PAGE;
      if (size > PAGE) throw invalidRequest(`MaxResults is more than maximum allowed length ${PAGE}`);
      checkEnded(execution);
      const { columns = [], statementType } = execution;
      const all = columns.length === 0 ? [] : rowsOf(execution, call);
      const start = startOf(input["NextToken"], all.length);
      const page = all.slice(start, start + size);
      const updateCount = updateCountOf(execution);
      return {
        ...(updateCount !== undefined && { UpdateCount: updateCount }),
        ResultSet: {
          Rows: page.map((row) => ({ Data: row.map((value) => (value === null ? {} : { VarCharValue: value })) })),
          ResultSetMetadata: { ColumnInfo: columns.map(({ name, type }) => columnInfo(name, type, statementType)) },
        },
        // A full page always has a next one, if only an empty one.
        ...(page.length === size && { NextToken: String(start + size) }),
      };
    },
  };
}
