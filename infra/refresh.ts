import * as pulumi from "@pulumi/pulumi";
import { tables } from "../analytics/models/index.ts";
import { refreshDefinition } from "../pipelines/refresh/definition.ts";
import { NodeFunction } from "./blocks/node-function.ts";
import { type Grant, under } from "./blocks/policy.ts";
import { ServiceRole } from "./blocks/service-role.ts";
import { Workflow } from "./blocks/workflow.ts";
import type { Estate } from "./estate.ts";
import { askAthena, listFolders, listFoldersAndMissing, rulesetArns, writeIceberg } from "./grants.ts";
import { FOLDERS, type Lake } from "./lake.ts";

/** Arguments of {@link Refresh}. */
export interface RefreshArgs {
  readonly estate: Estate;
  readonly lake: Lake;
  /** Told of a refresh whose audit failed. */
  readonly alertsTopicArn: pulumi.Input<string>;
}

/** The customer 360's refresh: plan, build, audit, publish, on a schedule. */
export class Refresh extends pulumi.ComponentResource {
  readonly workflow: Workflow;
  readonly planFunction: NodeFunction;
  readonly qualityRole: ServiceRole;

  constructor(name: string, args: RefreshArgs, opts?: pulumi.ComponentResourceOptions) {
    super("c360:estate:Refresh", name, {}, opts);
    this.planFunction = this.createPlan(name, args);
    this.qualityRole = this.createQualityRole(name, args);
    this.workflow = this.createWorkflow(name, args);
    this.registerOutputs({ workflow: this.workflow.arn });
  }

  private createPlan(name: string, { estate, lake }: RefreshArgs): NodeFunction {
    const { config, keyArn } = estate;
    return new NodeFunction(
      `${name}-plan`,
      {
        functionName: `${config.prefix}-refresh-plan`,
        description: "Finds the days of events that a refresh has to look at",
        handler: "pipelines/refresh/plan-handler.ts",
        environment: {
          LAKE_BUCKET: lake.bucket.name,
          RAW_PREFIX: FOLDERS.rawEvents,
          DATABASE: config.database,
          RAW_TABLE: "raw_events",
        },
        timeoutSeconds: 300,
        logRetentionDays: config.logRetentionDays,
        keyArn,
        grants: [
          listFoldersAndMissing("ListEvents", lake.bucket, [FOLDERS.rawEvents]),
          {
            sid: "KeepWatermark",
            actions: ["s3:GetObject", "s3:PutObject"],
            resources: [under(lake.bucket.arn, `${FOLDERS.control}refresh/*`)],
          },
          {
            sid: "RegisterPartitions",
            actions: ["glue:BatchCreatePartition"],
            resources: lake.catalogue.tableArns(["raw_events"]),
          },
          { sid: "UseKey", actions: ["kms:Decrypt", "kms:GenerateDataKey"], resources: [keyArn] },
        ],
      },
      { parent: this },
    );
  }

  /** Glue reads the audited tables under this role, not under the workflow's. */
  private createQualityRole(name: string, { estate, lake }: RefreshArgs): ServiceRole {
    const { config, account, keyArn } = estate;
    const folders = [FOLDERS.rawEvents, FOLDERS.silver, FOLDERS.gold];
    return new ServiceRole(
      `${name}-quality`,
      {
        roleName: `${config.prefix}-quality-role`,
        service: "glue.amazonaws.com",
        description: "Reads the lake to evaluate data-quality rules",
        sourceAccount: account,
        grants: [
          {
            sid: "ReadCatalogue",
            actions: ["glue:GetDatabase", "glue:GetTable", "glue:GetPartitions"],
            resources: lake.catalogue.tableArns(["*"]),
          },
          {
            sid: "ReadTables",
            actions: ["s3:GetObject"],
            resources: folders.map((folder) => under(lake.bucket.arn, `${folder}*`)),
          },
          listFolders("ListTables", lake.bucket, [FOLDERS.rawEvents]),
          { sid: "UseKey", actions: ["kms:Decrypt"], resources: [keyArn] },
          // Glue's own program for the rules, its log and the result it hands back.
          {
            sid: "LoadEngine",
            actions: ["s3:GetObject"],
            resources: [`arn:aws:s3:::aws-glue-ml-data-quality-assets-${config.region}/*`],
          },
          {
            sid: "WriteLog",
            actions: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
            resources: [
              pulumi.interpolate`arn:aws:logs:${config.region}:${account}:log-group:/aws-glue/data-quality/*`,
            ],
          },
          {
            sid: "HandBackResult",
            actions: ["glue:GetDataQualityRuleset", "glue:PublishDataQuality"],
            resources: rulesetArns(estate, [`${config.prefix}-*`]),
          },
        ],
      },
      { parent: this },
    );
  }

  private createWorkflow(name: string, args: RefreshArgs): Workflow {
    const { estate, lake, alertsTopicArn } = args;
    const { config, account } = estate;
    const { rulesetNames, workgroup } = lake.catalogue;
    return new Workflow(
      `${name}-refresh`,
      {
        workflowName: `${config.prefix}-refresh`,
        account,
        definition: pulumi
          .output({
            planFunctionArn: this.planFunction.arn,
            workgroup,
            database: config.database,
            qualityRoleArn: this.qualityRole.arn,
            rulesetNames,
            alertsTopicArn,
          })
          .apply(refreshDefinition),
        grants: this.workflowGrants(args),
        schedule: {
          scheduleName: `${config.prefix}-refresh`,
          description: "Refreshes the customer 360",
          expression: config.refreshSchedule,
          input: { scheduledTime: "<aws.scheduler.scheduled-time>" },
        },
      },
      { parent: this },
    );
  }

  private workflowGrants({ estate, lake, alertsTopicArn }: RefreshArgs): Grant[] {
    const { config, account } = estate;
    const made = tables.map((table) => table.name);
    const folders = [FOLDERS.silver, FOLDERS.gold];
    return [
      {
        sid: "FindOthers",
        actions: ["states:ListExecutions"],
        // By name: the machine is made after its role.
        resources: [
          pulumi.interpolate`arn:aws:states:${config.region}:${account}:stateMachine:${config.prefix}-refresh`,
        ],
      },
      { sid: "Plan", actions: ["lambda:InvokeFunction"], resources: [this.planFunction.arn] },
      ...askAthena({
        lake,
        estate,
        tables: ["raw_events", ...made],
        folders: [FOLDERS.rawEvents, ...folders],
        readsRows: false,
      }),
      ...writeIceberg(lake, made, folders),
      {
        sid: "Audit",
        actions: [
          "glue:StartDataQualityRulesetEvaluationRun",
          "glue:GetDataQualityRulesetEvaluationRun",
          "glue:GetDataQualityResult",
        ],
        // A run is asked for by its id, which names no ruleset: Glue authorises on all.
        resources: rulesetArns(estate, ["*"]),
      },
      {
        sid: "LendQualityRole",
        actions: ["iam:PassRole"],
        resources: [this.qualityRole.arn],
        condition: { StringEquals: { "iam:PassedToService": "glue.amazonaws.com" } },
      },
      { sid: "Alert", actions: ["sns:Publish"], resources: [alertsTopicArn] },
    ];
  }
}
