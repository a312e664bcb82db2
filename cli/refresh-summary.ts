import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { CliError } from "./errors.ts";
import type { RefreshResult } from "./operations/refresh.ts";

/** What the workflow says of itself (`pipelines/refresh/definition.ts` makes it). */
const NothingNew = Type.Object({ status: Type.Literal("NothingNew"), asOf: Type.String() });
const Refreshed = Type.Object({
  status: Type.Literal("Refreshed"),
  asOf: Type.String(),
  /** Days whose partitions were read again. */
  dates: Type.Integer(),
  bytesScanned: Type.Integer(),
  statements: Type.Array(Type.Object({ name: Type.String(), bytesScanned: Type.Integer() })),
});

export type RefreshSummary = Static<typeof NothingNew> | Static<typeof Refreshed>;

/** @throws CliError when a refresh that succeeded says something else than it should. */
export function refreshSummary(result: RefreshResult): RefreshSummary {
  const { output } = result;
  if (Value.Check(Refreshed, output) || Value.Check(NothingNew, output)) return output;
  throw new CliError(`The refresh answered something else than its summary: ${JSON.stringify(output).slice(0, 200)}`);
}
