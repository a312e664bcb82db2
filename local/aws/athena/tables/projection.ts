import type { CatalogueTable, TableColumn } from "../../ports.ts";
import { NotImplementedLocally } from "../../service.ts";
import type { Predicate } from "../sql/scope.ts";

/** Whether a value of the key is one that the projection expects. */
export type Expected = (value: string) => boolean;

const steps: Readonly<Record<string, number>> = { DAYS: 86_400_000, HOURS: 3_600_000, MINUTES: 60_000 };

/** `2009-01-01`, `NOW`, `NOW-3DAYS`: a day, as text. */
function day(text: string, now: number): string | undefined {
  const relative = /^NOW(?:([+-])(\d+)(DAYS|HOURS|MINUTES))?$/.exec(text);
  if (relative === null) return /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : undefined;
  const shift = (steps[relative[3] ?? ""] ?? 0) * Number(relative[2] ?? 0) * (relative[1] === "-" ? -1 : 1);
  return new Date(now + shift).toISOString().slice(0, 10);
}

const padded = (n: number, digits: number): string => `${n < 0 ? "-" : ""}${String(Math.abs(n)).padStart(digits, "0")}`;

/**
 * Partition projection of one key, by Athena's table properties: `enum`, `integer` (with digits and interval) and `date` in
 * `yyyy-MM-dd` with an interval of one day. `injected` and other formats are refused by name.
 */
function expected(table: CatalogueTable, key: TableColumn, now: number): Expected {
  const property = (name: string): string | undefined => table.parameters[`projection.${key.name}.${name}`];
  const refuse = (what: string) =>
    new NotImplementedLocally(`partition projection of ${table.name}.${key.name} with ${what}`);
  const type = property("type")?.toLowerCase();
  if (type === "enum") {
    const values = new Set((property("values") ?? "").split(",").map((value) => value.trim()));
    return (value) => values.has(value);
  }
  const [from, to] = (property("range") ?? "").split(",").map((bound) => bound.trim());
  if (from === undefined || to === undefined) throw refuse(`type ${type ?? "none"} and no range`);
  if (type === "integer") {
    const [least, most, interval, digits] = [from, to, property("interval") ?? "1", property("digits") ?? "0"].map(
      Number,
    );
    if (least === undefined || most === undefined || interval === undefined || digits === undefined)
      throw refuse("numbers");
    if (![least, most, digits].every(Number.isSafeInteger) || !(interval >= 1))
      throw refuse(`range ${property("range")}`);
    const isExpected = (n: number): boolean => n >= least && n <= most && (n - least) % interval === 0;
    // The folder's name is the number, filled up with zeros: no other name is looked for.
    return (value) => /^-?\d+$/.test(value) && value === padded(Number(value), digits) && isExpected(Number(value));
  }
  if (type !== "date") throw refuse(`type ${type ?? "none"}`);
  if (property("format") !== "yyyy-MM-dd") throw refuse(`date format ${property("format")}`);
  if ((property("interval") ?? "1") !== "1" || (property("interval.unit") ?? "DAYS") !== "DAYS")
    throw refuse("an interval other than one day");
  const [first, last] = [day(from, now), day(to, now)];
  if (first === undefined || last === undefined) throw refuse(`range ${property("range")}`);
  return (value) => value >= first && value <= last;
}

/** What each partition key may hold. @returns undefined for a table without projection: it has registered partitions. */
export function projectionOf(table: CatalogueTable, now: number): readonly Expected[] | undefined {
  if (table.parameters["projection.enabled"]?.toLowerCase() !== "true") return undefined;
  if (table.parameters["storage.location.template"] !== undefined)
    throw new NotImplementedLocally(`storage.location.template of table ${table.name}`);
  return table.partitionKeys.map((key) => expected(table, key, now));
}

/** Whether partitions by a key of this type are compared as numbers. */
export const isNumber = (type: string): boolean => /^(tinyint|smallint|int|integer|bigint)$/.test(type);

const WHOLE = /^-?\d+$/;

/** Whether a partition value meets every predicate on its key. Rows are filtered again; this only skips files. */
export function meets(value: string, key: TableColumn, predicates: readonly Predicate[]): boolean {
  const compare = (other: string): number => {
    if (!isNumber(key.type)) return Buffer.from(value).compare(Buffer.from(other));
    if (WHOLE.test(value) && WHOLE.test(other)) return Number(BigInt(value) - BigInt(other));
    return Number(value) - Number(other);
  };
  // What is no number fails where it is read.
  if (isNumber(key.type) && !WHOLE.test(value)) return true;
  return predicates.every(({ column, operator, values }) => {
    if (column !== key.name) return true;
    const [first = ""] = values;
    switch (operator) {
      case "in":
        return values.some((other) => compare(other) === 0);
      case "=":
        return compare(first) === 0;
      case "<":
        return compare(first) < 0;
      case "<=":
        return compare(first) <= 0;
      case ">":
        return compare(first) > 0;
      case ">=":
        return compare(first) >= 0;
      default:
        // NULL has a folder's name of its own, which nobody compares with.
        return true;
    }
  });
}

/** The values that predicates pin a key to, or undefined when they leave it open. */
export function pinned(key: TableColumn, predicates: readonly Predicate[]): readonly string[] | undefined {
  const exact = predicates.find(
    ({ column, operator }) => column === key.name && (operator === "=" || operator === "in"),
  );
  return exact?.values.filter((value) => meets(value, key, predicates));
}
