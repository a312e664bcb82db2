/**
 * The estate as it is, with one grant more: tables of the verification's own, which foreign engines may make and write.
 * No role of the estate creates tables, and none is told that a file is missing, which PyIceberg asks before it writes.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { policyOf } from "../../infra/blocks/policy.ts";
import { database, lakeBucket, region, roleArns } from "../../infra/index.ts";

export * from "../../infra/index.ts";

const account = aws.getCallerIdentityOutput().accountId;
const bucket = pulumi.interpolate`arn:aws:s3:::${lakeBucket}`;
const glue = pulumi.interpolate`arn:aws:glue:${region}:${account}`;

new aws.iam.RolePolicy("foreign-writers", {
  name: "foreign-writers",
  role: roleArns.operator.apply((arn) => arn.slice(arn.lastIndexOf("/") + 1)),
  policy: policyOf([
    {
      sid: "OwnTables",
      actions: ["glue:CreateTable", "glue:GetTable", "glue:GetTables", "glue:UpdateTable", "glue:DeleteTable"],
      resources: [
        pulumi.interpolate`${glue}:catalog`,
        pulumi.interpolate`${glue}:database/${database}`,
        pulumi.interpolate`${glue}:table/${database}/verify_*`,
      ],
    },
    {
      sid: "OwnFiles",
      actions: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
      resources: [pulumi.interpolate`${bucket}/verify/*`],
    },
    {
      // A look at one object carries no prefix to compare.
      sid: "OwnFilesAndMissing",
      actions: ["s3:ListBucket"],
      resources: [bucket],
      condition: { StringLikeIfExists: { "s3:prefix": ["verify/*"] } },
    },
  ]),
});
