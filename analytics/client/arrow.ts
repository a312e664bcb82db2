import {
  Bool,
  type Data,
  type DataType,
  DateDay,
  Decimal,
  Float32,
  Float64,
  Int8,
  Int16,
  Int32,
  Int64,
  makeData,
  Table,
  TimestampMillisecond,
  Utf8,
  Vector,
  vectorFromArray,
} from "apache-arrow";
import type { ResultColumn, Rows } from "./rows.ts";

/**
 * A result as an Arrow table. Decimals are Decimal128, exact. Dates are days, timestamps milliseconds without a zone.
 * Types that Athena sends as text only (array, map, row, json, varbinary, timestamps with zone) stay text.
 */
export function toTable({ columns, rows }: Pick<Rows, "columns" | "rows">): Table {
  const vectors = columns.map(
    (column, index) =>
      [
        column.name,
        vectorOf(
          column,
          rows.map((row) => row[index] ?? null),
        ),
      ] as const,
  );
  // Arrow keys columns by name; Athena allows one name twice.
  const names = vectors.map(([name], index) =>
    vectors.findIndex(([other]) => other === name) === index ? name : `${name}_${index + 1}`,
  );
  return new Table(Object.fromEntries(vectors.map(([, vector], index) => [names[index], vector])));
}

type Values = readonly (string | null)[];

function vectorOf({ type }: ResultColumn, values: Values): Vector {
  const decimal = /^decimal\((\d+),(\d+)\)$/.exec(type);
  if (decimal !== null) return decimals(values, Number(decimal[1]), Number(decimal[2]));
  const reader = readers[type] ?? text;
  return vectorFromArray(
    values.map((value) => (value === null ? null : reader.read(value))),
    reader.type(),
  );
}

interface Reader {
  readonly type: () => DataType;
  readonly read: (text: string) => unknown;
}

const text: Reader = { type: () => new Utf8(), read: (value) => value };

const readers: Readonly<Record<string, Reader>> = {
  boolean: { type: () => new Bool(), read: (value) => value === "true" },
  tinyint: { type: () => new Int8(), read: Number },
  smallint: { type: () => new Int16(), read: Number },
  integer: { type: () => new Int32(), read: Number },
  bigint: { type: () => new Int64(), read: BigInt },
  float: { type: () => new Float32(), read: Number },
  real: { type: () => new Float32(), read: Number },
  double: { type: () => new Float64(), read: Number },
  date: { type: () => new DateDay(), read: (value) => new Date(`${value}T00:00:00Z`) },
  timestamp: { type: () => new TimestampMillisecond(), read: (value) => new Date(`${value.replace(" ", "T")}Z`) },
};

/** Arrow's builder takes decimals as raw words only: four little-endian 32-bit words of the unscaled value. */
function decimals(values: Values, precision: number, scale: number): Vector {
  const words = new Uint32Array(4 * values.length);
  const valid = new Uint8Array(Math.ceil(values.length / 8));
  let nullCount = 0;
  values.forEach((value, row) => {
    if (value === null) {
      nullCount++;
      return;
    }
    valid[row >> 3] = (valid[row >> 3] ?? 0) | (1 << (row & 7));
    let rest = BigInt.asUintN(128, unscaled(value, scale));
    for (let word = 0; word < 4; word++, rest >>= 32n) words[4 * row + word] = Number(rest & 0xffffffffn);
  });
  const type = new Decimal(scale, precision, 128);
  const data: Data = makeData({ type, length: values.length, nullCount, nullBitmap: valid, data: words });
  return new Vector([data]);
}

/** `-12.5` at scale 3 -> -12500n */
function unscaled(value: string, scale: number): bigint {
  const [, sign = "", whole = "0", fraction = ""] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(value) ?? [];
  if (fraction.length > scale) throw new RangeError(`${value} has more than ${scale} decimals.`);
  const digits = BigInt(whole + fraction.padEnd(scale, "0"));
  return sign === "-" ? -digits : digits;
}
