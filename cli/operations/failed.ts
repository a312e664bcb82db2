import { AthenaClient } from "@aws-sdk/client-athena";
import { KinesisClient } from "@aws-sdk/client-kinesis";
import { ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { runRows } from "../../analytics/client/index.ts";
import { type DomainEvent, validateEvent } from "../../ingest/contracts/index.ts";
import { putEvents } from "../../ingest/stream/producer.ts";
import { CliError, exitCodes } from "../errors.ts";
import { cellText, recordsOf } from "../rows.ts";
import type { Session } from "../session.ts";

/** A record that the transform refused. */
export interface FailedEvent {
  readonly failedId: string;
  readonly reason: string;
  /** Where it broke the contract; never a value. */
  readonly detail: string;
  readonly refusedAt: string;
  /** Whether a repaired version has been sent. */
  readonly replayed: boolean;
}

const REPLAYED = "control/replayed/";

/** Every refused record once, newest first. */
export async function listFailed(session: Session, reason?: string): Promise<FailedEvent[]> {
  const filter = reason === undefined ? "" : `WHERE reason = '${reason.replaceAll("'", "''")}' `;
  const rows = await query(
    session,
    `SELECT failed_id, min(reason) AS reason, min(detail) AS detail, min(refused_at) AS refused_at FROM failed_events ${filter}GROUP BY failed_id ORDER BY 4 DESC, 1`,
  );
  const done = await replayedIds(session);
  return rows.map((row) => ({
    failedId: cellText(row["failed_id"]),
    reason: cellText(row["reason"]),
    detail: cellText(row["detail"]),
    refusedAt: cellText(row["refused_at"]),
    replayed: done.has(cellText(row["failed_id"])),
  }));
}

/** The bytes of a refused record as they arrived. */
export async function rawOf(session: Session, failedId: string): Promise<Buffer> {
  if (!/^[0-9a-f]{32}$/.test(failedId))
    throw new CliError(`"${failedId}" is no id of a refused event: c360 failed list shows them.`, exitCodes.usage);
  const [row] = await query(session, `SELECT max(raw) AS raw FROM failed_events WHERE failed_id = '${failedId}'`);
  const raw = cellText(row?.["raw"]);
  if (raw === "")
    throw new CliError(`No refused event has the id ${failedId}: c360 failed list shows them.`, exitCodes.usage);
  return Buffer.from(raw, "base64");
}

export type ReplayOutcome =
  | { readonly failedId: string; readonly outcome: "sent" | "already replayed" }
  | { readonly failedId: string; readonly outcome: "still refused"; readonly reason: string };

/** Sends a refused event again, repaired or as it is, if it keeps its contract now and has not been sent before. */
export async function replayFailed(session: Session, failedId: string, repaired: Buffer): Promise<ReplayOutcome> {
  const event = parse(repaired);
  if (typeof event === "string") return { failedId, outcome: "still refused", reason: event };
  const objects = new S3Client(session.as("operator"));
  const marker = new PutObjectCommand({
    Bucket: session.outputs.lakeBucket,
    Key: `${REPLAYED}${failedId}.json`,
    Body: JSON.stringify({ failedId, eventId: event.id }),
    ContentType: "application/json",
    IfNoneMatch: "*",
  });
  // The event first: its id makes a second delivery harmless, a marker without its event would lose it.
  const stream = new KinesisClient(session.as("producer"));
  if ((await replayedIds(session)).has(failedId)) return { failedId, outcome: "already replayed" };
  await session.waitFor(
    putEvents(
      stream,
      session.outputs.streamName,
      once({ partitionKey: event.subject ?? event.id, bytes: repaired }),
      {},
    ),
  );
  await objects.send(marker).catch((error: unknown) => {
    if (!(error instanceof Error && error.name === "PreconditionFailed")) throw error;
  });
  return { failedId, outcome: "sent" };
}

function parse(bytes: Buffer): DomainEvent | string {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
  } catch {
    return "malformed-json";
  }
  const checked = validateEvent(value);
  return checked.ok ? checked.event : `${checked.reason}: ${checked.detail}`;
}

async function* once<T>(value: T): AsyncGenerator<T> {
  yield value;
}

async function replayedIds(session: Session): Promise<ReadonlySet<string>> {
  const objects = new S3Client(session.as("operator"));
  const ids = new Set<string>();
  let token: string | undefined;
  do {
    const page = await objects.send(
      new ListObjectsV2Command({
        Bucket: session.outputs.lakeBucket,
        Prefix: REPLAYED,
        ...(token === undefined ? {} : { ContinuationToken: token }),
      }),
    );
    for (const object of page.Contents ?? []) ids.add((object.Key ?? "").slice(REPLAYED.length, -".json".length));
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return ids;
}

async function query(session: Session, sql: string): Promise<ReturnType<typeof recordsOf>> {
  const client = new AthenaClient(session.as("operator"));
  const { database, workgroup } = session.outputs;
  return recordsOf(await session.waitFor(runRows(client, { sql, database, workgroup })));
}
