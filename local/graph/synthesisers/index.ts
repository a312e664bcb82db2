import { access } from "./access.ts";
import { compute } from "./compute.ts";
import { lake } from "./lake.ts";
import { messaging } from "./messaging.ts";
import type { Inputs, SynthesisContext, Synthesised, Synthesiser } from "./synthesiser.ts";

const synthesisers: ReadonlyMap<string, Synthesiser> = new Map(
  Object.entries({
    ...access,
    ...compute,
    ...lake,
    ...messaging,
    // A provider is configuration of the engine's; locally there is nothing behind it.
    "pulumi:providers:aws": (name: string) => ({ id: name, outputs: {} }),
  }),
);

/**
 * Computes id and outputs of a custom resource.
 * @throws Error naming type and resource when the type has no synthesiser or an input it needs is missing.
 */
export function synthesise(type: string, name: string, inputs: Inputs, context: SynthesisContext): Synthesised {
  const synthesiser = synthesisers.get(type);
  if (synthesiser === undefined) {
    throw new Error(`The local runtime does not know the resource type ${type} (of "${name}")`);
  }
  try {
    return synthesiser(name, inputs, context);
  } catch (error) {
    throw new Error(`${type} "${name}" ${error instanceof Error ? error.message : String(error)}`);
  }
}
