import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { type Command, Option } from "commander";
import { savedQuestions } from "../../analytics/queries/index.ts";
import { globalOptions, withSession } from "../context.ts";
import { CliError, exitCodes, messageOf } from "../errors.ts";
import { type Answer, type Ask, asking, explaining, planOf, summaryOf } from "../sql/ask.ts";
import { failureText } from "../sql/failure.ts";
import { formats, layoutOf, render, type Format as Text, warningLines } from "../sql/render.ts";
import { show } from "../sql/screen.ts";
import { allStatements, type Statement } from "../sql/statements.ts";
import { type RoleName, roleNames } from "../stack-outputs.ts";

type Format = Text | "arrow";

interface QueryOptions {
  readonly file?: string;
  readonly name?: string;
  readonly parameter: readonly string[];
  readonly as: RoleName;
  readonly format: Format;
  readonly csv: boolean;
  readonly explain: boolean;
}

/** `c360 query`: Athena SQL, on AWS or here. */
export function registerQuery(program: Command): void {
  program
    .command("query")
    .description("run Athena SQL and say what it scanned and cost")
    .argument("[sql]", "the statement; several are ended by ; and run until one fails")
    .option("-f, --file <path>", "read it from a file, or from a pipe: -")
    .option("-n, --name <question>", `a saved question: ${savedQuestions.map((question) => question.name).join(", ")}`)
    .option("-p, --parameter <literal>", "value of a ?, as an SQL literal: 12, \"'text'\"; once for each", collect, [])
    .addOption(roleOption())
    .addOption(new Option("--format <format>", "how to print the rows").choices([...formats, "arrow"]).default("table"))
    .option("--csv", "the same as --format csv", false)
    .option("--explain", "show what becomes of the statement, without running it", false)
    .addHelpText("after", "\ndocs/sql.md says what SQL runs on this machine. c360 sql is a shell for it.")
    .action(async (sql: string | undefined, own: QueryOptions, command: Command) => {
      const options = globalOptions(command);
      const statements = allStatements(await sourceOf(sql, own));
      const format = options.json ? "json" : own.csv ? "csv" : own.format;
      checkForm(statements, format, own);
      await withSession(
        options,
        async (session, signal) => {
          const ask = asking(session, { role: own.as, parameters: own.parameter });
          for (const statement of statements) {
            const wanted = own.explain ? explaining(statement.sql, options.json ? "json" : "text") : statement.sql;
            const answer = await told(ask, { ...statement, sql: wanted }, statements.length > 1, signal);
            if (own.explain) process.stdout.write(`${planOf(answer)}\n`);
            else await report(answer, format);
          }
        },
        { mindsSignal: true, stopping: "Stopping the query." },
      );
    });
}

const collect = (value: string, earlier: readonly string[]): readonly string[] => [...earlier, value];

/** Who asks. */
export const roleOption = (): Option =>
  new Option("--as <role>", "in which role, on this machine; on AWS it is your own")
    .choices(roleNames)
    .default("analyst");

/** @throws CliError */
function checkForm(statements: readonly Statement[], format: Format, { parameter }: QueryOptions): void {
  const wrong = (message: string) => new CliError(message, exitCodes.usage);
  if (statements.length === 0) throw wrong("There is no statement in it.");
  if (statements.length > 1 && format === "arrow") throw wrong("An Arrow file holds one result: give one statement.");
  if (statements.length > 1 && parameter.length > 0) throw wrong("Parameters belong to one statement: give one.");
  if (format === "arrow" && process.stdout.isTTY)
    throw wrong("Arrow is binary: send it to a file, c360 query ... --format arrow > rows.arrow");
}

/** Asks; a failure is told with its place. */
async function told(ask: Ask, { sql, line }: Statement, isOneOfMany: boolean, signal: AbortSignal): Promise<Answer> {
  try {
    return await ask(sql, signal);
  } catch (error) {
    if (signal.aborted) throw error;
    const which = isOneOfMany ? `the statement on line ${line} failed: ` : "";
    throw new CliError(which + failureText(error, sql, layoutOf(process.stderr)));
  }
}

async function sourceOf(
  sql: string | undefined,
  own: { readonly file?: string; readonly name?: string },
): Promise<string> {
  const given = [sql, own.file, own.name].filter((source) => source !== undefined);
  const isPiped = given.length === 0 && process.stdin.isTTY !== true;
  if (isPiped) return text(process.stdin);
  if (given.length !== 1)
    throw new CliError(
      'Give one statement: c360 query "SELECT ...", --file <path>, --name <question>, or a pipe.',
      exitCodes.usage,
    );
  if (sql !== undefined) return sql;
  if (own.file === "-") return text(process.stdin);
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

async function report(answer: Answer, format: Format): Promise<void> {
  if (format === "arrow") await writeArrow(answer);
  else show(render(answer, format, layoutOf(process.stdout)), process.stdout);
  const warnings = warningLines(await answer.warnings(), layoutOf(process.stderr));
  process.stderr.write(`${warnings}${summaryOf(answer)}\n`);
}

async function writeArrow(answer: Answer): Promise<void> {
  const [{ tableToIPC }, { toTable }] = await Promise.all([
    import("apache-arrow"),
    import("../../analytics/client/arrow.ts"),
  ]);
  const bytes = tableToIPC(toTable(answer), "file");
  await new Promise<void>((resolve) => process.stdout.write(bytes, () => resolve()));
}
