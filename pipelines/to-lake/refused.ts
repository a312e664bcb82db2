import type { RefusalReason } from "../../ingest/contracts/index.ts";

/** Why a record did not become a row; `detail` names places and rules, never values. */
export interface Refusal {
  readonly refused: true;
  readonly reason: RefusalReason | "malformed-json" | "oversized";
  readonly detail: string;
}

export const refusal = (reason: Refusal["reason"], detail: string): Refusal => ({ refused: true, reason, detail });
