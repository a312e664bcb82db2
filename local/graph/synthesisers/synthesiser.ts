import { createHash } from "node:crypto";

export type Inputs = Readonly<Record<string, unknown>>;

/** Where the program would be deployed. */
export interface SynthesisContext {
  readonly region: string;
  /** Twelve digits. */
  readonly account: string;
}

export interface Synthesised {
  readonly id: string;
  /** What AWS computes, under the provider's output names. Inputs need not be repeated. */
  readonly outputs: Readonly<Record<string, unknown>>;
  /** The name that must be unique among resources of this type. */
  readonly physicalName?: string;
}

/** Makes the computed outputs of one resource type exactly as AWS shapes them. */
export type Synthesiser = (logicalName: string, inputs: Inputs, context: SynthesisContext) => Synthesised;

/** Text input, or a clear error: the SDK lets wrong types pass. */
export function text(inputs: Inputs, key: string): string {
  const value = inputs[key];
  if (typeof value !== "string" || value === "") throw new Error(`needs the text property \`${key}\``);
  return value;
}

export function textOr(inputs: Inputs, key: string, otherwise: string): string {
  return inputs[key] === undefined ? otherwise : text(inputs, key);
}

/** Explicit name or, as the provider does without one, the logical name and seven hexadecimal digits (here: stable ones). */
export function physicalName(inputs: Inputs, logicalName: string, key = "name"): string {
  return textOr(inputs, key, `${logicalName}-${digest(logicalName).slice(0, 7)}`);
}

/** `arn:aws:<service>:<region>:<account>:<resource>` */
export function arnOf(service: string, resource: string, inputs: Inputs, context: SynthesisContext): string {
  return `arn:aws:${service}:${textOr(inputs, "region", context.region)}:${context.account}:${resource}`;
}

/** Outputs that every regional, taggable resource of provider 7 has. */
export function common(inputs: Inputs, context: SynthesisContext): Record<string, unknown> {
  return { region: textOr(inputs, "region", context.region), tagsAll: inputs["tags"] ?? {} };
}

/** Stable hexadecimal digest, for ids that AWS draws at random. */
export function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Stable stand-in for a random UUID. */
export function uuid(seed: string): string {
  const hex = digest(seed);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A setting of another resource (bucket policy, event destination, ...): no name of its own, at most one per `id`. */
export function sideResource(idOf: (inputs: Inputs, context: SynthesisContext) => string): Synthesiser {
  return (_name, inputs, context) => {
    const id = idOf(inputs, context);
    return { id, physicalName: id, outputs: { region: textOr(inputs, "region", context.region) } };
  };
}

/** The moment that stands for "when it was created": the same on every evaluation. */
export const createdAt = "2010-01-01T00:00:00Z";
