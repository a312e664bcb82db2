import * as pulumi from "@pulumi/pulumi";
import { type Grant, under } from "./blocks/policy.ts";
import type { PrivateBucket } from "./blocks/private-bucket.ts";
import type { Estate } from "./estate.ts";
import { FOLDERS, type Lake } from "./lake.ts";

/**
 * What a role needs to ask Athena: it runs every query with its caller's permissions, so besides the workgroup these are
 * the catalogue's tables, the files under them and the place of the results.
 */
export interface AthenaUse {
  readonly lake: Lake;
  readonly estate: Estate;
  /** Tables read; `*` for all. */
  readonly tables: readonly string[];
  /** Folders of the lake read, each with its `/`. */
  readonly folders: readonly string[];
  /** True for a role that reads result rows itself, not only the state of the query. */
  readonly readsRows: boolean;
}

const HIVE_FOLDERS: readonly string[] = [FOLDERS.rawEvents, FOLDERS.failedEvents];

/** Grants to run SELECT. */
export function askAthena({ lake, estate, tables, folders, readsRows }: AthenaUse): Grant[] {
  // Files of Hive tables are found by listing, those of Iceberg tables by their metadata.
  const listed = folders.filter((folder) => HIVE_FOLDERS.includes(folder));
  const rows = readsRows ? ["athena:GetQueryResults"] : [];
  return [
    {
      sid: "RunQueries",
      actions: ["athena:StartQueryExecution", "athena:GetQueryExecution", "athena:StopQueryExecution", ...rows],
      resources: [lake.catalogue.workgroupArn],
    },
    {
      sid: "ReadCatalogue",
      actions: ["glue:GetTable"],
      resources: lake.catalogue.tableArns(tables),
    },
    // Athena looks up the query's database and `default` before any table.
    { sid: "FindDatabase", actions: ["glue:GetDatabase"], resources: lake.catalogue.databaseArns },
    {
      sid: "ReadTables",
      actions: ["s3:GetObject"],
      resources: folders.map((folder) => under(lake.bucket.arn, `${folder}*`)),
    },
    ...(listed.length === 0 ? [] : [listFolders("ListTables", lake.bucket, listed)]),
    {
      sid: "KeepResults",
      actions: ["s3:PutObject", "s3:AbortMultipartUpload", ...(readsRows ? ["s3:GetObject"] : [])],
      resources: [under(lake.results.arn, "*")],
    },
    { sid: "FindResults", actions: ["s3:GetBucketLocation"], resources: [lake.results.arn] },
    { sid: "UseKey", actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [estate.keyArn] },
  ];
}

/**
 * Grants to run INSERT, MERGE, DELETE, OPTIMIZE and VACUUM on Iceberg tables, besides those to read them. VACUUM without
 * s3:DeleteObject "succeeds" and deletes nothing; it finds orphans by listing the tables' folders.
 */
export function writeIceberg(lake: Lake, tables: readonly string[], folders: readonly string[]): Grant[] {
  return [
    { sid: "CommitTables", actions: ["glue:UpdateTable"], resources: lake.catalogue.tableArns(tables) },
    {
      sid: "WriteTables",
      actions: ["s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
      resources: folders.map((folder) => under(lake.bucket.arn, `${folder}*`)),
    },
    listFolders("FindOrphans", lake.bucket, folders),
  ];
}

/** s3:ListBucket, within some folders only. */
export function listFolders(sid: string, bucket: PrivateBucket, folders: readonly string[]): Grant {
  return listing(sid, "StringLike", bucket, folders);
}

/**
 * The same, and being told that an object is missing: without s3:ListBucket S3 answers "access denied" for it, and a
 * request for one object carries no prefix to compare.
 */
export function listFoldersAndMissing(sid: string, bucket: PrivateBucket, folders: readonly string[]): Grant {
  return listing(sid, "StringLikeIfExists", bucket, folders);
}

function listing(sid: string, operator: string, bucket: PrivateBucket, folders: readonly string[]): Grant {
  return {
    sid,
    actions: ["s3:ListBucket"],
    resources: [bucket.arn],
    condition: { [operator]: { "s3:prefix": folders.map((folder) => `${folder}*`) } },
  };
}

/** ARNs of data-quality rulesets by their names in Glue. */
export function rulesetArns(
  { account, config }: Estate,
  names: readonly pulumi.Input<string>[],
): pulumi.Output<string>[] {
  return names.map((name) => pulumi.interpolate`arn:aws:glue:${config.region}:${account}:dataQualityRuleset/${name}`);
}
