import { type Model, models, tables } from "../../analytics/models/index.ts";
import { parameters } from "../../analytics/models/parameters.ts";
import { rulesets } from "../../governance/quality/index.ts";
import { auditMap } from "./audit-states.ts";
import { maintenanceStates } from "./maintenance-states.ts";
import { onlyOne } from "./only-one.ts";
import { type Flow, retryCalls, retryQueries } from "./states.ts";

/** What the definition needs of the estate. */
export interface RefreshDefinitionArgs {
  readonly planFunctionArn: string;
  readonly workgroup: string;
  readonly database: string;
  /** Role under which Glue reads the audited tables. */
  readonly qualityRoleArn: string;
  /** Rule set as in `governance/quality` -> its name in Glue. */
  readonly rulesetNames: Readonly<Record<string, string>>;
  readonly alertsTopicArn: string;
}

/**
 * The refresh of the customer 360 as an Amazon States Language document (JSONata).
 * Write, audit, publish: silver is built and audited, then the gold candidates; published tables change only after both
 * audits, and the watermark only after that, so a refresh that fails anywhere is done again by the next one. One runs
 * at a time, because the candidates are the same tables for all: a second one fails at once with `AlreadyRunning`.
 * When the refresh date is a new one the tables are maintained at the end, which cannot undo what is published.
 *
 * Input: `{"scheduledTime": "2011-01-01T00:00:00Z", "full"?: true, "maintain"?: boolean}`. Output: counts, audits, bytes
 * scanned a statement, what maintenance did.
 */
export function refreshDefinition(args: RefreshDefinitionArgs): { readonly [member: string]: unknown } {
  const gold = rulesets.filter(({ table }) => table.endsWith("_next"));
  const silver = rulesets.filter((ruleset) => !gold.includes(ruleset));
  return {
    Comment: "Customer 360: raw -> silver -> audit -> gold candidates -> audit -> publish",
    QueryLanguage: "JSONata",
    // One that hangs must not keep all later ones from running.
    TimeoutSeconds: 6 * 3600,
    StartAt: "FindOthers",
    States: {
      ...onlyOne("Plan"),
      Plan: plan(args),
      HasWork: {
        Type: "Choice",
        Choices: [
          { Condition: "{% $nothingNew and $maintain %}", Next: "Maintain" },
          { Condition: "{% $nothingNew %}", Next: "NothingNew" },
          { Condition: "{% $dateCount = 0 %}", Next: "BuildGold" },
        ],
        Default: "BuildSilver",
      },
      NothingNew: {
        Type: "Succeed",
        Output:
          '{% $merge([{"status": "NothingNew", "asOf": $asOf}, ' +
          '$count($maintenance) > 0 ? {"maintenance": [$maintenance]} : {}]) %}',
      },
      BuildSilver: statements(
        args,
        models.filter(({ layer }) => layer === "silver"),
        { variable: "silver", next: "AuditSilver" },
      ),
      AuditSilver: auditMap(args, silver, { variable: "silverAudits", next: "SilverPassed" }),
      SilverPassed: passed("silverAudits", "BuildGold"),
      BuildGold: statements(
        args,
        models.filter(({ layer, kind }) => layer === "gold" && kind === "build"),
        { variable: "gold", next: "AuditGold" },
      ),
      AuditGold: auditMap(args, gold, { variable: "goldAudits", next: "GoldPassed" }),
      GoldPassed: passed("goldAudits", "Publish"),
      Publish: statements(
        args,
        models.filter(({ kind }) => kind === "publish"),
        { variable: "published", next: "Commit" },
      ),
      Commit: {
        Type: "Task",
        Resource: "arn:aws:states:::lambda:invoke",
        Arguments: { FunctionName: args.planFunctionArn, Payload: { action: "commit", watermark: "{% $watermark %}" } },
        Retry: retryCalls,
        Next: "MaintenanceDue",
      },
      MaintenanceDue: {
        Type: "Choice",
        Choices: [{ Condition: "{% $maintain %}", Next: "Maintain" }],
        Default: "Refreshed",
      },
      ...maintenanceStates(
        args,
        tables.map(({ name }) => name),
        "Ended",
      ),
      Ended: {
        Type: "Choice",
        Choices: [{ Condition: "{% $nothingNew %}", Next: "NothingNew" }],
        Default: "Refreshed",
      },
      Refreshed: { Type: "Succeed", Output: summary },
      Alert: {
        Type: "Task",
        Resource: "arn:aws:states:::sns:publish",
        Arguments: {
          TopicArn: args.alertsTopicArn,
          Subject: "Customer 360: audit failed, nothing published",
          Message: '{% $string({"asOf": $asOf, "failed": $failures}) %}',
        },
        Retry: retryCalls,
        Catch: [{ ErrorEquals: ["States.ALL"], Next: "QualityFailed" }],
        Next: "QualityFailed",
      },
      QualityFailed: {
        Type: "Fail",
        Error: "QualityFailed",
        Cause: "{% 'The audit failed; the last good version stays published. ' & $string($failures) %}",
      },
    },
  };
}

