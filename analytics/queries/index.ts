import { readFileSync } from "node:fs";

/** A question that people ask again and again: a named query in Athena, `c360 query --name` here. */
export interface SavedQuestion {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** Plain Athena SQL, without parameters. */
  readonly sql: string;
}

const question = (name: string, title: string, description: string): SavedQuestion => ({
  name,
  title,
  description,
  sql: readFileSync(new URL(`${name}.sql`, import.meta.url), "utf8"),
});

/** All saved questions. */
export const savedQuestions: readonly SavedQuestion[] = [
  question(
    "net-value-by-month",
    "Net value by month",
    "Value of all lines by the month of the line, guests, returns and adjustments included.",
  ),
  question("value-by-country", "Value by country", "Lines, documents and net value by country of the document."),
  question(
    "top-customers",
    "Top customers",
    "The twenty customers with the highest net value, and when they last bought.",
  ),
  question(
    "repeat-customers",
    "Repeat customers",
    "Of all customers with a purchase, how many have at least two purchase invoices.",
  ),
  question(
    "segment-changes",
    "Segment changes",
    "How many entered, stayed in and left every segment at every refresh.",
  ),
];
