import type { Shape } from "../service.ts";
import type { Execution } from "./executions.ts";
import type { Workgroup } from "./workgroups.ts";

/** The execution as Athena answers it. */
export function executionView(execution: Execution, workgroup: Workgroup | undefined): Shape {
  const { state, reason, category, completed } = execution;
  return {
    QueryExecutionId: execution.id,
    Query: execution.sql,
    StatementType: execution.statementType,
    ...(execution.substatement !== undefined && { SubstatementType: execution.substatement }),
    ResultConfiguration: {
      OutputLocation: execution.outputLocation,
      ...(workgroup?.encryption !== undefined && { EncryptionConfiguration: workgroup.encryption }),
    },
    ResultReuseConfiguration: { ResultReuseByAgeConfiguration: { Enabled: false } },
    QueryExecutionContext: {
      Catalog: "awsdatacatalog",
      ...(execution.database !== undefined && { Database: execution.database }),
    },
    Status: {
      State: state,
      SubmissionDateTime: new Date(execution.submitted),
      ...(completed !== undefined && { CompletionDateTime: new Date(completed) }),
      ...(reason !== undefined && { StateChangeReason: reason }),
      ...(state === "FAILED" && {
        AthenaError: {
          ErrorCategory: category ?? 1,
          ErrorType: category === 2 ? 1000 : 401,
          Retryable: false,
          ErrorMessage: reason,
        },
      }),
    },
    Statistics: {
      EngineExecutionTimeInMillis: execution.engineMs,
      DataScannedInBytes: execution.bytesScanned,
      TotalExecutionTimeInMillis: execution.queueMs + execution.planningMs + execution.engineMs,
      QueryQueueTimeInMillis: execution.queueMs,
      QueryPlanningTimeInMillis: execution.planningMs,
      ServiceProcessingTimeInMillis: 0,
      ResultReuseInformation: { ReusedPreviousResult: false },
    },
    WorkGroup: execution.workgroup,
    EngineVersion: {
      SelectedEngineVersion: "Athena engine version 3",
      EffectiveEngineVersion: "Athena engine version 3",
    },
    ...(execution.parameters.length > 0 && { ExecutionParameters: execution.parameters }),
  };
}

/** Name, precision and scale that result metadata gives a Trino type. What the catalogue says is text without a size. */
export function columnInfo(name: string, type: string, statement: Execution["statementType"]): Shape {
  const [, base = type, first, second] = /^([a-z ]+?)(?:\((\d+)(?:,(\d+))?\).*)?$/.exec(type) ?? [];
  const fixed: Readonly<Record<string, number>> = {
    boolean: 0,
    tinyint: 3,
    smallint: 5,
    integer: 10,
    bigint: 19,
    double: 17,
    date: 0,
    varchar: 2_147_483_647,
    timestamp: 3,
  };
  return {
    CatalogName: "hive",
    SchemaName: "",
    TableName: "",
    Name: name,
    Label: name,
    Type:
      type.startsWith("timestamp") && type.endsWith("time zone")
        ? "timestamp with time zone"
        : type.replace(/\(.*$/s, "").trim() || base,
    Precision: statement === "UTILITY" ? 0 : Number(first ?? fixed[base] ?? 0),
    Scale: Number(second ?? 0),
    Nullable: "UNKNOWN",
    CaseSensitive: statement !== "UTILITY" && base === "varchar",
  };
}
