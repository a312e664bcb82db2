import { readFileSync } from "node:fs";
import { onlyMembers, requiredText } from "../members.ts";
import { type Call, NotImplementedLocally, type Operation, type ServiceContext, type Shape } from "../service.ts";
import { columnInfo } from "./execution-view.ts";
import type { Execution, ExecutionStore } from "./executions.ts";
import { checkPage, invalidRequest } from "./invalid-request.ts";
import { ResultPages } from "./result-pages.ts";
import { splitLocation } from "./tables/hive-files.ts";
import { askFor, type Workgroups } from "./workgroups.ts";

/** Rows of a page, the header counted. */
const PAGE = 1000;
/** Results whose places are kept for paging. */
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

/** Where a page starts; undefined for what no answer gave. */
function startOf(token: unknown): number | undefined {
  if (token === undefined) return 0;
  const start = Number(token);
  return Number.isInteger(start) && start >= 0 ? start : undefined;
}

/** Queries and what the catalogue says tell that they changed nothing; definitions and plans do not speak of it. */
function updateCountOf({ updateCount, statementType, substatement }: Execution): number | undefined {
  if (updateCount !== undefined) return updateCount;
  return substatement === "SELECT" || statementType === "UTILITY" ? 0 : undefined;
}

/** Reading the rows of a query, page by page. */
export function queryResults(
  context: ServiceContext,
  workgroups: Workgroups,
  store: ExecutionStore,
): Record<string, Operation> {
  const opened = new Map<string, ResultPages>();

  const pagesOf = (id: string, file: string): ResultPages => {
    const known = opened.get(id);
    if (known?.isOf(file) === true) return known;
    const [oldest] = opened.keys();
    if (opened.size >= KEPT_RESULTS && oldest !== undefined) opened.delete(oldest);
    const pages = new ResultPages(file);
    opened.set(id, pages);
    return pages;
  };

  /** Rows from a place on, of a query the header first; undefined where there are not so many. */
  const rowsOf = (execution: Execution, start: number, size: number, call: Call): readonly Row[] | undefined => {
    const { id, outputLocation, updateCount, columns = [] } = execution;
    const { bucket, prefix: key } = splitLocation(outputLocation);
    if (columns.length === 0 || updateCount !== undefined || !/\.(csv|txt)$/.test(key))
      return start === 0 ? [] : undefined;
    // Asks for s3:GetObject every time, known or not.
    const file = context.ports.objects.file({ bucket, key }, call);
    if (key.endsWith(".csv")) return pagesOf(id, file).page(start, size);
    const lines = linesOf(readFileSync(file, "utf8"));
    return start > lines.length ? undefined : lines.slice(start, start + size);
  };

  return {
    // In the order in which Athena looks: the request's form, the query, the page's size, the query's state, the token.
    GetQueryResults(input, call): Shape {
      onlyMembers("athena:GetQueryResults", input, ["QueryExecutionId", "NextToken", "MaxResults", "QueryResultType"]);
      if (input["QueryResultType"] !== undefined && input["QueryResultType"] !== "DATA_ROWS")
        throw new NotImplementedLocally(`athena:GetQueryResults with ${String(input["QueryResultType"])}`);
      checkPage(input, 100_000);
      const execution = store.get(requiredText(input, "QueryExecutionId"));
      askFor(call, "GetQueryResults", workgroups.named(execution.workgroup));
      const { MaxResults: asked } = input;
      const size = typeof asked === "number" ? asked : PAGE;
      if (size > PAGE) throw invalidRequest(`MaxResults is more than maximum allowed length ${PAGE}`);
      checkEnded(execution);
      const { columns = [], statementType } = execution;
      const start = startOf(input["NextToken"]);
      const page = start === undefined ? undefined : rowsOf(execution, start, size, call);
      if (start === undefined || page === undefined)
        throw invalidRequest(`Malformed nextPageToken ${String(input["NextToken"])}`);
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
