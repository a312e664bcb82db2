import type { EventName } from "../../ingest/contracts/index.ts";
import { onlineRetailEvents, type SourceEvent } from "../../ingest/sources/online-retail.ts";
import type { TimedRecord } from "./chaos.ts";

/** What the source has given so far. */
export interface SourceCount {
  events: number;
  readonly byType: Partial<Record<EventName, number>>;
}

/** Events that are a document of the source: an order, a return, a stock adjustment. */
const documents: readonly EventName[] = ["OrderPlaced", "ReturnRequested", "StockAdjusted"];

/** The year of events in order, handed out period by period; made once, never held whole. */
export class Year {
  readonly #events: AsyncGenerator<SourceEvent>;
  #ahead: SourceEvent | undefined;
  readonly count: SourceCount = { events: 0, byType: {} };

  /** @param end events from this time on are left out */
  constructor(dataFile: string, seed: number, end: Date) {
    this.#events = onlineRetailEvents({ dataFile, seed, to: end.getTime() });
  }

  /** Documents of the source handed out so far. */
  get documents(): number {
    return documents.reduce((sum, type) => sum + (this.count.byType[type] ?? 0), 0);
  }

  /** The events before `end` that have not been handed out. */
  async *until(end: Date): AsyncGenerator<TimedRecord> {
    for (;;) {
      const event = this.#ahead ?? (await this.#take());
      this.#ahead = undefined;
      if (event === undefined) return;
      if (event.time >= end.getTime()) {
        this.#ahead = event;
        return;
      }
      this.count.events += 1;
      this.count.byType[event.type] = (this.count.byType[event.type] ?? 0) + 1;
      yield {
        partitionKey: event.partitionKey,
        json: event.json,
        day: new Date(event.time).toISOString().slice(0, 10),
      };
    }
  }

  async #take(): Promise<SourceEvent | undefined> {
    const next = await this.#events.next();
    return next.done === true ? undefined : next.value;
  }
}
