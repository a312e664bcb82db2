import { readFileSync } from "node:fs";
import {
  DuckDBBlobValue,
  type DuckDBConnection,
  DuckDBInstance,
  DuckDBIntervalValue,
  DuckDBListValue,
  DuckDBMapValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  type DuckDBValue,
} from "@duckdb/node-api";
import { textTable } from "../../cli/output.ts";
import { SqlError } from "../../local/aws/athena/sql/errors.ts";
import { makePrelude } from "../../local/aws/athena/sql/prelude.ts";
import { place, translateQuery } from "../../local/aws/athena/sql/translate.ts";
import { display, type TrinoType } from "../../local/aws/athena/sql/types.ts";
import { valueText } from "../../local/aws/athena/values.ts";

/** A case: `expr` or `sql`, and what Trino said. */
interface Case {
  readonly id: string;
  readonly area: string;
  readonly sql: string;
  readonly value?: string;
  readonly type?: string;
  readonly error?: string;
}

/** How an answer compares with Trino's; `type`, `DIFFERENT` and `answered` (Trino refuses it) are silent, and wrong. */
const verdicts = ["equal", "both refuse", "refused", "fails", "type", "DIFFERENT", "answered"] as const;
type Verdict = (typeof verdicts)[number];

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;
const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

function readCases(file: string): Case[] {
  const parsed: unknown = JSON.parse(readFileSync(file, "utf8"));
  if (!Array.isArray(parsed)) throw new Error(`${file} holds no list of cases`);
  return parsed.map((item: unknown): Case => {
    if (!isObject(item) || !isObject(item["trino"])) throw new Error(`${file} holds a case without Trino's answer`);
    const { value, type, error } = item["trino"];
    const given = { value: textOf(value), type: textOf(type), error: textOf(error) };
    return {
      id: String(item["id"]),
      area: String(item["area"]),
      sql: textOf(item["sql"]) ?? `SELECT ${String(item["expr"])} AS x`,
      ...(given.value !== undefined && { value: given.value }),
      ...(given.type !== undefined && { type: given.type }),
      ...(given.error !== undefined && { error: given.error }),
    };
  });
}

const trimZeros = (text: string): string => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);

/** As the cases write a value: text in quotes, fractions of seconds without trailing zeros, rows in parentheses. */
function shown(value: DuckDBValue, type: TrinoType): string {
  if (value === null) return "NULL";
  if (value instanceof DuckDBListValue) {
    const element: TrinoType = type.kind === "array" ? type.element : { kind: "unknown" };
    return `[${value.items.map((item) => shown(item, element)).join(", ")}]`;
  }
  if (value instanceof DuckDBMapValue && type.kind === "map") {
    const entries = value.entries.map(({ key, value: v }) => `${shown(key, type.key)}: ${shown(v, type.value)}`);
    return `{${entries.sort().join(", ")}}`;
  }
  if (value instanceof DuckDBStructValue && type.kind === "row") {
    const values = Object.values(value.entries);
    return `(${type.fields.map((field, i) => shown(values[i] ?? null, field.type)).join(", ")})`;
  }
  if (value instanceof DuckDBIntervalValue) return intervalShown(value);
  if (value instanceof DuckDBBlobValue) return `x'${Buffer.from(value.bytes).toString("hex")}'`;
  const text = valueText(value, type) ?? "NULL";
  if (type.kind === "varchar")
    return `'${text.replaceAll("\n", "\\n").replaceAll("\r", "\\r").replaceAll("\t", "\\t")}'`;
  if (type.kind === "timestamptz" && value instanceof DuckDBTimestampTZValue)
    return `${trimZeros(valueText(value, { kind: "timestamptz", precision: type.precision })?.replace(" UTC", "") ?? "")}Z`;
  return type.kind === "timestamp" || type.kind === "time" ? trimZeros(text) : text;
}

function intervalShown(value: DuckDBIntervalValue): string {
  const total = value.micros + BigInt(value.days) * 86_400_000_000n;
  const micros = ((total % 86_400_000_000n) + 86_400_000_000n) % 86_400_000_000n;
  const days = (total - micros) / 86_400_000_000n;
  const seconds = micros / 1_000_000n;
  const two = (n: bigint): string => String(n % 60n).padStart(2, "0");
  const fraction = micros % 1_000_000n === 0n ? "" : `.${String(micros % 1_000_000n).padStart(6, "0")}`;
  const time = `${seconds / 3600n}:${two(seconds / 60n)}:${two(seconds)}${fraction}`;
  const day = days === 0n ? "" : `${days} day${days === 1n || days === -1n ? "" : "s"}, `;
  return `${value.months === 0 ? "" : `${value.months} months `}${day}${time}`;
}

