import { contracts, type DataOf, type EventName } from "../../contracts/index.ts";
import { uuidV7 } from "../random.ts";

/** One event, ready for the stream. */
export interface SourceEvent {
  readonly type: EventName;
  /** When it happened, milliseconds since the epoch. */
  readonly time: number;
  readonly partitionKey: string;
  /** The CloudEvent as JSON text. */
  readonly json: string;
}

/** What an event needs besides its data. */
export interface About {
  /** When it happens, milliseconds since the epoch. */
  readonly time: number;
  /** The aggregate's id. */
  readonly subject: string;
  /** Tells apart events of one type and subject, e.g. a number; empty by default. */
  readonly occurrence?: string | number;
  /** Customer or browser it is ordered by; the subject by default. */
  readonly partitionKey?: string;
  /** Event that caused it; its correlation id is carried on. */
  readonly cause?: Emitted;
  /** Correlation id where no event is the cause, e.g. the visit. */
  readonly correlationId?: string;
}

/** What later events refer to. */
export interface Emitted {
  readonly id: string;
  readonly correlationId: string;
}

/** Makes one event and schedules it. */
export type Emit = <Name extends EventName>(type: Name, data: DataOf<Name>, about: About) => Emitted;

/** RFC 3339 in UTC, without fractions where there are none. */
export const iso = (epochMs: number): string => new Date(epochMs).toISOString().replace(".000Z", "Z");

/**
 * Makes `Emit`. The id follows from seed, type, subject, occurrence and time, so a replay repeats it.
 * @param source CloudEvents `source` of all events it makes
 */
export function emitter(seed: number, source: string, schedule: (event: SourceEvent) => void): Emit {
  return (type, data, about) => {
    const time = iso(about.time);
    const id = uuidV7(about.time, seed, type, about.subject, about.occurrence ?? "");
    const correlationId = about.cause?.correlationId ?? about.correlationId ?? id;
    const event = {
      specversion: "1.0",
      id,
      source,
      type,
      subject: about.subject,
      time,
      datacontenttype: "application/json",
      dataschema: contracts[type].dataSchema,
      correlationid: correlationId,
      causationid: about.cause?.id,
      data,
    };
    const partitionKey = about.partitionKey ?? about.subject;
    schedule({ type, time: about.time, partitionKey, json: JSON.stringify(event) });
    return { id, correlationId };
  };
}
