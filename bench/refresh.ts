/** (c) The refresh of everything, against the refresh after 1 % new events: seconds and bytes scanned. */
import { mustSucceed, refresh } from "../cli/operations/refresh.ts";
import { refreshSummary } from "../cli/refresh-summary.ts";
import { openEstate, shippedEvents } from "./estate.ts";
import { median, numberOption, rounded, timed } from "./measure.ts";

const runs = numberOption("runs", 3);
const months = numberOption("months", 3);
const from = new Date("2010-12-01T00:00:00Z");
const to = new Date(Date.UTC(2010, 11 + months, 1));

const all = await shippedEvents(from, to);
const known = all.slice(0, Math.ceil(all.length * 0.99));
const fresh = all.slice(known.length);

interface Measured {
  readonly seconds: number;
  readonly bytesScanned: number;
  readonly days: number;
}

async function once(): Promise<{ readonly first: Measured; readonly full: Measured; readonly incremental: Measured }> {
  // After the last scheduled time: the schedule's own refreshes would take the new events away.
  const estate = await openEstate(to.getTime() + 1);
  const measure = async (full: boolean): Promise<Measured> => {
    // Both at the same moment, so that both compute the same as-of date.
    const { seconds, result } = await timed(() => refresh(estate.session, { scheduledTime: to, full }));
    const summary = refreshSummary(mustSucceed(result));
    if (summary.status !== "Refreshed") throw new Error("the refresh found nothing new");
    return { seconds, bytesScanned: summary.bytesScanned, days: summary.dates };
  };
  try {
    await estate.replay(known);
    const first = await measure(true);
    await estate.replay(fresh);
    const incremental = await measure(false);
    // The first one also opens every file for the first time: full and incremental are compared with that behind them.
    return { first, incremental, full: await measure(true) };
  } finally {
    await estate.close();
  }
}

const measured: Awaited<ReturnType<typeof once>>[] = [];
for (let run = 0; run < runs; run++) measured.push(await once());

const middle = (kind: "first" | "full" | "incremental"): Measured => ({
  seconds: rounded(median(measured.map((each) => each[kind].seconds)), 2),
  bytesScanned: median(measured.map((each) => each[kind].bytesScanned)),
  days: median(measured.map((each) => each[kind].days)),
});
const first = middle("first");
const full = middle("full");
const incremental = middle("incremental");
console.log(
  JSON.stringify({
    events: all.length,
    newEvents: fresh.length,
    runs,
    first,
    full,
    incremental,
    secondsRatio: rounded(incremental.seconds / full.seconds, 3),
    bytesRatio: rounded(incremental.bytesScanned / full.bytesScanned, 3),
  }),
);
