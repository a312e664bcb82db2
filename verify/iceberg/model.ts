import { type Digest, digestOf, type Kind, type Row, textOf, type Value } from "./values.ts";

export interface Column {
  readonly name: string;
  readonly kind: Kind;
}

export interface PartitionField {
  readonly column: string;
  /** As the Iceberg specification names it: `bucket[4]`. */
  readonly transform: string;
}

/** A table of the verification's own. */
export interface Table {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly partitionedBy: readonly PartitionField[];
}

/** The types that a statement of Athena's can make a column of. */
export const athenaColumns: readonly Column[] = [
  { name: "id", kind: "long" },
  { name: "flag", kind: "boolean" },
  { name: "small", kind: "int" },
  { name: "ratio", kind: "float" },
  { name: "measure", kind: "double" },
  { name: "price", kind: "decimal(9, 2)" },
  { name: "amount", kind: "decimal(18, 3)" },
  { name: "exact", kind: "decimal(38, 10)" },
  { name: "day", kind: "date" },
  { name: "at", kind: "timestamp" },
  { name: "name", kind: "string" },
  { name: "code", kind: "string" },
  { name: "payload", kind: "binary" },
  { name: "tags", kind: { list: "string" } },
  { name: "place", kind: { struct: { x: "int", label: "string" } } },
  { name: "counts", kind: { map: ["string", "int"] } },
];

/** Those that Iceberg has besides, and Athena writes. */
export const furtherColumns: readonly Column[] = [
  { name: "instant", kind: "timestamptz" },
  { name: "clock", kind: "time" },
];

/** Those that Athena only reads. */
export const readOnlyColumns: readonly Column[] = [{ name: "four", kind: "fixed[4]" }];

const usual: Row = {
  flag: "true",
  small: "7",
  ratio: "0.5",
  measure: "12.5",
  price: "19.99",
  amount: "1234.567",
  exact: "0.0000000001",
  day: "2011-03-01",
  at: "2011-03-01 10:20:30.123456",
  name: "usual",
  code: "AB-1",
  payload: "00 ff 10",
  tags: ["a", "b"],
  place: { x: "1", label: "here" },
  counts: [["one", "1"]],
  instant: "2011-03-01 10:20:30.123456 UTC",
  clock: "10:20:30.123456",
  four: "01 02 03 04",
};

const sixteen = "0123456789abcdef";

/** Rows on the edges of every type: what bounds, partition values and encodings get wrong first. */
export const edgeRows: readonly Row[] = [
  { id: "1", ...usual },
  {
    id: "2",
    ...usual,
    flag: "false",
    small: "-8",
    ratio: "-0.25",
    measure: "-1.0E300",
    price: "-19.99",
    amount: "-0.001",
  },
  { id: "3", ...usual, exact: "-1234567890123456789012345678.0123456789", name: "ünï — 漢字", code: "äö-2" },
  {
    id: "4",
    ...usual,
    exact: "9999999999999999999999999999.9999999999",
    name: "😀 beyond the basic plane",
    code: "😀😁",
  },
  { id: "5", ...usual, day: "1969-12-31", at: "1969-12-31 23:59:59.999999", instant: "1969-12-31 23:59:59.999999 UTC" },
  { id: "6", ...usual, day: "1901-02-03", at: "1901-02-03 04:05:06.000007", instant: "1901-02-03 04:05:06.000007 UTC" },
  { id: "7", ...usual, day: "1970-01-01", at: "1970-01-01 00:00:00.000000", clock: "00:00:00.000000" },
  { id: "8", ...usual, ratio: "NaN", measure: "NaN", name: `${sixteen}-first`, code: `${sixteen}-first` },
  { id: "9", ...usual, ratio: "Infinity", measure: "-Infinity", name: `${sixteen}-other`, code: `${sixteen}-other` },
  { id: "10", ...usual, name: "", code: "", payload: "", tags: [], counts: [], place: { x: null, label: "no x" } },
  { id: "11", ...usual, small: "2147483647", price: "9999999.99", amount: "999999999999999.999", tags: ["a", null] },
  { id: "12", ...usual, small: "-2147483648", price: "-9999999.99", clock: "23:59:59.999999", four: "ff ff ff ff" },
  {
    id: "9223372036854775807",
    ...usual,
    day: "2100-12-31",
    at: "2100-12-31 23:00:00.000000",
    counts: [["none", null]],
  },
  { id: "-9223372036854775808" },
];

/** The table as it must be: rows by their id. */
export class Model {
  columns: readonly Column[];
  readonly rows = new Map<string, Row>();

  constructor(columns: readonly Column[]) {
    this.columns = columns;
  }

  put(...rows: readonly Row[]): void {
    for (const row of rows) this.rows.set(String(row["id"]), row);
  }

  /** Changes some columns of a row, if it is there. */
  set(id: string, changes: Row): void {
    const row = this.rows.get(id);
    if (row !== undefined) this.put({ ...row, ...changes });
  }

  remove(...ids: readonly string[]): void {
    for (const id of ids) this.rows.delete(id);
  }

  get names(): readonly string[] {
    return this.columns.map(({ name }) => name);
  }

  digest(): Digest {
    const texts = Array.from(this.rows.values(), (row) =>
      this.columns.map(({ name, kind }) => textOf(kind, row[name] ?? null)),
    );
    return digestOf(this.names, texts);
  }

  /** Rows that have this value in the column. */
  count({ name, kind }: Column, value: Value): number {
    const wanted = textOf(kind, value);
    return Array.from(this.rows.values()).filter((row) => textOf(kind, row[name] ?? null) === wanted).length;
  }
}

/** A row like the usual one. */
export const row = (id: string, changes: Row = {}): Row => ({ id, ...usual, ...changes });
