import {
  Binary,
  Bool,
  DateDay,
  Decimal,
  Field,
  Float32,
  Float64,
  Int8,
  Int16,
  Int32,
  Int64,
  makeData,
  RecordBatch,
  Schema,
  Struct,
  Table,
  TimeMicrosecond,
  TimestampMicrosecond,
  Utf8,
  Vector,
  vectorFromArray,
} from "apache-arrow";
import { uniqueNames } from "./names.ts";
import type { ResultColumn, Rows } from "./rows.ts";
import { bytesOf, dayOf, integerOf, microsOf, numberOf, timeOf, unscaledOf } from "./values.ts";
import { longs, quads } from "./wide-integers.ts";

/**
 * A result as an Arrow table. Decimals are Decimal128, exact; dates are days; times and timestamps are microseconds
 * without a zone; varbinary is bytes. What Athena sends as text only stays text: arrays, maps, rows (their text cannot be
 * told apart again), JSON, intervals, and times with zone (Arrow has one zone a column, Athena one a value).
 * A column with a value that its Arrow type cannot hold to the last digit is text as well.
 */
export function toTable({ columns, rows }: Pick<Rows, "columns" | "rows">): Table {
  const names = uniqueNames(columns);
  const vectors = columns.map((column, at) =>
    vectorOf(
      column,
      rows.map((row) => row[at] ?? null),
    ),
  );
  const fields = vectors.map(({ type }, at) => new Field(names[at] ?? "", type, true));
  const type = new Struct(fields);
  const children = vectors.flatMap(({ data }) => data);
  const batch = makeData({ type, length: rows.length, nullCount: 0, children });
  return new Table([new RecordBatch(new Schema(fields), batch)]);
}

type Texts = readonly (string | null)[];
/** A column as Arrow's; undefined when a value does not fit its type. */
type Build = (texts: Texts) => Vector | undefined;

function vectorOf({ type }: ResultColumn, texts: Texts): Vector {
  const decimal = /^decimal\((\d+),(\d+)\)$/.exec(type);
  const build = decimal === null ? builders[type] : decimalColumn(Number(decimal[1]), Number(decimal[2]));
  return build?.(texts) ?? vectorFromArray(texts, new Utf8());
}

/** @param read gives undefined for a text that its type cannot hold exactly. */
const column =
  <T>(read: (text: string) => T | undefined, build: (values: readonly (T | null)[]) => Vector): Build =>
  (texts) => {
    const values: (T | null)[] = [];
    for (const text of texts) {
      const value = text === null ? null : read(text);
      if (value === undefined) return undefined;
      values.push(value);
    }
    return build(values);
  };

const decimalColumn = (precision: number, scale: number): Build =>
  column(
    (text) => unscaledOf(text, scale),
    (values) => new Vector([makeData({ type: new Decimal(scale, precision, 128), ...quads(values) })]),
  );

const builders: Readonly<Record<string, Build>> = {
  boolean: column(
    (text) => (text === "true" ? true : text === "false" ? false : undefined),
    (values) => vectorFromArray(values, new Bool()),
  ),
  tinyint: column(integerOf(8), (values) => vectorFromArray(values.map(small), new Int8())),
  smallint: column(integerOf(16), (values) => vectorFromArray(values.map(small), new Int16())),
  integer: column(integerOf(32), (values) => vectorFromArray(values.map(small), new Int32())),
  bigint: column(integerOf(64), (values) => vectorFromArray(values, new Int64())),
  // Athena's name of real.
  float: column(numberOf, (values) => vectorFromArray(values, new Float32())),
  real: column(numberOf, (values) => vectorFromArray(values, new Float32())),
  double: column(numberOf, (values) => vectorFromArray(values, new Float64())),
  date: column(dayOf, (values) => vectorFromArray(values.map(instant), new DateDay())),
  time: column(timeOf, (values) => new Vector([makeData({ type: new TimeMicrosecond(), ...longs(values) })])),
  timestamp: column(
    microsOf,
    (values) => new Vector([makeData({ type: new TimestampMicrosecond(), ...longs(values) })]),
  ),
  varbinary: column(bytesOf, (values) => vectorFromArray(values, new Binary())),
};

const small = (value: bigint | null): number | null => (value === null ? null : Number(value));
/** Arrow's builder takes dates as instants. */
const instant = (day: number | null): Date | null => (day === null ? null : new Date(day * 86_400_000));
