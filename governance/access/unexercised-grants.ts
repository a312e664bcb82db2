/** Grants that a run on one machine does not use, with the reason why the estate needs them all the same. */
export interface UnexercisedGrant {
  /** Role without the stack's prefix; every role when absent. */
  readonly role?: string;
  readonly actions: readonly string[];
  readonly reason: string;
}

/**
 * What the local runtime's list of unused grants may hold. A grant that is unused and not here is one too many: least
 * privilege (003-17) is checked by use, not by reading.
 */
export const unexercisedGrants: readonly UnexercisedGrant[] = [
  {
    actions: ["s3:AbortMultipartUpload"],
    reason:
      "Athena and Firehose upload large objects in parts and abort what fails; locally an object is written at once",
  },
  {
    actions: ["glue:GetDatabase"],
    reason: "Athena looks the database up before its tables; the local one goes straight to the table",
  },
  {
    role: "raw-events-role",
    actions: [
      "glue:GetTable",
      "glue:GetTableVersion",
      "s3:GetBucketLocation",
      "s3:ListBucket",
      "s3:ListBucketMultipartUploads",
    ],
    reason: "Firehose's documented minimum; the local one reads the schema by GetTableVersions and knows its bucket",
  },
  {
    role: "quality-role",
    actions: ["glue:GetPartitions", "s3:GetObject", "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
    reason: "Glue runs the rules as a Spark job that loads its own assets and writes its own log",
  },
  {
    actions: ["athena:StopQueryExecution"],
    reason: "a cancelled question, refresh or export stops its query; a run that is not cancelled never does",
  },
  {
    role: "to-lake-role",
    actions: ["s3:PutObject", "kms:GenerateDataKey"],
    reason: "keeps refused events; a calm run has none (c360 demo --chaos has)",
  },
  {
    actions: ["sns:Publish"],
    reason: "tells the on-call of a failed audit or function; a run without failures is silent",
  },
  {
    role: "activation-role",
    actions: ["s3:GetObject", "s3:DeleteObject", "s3:ListBucket"],
    reason: "resumes an export that was cut, and takes back the claim of a message that SES refused",
  },
  {
    role: "analyst",
    actions: ["s3:ListBucket", "athena:ListNamedQueries", "athena:GetNamedQuery", "glue:GetTables"],
    reason: "the analyst's own questions, on raw events, by name in the console and in the shell (c360 sql)",
  },
  {
    role: "analyst",
    actions: [
      "athena:CreatePreparedStatement",
      "athena:GetPreparedStatement",
      "athena:ListPreparedStatements",
      "athena:UpdatePreparedStatement",
      "athena:DeletePreparedStatement",
      "athena:ListQueryExecutions",
      "athena:BatchGetQueryExecution",
      "athena:GetQueryRuntimeStatistics",
    ],
    reason: "questions prepared with parameters, and the history of queries, for those who work in Athena itself",
  },
  {
    role: "refresh-role",
    actions: ["s3:ListBucket", "s3:DeleteObject"],
    reason: "maintenance removes what no snapshot keeps any more; a lake's first refresh has nothing of that kind",
  },
  {
    role: "operator",
    actions: ["glue:UpdateTable", "s3:DeleteObject", "s3:ListBucket"],
    reason: "c360 maintain, between two refreshes",
  },
  {
    role: "operator",
    actions: [
      "s3:GetObject",
      "s3:PutObject",
      "glue:StartDataQualityRulesetEvaluationRun",
      "glue:GetDataQualityRulesetEvaluationRun",
      "iam:PassRole",
      "states:StartExecution",
    ],
    reason: "the on-call's commands: c360 failed show and replay, c360 quality --run, c360 refresh",
  },
];

/**
 * Why a grant is not used here, if that is known.
 * @param role name of the role, with or without the prefix of project and stack
 */
export function reasonUnused(role: string, action: string): string | undefined {
  return unexercisedGrants.find(
    (each) =>
      each.actions.includes(action) &&
      (each.role === undefined || role === each.role || role.endsWith(`-${each.role}`)),
  )?.reason;
}
