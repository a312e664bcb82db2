import { InvalidIceberg } from "./errors.ts";
import type { PrimitiveType } from "./model.ts";
import { remembered } from "./remember.ts";

/** Iceberg spec, "Primitive Types": what stands in the brackets of a type. */

export interface DecimalParameters {
  readonly precision: number;
  readonly scale: number;
}

const parametersOf = remembered((type): DecimalParameters => {
  const parts = /^decimal\((\d+),(\d+)\)$/.exec(type);
  if (parts === null) throw new InvalidIceberg(`Iceberg metadata: ${type} is no decimal(P,S)`);
  return { precision: Number(parts[1]), scale: Number(parts[2]) };
});

/** @returns undefined when the type is no decimal. */
export function decimalParameters(type: PrimitiveType): DecimalParameters | undefined {
  return type.startsWith("decimal(") ? parametersOf(type) : undefined;
}

/** @returns undefined when the type is no `fixed[L]`. */
export function fixedLength(type: PrimitiveType): number | undefined {
  const parts = /^fixed\[(\d+)\]$/.exec(type);
  return parts === null ? undefined : Number(parts[1]);
}
