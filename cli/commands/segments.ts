import type { Command } from "commander";
import { segments } from "../../analytics/segments/index.ts";
import { globalOptions, print, withSession } from "../context.ts";
import { CliError, exitCodes } from "../errors.ts";
import { exportSegment, segmentCounts, segmentMembers, segmentNamed, segmentPreview } from "../operations/segments.ts";
import { textTable } from "../output.ts";
import { type Cell, cellText, ExactNumber } from "../rows.ts";

const names = segments.map((segment) => segment.name).join(", ");

const NONE = new ExactNumber("0");

/** `c360 segments`: marketing's door. */
export function registerSegments(program: Command): void {
  const command = program.command("segments").description("customer segments: list, show, preview, export");

  command
    .command("list")
    .description("every segment with its members, who entered and who left at the last refresh")
    .action(async (_own: unknown, self: Command) => {
      const options = globalOptions(self);
      await withSession(options, async (session) => {
        const counts = await segmentCounts(session);
        const listed = segments.map((segment) => ({
          ...(counts.find((row) => row["segment"] === segment.name) ?? {
            segment: segment.name,
            as_of: null,
            members: NONE,
            entered: NONE,
            departed: NONE,
          }),
          title: segment.title,
          campaign: segment.campaign.id,
        }));
        print(options, listed, () =>
          rowsText(["segment", "as_of", "members", "entered", "departed", "campaign", "title"], listed),
        );
      });
    });

  const limit = ["--limit <n>", "at most so many customers", "50"] as const;

  command
    .command("show")
    .description("the members as of the last refresh, since when, and why")
    .argument("<segment>", names)
    .option(...limit)
    .action(async (name: string, own: { limit: string }, self: Command) => {
      const options = globalOptions(self);
      const segment = segmentNamed(name);
      await withSession(options, async (session) => {
        const members = await segmentMembers(session, segment, count(own.limit));
        print(options, members, () => rowsText(["customer_id", "change", "since", "reason"], members));
      });
    });

  command
    .command("preview")
    .description("who would be a member if the segment were computed now; writes nothing")
    .argument("<segment>", names)
    .option(...limit)
    .action(async (name: string, own: { limit: string }, self: Command) => {
      const options = globalOptions(self);
      const segment = segmentNamed(name);
      await withSession(options, async (session) => {
        const members = await segmentPreview(session, segment, count(own.limit));
        print(options, members, () => rowsText(["customer_id", "reason"], members));
      });
    });

  command
    .command("export")
    .description("send a segment to SNS and SES, within consent and suppression, once per campaign and person")
    .argument("<segment>", names)
    .option("--dry-run", "count who would get it; send nothing", false)
    .action(async (name: string, own: { dryRun: boolean }, self: Command) => {
      const options = globalOptions(self);
      const segment = segmentNamed(name);
      await withSession(options, async (session) => {
        const result = await exportSegment(session, segment, { dryRun: own.dryRun });
        print(options, result, () => textTable(Object.keys(result), [Object.values(result).map(String)]));
      });
    });
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new CliError(`--limit wants a whole number above 0, not "${text}".`, exitCodes.usage);
  return value;
}

function rowsText(header: readonly string[], rows: readonly Readonly<Record<string, Cell>>[]): string {
  return textTable(
    header,
    rows.map((row) => header.map((name) => cellText(row[name]))),
  );
}
