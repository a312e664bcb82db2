/**
 * The columns that a Parquet file says it has, read from its footer (apache/parquet-format: parquet.thrift,
 * "FileMetaData", in Thrift's compact protocol). The schema comes first there, so the rest is not parsed.
 */
import { CompactReader, type StructReader } from "./thrift-compact.ts";

/** One node of a file's schema. */
export interface ParquetNode {
  readonly name: string;
  /** Undefined where the writer gave none. */
  readonly id: number | undefined;
  readonly repeated: boolean;
  /** DuckDB's type of a leaf's values, or the file's own words for one that Iceberg does not write. */
  readonly type: string | undefined;
  /** MAP, LIST or undefined. */
  readonly annotation: "map" | "list" | undefined;
  readonly children: readonly ParquetNode[];
}

/** A file that is not what its manifest says. */
export class NotParquet extends Error {}

const MAGIC = "PAR1";
/** Length and magic at the end. */
export const TAIL_BYTES = 8;

/**
 * Length of the footer, which lies before the file's last 8 bytes.
 * @throws NotParquet
 */
export function footerLength(tail: Buffer, name: string): number {
  const magic = tail.toString("latin1", 4, TAIL_BYTES);
  if (magic === "PARE") throw new NotParquet(`${name} is an encrypted Parquet file`);
  if (tail.length !== TAIL_BYTES || magic !== MAGIC) {
    throw new NotParquet(`${name} is not a Parquet file of the size that its manifest says`);
  }
  return tail.readUInt32LE(0);
}

/** The top-level columns in the file's order. */
export function parseColumns(footer: Buffer): readonly ParquetNode[] {
  const elements: Element[] = [];
  new CompactReader(footer).struct((field, reader) => {
    if (field !== 2) return false;
    reader.list((item) => elements.push(element(item)));
    return "stop";
  });
  const rest = elements.values();
  return nodes(rest, rest.next().value?.children ?? 0);
}

/** Rows that the file says it has. */
export function rowCount(footer: Buffer): number {
  let rows: number | undefined;
  new CompactReader(footer).struct((field, reader) => {
    if (field !== 3) return false;
    rows = reader.integer();
    return "stop";
  });
  if (rows === undefined) throw new NotParquet("The Parquet footer does not count the rows");
  return rows;
}

interface Element {
  name: string;
  physical: number | undefined;
  length: number;
  repetition: number;
  children: number;
  converted: number | undefined;
  scale: number;
  precision: number;
  id: number | undefined;
  logical: Logical | undefined;
}

interface Logical {
  readonly kind: number;
  utc: boolean;
  /** 1 milliseconds, 2 microseconds, 3 nanoseconds. */
  unit: number;
  bits: number;
  signed: boolean;
}

function element(item: CompactReader): Element {
  const found: Element = {
    name: "",
    physical: undefined,
    length: 0,
    repetition: 0,
    children: 0,
    converted: undefined,
    scale: 0,
    precision: 0,
    id: undefined,
    logical: undefined,
  };
  item.struct((field, reader) => {
    switch (field) {
      case 1:
        found.physical = reader.integer();
        return true;
      case 2:
        found.length = reader.integer();
        return true;
      case 3:
        found.repetition = reader.integer();
        return true;
      case 4:
        found.name = reader.text();
        return true;
      case 5:
        found.children = reader.integer();
        return true;
      case 6:
        found.converted = reader.integer();
        return true;
      case 7:
        found.scale = reader.integer();
        return true;
      case 8:
        found.precision = reader.integer();
        return true;
      case 9:
        found.id = reader.integer();
        return true;
      case 10:
        found.logical = logical(reader);
        return true;
      default:
        return false;
    }
  });
  return found;
}

function logical(reader: CompactReader): Logical | undefined {
  let found: Logical | undefined;
  reader.struct((kind, union) => {
    const type: Logical = { kind, utc: false, unit: 0, bits: 0, signed: false };
    union.struct(logicalMember(type));
    found = type;
    return true;
  });
  return found;
}

/** Members of TIME, TIMESTAMP (utc, unit) and INTEGER (bits, signed). */
function logicalMember(type: Logical): StructReader {
  return (field, reader) => {
    if (type.kind === 10 && field === 1) type.bits = reader.byte();
    else if (type.kind === 10 && field === 2) type.signed = reader.boolean();
    else if ((type.kind === 7 || type.kind === 8) && field === 1) type.utc = reader.boolean();
    else if ((type.kind === 7 || type.kind === 8) && field === 2) {
      reader.struct((unit) => {
        type.unit = unit;
        return false;
      });
    } else return false;
    return true;
  };
}

function nodes(rest: Iterator<Element>, count: number): ParquetNode[] {
  return Array.from({ length: count }, () => {
    const next = rest.next();
    if (next.done) throw new NotParquet("A Parquet schema ends early");
    const { name, id, repetition, children } = next.value;
    return {
      name,
      id,
      repeated: repetition === 2,
      type: children === 0 ? leafType(next.value) : undefined,
      annotation: annotationOf(next.value),
      children: nodes(rest, children),
    };
  });
}

function annotationOf({ converted, logical: type }: Element): ParquetNode["annotation"] {
  if (converted === 1 || converted === 2 || type?.kind === 2) return "map";
  return converted === 3 || type?.kind === 3 ? "list" : undefined;
}

/** What DuckDB reads a leaf as; `?` before types that no Iceberg column has. */
function leafType(leaf: Element): string {
  const { physical, converted, logical: type } = leaf;
  if (converted === 5 || type?.kind === 5) return `DECIMAL(${leaf.precision},${leaf.scale})`;
  const plain = type === undefined && converted === undefined;
  switch (physical) {
    case 0:
      return "BOOLEAN";
    case 1:
      if (converted === 6 || type?.kind === 6) return "DATE";
      if (plain || converted === 17 || (type?.kind === 10 && type.bits === 32 && type.signed)) return "INTEGER";
      break;
    case 2:
      if (plain || converted === 18 || (type?.kind === 10 && type.bits === 64 && type.signed)) return "BIGINT";
      if (type?.kind === 8 && type.unit === 2) return type.utc ? "TIMESTAMP WITH TIME ZONE" : "TIMESTAMP";
      if (type?.kind === 7 && type.unit === 2) return type.utc ? "?TIME WITH TIME ZONE" : "TIME";
      break;
    case 4:
      return "FLOAT";
    case 5:
      return "DOUBLE";
    case 6:
      if (converted === 0 || type?.kind === 1) return "VARCHAR";
      if (plain) return "BLOB";
      break;
    case 7:
      if (type?.kind === 14) return "UUID";
      if (plain) return "BLOB";
      break;
  }
  return `?${physical}/${converted ?? ""}/${type === undefined ? "" : `${type.kind}.${type.unit}.${type.bits}`}`;
}
