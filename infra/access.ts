import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { tables as lakeTables } from "../analytics/models/index.ts";
import { type Grant, policyOf, under } from "./blocks/policy.ts";
import type { Engagement } from "./engagement.ts";
import type { Estate } from "./estate.ts";
import { askAthena, listFolders, rulesetArns, writeIceberg } from "./grants.ts";
import { FOLDERS, type Lake } from "./lake.ts";
import type { Refresh } from "./refresh.ts";

/** Arguments of {@link Access}. */
export interface AccessArgs {
  readonly estate: Estate;
  readonly lake: Lake;
  readonly refresh: Refresh;
  readonly engagement: Engagement;
}

/** Kinds of people (and programs of theirs) that work with the estate. */
export type PersonRole = "producer" | "analyst" | "operator" | "marketer";

/** The roles people take, each with what its work needs. Whoever the account lets assume roles may take them. */
export class Access extends pulumi.ComponentResource {
  readonly roleArns: Readonly<Record<PersonRole, pulumi.Output<string>>>;

  constructor(name: string, args: AccessArgs, opts?: pulumi.ComponentResourceOptions) {
    super("c360:estate:Access", name, {}, opts);
    this.roleArns = {
      producer: this.createRole(name, args.estate, "producer", "Puts events on the stream", producing(args)),
      analyst: this.createRole(name, args.estate, "analyst", "Asks questions of the lake", analysing(args)),
      operator: this.createRole(
        name,
        args.estate,
        "operator",
        "Refreshes, audits, repairs and replays",
        operating(args),
      ),
      marketer: this.createRole(
        name,
        args.estate,
        "marketer",
        "Looks at segments and sends their campaigns",
        marketing(args),
      ),
    };
    this.registerOutputs({ roleArns: this.roleArns });
  }

  private createRole(
    name: string,
    { config, account }: Estate,
    role: PersonRole,
    description: string,
    grants: readonly Grant[],
  ): pulumi.Output<string> {
    const trust = pulumi.jsonStringify({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Principal: { AWS: pulumi.interpolate`arn:aws:iam::${account}:root` },
          Action: "sts:AssumeRole",
        },
      ],
    });
    const made = new aws.iam.Role(
      `${name}-${role}`,
      { name: `${config.prefix}-${role}`, description, assumeRolePolicy: trust, maxSessionDuration: 3600 },
      { parent: this },
    );
    new aws.iam.RolePolicy(
      `${name}-${role}-policy`,
      { name: "grants", role: made.name, policy: policyOf(grants) },
      { parent: this },
    );
    return made.arn;
  }
}

function producing({ estate, lake }: AccessArgs): Grant[] {
  return [
    { sid: "PutOnStream", actions: ["kinesis:PutRecords"], resources: [lake.stream.arn] },
    { sid: "UseKey", actions: ["kms:GenerateDataKey"], resources: [estate.keyArn] },
  ];
}

function analysing({ estate, lake }: AccessArgs): Grant[] {
  return [
    ...askAthena({
      lake,
      estate,
      tables: ["*"],
      folders: [FOLDERS.rawEvents, FOLDERS.silver, FOLDERS.gold],
      readsRows: true,
    }),
    { sid: "BrowseCatalogue", actions: ["glue:GetTables"], resources: lake.catalogue.tableArns(["*"]) },
    {
      sid: "SavedQuestions",
      actions: ["athena:ListNamedQueries", "athena:GetNamedQuery"],
      resources: [lake.catalogue.workgroupArn],
    },
    // PREPARE, EXECUTE and DEALLOCATE ask for these, as the API's own operations do.
    {
      sid: "PreparedQuestions",
      actions: [
        "athena:CreatePreparedStatement",
        "athena:GetPreparedStatement",
        "athena:ListPreparedStatements",
        "athena:UpdatePreparedStatement",
        "athena:DeletePreparedStatement",
      ],
      resources: [lake.catalogue.workgroupArn],
    },
    {
      sid: "OwnQueries",
      actions: ["athena:ListQueryExecutions", "athena:BatchGetQueryExecution", "athena:GetQueryRuntimeStatistics"],
      resources: [lake.catalogue.workgroupArn],
    },
  ];
}

function operating({ estate, lake, refresh }: AccessArgs): Grant[] {
  const { config, account } = estate;
  const maintained = lakeTables.map(({ name }) => name);
  const folders = [FOLDERS.silver, FOLDERS.gold];
  const executions = pulumi.interpolate`arn:aws:states:${config.region}:${account}:execution:${config.prefix}-refresh:*`;
  return [
    // Maintenance rewrites files, and Athena does it with its caller's permissions: so they can be read as well.
    ...askAthena({
      lake,
      estate,
      tables: ["failed_events", ...maintained],
      folders: [FOLDERS.failedEvents, ...folders],
      readsRows: true,
    }),
    ...writeIceberg(lake, maintained, folders),
    {
      sid: "StartRefresh",
      actions: ["states:StartExecution", "states:ListExecutions"],
      resources: [refresh.workflow.arn],
    },
    { sid: "FollowRefresh", actions: ["states:DescribeExecution"], resources: [executions] },
    {
      sid: "MarkReplayed",
      actions: ["s3:PutObject"],
      resources: [under(lake.bucket.arn, `${FOLDERS.control}replayed/*`)],
    },
    listFolders("ListReplayed", lake.bucket, [`${FOLDERS.control}replayed/`]),
    {
      sid: "RunQuality",
      actions: [
        "glue:StartDataQualityRulesetEvaluationRun",
        "glue:GetDataQualityRulesetEvaluationRun",
        "glue:GetDataQualityResult",
        "glue:ListDataQualityResults",
      ],
      resources: rulesetArns(estate, ["*"]),
    },
    {
      sid: "LendQualityRole",
      actions: ["iam:PassRole"],
      resources: [refresh.qualityRole.arn],
      condition: { StringEquals: { "iam:PassedToService": "glue.amazonaws.com" } },
    },
  ];
}

/** Besides the published members the candidates, on which a segment can be tried before it is computed. */
const SEGMENT_TABLES = ["segment_members", "customer_360_next", "rfm_next"];

function marketing({ estate, lake, engagement }: AccessArgs): Grant[] {
  return [
    ...askAthena({ lake, estate, tables: SEGMENT_TABLES, folders: [FOLDERS.gold], readsRows: true }),
    { sid: "SendCampaign", actions: ["lambda:InvokeFunction"], resources: [engagement.activation.arn] },
  ];
}
