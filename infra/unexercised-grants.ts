/** Grants that AWS needs and the local runtime never asks for, by statement (`Sid`) and action, each with the reason. */
export interface UnexercisedGrant {
  readonly statement: string;
  readonly actions: readonly string[];
  readonly reason: string;
}

/** Shown beside the grants that a run did not use; everything else in that list is too much and goes. */
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
    statement: "LoadEngine",
    actions: ["s3:GetObject"],
    reason: "Glue loads its own program for the rules from an AWS bucket.",
  },
  {
    statement: "WriteLog",
    actions: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
    reason: "Glue logs its own runs; functions' logs are files here.",
  },
];
