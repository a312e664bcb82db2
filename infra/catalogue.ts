import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { maintenanceProperties, tables } from "../analytics/models/index.ts";
import { savedQuestions } from "../analytics/queries/index.ts";
import { rulesets } from "../governance/quality/index.ts";
import {
  allContracts,
  failedEventColumns,
  failedPartitionKeys,
  rawEventColumns,
  rawPartitionKeys,
} from "../ingest/contracts/index.ts";
import type { PrivateBucket } from "./blocks/private-bucket.ts";
import { hiveTable, icebergTable, type ProjectedKey } from "./blocks/tables.ts";
import type { Estate } from "./estate.ts";

/** Arguments of {@link Catalogue}. */
export interface CatalogueArgs {
  readonly estate: Estate;
  /** Holds the tables' files. */
  readonly bucket: PrivateBucket;
  /** Takes the results of queries. */
  readonly results: PrivateBucket;
}

/** What can be asked of the lake: database, tables, quality rules, the workgroup that limits a query, saved questions. */
export class Catalogue extends pulumi.ComponentResource {
  readonly database: pulumi.Output<string>;
  readonly rawEvents: pulumi.Output<string>;
  readonly workgroup: pulumi.Output<string>;
  readonly workgroupArn: pulumi.Output<string>;
  /** Logical name of each ruleset -> its name in Glue. */
  readonly rulesetNames: Readonly<Record<string, pulumi.Output<string>>>;
  readonly #estate: Estate;

  constructor(name: string, args: CatalogueArgs, opts?: pulumi.ComponentResourceOptions) {
    super("c360:estate:Catalogue", name, {}, opts);
    this.#estate = args.estate;
    this.database = this.createDatabase(name);
    this.rawEvents = this.createRawTables(name, args.bucket);
    this.createLakeTables(name, args.bucket);
    this.rulesetNames = this.createRulesets(name);
    const workgroup = this.createWorkgroup(name, args.results);
    this.workgroup = workgroup.name;
    this.workgroupArn = workgroup.arn;
    this.createQuestions(name);
    this.registerOutputs({ database: this.database, workgroup: this.workgroup });
  }

  /** ARNs on which Glue authorises access to some tables: the catalogue, the database and each table (`*` for all). */
  tableArns(names: readonly string[]): pulumi.Output<string>[] {
    const { database } = this.#estate.config;
    return ["catalog", `database/${database}`, ...names.map((table) => `table/${database}/${table}`)].map((path) =>
      this.#arn(path),
    );
  }

  /** ARNs on which Glue authorises looking up the database, and the one that Athena always looks up besides. */
  get databaseArns(): pulumi.Output<string>[] {
    return ["catalog", "database/default", `database/${this.#estate.config.database}`].map((path) => this.#arn(path));
  }

  #arn(path: string): pulumi.Output<string> {
    const { account, config } = this.#estate;
    return pulumi.interpolate`arn:aws:glue:${config.region}:${account}:${path}`;
  }

  private createDatabase(name: string): pulumi.Output<string> {
    const { config } = this.#estate;
    return new aws.glue.CatalogDatabase(
      `${name}-database`,
      { name: config.database, description: "Events, silver and gold tables of the customer 360" },
      { parent: this },
    ).name;
  }

  private createRawTables(name: string, bucket: PrivateBucket): pulumi.Output<string> {
    const { historyFrom } = this.#estate.config;
    const raw = hiveTable(
      `${name}-raw-events`,
      {
        database: this.database,
        tableName: "raw_events",
        description: "Every accepted event, once or more often, in the order of arrival",
        location: pulumi.interpolate`s3://${bucket.name}/raw_events/`,
        format: "parquet",
        columns: rawEventColumns,
        partitions: rawPartitionKeys.map((key) => projected(key, historyFrom)),
      },
      { parent: this },
    );
    hiveTable(
      `${name}-failed-events`,
      {
        database: this.database,
        tableName: "failed_events",
        description: "Every refused record with the reason",
        location: pulumi.interpolate`s3://${bucket.name}/failed_events/`,
        format: "json",
        columns: failedEventColumns,
        partitions: failedPartitionKeys.map((key) => projected(key, historyFrom)),
      },
      { parent: this },
    );
    return raw.name;
  }

  private createLakeTables(name: string, bucket: PrivateBucket): void {
    for (const table of tables) {
      icebergTable(
        `${name}-${table.name}`,
        {
          database: this.database,
          tableName: table.name,
          description: table.description,
          location: pulumi.interpolate`s3://${bucket.name}/${table.layer}/${table.name}`,
          columns: table.columns,
          partitionedBy: table.partitionedBy,
          properties: maintenanceProperties(table.history),
        },
        { parent: this },
      );
    }
  }

  private createRulesets(name: string): Record<string, pulumi.Output<string>> {
    const { prefix } = this.#estate.config;
    return Object.fromEntries(
      rulesets.map((ruleset) => [
        ruleset.name,
        new aws.glue.DataQualityRuleset(
          `${name}-${ruleset.name}-rules`,
          {
            name: `${prefix}-${ruleset.name}`,
            description: ruleset.description,
            ruleset: ruleset.dqdl,
            targetTable: { databaseName: this.database, tableName: ruleset.table },
          },
          { parent: this },
        ).name,
      ]),
    );
  }

  private createWorkgroup(name: string, results: PrivateBucket): aws.athena.Workgroup {
    const { config, keyArn } = this.#estate;
    return new aws.athena.Workgroup(
      `${name}-workgroup`,
      {
        name: config.prefix,
        description: "Questions to the customer 360",
        forceDestroy: config.disposable,
        configuration: {
          enforceWorkgroupConfiguration: true,
          publishCloudwatchMetricsEnabled: true,
          bytesScannedCutoffPerQuery: config.bytesScannedCutoff,
          engineVersion: { selectedEngineVersion: "Athena engine version 3" },
          resultConfiguration: {
            outputLocation: pulumi.interpolate`s3://${results.name}/`,
            encryptionConfiguration: { encryptionOption: "SSE_KMS", kmsKeyArn: keyArn },
          },
        },
      },
      { parent: this },
    );
  }

  private createQuestions(name: string): void {
    for (const question of savedQuestions) {
      new aws.athena.NamedQuery(
        `${name}-${question.name}-question`,
        {
          name: question.name,
          description: question.description,
          query: question.sql,
          database: this.database,
          workgroup: this.workgroup,
        },
        { parent: this },
      );
    }
  }
}

/** The key's projection: days since the history begins, or the names of the published events. */
function projected(
  { name, comment }: { readonly name: string; readonly comment?: string },
  from: string,
): ProjectedKey {
  const about = comment === undefined ? {} : { comment };
  if (name.endsWith("_date")) return { name, kind: "date", from, ...about };
  return { name, kind: "enum", values: allContracts.map(({ partition }) => partition), ...about };
}
