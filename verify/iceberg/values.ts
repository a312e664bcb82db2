import { hash } from "node:crypto";
import { crc32 } from "node:zlib";

/** A type of Iceberg's, as its table metadata names it; nested ones in short. */
export type Kind =
  | string
  | { readonly list: Kind }
  | { readonly struct: Readonly<Record<string, Kind>> }
  | { readonly map: readonly [Kind, Kind] };

/** A value as it is written down here: scalars as Athena shows them, maps as pairs. */
export type Value = string | null | readonly Value[] | { readonly [field: string]: Value };

/** One row by column; a column that is absent is NULL. */
export type Row = Readonly<Record<string, Value>>;

/** Checksums that do not depend on the order of rows. */
export interface Digest {
  readonly rows: number;
  /** Of whole rows: equal for equal rows, each as often. */
  readonly checksum: string;
  /** Of each column alone: tells where a difference is. */
  readonly columns: Readonly<Record<string, number>>;
}

/** The texts that are compared, one for each column. */
export type Texts = readonly (string | null)[];

const NULL = Buffer.of(0);

function cellBytes(text: string | null): Buffer {
  if (text === null) return NULL;
  const encoded = Buffer.from(text);
  const head = Buffer.of(1, 0, 0, 0, 0);
  head.writeUInt32BE(encoded.length, 1);
  return Buffer.concat([head, encoded]);
}

/** @param rows texts in the order of the columns. */
export function digestOf(columns: readonly string[], rows: Iterable<Texts>): Digest {
  const sums = columns.map(() => 0);
  let total = 0n;
  let count = 0;
  for (const row of rows) {
    const cells = row.map(cellBytes);
    cells.forEach((cell, at) => {
      sums[at] = ((sums[at] ?? 0) + crc32(cell)) % 2 ** 48;
    });
    total = (total + BigInt(`0x${hash("sha256", Buffer.concat(cells), "hex").slice(0, 32)}`)) % 2n ** 128n;
    count += 1;
  }
  return {
    rows: count,
    checksum: total.toString(16).padStart(32, "0"),
    columns: Object.fromEntries(columns.map((name, at) => [name, sums[at] ?? 0])),
  };
}

/** Doubles are compared by their bits: every engine writes their digits otherwise. */
export function doubleText(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return bytes.toString("hex");
}

const scalarTexts: Readonly<Record<string, (text: string) => string>> = {
  float: (text) => doubleText(Math.fround(Number(text))),
  double: (text) => doubleText(Number(text)),
  binary: (text) => text.replaceAll(" ", ""),
};

/** The text that is compared, of a scalar as Athena shows it. */
export function comparable(kind: string, text: string): string {
  const name = kind.startsWith("fixed") ? "binary" : kind;
  return scalarTexts[name]?.(text) ?? text;
}

/** A list, struct or map as Athena shows it: `[a, b]`, `{x=1, y=a}`. */
function shown(kind: Kind, value: Value): string {
  if (value === null) return "null";
  if (typeof kind === "string") return String(value);
  if ("list" in kind)
    return `[${items(value)
      .map((item) => shown(kind.list, item))
      .join(", ")}]`;
  if ("map" in kind) {
    const [key, of] = kind.map;
    const pairs = items(value).map((pair) => {
      const [name = null, item = null] = items(pair);
      return `${shown(key, name)}=${shown(of, item)}`;
    });
    return `{${pairs.join(", ")}}`;
  }
  const fields = Object.entries(kind.struct).map(([name, of]) => `${name}=${shown(of, field(value, name))}`);
  return `{${fields.join(", ")}}`;
}

/** The text of a value that is compared; null for NULL. */
export function textOf(kind: Kind, value: Value): string | null {
  if (value === null) return null;
  return typeof kind === "string" ? comparable(kind, String(value)) : shown(kind, value);
}

export function items(value: Value): readonly Value[] {
  if (!Array.isArray(value)) throw new Error(`Not a list: ${JSON.stringify(value)}`);
  return value;
}

export function field(value: Value, name: string): Value {
  if (value === null || typeof value !== "object" || Array.isArray(value))
    throw new Error(`Not a struct: ${JSON.stringify(value)}`);
  return Object.entries(value).find(([key]) => key === name)?.[1] ?? null;
}
