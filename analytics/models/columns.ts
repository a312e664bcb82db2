import type { Column } from "./table.ts";

/** Short forms for the catalogue; `required` columns are NOT NULL in Iceberg. */
const of =
  (type: string) =>
  (name: string, comment: string): Column => ({ name, type, comment });

export const text = of("string");
export const whole = of("bigint");
export const small = of("int");
export const flag = of("boolean");
export const day = of("date");
export const instant = of("timestamp");
export const money = of("decimal(18,3)");

/** The same column as NOT NULL. */
export const required = (column: Column): Column => ({ ...column, required: true });

/**
 * What every silver row of one event carries besides: `(event_time, event_id)` orders two versions of a row whatever the
 * order of their arrival, `event_date` tells the refresh which rows the events of a day have made.
 */
export const provenance: readonly Column[] = [
  required(text("event_id", "Event that made this version of the row.")),
  required(instant("event_time", "When that event happened; the later event wins, ties by event_id.")),
  required(text("event_date", "UTC day of that event, YYYY-MM-DD.")),
];
