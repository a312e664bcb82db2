import type { EngineName, Findings, Line } from "./findings.ts";
import { athenaColumns, furtherColumns, readOnlyColumns } from "./model.ts";
import { ddlType } from "./types.ts";

/** What a result was made with. */
export interface Setting {
  /** Newest day in the data. */
  readonly dataUntil: string;
  readonly versions: readonly (readonly [name: string, version: string])[];
  readonly trino: boolean;
}

const engines: readonly EngineName[] = ["Athena", "PyIceberg", "Trino"];

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}

function verdict({ seen }: Line, engine: EngineName, trinoRan: boolean): string {
  if (!seen.has(engine)) return engine === "Trino" && !trinoRan ? "not run" : "";
  return seen.get(engine) === undefined ? "same" : "DIFFERS";
}

const typesOf = (columns: typeof athenaColumns): string => columns.map(({ kind }) => ddlType(kind)).join(", ");

/** The result as the page that is kept. */
export function page(lake: Findings, own: Findings, { dataUntil, versions, trino }: Setting): string {
  const checks = lake.checks + own.checks;
  const differences = [...lake.differences, ...own.differences];
  const lakeRows = lake.lines.map((line) => [
    line.table,
    line.what,
    line.expected,
    ...engines.slice(1).map((engine) => verdict(line, engine, trino)),
  ]);
  const ownRows = own.lines.map((line) => [
    line.table,
    line.by ?? "",
    line.what,
    line.expected,
    ...engines.map((engine) => verdict(line, engine, trino)),
  ]);
  return `# The lake's tables, read and written by foreign engines

Written by \`npm run verify:iceberg\`, which says how to repeat it with \`--help\`. PyIceberg is installed from PyPI; Trino is a
real server at \`TRINO_URL\`. Both find the tables through the local Glue and read and write their files through the local S3,
under the estate's own roles. "Same" means: the same columns and the same rows, each as often, by a checksum over all
values that does not depend on their order.

**${checks} checks, ${differences.length === 0 ? "no difference" : `${differences.length} DIFFERENCES`}.** ${trino ? "" : "Trino: not run (no TRINO_URL). "}Data until ${dataUntil}.

${table(["engine", "version"], versions)}
${differences.length === 0 ? "" : `\n## Differences\n\n${differences.map((each) => `- ${each.replaceAll("\n", " ")}`).join("\n")}\n`}
## Tables of the lake

Compared with what the local Athena reads.

${table(["table", "what", "there", "PyIceberg", "Trino"], lakeRows)}

## Tables that engines write in turn

After each statement every engine reads the whole table, and it must be what a plain list of rows says.
The tables have columns of ${typesOf(athenaColumns)}; those that Athena did not make also
${typesOf(furtherColumns)}, and verify_read ${typesOf(readOnlyColumns)}. Iceberg's uuid is left out: Athena does not have it.
Look-ups ask for every value of every scalar column alone, so that a wrong bound or partition value shows.
Not asked: comparisons of real in Athena, which it refuses here by name; NaN and infinities in PyIceberg, which misses
some in files of its own as well.

${table(["table", "by", "statement", "there", ...engines], ownRows)}
`;
}
