import { Compile } from "typebox/compile";
import type { Contract } from "./contract.ts";
import { envelope } from "./envelope.ts";
import { contractNamed, type DomainEvent } from "./registry.ts";

export type RefusalReason = "not-a-cloudevent" | "unknown-type" | "contract";

export type Validation =
  | { readonly ok: true; readonly event: DomainEvent; readonly contract: Contract }
  /** `detail` names places and rules, never values: it is logged and kept beside the refused event. */
  | { readonly ok: false; readonly reason: RefusalReason; readonly detail: string };

interface Problem {
  readonly instancePath: string;
  readonly message: string;
}

interface Checker {
  Check(value: unknown): boolean;
  Errors(value: unknown): Iterable<Problem>;
}

const envelopeChecker: Checker = Compile(envelope);
const checkers = new Map<Contract, Checker>();

/** Compiled on first use: a process rarely meets every event, and a cold start should not pay for all of them. */
function checkerOf(contract: Contract): Checker {
  let checker = checkers.get(contract);
  if (checker === undefined) {
    checker = Compile(contract.data);
    checkers.set(contract, checker);
  }
  return checker;
}

/**
 * Judges a parsed event by its contract. Runs once per record on the hot path.
 * @param value anything, as JSON.parse gave it
 */
export function validateEvent(value: unknown): Validation {
  if (!isEnvelope(value)) return refusal("not-a-cloudevent", "", envelopeChecker.Errors(value));
  const contract = contractNamed(value.type);
  if (contract === undefined) {
    return { ok: false, reason: "unknown-type", detail: "/type is not the name of a published contract" };
  }
  if (value.dataschema !== contract.dataSchema) {
    return { ok: false, reason: "contract", detail: `/dataschema must be ${contract.dataSchema}` };
  }
  const checker = checkerOf(contract);
  if (!checker.Check(value.data)) return refusal("contract", "/data", checker.Errors(value.data));
  return { ok: true, event: value as DomainEvent, contract };
}

function isEnvelope(value: unknown): value is DomainEvent {
  return envelopeChecker.Check(value);
}

const MAX_PROBLEMS = 3;

function refusal(reason: RefusalReason, prefix: string, problems: Iterable<Problem>): Validation {
  // A member that the contract does not name is reported by its parent: its own name comes from outside, like a value.
  const all = [...problems]
    .filter(({ message }) => message !== "schema is false")
    .map(({ instancePath, message }) => `${`${prefix}${instancePath}` || "/"} ${message}`);
  const more = all.length > MAX_PROBLEMS ? [`and ${all.length - MAX_PROBLEMS} more`] : [];
  return { ok: false, reason, detail: [...all.slice(0, MAX_PROBLEMS), ...more].join("; ") };
}
