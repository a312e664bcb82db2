import { createHash } from "node:crypto";
import { AthenaClient } from "@aws-sdk/client-athena";
import { runRows } from "../../analytics/client/index.ts";
import { tables } from "../../analytics/models/index.ts";
import type { Session } from "../session.ts";
import type { SourceFigures } from "./source-figures.ts";

/** The same figures, asked of the lake by Athena SQL as an analyst would. */
export async function lakeFigures(session: Session, end: Date): Promise<SourceFigures> {
  const ask = asker(session);
  const day = end.toISOString().slice(0, 10);
  const [totals = []] = await ask(
    "SELECT count(*), count(DISTINCT document_id), count(DISTINCT customer_id), CAST(sum(value) AS decimal(18,3)) FROM order_lines",
  );
  const [lines = "0", invoices = "0", customers = "0", value = "0"] = totals;
  const byMonth = await ask(
    "SELECT substr(CAST(sold_at AS varchar), 1, 7) AS month, CAST(sum(value) AS decimal(18,3)) FROM order_lines GROUP BY substr(CAST(sold_at AS varchar), 1, 7) ORDER BY 1",
  );
  const byCountry = await ask(
    "SELECT country, CAST(sum(value) AS decimal(18,3)) FROM order_lines GROUP BY country ORDER BY 1",
  );
  const rfm = await ask(
    `SELECT customer_id, recency_days, frequency, monetary, r, f, m FROM rfm WHERE as_of = DATE '${day}' ORDER BY customer_id`,
  );
  return {
    totals: { lines: Number(lines), invoices: Number(invoices), customers: Number(customers), value },
    valueByMonth: Object.fromEntries(byMonth.map(([month = "", sum = ""]) => [month, sum])),
    valueByCountry: Object.fromEntries(byCountry.map(([country = "", sum = ""]) => [country, sum])),
    rfm: rfm.map((row) => row.join("|")),
  };
}

/** Table -> SHA-256 over its rows in the order of its key: two runs agree when these do. */
export async function goldDigests(session: Session): Promise<Record<string, string>> {
  const ask = asker(session);
  const digests: Record<string, string> = {};
  for (const table of tables.filter((each) => each.layer === "gold" && !each.name.endsWith("_next"))) {
    const columns = table.columns.map((column) => column.name).join(", ");
    const rows = await ask(`SELECT ${columns} FROM ${table.name} ORDER BY ${table.key.join(", ")}`);
    digests[table.name] = createHash("sha256").update(JSON.stringify(rows)).digest("hex");
  }
  return digests;
}

function asker(session: Session): (sql: string) => Promise<string[][]> {
  const client = new AthenaClient(session.as("analyst"));
  const { database, workgroup } = session.outputs;
  return async (sql) => {
    const { rows } = await session.waitFor(runRows(client, { sql, database, workgroup }));
    return rows.map((row) => row.map((value) => value ?? ""));
  };
}