const plan = ({ planFunctionArn }: RefreshDefinitionArgs) => ({
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  Arguments: {
    FunctionName: planFunctionArn,
    Payload:
      '{% $merge([{"action": "plan", "asOf": $substring($states.input.scheduledTime, 0, 10), ' +
      '"full": $states.input.full = true}, ' +
      '$exists($states.input.maintain) ? {"maintain": $states.input.maintain} : {}]) %}',
  },
  Retry: retryCalls,
  Assign: {
    asOf: "{% $states.result.Payload.asOf %}",
    nothingNew: "{% $states.result.Payload.nothingNew %}",
    dateCount: "{% $count($states.result.Payload.dates) %}",
    eventDates: "{% $states.result.Payload.eventDates %}",
    pushDownPredicate: "{% $states.result.Payload.pushDownPredicate %}",
    objects: "{% $states.result.Payload.objects %}",
    partitions: "{% $states.result.Payload.partitions %}",
    watermark: "{% $states.result.Payload.watermark %}",
    maintain: "{% $states.result.Payload.maintain = true %}",
    silver: [],
    silverAudits: [],
    maintenance: [],
  },
  Next: "HasWork",
});

/** Runs models one after the other and keeps what each of them scanned. */
const statements = (args: RefreshDefinitionArgs, chosen: readonly Model[], { variable, next }: Flow) => ({
  Type: "Map",
  MaxConcurrency: 1,
  Items: chosen.map(({ name, sql }) => ({ name, sql })),
  ItemProcessor: {
    ProcessorConfig: { Mode: "INLINE" },
    StartAt: `Run_${variable}`,
    States: {
      [`Run_${variable}`]: {
        Type: "Task",
        Resource: "arn:aws:states:::athena:startQueryExecution.sync",
        Arguments: {
          QueryString:
            `{% $replace($replace($states.input.sql, "${parameters.eventDates}", $eventDates), ` +
            `"${parameters.asOf}", "DATE '" & $asOf & "'") %}`,
          WorkGroup: args.workgroup,
          QueryExecutionContext: { Catalog: "AwsDataCatalog", Database: args.database },
        },
        Retry: retryQueries,
        Output: {
          name: "{% $states.input.name %}",
          bytesScanned: "{% $states.result.QueryExecution.Statistics.DataScannedInBytes %}",
        },
        End: true,
      },
    },
  },
  Assign: { [variable]: "{% $states.result %}" },
  Next: next,
});

/** A failed rule, or a run that could not be evaluated, stops the refresh before anything is published. */
const passed = (variable: string, next: string) => ({
  Type: "Choice",
  Choices: [{ Condition: `{% $count($${variable}.failed) = 0 %}`, Next: next }],
  Default: "Alert",
  Assign: { failures: `{% [$${variable}[$count(failed) > 0].{"ruleset": ruleset, "failed": failed}] %}` },
});

const summary = {
  status: "Refreshed",
  asOf: "{% $asOf %}",
  dates: "{% $dateCount %}",
  objects: "{% $objects %}",
  partitions: "{% $partitions %}",
  bytesScanned: "{% $sum($append($append($silver, $gold), $published).bytesScanned) %}",
  statements: "{% $append($append($silver, $gold), $published) %}",
  audits: '{% [$append($silverAudits, $goldAudits).{"ruleset": ruleset, "score": score}] %}',
  maintenance: "{% [$maintenance] %}",
};
