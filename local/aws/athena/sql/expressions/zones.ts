import { quote } from "../ast.ts";
import type { TrinoType } from "../types.ts";

const known = new Map<string, boolean>();

/** A zone as Trino writes it: a region, `UTC` or an offset such as `+02:00`; undefined for what is none. */
export function zoneName(text: string): string | undefined {
  if (text === "UTC" || text === "Z") return "UTC";
  const offset = /^([+-])(\d\d):?(\d\d)$/.exec(text);
  if (offset !== null)
    return offset[2] === "00" && offset[3] === "00" ? "UTC" : `${offset[1]}${offset[2]}:${offset[3]}`;
  if (!/^[A-Z][A-Za-z_]+\/[A-Za-z_/+-]+$/.test(text)) return undefined;
  let is = known.get(text);
  if (is === undefined) {
    try {
      is = new Intl.DateTimeFormat("en-US", { timeZone: text }).resolvedOptions().timeZone !== "";
    } catch {
      is = false;
    }
    known.set(text, is);
  }
  return is ? text : undefined;
}

const minutes = (zone: string): number | undefined => {
  const offset = /^([+-])(\d\d):(\d\d)$/.exec(zone);
  if (offset === null) return undefined;
  return (offset[1] === "-" ? -1 : 1) * (Number(offset[2]) * 60 + Number(offset[3]));
};

export const zoneOf = (type: TrinoType): string => (type.kind === "timestamptz" ? (type.zone ?? "UTC") : "UTC");

/** What the zone's clocks show at an instant, as a timestamp. */
export function toLocal(sql: string, zone: string): string {
  const offset = minutes(zone);
  if (offset === undefined) return `(${sql} AT TIME ZONE ${quote(zone)})`;
  return `((${sql} AT TIME ZONE 'UTC') + to_minutes(${offset}))`;
}

/** The instant at which the zone's clocks show a timestamp; of two the first. */
export function toInstant(sql: string, zone: string): string {
  const offset = minutes(zone);
  if (offset !== undefined) return `((${sql} - to_minutes(${offset})) AT TIME ZONE 'UTC')`;
  return zone === "UTC" ? `(${sql} AT TIME ZONE 'UTC')` : `trino_instant(${sql}, ${quote(zone)})`;
}
