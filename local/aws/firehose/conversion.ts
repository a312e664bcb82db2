import { isUtf8 } from "node:buffer";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { SqlEngine } from "../ports.ts";
import { columnValue, type SchemaColumn } from "./column-types.ts";

/** NDJSON to convert: each line is a record with its group's number spliced in as its first member. */
export interface ConversionInput {
  readonly file: string;
  /** Name of the spliced member; no record can know it. */
  readonly groupMember: string;
  readonly columns: readonly SchemaColumn[];
  readonly compression: "snappy" | "gzip" | "uncompressed";
  /** Folder for the Parquet files; made anew. */
  readonly output: string;
}

export interface ConversionResult {
  /** Parquet files with their group's number. */
  readonly files: readonly { readonly group: number; readonly file: string }[];
  /** Lines (from 0) that the schema does not take. */
  readonly rejected: readonly number[];
}

const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/**
 * Converts in one COPY that fails on any line the schema does not take. Only then are the lines looked at one by one, the
 * bad ones set aside and the rest converted. Members that differ from a column's name by case only are not matched.
 */
export async function convert(engine: SqlEngine, input: ConversionInput): Promise<ConversionResult> {
  try {
    await copy(engine, input);
    return { files: await outputFiles(input.output), rejected: [] };
  } catch (error) {
    const rejected = await sift(engine, input);
    // Nothing wrong with the lines: then it was the disk, or a type that is refused.
    if (rejected.length === 0) throw error;
    const lines = (await readFile(input.file, "latin1")).split("\n");
    const bad = new Set(rejected);
    const good = lines.filter((line, index) => line !== "" && !bad.has(index));
    if (good.length === 0) return { files: [], rejected };
    const file = `${input.file}.good`;
    await writeFile(file, `${good.join("\n")}\n`, "latin1");
    await copy(engine, { ...input, file });
    return { files: await outputFiles(input.output), rejected };
  }
}

async function copy(engine: SqlEngine, { file, groupMember, columns, compression, output }: ConversionInput): Promise<void> {
  await rm(output, { recursive: true, force: true });
  const values = columns.map((column) => `${columnValue(column, "CAST")} AS "${column.name.replaceAll('"', '""')}"`);
  await engine.use(async (connection) => {
    // One file a group, however many groups there are.
    await connection.run("SET partitioned_write_max_open_files = 100000");
    await connection.run(
      `COPY (SELECT ${values.join(", ")}, "${groupMember}" FROM ${source(file, groupMember, columns)})
       TO ${quote(output)} (FORMAT parquet, COMPRESSION ${compression}, PARTITION_BY ("${groupMember}"))`,
    );
  });
}

function source(file: string, extra: string, columns: readonly SchemaColumn[]): string {
  const members = [`${quote(extra)}: 'INTEGER'`, ...columns.map(({ name }) => `${quote(name)}: 'VARCHAR'`)];
  return `read_json(${quote(file)}, format = 'newline_delimited', compression = 'uncompressed', columns = {${members.join(", ")}})`;
}

async function outputFiles(output: string): Promise<ConversionResult["files"]> {
  const folders = await readdir(output);
  const files = await Promise.all(
    folders.map(async (folder) => {
      const group = Number(folder.slice(folder.lastIndexOf("=") + 1));
      return (await readdir(join(output, folder))).map((file) => ({ group, file: join(output, folder, file) }));
    }),
  );
  return files.flat().sort((left, right) => left.group - right.group);
}

/** Numbers of the lines that are no JSON object, or hold a value that its column does not take. */
async function sift(engine: SqlEngine, { file, groupMember, columns }: ConversionInput): Promise<readonly number[]> {
  const bytes = await readFile(file);
  const rejected: number[] = [];
  const parsed: string[] = [];
  let start = 0;
  for (let number = 0; start < bytes.length; number++) {
    const end = bytes.indexOf(0x0a, start);
    const line = bytes.subarray(start, end < 0 ? bytes.length : end);
    start = end < 0 ? bytes.length : end + 1;
    const text = wellFormedObject(line);
    if (text === undefined) rejected.push(number);
    else parsed.push(text.replace("{", `{"${groupMember}_line":${number},`));
  }
  if (parsed.length > 0) {
    const lines = `${file}.lines`;
    await writeFile(lines, `${parsed.join("\n")}\n`);
    const bad = columns.map((column) => {
      const member = `"${column.name.replaceAll('"', '""')}"`;
      return `(${member} IS NOT NULL AND ${columnValue(column, "TRY_CAST")} IS NULL)`;
    });
    const rows = await engine.use(async (connection) => {
      const reader = await connection.runAndReadAll(
        `SELECT "${groupMember}_line" FROM ${source(lines, `${groupMember}_line`, columns)} WHERE ${bad.join(" OR ")}`,
      );
      return reader.getRowsJson();
    });
    rejected.push(...rows.map(([line]) => Number(line)));
    await rm(lines);
  }
  return rejected.sort((left, right) => left - right);
}

/** The line as text if it is a JSON object that DuckDB reads too. */
function wellFormedObject(line: Buffer): string | undefined {
  if (!isUtf8(line)) return undefined;
  const text = line.toString("utf8");
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
    // What stays an escape here is half a surrogate pair, which UTF-8 cannot hold.
    return /\\ud[89a-f]/i.test(JSON.stringify(value)) ? undefined : text;
  } catch {
    return undefined;
  }
}
