import { resolve } from "node:path";
import { KinesisClient } from "@aws-sdk/client-kinesis";
import { type Command, Option } from "commander";
import { onlineRetailEvents } from "../../ingest/sources/online-retail.ts";
import { ndjsonRecords } from "../../ingest/stream/ndjson.ts";
import { type PutProgress, putEvents, type StreamRecord } from "../../ingest/stream/producer.ts";
import { globalOptions, print, withSession } from "../context.ts";
import { CliError, exitCodes } from "../errors.ts";
import { grouped, progress } from "../output.ts";
import { type ReplayPlace, replayPlace } from "../replay-place.ts";

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
      const place = replayPlace(options, resolve(file));
      const skip = own.restart ? 0 : place.confirmed;
      sayWhere(place, skip);
      const bar = progress(options.json);
      const result = await withSession(
        options,
        async (session, signal) => {
          bar.start("replay", 0);
          const client = new KinesisClient(session.as("producer"));
          const put = putEvents(client, session.outputs.streamName, records(kind, file, skip), {
            signal,
            onProgress(done) {
              bar.reached(done.sent);
              place.note(skip + done.confirmed);
            },
          });
          const done = await session.waitFor(put);
          bar.done(
            `${grouped(done.sent)} records sent${signal.aborted ? "; the next replay of this file resumes" : ""}`,
          );
          return done;
        },
        { mindsSignal: true },
      );
      place.forget();
      const oversized = result.oversized.map((position) => skip + position);
      print(options, { ...result, oversized, resumedAfter: skip }, () => text(result));
      if (oversized.length > 0) {
        throw new CliError(
          `${oversized.length} records are over 1 MiB and no stream takes them; counted from 1: ${oversized
            .slice(0, 10)
            .map((position) => position + 1)
            .join(", ")}.`,
          exitCodes.data,
        );
      }
    });
}

function sayWhere(place: ReplayPlace, skip: number): void {
  if (skip > 0) process.stderr.write(`Resuming after ${grouped(skip)} records (--restart begins again).\n`);
  else if (place.fileChanged) {
    process.stderr.write("The file has changed since its replay was interrupted: starting at its first record.\n");
  } else if (place.confirmed > 0) process.stderr.write("Starting at the first record again.\n");
}

const text = ({ sent }: PutProgress): string =>
  `${grouped(sent)} records are on the stream; the delivery stream brings them into the lake.`;

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
