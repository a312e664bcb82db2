import type { SourceEvent } from "./emit.ts";

/** Events that wait for their month. Sources add in any order; `take` gives them in the order of their time. */
export interface Calendar {
  add(event: SourceEvent): void;
  /** Removes and returns the events of all months up to and with this one, in the order of time, then of adding. */
  take(month: string): SourceEvent[];
}

/** `2011-12` of a time. */
export const monthOf = (epochMs: number): string => new Date(epochMs).toISOString().slice(0, 7);

/** First millisecond of a time's month, or of one `later` months on. */
export const startOfMonth = (epochMs: number, later = 0): number => {
  const date = new Date(epochMs);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + later);
};

/** @param until events from here on have not happened yet and are left out */
export function calendar(until: number): Calendar {
  const months = new Map<string, SourceEvent[]>();
  return {
    add(event) {
      if (event.time >= until) return;
      const month = monthOf(event.time);
      const events = months.get(month);
      if (events === undefined) months.set(month, [event]);
      else events.push(event);
    },
    take(month) {
      const due = [...months.keys()].filter((key) => key <= month).toSorted();
      const events = due.flatMap((key) => months.get(key) ?? []);
      for (const key of due) months.delete(key);
      return events.sort((a, b) => a.time - b.time);
    },
  };
}
