import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { type LineKind, lineKind } from "./line-kind.ts";

/** SHA-256 of the file as it is shipped under `data/`. */
export const DATASET_SHA256 = "dfd36eda2bf11822bc0ed3b693739f8968b9b4238efa5aa1735d2680d36d050e";

/** Midnight after the last line, UTC: nothing of the data set happens later. */
export const DATASET_END = Date.UTC(2011, 11, 10);

const COLUMNS = [
  "InvoiceNo",
  "StockCode",
  "Description",
  "Quantity",
  "InvoiceDate",
  "UnitPrice",
  "CustomerID",
  "Country",
];

/** The data file can not be used; the message says why and what to do. */
export class DataFileError extends Error {
  override readonly name = "DataFileError";
}

/** One line of the source. Times are milliseconds since the epoch, prices micros. */
export interface SourceLine {
  readonly number: number;
  readonly sku: string;
  readonly description: string | undefined;
  readonly kind: LineKind;
  readonly quantity: number;
  readonly priceMicros: number;
  readonly soldAt: number;
}

/** One document of the source with its lines in the order of the file. */
export interface Invoice {
  readonly number: string;
  readonly customerId: string | undefined;
  readonly country: string;
  /** Time of its earliest line. */
  readonly placedAt: number;
  readonly lines: readonly SourceLine[];
}

/**
 * Reads the documents in the order of their earliest line, then number; memory holds one chunk and one document.
 * @param dataFile path of `online-retail.parquet`
 * @param until documents from here on (milliseconds since the epoch) are left out
 * @param sha256 checksum the file must have; undefined for files other than the shipped one
 * @throws DataFileError when the file is missing, not the one expected, no Parquet or without a column
 */
export async function* readInvoices(dataFile: string, until: number, sha256?: string): AsyncGenerator<Invoice> {
  checkFile(dataFile, sha256);
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  try {
    await checkColumns(connection, dataFile);
    yield* group(rows(connection, dataFile, until));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;
const advice = "Restore it (git checkout -- data/online-retail.parquet) or see data/README.md for its origin.";

function checkFile(dataFile: string, sha256: string | undefined): void {
  let bytes: Buffer;
  try {
    bytes = readFileSync(dataFile);
  } catch (cause) {
    throw new DataFileError(`The data file ${dataFile} cannot be read. ${advice}`, { cause });
  }
  const actual = createHash("sha256").update(bytes).digest("hex");
  if (sha256 !== undefined && actual !== sha256) {
    throw new DataFileError(
      `The data file ${dataFile} is corrupt: SHA-256 is ${actual}, expected ${sha256}. ${advice}`,
    );
  }
}

async function checkColumns(connection: DuckDBConnection, dataFile: string): Promise<void> {
  let names: string[];
  try {
    names = (await connection.run(`FROM read_parquet(${quoted(dataFile)}) LIMIT 0`)).columnNames();
  } catch (cause) {
    throw new DataFileError(`The data file ${dataFile} is not a Parquet file. ${advice}`, { cause });
  }
  const missing = COLUMNS.filter((name) => !names.includes(name));
  const unknown = names.filter((name) => !COLUMNS.includes(name));
  if (missing.length + unknown.length > 0) {
    const parts = [
      ...missing.map((name) => `column ${name} is missing`),
      ...unknown.map((name) => `column ${name} is unknown`),
    ];
    throw new DataFileError(
      `The data file ${dataFile} has other columns than expected: ${parts.join(", ")}. ${advice}`,
    );
  }
}

interface Row {
  readonly invoice: string;
  readonly customerId: string | undefined;
  readonly country: string;
  readonly placedAt: number;
  readonly line: SourceLine;
}

async function* rows(connection: DuckDBConnection, dataFile: string, until: number): AsyncGenerator<Row[]> {
  const result = await connection.stream(`
    SELECT InvoiceNo, StockCode, Description, Quantity, epoch_ms(InvoiceDate)::DOUBLE, (UnitPrice * 1000)::DOUBLE,
           CustomerID, Country, placed::DOUBLE, n::INTEGER
    FROM (SELECT *, min(epoch_ms(InvoiceDate)) OVER document AS placed,
                 row_number() OVER (PARTITION BY InvoiceNo ORDER BY file_row_number) AS n
          FROM read_parquet(${quoted(dataFile)}, file_row_number = true)
          WINDOW document AS (PARTITION BY InvoiceNo))
    WHERE placed < ${until}
    ORDER BY placed, InvoiceNo, n`);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) return;
    yield chunk.getRows().map(toRow);
  }
}

const optional = (value: unknown) => (value === null || value === undefined ? undefined : String(value));

function toRow(values: readonly unknown[]): Row {
  const [invoice, sku, description, quantity, soldAt, milli, customerId, country, placedAt, number] = values;
  return {
    invoice: String(invoice),
    customerId: optional(customerId),
    country: String(country),
    placedAt: Number(placedAt),
    line: {
      number: Number(number),
      sku: String(sku),
      description: optional(description),
      kind: lineKind(String(sku)),
      quantity: Number(quantity),
      priceMicros: Math.round(Number(milli)) * 1000,
      soldAt: Number(soldAt),
    },
  };
}

async function* group(chunks: AsyncGenerator<Row[]>): AsyncGenerator<Invoice> {
  let first: Row | undefined;
  let lines: SourceLine[] = [];
  const document = (row: Row): Invoice => ({ ...documentOf(row), lines });
  for await (const chunk of chunks) {
    for (const row of chunk) {
      if (first !== undefined && row.invoice !== first.invoice) {
        yield document(first);
        lines = [];
      }
      if (lines.length === 0) first = row;
      lines.push(row.line);
    }
  }
  if (first !== undefined) yield document(first);
}

const documentOf = ({ invoice, customerId, country, placedAt }: Row) => ({
  number: invoice,
  customerId,
  country,
  placedAt,
});
