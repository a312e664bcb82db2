import { join } from "node:path";
import { GlueClient } from "@aws-sdk/client-glue";
import { type Command, Option } from "commander";
import { globalOptions, withSession } from "../context.ts";
import { CliError } from "../errors.ts";
import { asking } from "../sql/ask.ts";
import { Catalogue } from "../sql/catalogue.ts";
import type { Vocabulary } from "../sql/complete.ts";
import { historyIn } from "../sql/history.ts";
import { keywords } from "../sql/keywords.ts";
import { type Format, formats, layoutOf } from "../sql/render.ts";
import { show } from "../sql/screen.ts";
import { Shell } from "../sql/shell.ts";
import { converse, runScript } from "../sql/terminal.ts";
import type { RoleName } from "../stack-outputs.ts";
import { roleOption } from "./query.ts";

/** `c360 sql`: Athena SQL, statement after statement. */
export function registerSql(program: Command): void {
  program
    .command("sql")
    .description("a shell for Athena SQL; reads a script from a pipe: c360 sql < file.sql")
    .addOption(new Option("--format <format>", "how to print the rows").choices(formats).default("table"))
    .option("--csv", "the same as --format csv", false)
    .addOption(roleOption())
    .addHelpText("after", "\nIn the shell \\help lists its commands. docs/sql.md says what SQL runs on this machine.")
    .action(async (own: { format: Format; csv: boolean; as: RoleName }, command: Command) => {
      const options = globalOptions(command);
      await withSession(
        options,
        async (session, signal) => {
          const catalogue = new Catalogue(new GlueClient(session.as(own.as)), session.outputs.database);
          const { stdin: input, stdout: output, stderr } = process;
          const shell = new Shell({
            ask: asking(session, { role: own.as }),
            catalogue,
            print: (text) => show(text, output),
            note: (text) => void stderr.write(text),
            layout: () => layoutOf(output),
            noteLayout: () => layoutOf(stderr),
            format: options.json ? "json" : own.csv ? "csv" : own.format,
            script: !input.isTTY,
          });
          if (!input.isTTY) {
            await runScript(shell, input, signal);
            if (shell.failures > 0) throw new CliError("The script stopped there; what came before it is done.");
            return;
          }
          const vocabulary = async (): Promise<Vocabulary> => ({
            keywords,
            // With the rules comes the translator, for which nobody should wait before there is a prompt.
            functions: (await import("../../local/aws/athena/sql/reference/rules.ts")).functionNames(),
            commands: shell.commands,
            database: session.outputs.database,
            tables: await session.waitFor(catalogue.tables()).catch(() => []),
          });
          stderr.write(
            `Athena SQL on ${session.outputs.database} (${session.target}). \\help for help, \\quit to leave.\n`,
          );
          // While the person reads and types; what fails here is told when it is asked for.
          vocabulary().catch(() => undefined);
          const history = historyIn(join(options.home, "sql-history"));
          await converse(shell, { input, output, history, vocabulary, signal });
        },
        { mindsSignal: true },
      );
    });
}
