import { readFile } from "node:fs/promises";
import { AthenaClient } from "@aws-sdk/client-athena";
import { tableToIPC } from "apache-arrow";
import { type Command, Option } from "commander";
import { cost, runQuery } from "../../analytics/client/index.ts";
import { savedQuestions } from "../../analytics/queries/index.ts";
import { globalOptions, withSession } from "../context.ts";
import { CliError, exitCodes, messageOf } from "../errors.ts";
import { bytes, seconds, textTable } from "../output.ts";
import { cellText, csvText, rowsOf } from "../rows.ts";

type Format = "table" | "csv" | "json" | "arrow";

/** `c360 query`: Athena SQL, on AWS or here. */
export function registerQuery(program: Command): void {
  program
    .command("query")
    .description("run Athena SQL and say what it scanned and cost")
    .argument("[sql]", "the statement")
    .option("--file <path>", "read the statement from a file")
    .option("--name <question>", `a saved question: ${savedQuestions.map((question) => question.name).join(", ")}`)
    .addOption(
      new Option("--format <format>", "how to print the rows")
        .choices(["table", "csv", "json", "arrow"])
        .default("table"),
    )
    .action(
      async (sql: string | undefined, own: { file?: string; name?: string; format: Format }, command: Command) => {
        const options = globalOptions(command);
        const statement = await statementOf(sql, own);
        await withSession(options, async (session) => {
          const client = new AthenaClient(session.as("analyst"));
          const { database, workgroup } = session.outputs;
          const result = await session.waitFor(runQuery(client, { sql: statement, database, workgroup }));
          await write(options.json ? "json" : own.format, result.table);
          process.stderr.write(
            `${result.table.numRows} rows, ${bytes(result.bytesScanned)} scanned ($${cost(result.bytesScanned).toFixed(6)} on Athena), ${seconds(result.milliseconds)}\n`,
          );
        });
      },
    );
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

async function write(format: Format, table: Parameters<typeof rowsOf>[0]): Promise<void> {
  if (format === "arrow") {
    if (process.stdout.isTTY)
      throw new CliError(
        "Arrow is binary: send it to a file, c360 query ... --format arrow > rows.arrow",
        exitCodes.usage,
      );
    await new Promise<void>((resolve) => process.stdout.write(tableToIPC(table, "file"), () => resolve()));
    return;
  }
  const header = table.schema.fields.map((field) => field.name);
  const rows = rowsOf(table);
  if (format === "json") process.stdout.write(`${JSON.stringify(rows, undefined, 2)}\n`);
  else if (format === "csv") process.stdout.write(csvText(header, rows));
  else
    process.stdout.write(
      `${textTable(
        header,
        rows.map((row) => header.map((name) => cellText(row[name]))),
      )}\n`,
    );
}
