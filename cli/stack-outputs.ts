import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { CliError } from "./errors.ts";

const StackOutputs = Type.Object({
  region: Type.String(),
  database: Type.String(),
  workgroup: Type.String(),
  streamName: Type.String(),
  deliveryStreamName: Type.String(),
  busName: Type.String(),
  lakeBucket: Type.String(),
  resultsBucket: Type.String(),
  refreshStateMachineArn: Type.String(),
  refreshScheduleName: Type.String(),
  activationFunctionName: Type.String(),
  segmentTopicArn: Type.String(),
  alertsTopicArn: Type.String(),
  configurationSetName: Type.String(),
  senderAddress: Type.String(),
  qualityRoleArn: Type.String(),
  roleArns: Type.Object({
    producer: Type.String(),
    analyst: Type.String(),
    operator: Type.String(),
    marketer: Type.String(),
  }),
  rulesetNames: Type.Record(Type.String(), Type.String()),
});

/** What the stack tells its users: names and ARNs, the same on AWS and on this machine. */
export type StackOutputs = Static<typeof StackOutputs>;

/** A role of `infra/access.ts` under which a command acts. */
export type RoleName = keyof StackOutputs["roleArns"];

/**
 * Checks the outputs of a stack.
 * @throws CliError naming the outputs that are missing or of another type.
 */
export function readStackOutputs(outputs: unknown): StackOutputs {
  if (Value.Check(StackOutputs, outputs)) return outputs;
  const wrong = Value.Errors(StackOutputs, outputs).map((error) => `${error.instancePath || "/"} ${error.message}`);
  throw new CliError(
    `The stack's outputs are not those that c360 needs: ${wrong.slice(0, 5).join("; ")}. Deploy the stack again.`,
  );
}
