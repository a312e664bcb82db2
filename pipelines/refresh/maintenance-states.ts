import { retryCalls } from "./states.ts";

/** What the maintenance needs of the estate. */
export interface MaintenanceArgs {
  readonly workgroup: string;
  readonly database: string;
  readonly alertsTopicArn: string;
}

/** What is run on a table, in this order: compact what is left, then remove what nobody keeps. */
export const maintenanceStatements = (table: string) =>
  [
    { statement: "OPTIMIZE", sql: `OPTIMIZE ${table} REWRITE DATA USING BIN_PACK` },
    { statement: "VACUUM", sql: `VACUUM ${table}` },
  ] as const;

/**
 * Athena does a statement in rounds (100 partitions an OPTIMIZE, 20,000 files a VACUUM) and fails with
 * ICEBERG_OPTIMIZE_MORE_RUNS_NEEDED or ICEBERG_VACUUM_MORE_RUNS_NEEDED until nothing is left. A commit that somebody
 * else's outran is worth another run as well.
 */
export const againPattern = "MORE_RUNS_NEEDED|ICEBERG_COMMIT_ERROR";

/** Rounds after which a statement that still asks for more is given up. */
export const mostRuns = 50;

/** Tables that are maintained at the same time. */
const CONCURRENCY = 4;

/**
 * States that maintain every Iceberg table and go on to `next` whatever comes of it: the refresh has published by then.
 * The variable `maintenance` holds, a table, its statements with their runs and scanned bytes, and why one `failed`;
 * failures are told to those on call.
 */
export function maintenanceStates(args: MaintenanceArgs, tables: readonly string[], next: string) {
  return {
    Maintain: {
      Type: "Map",
      MaxConcurrency: CONCURRENCY,
      Items: tables.map((table) => ({ table, statements: maintenanceStatements(table) })),
      ItemProcessor: {
        ProcessorConfig: { Mode: "INLINE" },
        StartAt: "BeginTable",
        States: tableStates(args),
      },
      Assign: { maintenance: "{% $states.result %}" },
      Catch: [
        {
          ErrorEquals: ["States.ALL"],
          Assign: {
            maintenance: [
              { table: "all", statements: [{ statement: "Maintain", failed: "{% $states.errorOutput.Cause %}" }] },
            ],
          },
          Next: "AlertMaintenance",
        },
      ],
      Next: "MaintenanceEnded",
    },
    MaintenanceEnded: {
      Type: "Choice",
      Choices: [{ Condition: "{% $exists($maintenance.statements.failed) %}", Next: "AlertMaintenance" }],
      Default: next,
    },
    AlertMaintenance: {
      Type: "Task",
      Resource: "arn:aws:states:::sns:publish",
      Arguments: {
        TopicArn: args.alertsTopicArn,
        Subject: "Customer 360: maintenance failed, tables stay published",
        Message:
          '{% $string({"asOf": $asOf, "failed": [$maintenance[$exists(statements.failed)].{"table": table, ' +
          '"statements": [statements[$exists(failed)].(statement & ": " & $substring(failed, 0, 300))]}]}) %}',
      },
      Retry: retryCalls,
      Catch: [{ ErrorEquals: ["States.ALL"], Next: next }],
      Next: next,
    },
  };
}

/** Of a query that failed Step Functions tells everything as JSON; Athena's own reason is what one needs. */
const REASON =
  '($cause := $states.errorOutput.Cause; $told := $substring($cause, 0, 1) = "{" ' +
  "? $parse($cause).QueryExecution.Status.StateChangeReason; $exists($told) ? $told : $cause)";

/** Runs the statements of one table one after the other; one that fails does not keep the next from running. */
const tableStates = ({ workgroup, database }: MaintenanceArgs) => ({
  BeginTable: {
    Type: "Pass",
    Assign: {
      table: "{% $states.input.table %}",
      todo: "{% $states.input.statements %}",
      done: [],
      runs: 0,
    },
    Next: "RunStatement",
  },
  RunStatement: {
    Type: "Task",
    Resource: "arn:aws:states:::athena:startQueryExecution.sync",
    Arguments: {
      QueryString: "{% $todo[$count($done)].sql %}",
      WorkGroup: workgroup,
      QueryExecutionContext: { Catalog: "AwsDataCatalog", Database: database },
    },
    Retry: [{ ...retryCalls[0], ErrorEquals: ["Athena.TooManyRequestsException"] }],
    Assign: {
      done: doneWith('"bytesScanned": $states.result.QueryExecution.Statistics.DataScannedInBytes'),
      runs: 0,
    },
    Catch: [
      { ErrorEquals: ["States.ALL"], Assign: { reason: `{% ${REASON} %}`, runs: "{% $runs + 1 %}" }, Next: "OnceMore" },
    ],
    Next: "MoreStatements",
  },
  OnceMore: {
    Type: "Choice",
    Choices: [
      { Condition: `{% $contains($reason, /${againPattern}/) and $runs < ${mostRuns} %}`, Next: "RunStatement" },
    ],
    Default: "StatementFailed",
  },
  StatementFailed: {
    Type: "Pass",
    // The failed runs have been counted.
    Assign: { done: doneWith('"failed": $reason', "$runs"), runs: 0 },
    Next: "MoreStatements",
  },
  MoreStatements: {
    Type: "Choice",
    Choices: [{ Condition: "{% $count($done) < $count($todo) %}", Next: "RunStatement" }],
    Default: "TableEnded",
  },
  TableEnded: { Type: "Pass", Output: { table: "{% $table %}", statements: "{% $done %}" }, End: true },
});

/** The statements done so far and the one under way, with what came of it. */
const doneWith = (outcome: string, runs = "$runs + 1"): string =>
  `{% $append($done, [{"statement": $todo[$count($done)].statement, "runs": ${runs}, ${outcome}}]) %}`;
