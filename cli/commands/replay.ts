import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { KinesisClient } from "@aws-sdk/client-kinesis";
import { type Command, Option } from "commander";
import { onlineRetailEvents } from "../../ingest/sources/online-retail.ts";
import { ndjsonRecords } from "../../ingest/stream/ndjson.ts";
import { putEvents, type StreamRecord } from "../../ingest/stream/producer.ts";
import { globalOptions, print, withSession } from "../context.ts";
import { grouped, progress } from "../output.ts";

type Kind = "ndjson" | "online-retail";

/** `c360 replay`: events of a file onto the stream, resumable. */
export function registerReplay(program: Command): void {
  program
    .command("replay")
    .description("put the events of a file on the stream; an interrupted replay goes on where it was")
    .argument("<file>", "one CloudEvent a line (NDJSON), or the data set (Parquet)")
    .addOption(
      new Option("--as <kind>", "what the file is; default: by its ending").choices(["ndjson", "online-retail"]),
    )
    .option("--restart", "from the first record, whatever an earlier replay has done", false)
    .action(async (file: string, own: { as?: Kind; restart: boolean }, command: Command) => {
      const options = globalOptions(command);
      const kind = own.as ?? (file.endsWith(".parquet") ? "online-retail" : "ndjson");
      const place = placeOf(options.home, resolve(file));
      const skip = own.restart ? 0 : await place.read();
      const bar = progress(options.json);
      const stop = new AbortController();
      if (skip > 0) process.stderr.write(`Resuming after ${grouped(skip)} records (--restart begins again).\n`);
      const result = await withSession(options, async (session) => {
        const onSignal = (): void => stop.abort();
        process.once("SIGINT", onSignal);
        try {
          bar.start("replay", 0);
          const put = putEvents(
            new KinesisClient(session.as("producer")),
            session.outputs.streamName,
            records(kind, file, skip),
            {
              signal: stop.signal,
              onProgress: (done) => {
                bar.reached(done.sent);
                place.note(skip + done.confirmed);
              },
            },
          );
          const done = await session.waitFor(put);
          bar.done(`${grouped(done.sent)} records sent`);
          return done;
        } finally {
          process.off("SIGINT", onSignal);
          await place.write();
        }
      });
      if (!stop.signal.aborted) await place.forget();
      print(options, { ...result, resumedAfter: skip }, () =>
        result.oversized.length === 0
          ? `${grouped(result.sent)} records are on the stream; the delivery stream brings them into the lake.`
          : `${grouped(result.sent)} records are on the stream; ${result.oversized.length} are over 1 MiB and no stream takes them: records ${result.oversized.slice(0, 10).join(", ")}.`,
      );
    });
}

function records(kind: Kind, file: string, skip: number): AsyncIterable<StreamRecord> {
  return kind === "ndjson" ? ndjsonRecords(file, skip) : skipping(onlineRetailEvents({ dataFile: file }), skip);
}

async function* skipping(events: AsyncIterable<StreamRecord>, skip: number): AsyncGenerator<StreamRecord> {
  let record = 0;
  for await (const event of events) {
    record += 1;
    if (record > skip) yield event;
  }
}

/** Where the replay of a file has come to, kept beside the runtime's state. */
function placeOf(
  home: string,
  file: string,
): {
  read(): Promise<number>;
  note(confirmed: number): void;
  write(): Promise<void>;
  forget(): Promise<void>;
} {
  const path = join(home, `replay-${Buffer.from(file).toString("base64url").slice(-80)}.json`);
  let confirmed = 0;
  return {
    async read() {
      const text = await readFile(path, "utf8").catch(() => undefined);
      const value: unknown = text === undefined ? undefined : JSON.parse(text);
      return typeof value === "object" && value !== null && "confirmed" in value && typeof value.confirmed === "number"
        ? value.confirmed
        : 0;
    },
    note(count) {
      confirmed = count;
    },
    async write() {
      if (confirmed === 0) return;
      await mkdir(home, { recursive: true });
      await writeFile(path, JSON.stringify({ file, confirmed }));
    },
    forget: () => rm(path, { force: true }),
  };
}
