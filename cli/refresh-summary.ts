import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { CliError } from "./errors.ts";
import type { RefreshResult } from "./operations/refresh.ts";

/** Tables that were maintained after the publication; none when it was not due. */
const Maintenance = Type.Array(
  Type.Object({
    table: Type.String(),
    statements: Type.Array(
      Type.Object({
        statement: Type.String(),
        runs: Type.Optional(Type.Integer()),
        bytesScanned: Type.Optional(Type.Integer()),
        /** Why it failed; the refresh stands. */
        failed: Type.Optional(Type.String()),
      }),
    ),
  }),
);

/** What the workflow says of itself (`pipelines/refresh/definition.ts` makes it). */
const NothingNew = Type.Object({
  status: Type.Literal("NothingNew"),
  asOf: Type.String(),
  maintenance: Type.Optional(Maintenance),
});
const Refreshed = Type.Object({
  status: Type.Literal("Refreshed"),
  asOf: Type.String(),
  /** Days whose partitions were read again. */
  dates: Type.Integer(),
  bytesScanned: Type.Integer(),
  statements: Type.Array(Type.Object({ name: Type.String(), bytesScanned: Type.Integer() })),
  maintenance: Maintenance,
});

export type RefreshSummary = Static<typeof NothingNew> | Static<typeof Refreshed>;

/** What to say of the maintenance after a refresh; nothing when there was none. */
export function maintenanceText({ maintenance = [] }: Pick<RefreshSummary, "maintenance">): string {
  if (maintenance.length === 0) return "";
  const failed = maintenance.flatMap(({ table, statements }) =>
    statements.flatMap(({ statement, failed }) => (failed === undefined ? [] : [`${table}: ${statement}: ${failed}`])),
  );
  if (failed.length === 0) return ` ${maintenance.length} tables maintained.`;
  return `\nThe refresh stands, but maintenance failed (c360 maintain tries again):\n${failed.join("\n")}`;
}

/** @throws CliError when a refresh that succeeded says something else than it should. */
export function refreshSummary(result: RefreshResult): RefreshSummary {
  const { output } = result;
  if (Value.Check(Refreshed, output) || Value.Check(NothingNew, output)) return output;
  throw new CliError(`The refresh answered something else than its summary: ${JSON.stringify(output).slice(0, 200)}`);
}
