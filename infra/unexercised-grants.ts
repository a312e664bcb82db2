/**
 * Grants that a calm run on one machine does not use, by statement (`Sid`) and action, each with the reason: AWS asks for
 * more than the local runtime does, or what they are for did not happen.
 */
export interface UnexercisedGrant {
  readonly statement: string;
  readonly actions: readonly string[];
  readonly reason: string;
}

/** Shown beside the grants that a run did not use; a grant that is not here and never used is too much. */
export const unexercisedGrants: readonly UnexercisedGrant[] = [
  {
    statement: "ReadSchema",
    actions: ["glue:GetTable", "glue:GetTableVersion"],
    reason: "Firehose documents all three for format conversion; here one call reads the schema.",
  },
  {
    statement: "WriteObjects",
    actions: ["s3:AbortMultipartUpload"],
    reason: "Firehose gives up large objects part by part; here an object is written at once.",
  },
  {
    statement: "FindBucket",
    actions: ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"],
    reason: "Firehose looks for its bucket and for uploads it left open; here the bucket is known.",
  },
  {
    statement: "FindDatabase",
    actions: ["glue:GetDatabase"],
    reason: "Athena looks the databases up before the tables; here the tables are asked for at once.",
  },
  {
    statement: "FindResults",
    actions: ["s3:GetBucketLocation"],
    reason: "Athena asks where the results' bucket is; here it is known.",
  },
  {
    statement: "SavedQuestions",
    actions: ["athena:ListNamedQueries", "athena:GetNamedQuery"],
    reason: "For the console's list of saved questions; c360 query --name has their text itself.",
  },
  {
    statement: "RunQueries",
    actions: ["athena:StopQueryExecution"],
    reason: "Called when a query's caller is stopped before it ends.",
  },
  {
    statement: "KeepResults",
    actions: ["s3:AbortMultipartUpload"],
    reason: "Athena writes large results in parts; here a result is written at once.",
  },
  {
    statement: "WriteTables",
    actions: ["s3:AbortMultipartUpload"],
    reason: "Athena writes large data files in parts; here the storage behind the catalogue does not.",
  },
  {
    statement: "ReadCatalogue",
    actions: ["glue:GetDatabase", "glue:GetPartitions"],
    reason:
      "Glue reads the database and the registered partitions for the rules; here their projection gives the partitions.",
  },
  {
    statement: "LoadEngine",
    actions: ["s3:GetObject"],
    reason: "Glue loads its own program for the rules from an AWS bucket.",
  },
  {
    statement: "WriteLog",
    actions: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
    reason: "Glue logs its own runs; functions' logs are files here.",
  },
  {
    statement: "KeepRefused",
    actions: ["s3:PutObject"],
    reason: "Only when an event is refused; c360 demo --chaos does it.",
  },
  {
    statement: "EncryptRefused",
    actions: ["kms:GenerateDataKey"],
    reason: "Only when an event is refused; c360 demo --chaos does it.",
  },
  {
    statement: "TellFailures",
    actions: ["sns:Publish"],
    reason: "Only when a function has given an event up after all retries.",
  },
  {
    statement: "Alert",
    actions: ["sns:Publish"],
    reason: "Only when an audit fails.",
  },
  {
    statement: "KeepClaims",
    actions: ["s3:GetObject"],
    reason: "Only when a claim meets an earlier one.",
  },
  {
    statement: "ReleaseClaims",
    actions: ["s3:DeleteObject"],
    reason: "Only when SES refuses or throttles a message.",
  },
  {
    statement: "StartRefresh",
    actions: ["states:StartExecution"],
    reason: "c360 refresh; the schedule starts the others under its own role.",
  },
  {
    statement: "RunQuality",
    actions: ["glue:StartDataQualityRulesetEvaluationRun", "glue:GetDataQualityRulesetEvaluationRun"],
    reason: "c360 quality when it is asked to evaluate now.",
  },
  {
    statement: "LendQualityRole",
    actions: ["iam:PassRole"],
    reason: "The operator's, for c360 quality when it is asked to evaluate now.",
  },
  {
    statement: "MarkReplayed",
    actions: ["s3:PutObject"],
    reason: "c360 failed replay.",
  },
  {
    statement: "ReadTables",
    actions: ["s3:GetObject"],
    reason: "The operator's, when there are refused events to read.",
  },
  {
    statement: "ListTables",
    actions: ["s3:ListBucket"],
    reason: "The analyst's, for questions to raw_events.",
  },
];
