import type { ResourceGraph } from "../../graph/resource.ts";
import { objectIn, optionalText } from "../members.ts";
import { AwsError, type Shape } from "../service.ts";
import type { Ruleset } from "./dqdl/ast.ts";
import { parseRuleset } from "./dqdl/parser.ts";

/** A ruleset of the graph. */
export interface NamedRuleset {
  readonly name: string;
  readonly arn: string;
  readonly description: string | undefined;
  readonly text: string;
  readonly parsed: Ruleset;
  readonly database: string | undefined;
  readonly table: string | undefined;
}

/**
 * Reads and parses the graph's rulesets.
 * @throws Error naming the ruleset whose text is wrong, or asks for a rule that is not implemented.
 */
export function rulesetsOf(graph: ResourceGraph): ReadonlyMap<string, NamedRuleset> {
  const rulesets = new Map<string, NamedRuleset>();
  for (const { type, name: logical, outputs } of graph.resources) {
    if (type !== "aws:glue/dataQualityRuleset:DataQualityRuleset") continue;
    const { name, ruleset, arn } = outputs;
    if (typeof name !== "string" || typeof ruleset !== "string" || typeof arn !== "string")
      throw new Error(`${logical}: a ruleset needs a name and a text`);
    const target = objectIn(outputs["targetTable"]) ?? {};
    rulesets.set(name, {
      name,
      arn,
      description: optionalText(outputs, "description"),
      text: ruleset,
      parsed: parsed(name, ruleset),
      database: optionalText(target, "databaseName"),
      table: optionalText(target, "tableName"),
    });
  }
  return rulesets;
}

function parsed(name: string, text: string): Ruleset {
  try {
    return parseRuleset(text);
  } catch (error) {
    throw new Error(`Ruleset ${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** @throws AwsError `EntityNotFoundException` */
export function rulesetNamed(rulesets: ReadonlyMap<string, NamedRuleset>, name: string): NamedRuleset {
  const found = rulesets.get(name);
  if (found === undefined) throw new AwsError("EntityNotFoundException", `Data quality ruleset ${name} not found`);
  return found;
}

/** The answer of GetDataQualityRuleset. */
export const rulesetShape = (ruleset: NamedRuleset): Shape => ({ ...targetOf(ruleset), Ruleset: ruleset.text });

/** An entry of ListDataQualityRulesets. */
export const rulesetSummary = (ruleset: NamedRuleset): Shape => ({
  ...targetOf(ruleset),
  RuleCount: ruleset.parsed.rules.length,
});

const targetOf = ({ name, description, database, table }: NamedRuleset): Shape => ({
  Name: name,
  Description: description,
  ...(database === undefined || table === undefined
    ? {}
    : { TargetTable: { DatabaseName: database, TableName: table } }),
});
