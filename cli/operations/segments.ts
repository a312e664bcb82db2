import { AthenaClient } from "@aws-sdk/client-athena";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { runRows } from "../../analytics/client/index.ts";
import { type Segment, segments } from "../../analytics/segments/index.ts";
import { CliError, exitCodes } from "../errors.ts";
import { type Cell, recordsOf } from "../rows.ts";
import type { Session } from "../session.ts";

/** @throws CliError listing the segments there are. */
export function segmentNamed(name: string): Segment {
  const found = segments.find((segment) => segment.name === name);
  if (found !== undefined) return found;
  throw new CliError(
    `There is no segment "${name}". There are: ${segments.map((segment) => segment.name).join(", ")}.`,
    exitCodes.usage,
  );
}

type Row = Readonly<Record<string, Cell>>;

/** Members, entries and departures of every segment at the last refresh. */
export function segmentCounts(session: Session): Promise<Row[]> {
  return ask(
    session,
    `SELECT segment, as_of,
  count_if(change <> 'left') AS members, count_if(change = 'entered') AS entered, count_if(change = 'left') AS departed
FROM segment_members
WHERE as_of = (SELECT max(as_of) FROM segment_members)
GROUP BY segment, as_of
ORDER BY segment`,
  );
}

/** Who is in a segment as of the last refresh, since when, and why. */
export function segmentMembers(session: Session, segment: Segment, limit: number): Promise<Row[]> {
  return ask(
    session,
    `SELECT customer_id, change, since, reason
FROM segment_members
WHERE segment = '${segment.name}' AND as_of = (SELECT max(as_of) FROM segment_members WHERE segment = '${segment.name}')
ORDER BY customer_id
LIMIT ${limit}`,
  );
}

/** Who would be in a segment if it were computed now; nothing is written. */
export function segmentPreview(session: Session, segment: Segment, limit: number): Promise<Row[]> {
  return ask(
    session,
    `SELECT customer_id, reason FROM (${segment.sql}) AS preview ORDER BY customer_id LIMIT ${limit}`,
  );
}

async function ask(session: Session, sql: string): Promise<Row[]> {
  const { database, workgroup } = session.outputs;
  const client = new AthenaClient(session.as("marketer"));
  return recordsOf(await session.waitFor(runRows(client, { sql, database, workgroup })));
}

const ExportResult = Type.Object({
  segment: Type.String(),
  campaign: Type.String(),
  members: Type.Integer(),
  sent: Type.Integer(),
  alreadySent: Type.Integer(),
  withoutConsent: Type.Integer(),
  suppressed: Type.Integer(),
  inDoubt: Type.Integer(),
  remaining: Type.Integer(),
});

/** What an export did. Every member is in exactly one of the counts after it. */
export type ExportResult = Static<typeof ExportResult>;

/** Sends a segment to SNS and SES, once per campaign and person; goes on until nobody remains. */
export async function exportSegment(
  session: Session,
  segment: Segment,
  options: { readonly dryRun: boolean; readonly onProgress?: (result: ExportResult) => void },
): Promise<ExportResult> {
  const client = new LambdaClient(session.as("marketer"));
  let total: ExportResult | undefined;
  for (;;) {
    const round = await session.waitFor(invoke(client, session, segment, options.dryRun));
    // A later round meets what an earlier one has sent as "already sent": count those once.
    total =
      total === undefined
        ? round
        : { ...round, sent: total.sent + round.sent, alreadySent: round.alreadySent - total.sent };
    options.onProgress?.(total);
    if (round.remaining === 0 || options.dryRun) return total;
    if (round.sent === 0 && round.remaining > 0)
      throw new CliError(`The export of ${segment.name} makes no progress: ${round.remaining} remain.`);
  }
}

async function invoke(
  client: LambdaClient,
  session: Session,
  segment: Segment,
  dryRun: boolean,
): Promise<ExportResult> {
  const answer = await client.send(
    new InvokeCommand({
      FunctionName: session.outputs.activationFunctionName,
      Payload: JSON.stringify({ segment: segment.name, ...(dryRun ? { dryRun } : {}) }),
    }),
  );
  const payload: unknown = JSON.parse(answer.Payload?.transformToString() ?? "null");
  if (answer.FunctionError !== undefined)
    throw new CliError(`The export of ${segment.name} failed: ${JSON.stringify(payload)}`);
  if (!Value.Check(ExportResult, payload))
    throw new CliError(`The export of ${segment.name} answered something else than its counts.`);
  return payload;
}
