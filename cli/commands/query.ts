import { readFile } from "node:fs/promises";
import { tableToIPC } from "apache-arrow";
import { type Command, Option } from "commander";
import { toTable } from "../../analytics/client/index.ts";
import { savedQuestions } from "../../analytics/queries/index.ts";
import { globalOptions, withSession } from "../context.ts";
import { CliError, exitCodes, messageOf } from "../errors.ts";
import { type Answer, analyst, explaining, planOf, summaryOf } from "../sql/ask.ts";
import { formats, layoutOf, render, type Format as Text, warningLines } from "../sql/render.ts";

type Format = Text | "arrow";

interface QueryOptions {
  readonly file?: string;
  readonly name?: string;
  readonly format: Format;
  readonly csv: boolean;
  readonly explain: boolean;
}

/** `c360 query`: Athena SQL, on AWS or here. */
export function registerQuery(program: Command): void {
  program
    .command("query")
    .description("run Athena SQL and say what it scanned and cost")
    .argument("[sql]", "the statement")
    .option("--file <path>", "read the statement from a file")
    .option("--name <question>", `a saved question: ${savedQuestions.map((question) => question.name).join(", ")}`)
    .addOption(new Option("--format <format>", "how to print the rows").choices([...formats, "arrow"]).default("table"))
    .option("--csv", "the same as --format csv", false)
    .option("--explain", "show what becomes of the statement, without running it", false)
    .addHelpText("after", "\ndocs/sql.md says what SQL runs on this machine. c360 sql is a shell for it.")
    .action(async (sql: string | undefined, own: QueryOptions, command: Command) => {
      const options = globalOptions(command);
      const statement = await statementOf(sql, own);
      const format = options.json ? "json" : own.csv ? "csv" : own.format;
      if (format === "arrow" && process.stdout.isTTY)
        throw new CliError(
          "Arrow is binary: send it to a file, c360 query ... --format arrow > rows.arrow",
          exitCodes.usage,
        );
      await withSession(
        options,
        async (session, signal) => {
          const ask = analyst(session);
          if (own.explain) {
            process.stdout.write(
              `${planOf(await ask(explaining(statement, options.json ? "json" : "text"), signal))}\n`,
            );
            return;
          }
          const answer = await ask(statement, signal);
          await write(answer, format);
          process.stderr.write(`${warningLines(answer.warnings, layoutOf(process.stderr))}${summaryOf(answer)}\n`);
        },
        { mindsSignal: true },
      );
    });
}

async function statementOf(
  sql: string | undefined,
  own: { readonly file?: string; readonly name?: string },
): Promise<string> {
  const given = [sql, own.file, own.name].filter((source) => source !== undefined);
  if (given.length !== 1)
    throw new CliError(
      'Give one statement: c360 query "SELECT ...", --file <path>, or --name <question>.',
      exitCodes.usage,
    );
  if (sql !== undefined) return sql;
  if (own.file !== undefined) {
    return readFile(own.file, "utf8").catch((error: unknown) => {
      throw new CliError(`Cannot read ${own.file}: ${messageOf(error)}`, exitCodes.usage);
    });
  }
  const question = savedQuestions.find((candidate) => candidate.name === own.name);
  if (question === undefined) {
    throw new CliError(
      `There is no saved question "${own.name}". There are: ${savedQuestions.map((known) => known.name).join(", ")}.`,
      exitCodes.usage,
    );
  }
  return question.sql;
}

async function write(answer: Answer, format: Format): Promise<void> {
  if (format !== "arrow") {
    process.stdout.write(render(answer, format, layoutOf(process.stdout)));
    return;
  }
  const bytes = tableToIPC(toTable(answer), "file");
  await new Promise<void>((resolve) => process.stdout.write(bytes, () => resolve()));
}
