/** The process of `guarded.ts`: answers one query after the other, and ends when one takes too much memory. */
import { type Answer, MOST_BYTES } from "./guarded.ts";
import { OurEngine } from "./ours.ts";

const WATCH_MS = 200;

// Ctrl-C is for the process that asks.
process.on("SIGINT", () => undefined);
process.on("disconnect", () => process.exit());
setInterval(() => {
  if (process.memoryUsage.rss() > MOST_BYTES) process.exit(1);
}, WATCH_MS);

const engine = OurEngine.open();
process.on("message", async (sql) => {
  const outcome = await (await engine).answer(String(sql));
  process.send?.({ outcome, bytes: process.memoryUsage.rss() } satisfies Answer);
});
