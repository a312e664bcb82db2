import { DuckDBInstance } from "@duckdb/node-api";

/** The figures that the lake must reach, straight from the data file. */
export interface SourceFigures {
  readonly totals: Totals;
  /** `2010-12` -> value in GBP with 3 decimals, by the line's own date. */
  readonly valueByMonth: Readonly<Record<string, string>>;
  readonly valueByCountry: Readonly<Record<string, string>>;
  /** `customer_id|recency|frequency|monetary|r|f|m`, sorted. */
  readonly rfm: readonly string[];
}

export interface Totals {
  readonly lines: number;
  readonly invoices: number;
  readonly customers: number;
  /** GBP with 3 decimals, exact. */
  readonly value: string;
}

/**
 * Reads the figures of all invoices that began before `end`, without any code that the lake uses.
 * RFM as of `end`: R whole days from the last purchase day, F distinct purchase invoices, M net of all lines; NTILE(5).
 */
export function sourceFigures(dataFile: string, end: Date): Promise<SourceFigures> {
  const day = end.toISOString().slice(0, 10);
  return asking(async (ask) => {
    await ask(`CREATE TABLE line AS
      SELECT InvoiceNo, CustomerID, Country, InvoiceDate, Quantity, UnitPrice, Quantity * UnitPrice AS value,
        InvoiceNo NOT LIKE 'C%' AND InvoiceNo NOT LIKE 'A%' AND Quantity >= 0 AND UnitPrice <> 0 AND CustomerID IS NOT NULL AS purchase
      FROM ${relation(dataFile)}
      QUALIFY min(InvoiceDate) OVER (PARTITION BY InvoiceNo) < TIMESTAMP '${day} 00:00:00'`);
    const [totals = []] = await ask(
      "SELECT count(*), count(DISTINCT InvoiceNo), count(DISTINCT CustomerID), CAST(sum(value) AS DECIMAL(18,3)) FROM line",
    );
    const [lines = "0", invoices = "0", customers = "0", value = "0"] = totals;
    return {
      totals: { lines: Number(lines), invoices: Number(invoices), customers: Number(customers), value },
      valueByMonth: pairs(
        await ask(
          "SELECT strftime(InvoiceDate, '%Y-%m'), CAST(sum(value) AS DECIMAL(18,3)) FROM line GROUP BY 1 ORDER BY 1",
        ),
      ),
      valueByCountry: pairs(
        await ask("SELECT Country, CAST(sum(value) AS DECIMAL(18,3)) FROM line GROUP BY 1 ORDER BY 1"),
      ),
      rfm: (await ask(RFM(day))).map((row) => row.join("|")),
    };
  });
}

/** Documents of the source by the month in which they begin: how long the bars are. */
export async function documentsByMonth(dataFile: string): Promise<Readonly<Record<string, number>>> {
  const rows = await asking((ask) =>
    ask(`SELECT strftime(day, '%Y-%m'), count(*)
      FROM (SELECT min(InvoiceDate) AS day FROM ${relation(dataFile)} GROUP BY InvoiceNo) GROUP BY 1`),
  );
  return Object.fromEntries(rows.map(([month = "", count = "0"]) => [month, Number(count)]));
}

type Ask = (sql: string) => Promise<string[][]>;

/** A DuckDB of its own: nothing that the lake uses has a part in these figures. */
async function asking<T>(task: (ask: Ask) => Promise<T>): Promise<T> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "2", memory_limit: "512MB" });
  const connection = await instance.connect();
  try {
    return await task(async (sql) =>
      (await connection.runAndReadAll(sql)).getRows().map((row) => row.map((value) => String(value))),
    );
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

const relation = (dataFile: string): string => `read_parquet('${dataFile.replaceAll("'", "''")}')`;

const RFM = (day: string): string => `
  WITH customer AS (
    SELECT CustomerID AS id,
      date_diff('day', CAST(max(InvoiceDate) FILTER (WHERE purchase) AS DATE), DATE '${day}') AS recency,
      count(DISTINCT InvoiceNo) FILTER (WHERE purchase) AS frequency,
      CAST(sum(value) AS DECIMAL(18,3)) AS monetary
    FROM line WHERE CustomerID IS NOT NULL GROUP BY 1 HAVING frequency > 0
  )
  SELECT id, recency, frequency, monetary,
    ntile(5) OVER (ORDER BY recency DESC, id), ntile(5) OVER (ORDER BY frequency, id), ntile(5) OVER (ORDER BY monetary, id)
  FROM customer ORDER BY id`;

function pairs(rows: readonly (readonly string[])[]): Record<string, string> {
  return Object.fromEntries(rows.map(([name = "", value = ""]) => [name, value]));
}
