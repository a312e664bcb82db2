import { readFile } from "node:fs/promises";
import type { Command } from "commander";
import { globalOptions, print, withSession } from "../context.ts";
import { CliError, exitCodes, messageOf } from "../errors.ts";
import { listFailed, type ReplayOutcome, rawOf, replayFailed } from "../operations/failed.ts";
import { textTable } from "../output.ts";

/** `c360 failed`: what the transform refused, why, and how it gets in after all. */
export function registerFailed(program: Command): void {
  const failed = program.command("failed").description("refused events: list, show, repair and replay");

  failed
    .command("list")
    .description("every refused event with its reason")
    .option("--reason <reason>", "only those: malformed-json, not-a-cloudevent, unknown-type, contract, oversized")
    .action(async (own: { reason?: string }, command: Command) => {
      const options = globalOptions(command);
      await withSession(options, async (session) => {
        const events = await listFailed(session, own.reason);
        print(options, events, () =>
          events.length === 0
            ? "No event was refused."
            : textTable(
                ["id", "reason", "where", "refused at", "replayed"],
                events.map((event) => [
                  event.failedId,
                  event.reason,
                  event.detail.slice(0, 60),
                  event.refusedAt,
                  event.replayed ? "yes" : "",
                ]),
              ),
        );
      });
    });

  failed
    .command("show")
    .description("print a refused event as it arrived (it may hold personal data)")
    .argument("<id>", "as `c360 failed list` shows it")
    .action(async (id: string, _own: unknown, command: Command) => {
      await withSession(globalOptions(command), async (session) => {
        process.stdout.write(await rawOf(session, id));
        process.stdout.write("\n");
      });
    });

  failed
    .command("replay")
    .description("send refused events again, once they keep their contract")
    .argument("[id]", "one event; without it, every one that has not been replayed")
    .option("--with <file>", "the repaired event, a JSON file")
    .option("--reason <reason>", "only those refused for this reason")
    .action(async (id: string | undefined, own: { with?: string; reason?: string }, command: Command) => {
      const options = globalOptions(command);
      if (own.with !== undefined && id === undefined)
        throw new CliError("--with repairs one event: name its id.", exitCodes.usage);
      const repaired = own.with === undefined ? undefined : await readRepaired(own.with);
      await withSession(options, async (session) => {
        const ids =
          id === undefined
            ? (await listFailed(session, own.reason)).filter((event) => !event.replayed).map((event) => event.failedId)
            : [id];
        const outcomes: ReplayOutcome[] = [];
        for (const each of ids) {
          const original = await rawOf(session, each);
          outcomes.push(await replayFailed(session, each, repaired ?? original));
        }
        print(options, outcomes, () =>
          outcomes.length === 0
            ? "Nothing to replay."
            : textTable(
                ["id", "outcome", "why"],
                outcomes.map((each) => [each.failedId, each.outcome, "reason" in each ? each.reason : ""]),
              ),
        );
        if (outcomes.some((each) => each.outcome === "still refused")) {
          throw new CliError(
            "Some events still break their contract: c360 failed show <id>, repair it, c360 failed replay <id> --with <file>.",
            exitCodes.data,
          );
        }
      });
    });
}

async function readRepaired(path: string): Promise<Buffer> {
  return readFile(path).catch((error: unknown) => {
    throw new CliError(`Cannot read ${path}: ${messageOf(error)}`, exitCodes.usage);
  });
}
