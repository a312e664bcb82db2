import type { ResultColumn } from "./executions.ts";

/** What Athena says of a result column besides its name; a member that a type does not have is undefined. */
export interface ColumnFacts {
  readonly type: string;
  readonly precision?: number;
  readonly scale?: number;
  readonly caseSensitive?: boolean;
}

const precisions: Readonly<Record<string, number>> = {
  tinyint: 3,
  smallint: 5,
  integer: 10,
  bigint: 19,
  float: 17,
  double: 17,
  varchar: 2_147_483_647,
  varbinary: 1_073_741_824,
  // Whatever their digits of a second.
  time: 3,
  timestamp: 3,
};
const SIZED = new Set(["varchar", "char", "decimal"]);

/**
 * What Athena says of a column of a Trino type. Which members there are depends on the type alone, as if each kind of
 * type were described by a hand of its own.
 */
export function columnFacts(text: string): ColumnFacts {
  const [, name = text, first, second] = /^([a-z ]+?)(?:\((\d+)(?:,\s*(\d+))?\).*)?$/.exec(text) ?? [];
  const zoned = text.endsWith("with time zone") ? " with time zone" : "";
  const base = name === "real" ? "float" : text.replace(/\(.*$/s, "").replace(" with time zone", "").trim();
  const type = `${base}${zoned}`;
  if (base === "boolean" || base.startsWith("interval")) return { type, caseSensitive: false };
  if (base === "date") return { type, scale: 0, caseSensitive: false };
  const precision = SIZED.has(base) && first !== undefined ? Number(first) : precisions[base];
  if (precision === undefined) return { type };
  return { type, precision, scale: Number(second ?? 0), caseSensitive: base === "varchar" || base === "char" };
}

/** Protocol buffers: a number below 2^53, seven bits a byte. */
function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
}

const number = (field: number, value: number | undefined): Buffer =>
  value === undefined ? Buffer.alloc(0) : Buffer.from([...varint(field * 8), ...varint(value)]);

function bytes(field: number, value: Buffer | string | undefined): Buffer {
  if (value === undefined) return Buffer.alloc(0);
  const content = Buffer.from(value);
  return Buffer.concat([Buffer.from([...varint(field * 8 + 2), ...varint(content.length)]), content]);
}

const NULLABLE_UNKNOWN = 3;

function column({ name, type }: ResultColumn): Buffer {
  const facts = columnFacts(type);
  return Buffer.concat([
    bytes(1, "hive"),
    bytes(4, name),
    bytes(5, name),
    bytes(6, facts.type),
    number(7, facts.precision),
    number(8, facts.scale),
    number(9, NULLABLE_UNKNOWN),
    number(10, facts.caseSensitive === undefined ? undefined : Number(facts.caseSensitive)),
  ]);
}

/** A result, as the file beside it describes it. */
export interface Described {
  readonly id: string;
  /** What changed the rows: `INSERT`, `CREATE TABLE`. */
  readonly update?: string;
  readonly updateCount?: number;
  readonly columns: readonly ResultColumn[];
}

/**
 * The file that Athena lays beside a result: a protocol buffer whose definition AWS does not publish. The numbers of its
 * fields are those that open drivers read (burtcorp/athena-jdbc, AthenaMetaDataParser). AWS puts its engine's id first
 * where there is one; here a query has only one id. What AWS lays beside SHOW is enciphered and not imitated.
 */
export function resultMetadata({ id, update, updateCount, columns }: Described): Buffer {
  return Buffer.concat([
    bytes(1, id),
    bytes(2, update),
    number(3, updateCount),
    ...columns.map((each) => bytes(4, column(each))),
  ]);
}
