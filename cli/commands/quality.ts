import type { Command } from "commander";
import { rulesets } from "../../governance/quality/index.ts";
import { globalOptions, print, withSession } from "../context.ts";
import { CliError, exitCodes } from "../errors.ts";
import { evaluateRulesets, latestOutcomes, type RuleOutcome } from "../operations/quality.ts";
import { textTable } from "../output.ts";

/** `c360 quality`: what the data-quality on-call wants to know. */
export function registerQuality(program: Command): void {
  program
    .command("quality")
    .description("how the quality rules came out, or evaluate them now")
    .argument("[ruleset...]", `which: ${rulesets.map((ruleset) => ruleset.name).join(", ")}; default: all`)
    .option("--run", "evaluate now instead of showing the last refresh's audits", false)
    .option("--failed", "only the rules that failed", false)
    .action(async (given: string[], own: { run: boolean; failed: boolean }, command: Command) => {
      const options = globalOptions(command);
      const names = given.length > 0 ? given : rulesets.map((ruleset) => ruleset.name);
      await withSession(options, async (session) => {
        const all = own.run ? await evaluateRulesets(session, names) : await latestOutcomes(session, names);
        const shown = own.failed ? all.filter((outcome) => !outcome.passed) : all;
        print(options, shown, () => report(all, shown));
        const broken = all.filter((outcome) => !outcome.passed);
        if (broken.length > 0) throw new CliError(`${broken.length} of ${all.length} rules failed.`, exitCodes.data);
      });
    });
}

function report(all: readonly RuleOutcome[], shown: readonly RuleOutcome[]): string {
  if (all.length === 0) return "No rule has been evaluated yet: c360 quality --run, or c360 refresh.";
  const table = textTable(
    ["", "table", "rule", "why"],
    shown.map((outcome) => [outcome.passed ? "pass" : "FAIL", outcome.table, outcome.rule, outcome.reason ?? ""]),
  );
  return `${table}\n${all.filter((outcome) => outcome.passed).length} of ${all.length} rules hold.`;
}
