import type { Shape } from "../service.ts";
import type { Execution } from "./executions.ts";
import { columnFacts } from "./result-metadata.ts";
import { ENGINE } from "./workgroup-update.ts";
import type { Workgroup } from "./workgroups.ts";

const totalOf = ({ queueMs, planningMs, engineMs, writingMs }: Execution): number =>
  queueMs + planningMs + engineMs + writingMs;

const instant = (time: number | undefined): Date | undefined => (time === undefined ? undefined : new Date(time));

/** Leaves out what there is none of. */
const present = (members: Shape): Shape =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));

function statusOf({ state, reason, error, completed, submitted }: Execution): Shape {
  return present({
    State: state,
    SubmissionDateTime: instant(submitted),
    CompletionDateTime: instant(completed),
    StateChangeReason: reason,
    AthenaError: error && {
      ErrorCategory: error.category,
      ErrorType: error.type,
      Retryable: error.retryable,
      ErrorMessage: reason,
    },
  });
}

function statisticsOf(execution: Execution): Shape {
  return present({
    EngineExecutionTimeInMillis: execution.engineMs,
    DataScannedInBytes: execution.bytesScanned,
    DataManifestLocation: execution.manifest,
    TotalExecutionTimeInMillis: totalOf(execution),
    QueryQueueTimeInMillis: execution.queueMs,
    ServicePreProcessingTimeInMillis: 0,
    QueryPlanningTimeInMillis: execution.planningMs,
    ServiceProcessingTimeInMillis: execution.writingMs,
    ResultReuseInformation: { ReusedPreviousResult: execution.reused === true },
  });
}

/** The execution as Athena answers it. */
export function executionView(execution: Execution, workgroup: Workgroup | undefined): Shape {
  const { reuseMinutes, catalog, database, parameters } = execution;
  const reuse = { Enabled: reuseMinutes !== undefined, MaxAgeInMinutes: reuseMinutes };
  return present({
    QueryExecutionId: execution.id,
    Query: execution.sql,
    StatementType: execution.statementType,
    SubstatementType: execution.substatement,
    ResultConfiguration: present({
      OutputLocation: execution.outputLocation,
      EncryptionConfiguration: workgroup?.encryption,
      ExpectedBucketOwner: execution.bucketOwner,
    }),
    ResultReuseConfiguration: { ResultReuseByAgeConfiguration: present(reuse) },
    QueryExecutionContext: present({ Catalog: catalog?.toLowerCase(), Database: database }),
    Status: statusOf(execution),
    Statistics: statisticsOf(execution),
    WorkGroup: execution.workgroup,
    EngineVersion: { SelectedEngineVersion: workgroup?.engine ?? "AUTO", EffectiveEngineVersion: ENGINE },
    ExecutionParameters: parameters.length === 0 ? undefined : parameters,
  });
}

/** The execution as GetQueryRuntimeStatistics answers it. There are no stages here: one engine runs the whole query. */
export function runtimeStatistics(execution: Execution): Shape {
  const { output, bytesScanned, state } = execution;
  return present({
    Timeline: {
      QueryQueueTimeInMillis: execution.queueMs,
      ServicePreProcessingTimeInMillis: 0,
      QueryPlanningTimeInMillis: execution.planningMs,
      EngineExecutionTimeInMillis: execution.engineMs,
      ServiceProcessingTimeInMillis: execution.writingMs,
      TotalExecutionTimeInMillis: totalOf(execution),
    },
    Rows:
      state === "SUCCEEDED"
        ? present({ InputBytes: bytesScanned, OutputRows: output?.rows, OutputBytes: output?.bytes })
        : undefined,
  });
}

/** A column of a result as the API describes it: what its type does not have is 0 or false. */
export function columnInfo(name: string, text: string, statement: Execution["statementType"]): Shape {
  const { type, precision = 0, scale = 0, caseSensitive = false } = columnFacts(text);
  // What the catalogue says is text without a size.
  const isUtility = statement === "UTILITY";
  return {
    CatalogName: "hive",
    SchemaName: "",
    TableName: "",
    Name: name,
    Label: name,
    Type: type,
    Precision: isUtility ? 0 : precision,
    Scale: scale,
    Nullable: "UNKNOWN",
    CaseSensitive: !isUtility && caseSensitive,
  };
}
