import { isUtf8 } from "node:buffer";
import { readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { SqlEngine } from "../ports.ts";
import { columnValue, type SchemaColumn } from "./column-types.ts";

/** NDJSON to convert: each line is a record with its group's number spliced in as its first member. */
export interface ConversionInput {
  readonly file: string;
  /** Name of the spliced member; no record can know it. */
  readonly groupMember: string;
  /** How many groups there are; their numbers start at 0. */
  readonly groups: number;
  readonly columns: readonly SchemaColumn[];
  readonly compression: "snappy" | "gzip" | "uncompressed";
  /**
   * Folder for the Parquet files, which the caller moves away. It is used again and again with its empty sub-folders:
   * making and removing hundreds of folders for every flush costs more than converting.
   */
  readonly output: string;
}

export interface ConversionResult {
  /** Parquet files with their group's number. */
  readonly files: readonly { readonly group: number; readonly file: string }[];
  /** Lines (from 0) that the schema does not take. */
  readonly rejected: readonly number[];
}

/**
 * Column writers open at a time. Each holds up to 50 kB until its file ends, so a year's partitions at once would need
 * more memory than the engine has.
 */
const openColumns = 6000;

const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;
const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/**
 * Converts by COPY, which fails on any line that the schema does not take. Only then are the lines looked at one by one,
 * the bad ones set aside and the rest converted. Members that differ from a column's name by case only are not matched.
 */
export async function convert(engine: SqlEngine, input: ConversionInput): Promise<ConversionResult> {
  try {
    return { files: await copy(engine, input), rejected: [] };
  } catch (error) {
    await rm(input.output, { recursive: true, force: true });
    const rejected = await sift(engine, input);
    // Nothing wrong with the lines: then it was the disk, or a type that is refused.
    if (rejected.length === 0) throw error;
    const lines = (await readFile(input.file, "latin1")).split("\n");
    const bad = new Set(rejected);
    const good = lines.filter((line, index) => line !== "" && !bad.has(index));
    if (good.length === 0) return { files: [], rejected };
    const file = `${input.file}.good`;
    await writeFile(file, `${good.join("\n")}\n`, "latin1");
    return { files: await copy(engine, { ...input, file }), rejected };
  }
}

/** One COPY for as many groups as may be open at a time. */
async function copy(engine: SqlEngine, input: ConversionInput): Promise<ConversionResult["files"]> {
  const most = Math.max(1, Math.floor(openColumns / input.columns.length));
  const files: { group: number; file: string }[] = [];
  for (let first = 0; first < input.groups; first += most)
    files.push(...(await copyGroups(engine, input, first, most)));
  return files;
}

async function copyGroups(
  engine: SqlEngine,
  { file, groupMember, groups, columns, compression, output }: ConversionInput,
  first: number,
  count: number,
): Promise<ConversionResult["files"]> {
  const values = columns.map((column) => `${columnValue(column, "CAST")} AS ${identifier(column.name)}`);
  const some = count < groups ? `WHERE "${groupMember}" >= ${first} AND "${groupMember}" < ${first + count}` : "";
  const rows = await engine.use(async (connection) => {
    // One file a group, however many groups there are.
    await connection.run("SET partitioned_write_max_open_files = 100000");
    const reader = await connection.runAndReadAll(
      `COPY (SELECT ${values.join(", ")}, "${groupMember}" FROM ${source(file, groupMember, columns)} ${some}) TO ${quote(output)}
       (FORMAT parquet, COMPRESSION ${compression}, PARTITION_BY ("${groupMember}"), OVERWRITE_OR_IGNORE true, RETURN_FILES true)`,
    );
    return reader.getRowsJson();
  });
  const made: unknown = rows[0]?.[1];
  return (Array.isArray(made) ? made : []).map((path: unknown) => ({
    group: Number(/=(\d+)$/.exec(dirname(String(path)))?.[1]),
    file: String(path),
  }));
}

function source(file: string, extra: string, columns: readonly SchemaColumn[]): string {
  const members = [`${quote(extra)}: 'INTEGER'`, ...columns.map(({ name }) => `${quote(name)}: 'VARCHAR'`)];
  return `read_json(${quote(file)}, format = 'newline_delimited', compression = 'uncompressed', columns = {${members.join(", ")}})`;
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
      const member = identifier(column.name);
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
