import { isRecord, isTexts } from "./checks.ts";
import { CliError } from "./errors.ts";

const texts = [
  "region",
  "database",
  "workgroup",
  "streamName",
  "deliveryStreamName",
  "busName",
  "lakeBucket",
  "resultsBucket",
  "refreshStateMachineArn",
  "refreshScheduleName",
  "activationFunctionName",
  "segmentTopicArn",
  "alertsTopicArn",
  "configurationSetName",
  "senderAddress",
  "qualityRoleArn",
] as const;

/** The roles of `infra/access.ts` under which commands act. */
export const roleNames = ["analyst", "operator", "marketer", "producer"] as const;

export type RoleName = (typeof roleNames)[number];

/** What the stack tells its users: names and ARNs, the same on AWS and on this machine. */
export interface StackOutputs extends Readonly<Record<(typeof texts)[number], string>> {
  readonly roleArns: Readonly<Record<RoleName, string>>;
  readonly rulesetNames: Readonly<Record<string, string>>;
}

/**
 * Checks the outputs of a stack.
 * @throws CliError naming the outputs that are missing or of another type.
 */
export function readStackOutputs(outputs: unknown): StackOutputs {
  if (isStackOutputs(outputs)) return outputs;
  throw new CliError(
    `The stack's outputs are not those that c360 needs: ${wrongIn(outputs).slice(0, 5).join("; ")}. Deploy the stack again.`,
  );
}

const isStackOutputs = (outputs: unknown): outputs is StackOutputs => wrongIn(outputs).length === 0;

function wrongIn(outputs: unknown): string[] {
  const given = isRecord(outputs) ? outputs : {};
  const { roleArns, rulesetNames } = given;
  return [
    ...texts.filter((name) => typeof given[name] !== "string").map((name) => `${name} must be a text`),
    ...(isTexts(roleArns) ? roleNames.filter((name) => roleArns[name] === undefined) : roleNames).map(
      (name) => `roleArns.${name} must be a text`,
    ),
    ...(isTexts(rulesetNames) ? [] : ["rulesetNames must be texts by name"]),
  ];
}
