import { KinesisClient } from "@aws-sdk/client-kinesis";
import { segments } from "../../analytics/segments/index.ts";
import { onlineRetailEvents } from "../../ingest/sources/online-retail.ts";
import { putEvents } from "../../ingest/stream/producer.ts";
import type { Runtime } from "../../local/runtime.ts";
import { CliError } from "../errors.ts";
import { listFailed } from "../operations/failed.ts";
import { latestOutcomes } from "../operations/quality.ts";
import { knownRefreshes, mustSucceed, refresh, scheduledRefresh } from "../operations/refresh.ts";
import { exportSegment, segmentCounts } from "../operations/segments.ts";
import { bytes, grouped } from "../output.ts";
import { refreshSummary } from "../refresh-summary.ts";
import type { Session } from "../session.ts";
import { isVirtual } from "../simulated-time.ts";
import { type ChaosCount, disturb, type StreamRecord, type TimedRecord } from "./chaos.ts";
import { goldDigests, lakeFigures } from "./lake-figures.ts";
import type { Period } from "./periods.ts";
import { reconcile } from "./reconcile.ts";
import type { DemoReport, PeriodReport } from "./report.ts";
import { sourceFigures } from "./source-figures.ts";
import type { Steps } from "./steps.ts";

/** What a demonstration runs on. */
export interface DemoOptions {
  readonly dataFile: string;
  readonly seed: number;
  readonly periods: readonly Period[];
  readonly chaos: boolean;
}

/** Events arrive in one burst an hour before a period ends: time for the delivery stream's buffers to flush. */
const BURST_BEFORE_END_MS = 60 * 60 * 1000;
/** Longer than any buffering interval that Firehose takes (900 s), stream and destination one after the other. */
const FLUSH_MS = 35 * 60 * 1000;

/** Runs the year (or the first periods of it) on a session whose runtime has a virtual clock. */
export async function runDemo(session: Session, runtime: Runtime, steps: Steps, options: DemoOptions): Promise<DemoReport> {
  const chaosCount: ChaosCount = { duplicates: 0, malformed: 0 };
  const periods: PeriodReport[] = [];
  for (const period of options.periods) periods.push(await runPeriod(session, runtime, steps, options, period, chaosCount));

  const end = options.periods.at(-1)?.to;
  if (end === undefined) throw new CliError("There is no period to run.");
  const reconciliation = await steps.run(
    "reconcile with the source",
    0,
    async () => reconcile(await sourceFigures(options.dataFile, end), await lakeFigures(session, end)),
    (result) => (result.reconciled ? `${grouped(result.compared)} figures, all equal` : `${result.differences.length} figures DIFFER`),
  );
  const digests = await steps.run("fingerprint gold", 0, () => goldDigests(session), (result) => `${Object.keys(result).length} tables`);
  const exports = [];
  for (const segment of segments) {
    exports.push(
      await steps.run(
        `export ${segment.name}`,
        0,
        () => exportSegment(session, segment, { dryRun: false }),
        (result) =>
          `${grouped(result.sent)} sent, ${grouped(result.withoutConsent)} without consent, ${grouped(result.suppressed)} suppressed, ${grouped(result.alreadySent)} had it already`,
      ),
    );
  }
  const feedback = await steps.run("e-mail feedback", 0, () => passTime(runtime, runtime.clock.now() + FLUSH_MS), () => "delivered to the lake");
  void feedback;
  const quality = await latestOutcomes(session, Object.keys(session.outputs.rulesetNames));
  const failed = await listFailed(session);
  return {
    source: (await sourceTotals(options, end)) ,
    chaos: options.chaos ? chaosCount : undefined,
    periods,
    reconciliation,
    digests,
    segments: await segmentCounts(session),
    exports,
    quality: { rules: quality.length, failed: quality.filter((outcome) => !outcome.passed) },
    refused: { events: failed.length, byReason: countBy(failed.map((event) => event.reason)) },
    steps: steps.records,
  };
}

async function runPeriod(
  session: Session,
  runtime: Runtime,
  steps: Steps,
  options: DemoOptions,
  period: Period,
  chaosCount: ChaosCount,
): Promise<PeriodReport> {
  await passTime(runtime, period.to.getTime() - BURST_BEFORE_END_MS);
  const before = { ...chaosCount };
  const source = await onlineRetailEvents({ dataFile: options.dataFile, seed: options.seed, from: period.from, to: period.to });
  const sent = await steps.run(
    `${period.month}: replay`,
    source.count,
    async (advance) => {
      const records: AsyncIterable<StreamRecord> = options.chaos ? disturb(source.records, chaosCount) : source.records;
      const client = new KinesisClient(session.as("producer"));
      const result = await putEvents(client, session.outputs.streamName, records, { onProgress: advance });
      await passTime(runtime, period.to.getTime() - BURST_BEFORE_END_MS + FLUSH_MS);
      return result;
    },
    (result) => `${grouped(result.sent)} events into the lake`,
  );
  const known = await knownRefreshes(session);
  const result = await steps.run(
    `${period.month}: refresh and audit`,
    0,
    async () => {
      await passTime(runtime, period.to.getTime());
      return mustSucceed(
        period.refreshedBy === "schedule" ? await scheduledRefresh(session, known) : await refresh(session, { scheduledTime: period.to }),
      );
    },
    (refreshed) => {
      const summary = refreshSummary(refreshed);
      return `as of ${summary.asOf}, ${bytes(summary.bytesScanned)} scanned`;
    },
  );
  return {
    month: period.month,
    events: source.count,
    records: sent.sent,
    duplicates: chaosCount.duplicates - before.duplicates,
    malformed: chaosCount.malformed - before.malformed,
    refresh: refreshSummary(result),
  };
}
