import { bytes, grouped, seconds, textTable } from "../output.ts";
import { cellText } from "../rows.ts";
import type { DemoReport } from "./report.ts";

/** The report for people: what came in, what came out, whether it is right, and what to try next. */
export function summaryText(report: DemoReport): string {
  return [
    "",
    heading("In and out"),
    textTable(
      ["", "lines", "invoices", "customers", "value (GBP)"],
      [row("source", report.source), row("lake", report.lake)],
    ),
    verdict(report),
    "",
    heading("Segments"),
    textTable(
      ["segment", "members", "entered", "left", "sent", "no consent", "suppressed"],
      report.segments.map((segment) => {
        const sent = report.exports.find((each) => each.segment === segment["segment"]);
        return [
          cellText(segment["segment"]),
          cellText(segment["members"]),
          cellText(segment["entered"]),
          cellText(segment["departed"]),
          grouped(sent?.sent ?? 0),
          grouped(sent?.withoutConsent ?? 0),
          grouped(sent?.suppressed ?? 0),
        ];
      }),
    ),
    "",
    heading("Held to account"),
    `quality    ${report.quality.rules - report.quality.failed.length} of ${report.quality.rules} rules hold`,
    `refused    ${grouped(report.refused.events)} events${reasons(report.refused.byReason)}`,
    ...(report.chaos === undefined ? [] : [chaosText(report.chaos)]),
    grantsText(report.unusedGrants),
    `took       ${seconds(report.seconds * 1000)}, at most ${bytes(report.peakMemoryBytes)} of memory`,
    "",
    heading("Next"),
    "./c360 query --name net-value-by-month",
    './c360 query "SELECT * FROM customer_360 ORDER BY net_value DESC LIMIT 10"',
    "./c360 segments show champions",
    "./c360 quality",
    "./c360 refresh                 (takes in what the mailboxes answered; a second one changes nothing)",
    "./c360 up                      (serves all of it to any AWS client)",
  ].join("\n");
}

const heading = (text: string): string => `${text}\n${"=".repeat(text.length)}`;

const row = (name: string, totals: DemoReport["source"]): string[] => [
  name,
  grouped(totals.lines),
  grouped(totals.invoices),
  grouped(totals.customers),
  totals.value.replace(/\B(?=(\d{3})+\.)/g, ","),
];

function verdict({ reconciliation }: DemoReport): string {
  if (reconciliation.reconciled) {
    return `All ${grouped(reconciliation.compared)} figures agree exactly: totals, value by month and country, RFM of every customer.`;
  }
  const shown = reconciliation.differences
    .slice(0, 10)
    .map((each) => `  ${each.figure}: source ${each.source}, lake ${each.lake}`);
  return [`${reconciliation.differences.length} of ${reconciliation.compared} figures DIFFER:`, ...shown].join("\n");
}

function reasons(byReason: Readonly<Record<string, number>>): string {
  const parts = Object.entries(byReason).map(([reason, count]) => `${count} ${reason}`);
  return parts.length === 0 ? "" : ` (${parts.join(", ")}): c360 failed list`;
}

function chaosText(chaos: NonNullable<DemoReport["chaos"]>): string {
  const faults = Object.values(chaos.faults).reduce((sum, count) => sum + count, 0);
  return `chaos      ${grouped(chaos.duplicates)} duplicates, ${grouped(chaos.malformed)} malformed, ${grouped(faults)} faults`;
}

function grantsText(unused: DemoReport["unusedGrants"]): string {
  const unexplained = unused.filter((each) => each.reason === undefined);
  if (unexplained.length > 0) return `grants     one too many: ${unexplained.map((each) => each.grant).join("; ")}`;
  return `grants     every grant was used, but for ${unused.length} that only AWS, a failure or a person needs (in demo.json, with the reason)`;
}
