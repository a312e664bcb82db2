/**
 * The estate as it is, with a database of the clients' own and the grants to fill it: no role of the estate makes tables,
 * and awswrangler and dbt make them of what they are asked. On AWS they need the same.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyOf } from "../../infra/blocks/policy.ts";
import { database, lakeBucket, region, resultsBucket, roleArns, workgroup } from "../../infra/index.ts";

export * from "../../infra/index.ts";

const account = aws.getCallerIdentityOutput().accountId;
const glue = pulumi.interpolate`arn:aws:glue:${region}:${account}`;
const lake = pulumi.interpolate`arn:aws:s3:::${lakeBucket}`;
const results = pulumi.interpolate`arn:aws:s3:::${resultsBucket}`;

const own = new aws.glue.CatalogDatabase("clients-database", {
  name: pulumi.interpolate`${database}_clients`,
  description: "Tables that foreign clients make",
});

export const clientsDatabase = own.name;

new aws.iam.RolePolicy("foreign-clients", {
  name: "foreign-clients",
  role: roleArns.operator.apply((arn) => arn.slice(arn.lastIndexOf("/") + 1)),
  policy: policyOf([
    {
      sid: "KnowWorkgroup",
      actions: ["athena:GetWorkGroup"],
      resources: [pulumi.interpolate`arn:aws:athena:${region}:${account}:workgroup/${workgroup}`],
    },
    {
      sid: "SeeCatalogue",
      actions: ["athena:GetTableMetadata", "athena:ListTableMetadata", "athena:ListDatabases"],
      resources: [pulumi.interpolate`arn:aws:athena:${region}:${account}:datacatalog/AwsDataCatalog`],
    },
    // Knows no resource.
    { sid: "SeeCatalogues", actions: ["athena:ListDataCatalogs"], resources: ["*"] },
    {
      sid: "SeeTables",
      actions: ["glue:GetTable", "glue:GetTables"],
      resources: [
        pulumi.interpolate`${glue}:catalog`,
        pulumi.interpolate`${glue}:database/${database}`,
        pulumi.interpolate`${glue}:table/${database}/*`,
      ],
    },
    {
      sid: "SeeDatabases",
      actions: ["glue:GetDatabase", "glue:GetDatabases"],
      resources: [
        pulumi.interpolate`${glue}:catalog`,
        pulumi.interpolate`${glue}:database/${database}`,
        pulumi.interpolate`${glue}:database/${own.name}`,
      ],
    },
    {
      sid: "OwnTables",
      actions: [
        "glue:CreateTable",
        "glue:GetTable",
        "glue:GetTables",
        "glue:UpdateTable",
        "glue:DeleteTable",
        "glue:GetPartitions",
        "glue:BatchCreatePartition",
        "glue:BatchDeletePartition",
        "glue:GetTableVersions",
        "glue:DeleteTableVersion",
      ],
      resources: [
        pulumi.interpolate`${glue}:catalog`,
        pulumi.interpolate`${glue}:database/${own.name}`,
        pulumi.interpolate`${glue}:table/${own.name}/*`,
      ],
    },
    {
      sid: "OwnFiles",
      actions: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
      resources: [pulumi.interpolate`${lake}/clients/*`, pulumi.interpolate`${results}/*`],
    },
    {
      // A look at one object carries no prefix to compare.
      sid: "OwnFilesAndMissing",
      actions: ["s3:ListBucket"],
      resources: [lake, results],
      condition: { StringLikeIfExists: { "s3:prefix": ["clients/*", "tables/*", "unload/*"] } },
    },
  ]),
});
