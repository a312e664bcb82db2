import { KinesisClient } from "@aws-sdk/client-kinesis";
import { segments } from "../../analytics/segments/index.ts";
import { reasonUnused } from "../../governance/access/unexercised-grants.ts";
import { putEvents } from "../../ingest/stream/producer.ts";
import type { Grant } from "../../local/iam/index.ts";
import type { Runtime } from "../../local/runtime.ts";
import { CliError } from "../errors.ts";
import { listFailed } from "../operations/failed.ts";
import { latestOutcomes } from "../operations/quality.ts";
import { knownRefreshes, mustSucceed, refresh, scheduledRefresh } from "../operations/refresh.ts";
import { type ExportResult, exportSegment, segmentCounts } from "../operations/segments.ts";
import { bytes, grouped } from "../output.ts";
import { maintenanceText, refreshSummary } from "../refresh-summary.ts";
import type { Session } from "../session.ts";
import { isVirtual } from "../simulated-time.ts";
import { type ChaosCount, disturb } from "./chaos.ts";
import { goldDigests, lakeFigures } from "./lake-figures.ts";
import type { Period } from "./periods.ts";
import { reconcile } from "./reconcile.ts";
import type { DemoReport, PeriodReport, UnusedGrant } from "./report.ts";
import { documentsByMonth, sourceFigures } from "./source-figures.ts";
import type { Steps } from "./steps.ts";
import { Year } from "./year.ts";

/** What a demonstration runs on. */
export interface DemoOptions {
  readonly dataFile: string;
  readonly seed: number;
  readonly periods: readonly Period[];
  readonly chaos: boolean;
}

/** Events arrive in one burst an hour before a period ends: time for the delivery stream's buffers to flush. */
const BURST_BEFORE_END_MS = 60 * 60 * 1000;
/** Longer than any buffering interval that Firehose takes (900 s), for the transform and the destination. */
const FLUSH_MS = 35 * 60 * 1000;

/** Runs the year (or the first periods of it) on a session whose runtime has a virtual clock. */
export async function runDemo(
  session: Session,
  runtime: Runtime,
  steps: Steps,
  options: DemoOptions,
): Promise<DemoReport> {
  const end = options.periods.at(-1)?.to;
  if (end === undefined) throw new CliError("There is no period to run.");
  const started = performance.now();
  const chaos: ChaosCount = { duplicates: 0, malformed: 0 };
  const year = new Year(options.dataFile, options.seed, end);

  // A file that cannot be read is the source adapter's to refuse: it says what to do.
  const bars = await documentsByMonth(options.dataFile).catch(() => ({}));
  const periods: PeriodReport[] = [];
  for (const period of options.periods)
    periods.push(await runPeriod({ session, runtime, steps, options, year, chaos, bars }, period));

  const { source, lake, reconciliation } = await steps.run(
    "reconcile with the source",
    0,
    async () => {
      const wanted = await sourceFigures(options.dataFile, end);
      const found = await lakeFigures(session, end);
      return { source: wanted.totals, lake: found.totals, reconciliation: reconcile(wanted, found) };
    },
    (result) =>
      result.reconciliation.reconciled
        ? `${grouped(result.reconciliation.compared)} figures, all equal`
        : `${result.reconciliation.differences.length} figures DIFFER`,
  );
  const gold = await steps.run(
    "fingerprint gold",
    0,
    () => goldDigests(session),
    (found) => `${Object.keys(found).length} tables`,
  );

  const exports: ExportResult[] = [];
  for (const segment of segments) {
    const result = await steps.run(
      `export ${segment.name}`,
      0,
      () => exportSegment(session, segment, { dryRun: false }),
      exportText,
    );
    exports.push(result);
  }
  await steps.run(
    "feedback of the e-mails",
    0,
    () => passTime(runtime, runtime.clock.now() + FLUSH_MS),
    () => "back in the lake",
  );

  const quality = await latestOutcomes(session, Object.keys(session.outputs.rulesetNames));
  const refused = await listFailed(session);
  return {
    finishedAt: new Date().toISOString(),
    source,
    events: year.count,
    ...(options.chaos ? { chaos: { ...chaos, faults: runtime.faultCounts() } } : {}),
    periods,
    lake,
    reconciliation,
    gold,
    refused: { events: refused.length, byReason: countBy(refused.map((event) => event.reason)) },
    quality: { rules: quality.length, failed: quality.filter((outcome) => !outcome.passed) },
    segments: await segmentCounts(session),
    exports,
    unusedGrants: runtime.unusedGrants().map(unusedGrant),
    seconds: Math.round(performance.now() - started) / 1000,
    peakMemoryBytes: Math.max(...steps.records.map((record) => record.peakMemoryBytes)),
    steps: steps.records,
  };
}

interface Stage {
  readonly session: Session;
  readonly runtime: Runtime;
  readonly steps: Steps;
  readonly options: DemoOptions;
  readonly year: Year;
  readonly chaos: ChaosCount;
  /** Documents of each month. */
  readonly bars: Readonly<Record<string, number>>;
}

async function runPeriod(stage: Stage, period: Period): Promise<PeriodReport> {
  const { session, runtime, steps, options, year, chaos, bars } = stage;
  const burst = period.to.getTime() - BURST_BEFORE_END_MS;
  const before = year.count.events;
  const documentsBefore = year.documents;
  await passTime(runtime, burst);
  const sent = await steps.run(
    `${period.month}: replay`,
    bars[period.month] ?? 0,
    async (reached) => {
      const records = year.until(period.to);
      const client = new KinesisClient(session.as("producer"));
      const result = await putEvents(
        client,
        session.outputs.streamName,
        options.chaos ? disturb(records, chaos) : records,
        {
          onProgress: () => reached(year.documents - documentsBefore),
        },
      );
      await passTime(runtime, burst + FLUSH_MS);
      return result;
    },
    (result) => `${grouped(result.sent)} events into the lake`,
  );
  const known = await knownRefreshes(session);
  const summary = await steps.run(
    `${period.month}: refresh and audit`,
    0,
    async () => {
      await passTime(runtime, period.to.getTime());
      const bySchedule = period.refreshedBy === "schedule";
      const result = await (bySchedule
        ? scheduledRefresh(session, known)
        : refresh(session, { scheduledTime: period.to }));
      return refreshSummary(mustSucceed(result));
    },
    (done) =>
      `as of ${done.asOf}, ${done.status === "Refreshed" ? `${bytes(done.bytesScanned)} scanned.` : "nothing new."}${maintenanceText(done)}`,
  );
  return { month: period.month, events: year.count.events - before, records: sent.sent, refresh: summary };
}

async function passTime(runtime: Runtime, until: number): Promise<void> {
  if (!isVirtual(runtime.clock)) throw new CliError("A demonstration needs a virtual clock.");
  await runtime.clock.advanceTo(until);
}

function unusedGrant({ role, action, resources }: Grant): UnusedGrant {
  const reason = reasonUnused(role, action);
  return { grant: `${role}: ${action} on ${resources.join(", ")}`, ...(reason === undefined ? {} : { reason }) };
}

const exportText = (result: ExportResult): string =>
  `${grouped(result.sent)} sent, ${grouped(result.withoutConsent)} without consent, ${grouped(result.suppressed)} suppressed`;

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
