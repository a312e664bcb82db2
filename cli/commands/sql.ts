import { join } from "node:path";
import { GlueClient } from "@aws-sdk/client-glue";
import { type Command, Option } from "commander";
import { functionNames } from "../../local/aws/athena/sql/reference/rules.ts";
import { globalOptions, withSession } from "../context.ts";
import { CliError } from "../errors.ts";
import { analyst } from "../sql/ask.ts";
import { Catalogue } from "../sql/catalogue.ts";
import type { Vocabulary } from "../sql/complete.ts";
import { historyIn } from "../sql/history.ts";
import { keywords } from "../sql/keywords.ts";
import { type Format, formats, layoutOf } from "../sql/render.ts";
import { Shell } from "../sql/shell.ts";
import { converse, runScript } from "../sql/terminal.ts";

/** `c360 sql`: Athena SQL, statement after statement. */
export function registerSql(program: Command): void {
  program
    .command("sql")
    .description("a shell for Athena SQL; reads a script from a pipe: c360 sql < file.sql")
    .addOption(new Option("--format <format>", "how to print the rows").choices(formats).default("table"))
    .option("--csv", "the same as --format csv", false)
    .addHelpText("after", "\nIn the shell \\help lists its commands. docs/sql.md says what SQL runs on this machine.")
    .action(async (own: { format: Format; csv: boolean }, command: Command) => {
      const options = globalOptions(command);
      await withSession(
        options,
        async (session, signal) => {
          const catalogue = new Catalogue(new GlueClient(session.as("analyst")), session.outputs.database);
          const { stdin: input, stdout: output, stderr } = process;
          const shell = new Shell({
            ask: analyst(session),
            catalogue,
            print: (text) => void output.write(text),
            note: (text) => void stderr.write(text),
            layout: () => layoutOf(output),
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
            functions: functionNames(),
            commands: shell.commands,
            tables: await session.waitFor(catalogue.tables()).catch(() => []),
          });
          const { database } = session.outputs;
          stderr.write(`Athena SQL on ${database} (${session.target}). \\help for help, \\quit to leave.\n`);
          const history = historyIn(join(options.home, "sql-history"));
          await converse(shell, { input, output, history, vocabulary, signal });
        },
        { mindsSignal: true },
      );
    });
}
