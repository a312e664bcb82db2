import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { savedQuestions } from "../../analytics/queries/index.ts";
import { onlineRetailEvents } from "../../ingest/sources/online-retail.ts";
import { decide } from "../../pipelines/to-lake/decide.ts";
import { TestLake } from "./lake.ts";

const dataFile = fileURLToPath(new URL("../../data/online-retail.parquet", import.meta.url));

/** Refreshes that stand for the thirteen of the demo: cut inside the data, so that every model runs incrementally. */
const refreshes = ["2011-01-01", "2011-07-01", "2011-12-10"];

let lake: TestLake;
let refused = 0;

/** The oracle reads the source file alone and shares no SQL with the models. */
const oracle = `
  CREATE VIEW source AS
    SELECT InvoiceNo AS invoice, CAST(CustomerID AS VARCHAR) AS customer, Quantity AS quantity, InvoiceDate AS moment,
      UnitPrice AS price, Quantity * CAST(UnitPrice AS DECIMAL(18,3)) AS value, Country AS country
    FROM '${dataFile}';
  CREATE VIEW expected_rfm AS
    WITH lines AS (
      SELECT *, invoice NOT LIKE 'C%' AND invoice NOT LIKE 'A%' AND quantity >= 0 AND price <> 0 AS purchase
      FROM source WHERE customer IS NOT NULL),
    figures AS (
      SELECT customer, DATE '2011-12-10' - CAST(max(moment) FILTER (purchase) AS DATE) AS recency,
        count(DISTINCT invoice) FILTER (purchase) AS frequency, sum(value) AS monetary
      FROM lines GROUP BY customer HAVING bool_or(purchase))
    SELECT customer, recency, frequency, monetary,
      ntile(5) OVER (ORDER BY recency DESC, customer) AS r,
      ntile(5) OVER (ORDER BY frequency, customer) AS f,
      ntile(5) OVER (ORDER BY monetary, customer) AS m
    FROM figures`;

beforeAll(async () => {
  lake = await TestLake.create();
  let rows: string[] = [];
  let dates = new Set<string>();
  const due = [...refreshes];
  const refresh = async (asOf: string) => {
    await lake.load(rows);
    await lake.refresh(asOf, [...dates].sort());
    rows = [];
    dates = new Set();
  };
  for await (const { json, time } of onlineRetailEvents({ dataFile, seed: 1 })) {
    const [next] = due;
    if (next !== undefined && time >= Date.parse(next)) {
      due.shift();
      await refresh(next);
    }
    const decision = decide(Buffer.from(json), time);
    if (decision.refused) {
      refused++;
      continue;
    }
    const { event_date, event_type } = decision.partitionKeys;
    rows.push(`${decision.line.slice(0, -1)},"event_date":"${event_date}","event_type":"${event_type}"}`);
    dates.add(event_date);
  }
  for (const asOf of due) await refresh(asOf);
  for (const statement of oracle.split(";")) await lake.connection.run(statement);
}, 300_000);

const difference = (left: string, right: string) =>
  lake.ask(`(${left} EXCEPT ALL ${right}) UNION ALL (${right} EXCEPT ALL ${left})`);

describe("the whole data set against the source (P14)", () => {
  test("every event was accepted", () => {
    expect(refused).toBe(0);
  });

  test("totals are the source's", async () => {
    const totals = `SELECT count(*) AS n, count(DISTINCT document_id) AS documents, count(DISTINCT customer_id) AS customers,
      sum(value) AS value, sum(value_micros) AS micros FROM order_lines`;
    expect(await lake.ask(totals)).toEqual([
      { n: "541909", documents: "25900", customers: "4372", value: "9747747.934", micros: "9747747934000" },
    ]);
  });

  test("lines are in the classes of the definitions", async () => {
    expect(
      await lake.ask("SELECT line_class, count(*) AS n, sum(value) AS value FROM order_lines GROUP BY 1 ORDER BY 1"),
    ).toEqual([
      { line_class: "bad-debt", n: "3", value: "-11062.060" },
      { line_class: "cancellation", n: "9288", value: "-896812.490" },
      { line_class: "free", n: "1179", value: "0.000" },
      { line_class: "sale", n: "530103", value: "10655622.484" },
      { line_class: "stock-adjustment", n: "1336", value: "0.000" },
    ]);
  });

  test("line by line", async () => {
    const ours = "SELECT document_id, customer_id, quantity, unit_price, sold_at, country FROM order_lines";
    expect(await difference(ours, "SELECT invoice, customer, quantity, price, moment, country FROM source")).toEqual(
      [],
    );
  });

  test("RFM of all 4,338 customers is exact", async () => {
    const ours =
      "SELECT customer_id, recency_days, frequency, monetary, r, f, m FROM rfm WHERE as_of = DATE '2011-12-10'";
    expect(await lake.ask("SELECT count(*) AS n FROM expected_rfm")).toEqual([{ n: "4338" }]);
    expect(await difference(ours, "SELECT * FROM expected_rfm")).toEqual([]);
  });

  test("customer_360 agrees with the source", async () => {
    const theirs = `SELECT customer, sum(value),
      count(DISTINCT CASE WHEN invoice NOT LIKE 'C%' AND quantity >= 0 AND price <> 0 THEN invoice END) FROM source
      WHERE customer IS NOT NULL GROUP BY customer`;
    expect(await difference("SELECT customer_id, net_value, orders FROM customer_360", theirs)).toEqual([]);
  });
});

describe("saved questions", () => {
  const ask = (name: string) => lake.run(savedQuestions.find((question) => question.name === name)?.sql ?? "");

  test("net-value-by-month", async () => {
    const theirs = await lake.ask(
      "SELECT strftime(moment, '%Y-%m') AS month, sum(value) AS net_value FROM source GROUP BY 1 ORDER BY 1",
    );
    const rows = await ask("net-value-by-month");
    expect(rows).toEqual(theirs);
    expect(rows).toHaveLength(13);
    expect(rows[11]).toEqual({ month: "2011-11", net_value: "1461756.250" });
  });

  test("value-by-country", async () => {
    const rows = await ask("value-by-country");
    expect(rows).toHaveLength(38);
    expect(rows[0]).toEqual({
      country: "United Kingdom",
      lines: "495478",
      documents: "23494",
      net_value: "8187806.364",
    });
  });

  test("top-customers", async () => {
    const rows = await ask("top-customers");
    expect(rows).toHaveLength(20);
    expect(rows[0]).toEqual({
      customer_id: "14646",
      country: "Netherlands",
      orders: "73",
      net_value: "279489.020",
      last_purchase_on: "2011-12-08",
    });
  });

  test("repeat-customers", async () => {
    expect(await ask("repeat-customers")).toEqual([
      { customers: "4338", repeat_customers: "2845", share: 2845 / 4338 },
    ]);
  });

  test("segment-changes", async () => {
    const rows = await ask("segment-changes");
    expect(rows[0]).toEqual({ as_of: "2011-01-01", segment: "champions", entered: "139", stayed: "0", left_it: "0" });
  });
});
