import type { GraphResource } from "../../graph/resource.ts";
import { requiredText } from "../members.ts";
import { NotImplementedLocally } from "../service.ts";
import { parseDefinition } from "./definition.ts";
import type { Machine } from "./machine.ts";

export const machineType = "aws:sfn/stateMachine:StateMachine";

/** A state machine of the graph, ready to run. */
export interface StateMachine {
  readonly arn: string;
  readonly name: string;
  readonly roleArn: string;
  readonly definition: string;
  readonly machine: Machine;
}

/** @throws InvalidDefinition for a definition that would be refused at creation. */
export function readMachine(resource: GraphResource): StateMachine {
  const { inputs, outputs } = resource;
  const definition = requiredText(inputs, "definition");
  const name = requiredText(outputs, "name");
  const type = inputs["type"] ?? "STANDARD";
  if (type !== "STANDARD") throw new NotImplementedLocally(`states: a machine of type ${String(type)} (${name})`);
  return {
    arn: requiredText(outputs, "arn"),
    name,
    roleArn: requiredText(inputs, "roleArn"),
    definition,
    machine: parseDefinition(name, definition),
  };
}
