import { readFileSync } from "node:fs";

/** A DQDL text and the table it judges. */
export interface Ruleset {
  /** Layer and table, e.g. `silver-orders`. */
  readonly name: string;
  /** Table in the lake's database; for gold the candidate, so that a bad one is never published. */
  readonly table: string;
  readonly description: string;
  /** Data Quality Definition Language, as Glue takes it. */
  readonly dqdl: string;
}

const ruleset = (name: string, table: string, description: string): Ruleset => ({
  name,
  table,
  description,
  dqdl: readFileSync(new URL(`${name}.dqdl`, import.meta.url), "utf8"),
});

const silver = (name: string, description: string): Ruleset =>
  ruleset(`silver-${name}`, name.replaceAll("-", "_"), description);

const gold = (name: string, description: string): Ruleset =>
  ruleset(`gold-${name}`, `${name.replaceAll("-", "_")}_next`, description);

/** All rulesets, in the order of the layers. */
export const rulesets: readonly Ruleset[] = [
  ruleset("raw-events", "raw_events", "Accepted events are whole and in their place; deliveries may repeat"),
  silver("orders", "One row per order; the exact total and the shown one agree"),
  silver("order-lines", "One row per line of the source; each line's value is its quantity times its price"),
  silver("payments", "One row per payment or refund, each of more than nothing"),
  silver("returns", "One row per return, of at least one unit"),
  silver("milestones", "One row per milestone of a subject"),
  silver("profile-changes", "One row per change, each of a known customer"),
  silver("customers", "One row per customer, nearly all with an address"),
  silver("consents", "One row per decision's subject; whether it was granted is never unknown"),
  silver("suppressions", "One row per address, each with the reason"),
  silver("tickets", "One row per ticket"),
  silver("engagement", "One row per customer and day; counts are never negative"),
  gold("customer-360", "One row per customer; its figures do not contradict each other"),
  gold("rfm", "One row per customer, one reference date, scores from 1 to 5"),
  gold("segment-members", "One row per segment and customer, each with the reason"),
];
