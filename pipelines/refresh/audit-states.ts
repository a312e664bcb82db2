import type { RefreshDefinitionArgs } from "./definition.ts";
import { type Flow, retryCalls } from "./states.ts";

/** A rule set of `governance/quality`, as far as an audit needs it. */
export interface AuditedRuleset {
  readonly name: string;
  readonly table: string;
}

const RUNNING = '$states.result.Status in ["STARTING", "RUNNING", "STOPPING"]';

/**
 * Starts one Glue Data Quality run a rule set, all together, and waits for them.
 * Each iteration gives `{ruleset, score, failed}`; `failed` names rules, never values.
 */
export function auditMap(args: RefreshDefinitionArgs, rulesets: readonly AuditedRuleset[], { variable, next }: Flow) {
  const state = (name: string) => `${name}_${variable}`;
  return {
    Type: "Map",
    Items: rulesets.map(({ name, table }) => ({
      ruleset: name,
      table,
      glueName: glueName(args, name),
      partitioned: table === "raw_events",
    })),
    ItemProcessor: {
      ProcessorConfig: { Mode: "INLINE" },
      StartAt: state("StartRun"),
      States: {
        [state("StartRun")]: {
          Type: "Task",
          Resource: "arn:aws:states:::aws-sdk:glue:startDataQualityRulesetEvaluationRun",
          Arguments: {
            DataSource: {
              // Only the partitions with new events are audited again.
              GlueTable:
                `{% $merge([{"DatabaseName": "${args.database}", "TableName": $states.input.table}, ` +
                '$states.input.partitioned ? {"AdditionalOptions": {"pushDownPredicate": $pushDownPredicate}} : {}]) %}',
            },
            Role: args.qualityRoleArn,
            RulesetNames: ["{% $states.input.glueName %}"],
          },
          Retry: retryCalls,
          Assign: { runId: "{% $states.result.RunId %}", ruleset: "{% $states.input.ruleset %}" },
          Next: state("WaitForRun"),
        },
        [state("WaitForRun")]: { Type: "Wait", Seconds: 5, Next: state("GetRun") },
        [state("GetRun")]: {
          Type: "Task",
          Resource: "arn:aws:states:::aws-sdk:glue:getDataQualityRulesetEvaluationRun",
          Arguments: { RunId: "{% $runId %}" },
          Retry: retryCalls,
          Assign: {
            running: `{% ${RUNNING} %}`,
            status: "{% $states.result.Status %}",
            error: '{% $exists($states.result.ErrorString) ? $states.result.ErrorString : "no reason given" %}',
            resultIds: "{% [$states.result.ResultIds] %}",
          },
          Next: state("RunEnded"),
        },
        [state("RunEnded")]: {
          Type: "Choice",
          Choices: [
            { Condition: "{% $running %}", Next: state("WaitForRun") },
            { Condition: '{% $status = "SUCCEEDED" %}', Next: state("GetResult") },
          ],
          Default: state("NotEvaluated"),
        },
        [state("GetResult")]: {
          Type: "Task",
          Resource: "arn:aws:states:::aws-sdk:glue:batchGetDataQualityResult",
          Arguments: { ResultIds: "{% $resultIds %}" },
          Retry: retryCalls,
          Output: {
            ruleset: "{% $ruleset %}",
            score: "{% $min($states.result.Results.Score) %}",
            failed: '{% [$states.result.Results.RuleResults[Result != "PASS"].(Name & ": " & Description)] %}',
          },
          End: true,
        },
        [state("NotEvaluated")]: {
          Type: "Pass",
          Output: {
            ruleset: "{% $ruleset %}",
            score: 0,
            failed: "{% ['not evaluated: ' & $status & ', ' & $error] %}",
          },
          End: true,
        },
      },
    },
    Assign: { [variable]: "{% $states.result %}" },
    Next: next,
  };
}

function glueName({ rulesetNames }: RefreshDefinitionArgs, name: string): string {
  const found = rulesetNames[name];
  if (found === undefined) throw new Error(`No Glue name for the rule set ${name}.`);
  return found;
}