/** Types without the lengths of texts, which Athena's results do not show either, and without blanks. */
const plainType = (type: string): string =>
  type
    .toLowerCase()
    .replace(/varchar\(\d+\)/g, "varchar")
    .replaceAll(" ", "");

/** Texts differ at most in how the two languages write the same double. */
function sameText(a: string, b: string): boolean {
  const number = /-?\d+(\.\d+)?([eE][+-]?\d+)?/g;
  const rest = (text: string): string => text.replace(number, "#");
  if (a === b) return true;
  if (rest(a) !== rest(b)) return false;
  const [x, y] = [a, b].map((text) => (text.match(number) ?? []).map(Number));
  return x?.every((value, i) => Object.is(value, y?.[i])) === true;
}

interface Answer {
  readonly verdict: Verdict;
  readonly said: string;
  readonly duck?: string;
}

async function answer(item: Case, connection: DuckDBConnection): Promise<Answer> {
  let duck: string | undefined;
  try {
    const translation = translateQuery(item.sql, {
      table: (_database, name) => {
        throw new SqlError("TABLE_NOT_FOUND", `Table '${name}' does not exist`);
      },
    });
    duck = place(translation.sql, () => "");
    const result = await connection.runAndReadAll(duck);
    const { columns } = translation;
    const rows = result
      .getRows()
      .map((row) => row.map((value, i) => shown(value, columns[i]?.type ?? { kind: "unknown" })));
    const value = rows.length === 0 ? "(no rows)" : rows.map((row) => row.join(", ")).join("; ");
    const type = columns.map((column) => display(column.type)).join(", ");
    const said = `${value} :: ${type}`;
    if (item.error !== undefined) return { verdict: "answered", said, duck };
    if (!sameText(value, item.value ?? "")) return { verdict: "DIFFERENT", said, duck };
    return { verdict: plainType(type) === plainType(item.type ?? "") ? "equal" : "type", said, duck };
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const refused = said.includes("NOT_IMPLEMENTED_LOCALLY");
    const verdict = item.error !== undefined ? "both refuse" : refused ? "refused" : "fails";
    return { verdict, said, ...(duck !== undefined && { duck }) };
  }
}

/** What of the cases is asked for. */
export interface CasesOptions {
  readonly file: string;
  /** Ids; all without. */
  readonly only?: readonly string[];
  /** Prints those that are equal, too, and DuckDB's SQL. */
  readonly all: boolean;
}

/** @throws Error that names the ids which the file has not */
function chosenCases(file: string, only: readonly string[] | undefined): readonly Case[] {
  const cases = readCases(file);
  if (only === undefined) return cases;
  const missing = only.filter((id) => !cases.some((item) => item.id === id));
  if (missing.length > 0) throw new Error(`${file} has no case ${missing.join(", ")}`);
  return cases.filter(({ id }) => only.includes(id));
}

/**
 * Runs cases that hold a real Trino's answers through the translation, and prints how they compare, by area. It needs no
 * Trino, and proves nothing of the services around: no catalogue, no results files.
 * @returns whether none differed
 */
export async function runCases({ file, only, all }: CasesOptions): Promise<boolean> {
  const connection = await (await DuckDBInstance.create(":memory:")).connect();
  await connection.run("SET TimeZone='UTC'");
  await makePrelude(connection);
  const table = new Map<string, Map<Verdict, number>>();
  for (const item of chosenCases(file, only)) {
    const { verdict, said, duck } = await answer(item, connection);
    for (const area of [item.area, "all"]) {
      const counts = table.get(area) ?? new Map<Verdict, number>();
      table.set(area, counts.set(verdict, (counts.get(verdict) ?? 0) + 1));
    }
    if (!all && (verdict === "equal" || verdict === "both refuse")) continue;
    const trino = item.error ?? `${item.value} :: ${item.type}`;
    console.log(
      `${verdict}  ${item.id}\n    athena ${item.sql}\n    trino  ${trino}\n    here   ${said.split("\n")[0]}`,
    );
    if (all && duck !== undefined) console.log(`    duckdb ${duck}`);
  }
  const areas = [...table].sort(([a], [b]) => Number(a === "all") - Number(b === "all") || a.localeCompare(b));
  const rows = areas.map(([area, counts]) => [area, ...verdicts.map((verdict) => String(counts.get(verdict) ?? 0))]);
  console.log(textTable(["area", ...verdicts], rows));
  const wrong = table.get("all");
  return (["DIFFERENT", "answered", "type"] as const).every((verdict) => (wrong?.get(verdict) ?? 0) === 0);
}
