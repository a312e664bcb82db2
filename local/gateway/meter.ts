/** What one operation cost so far. */
export interface MeterReading {
  readonly service: string;
  readonly operation: string;
  readonly calls: number;
  readonly errors: number;
  /** Of request bodies; in-process calls count none. */
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** One call, as the trace keeps it. Never the contents. */
export interface TraceEntry {
  /** Milliseconds since the epoch, by the runtime's clock. */
  readonly time: number;
  readonly service: string;
  readonly operation: string;
  readonly role: string;
  /** Real milliseconds it took. */
  readonly took: number;
  readonly via: "http" | "process";
  /** Error code, if it failed. */
  readonly error?: string;
  readonly requestId: string;
}

export interface Meter {
  record(entry: TraceEntry, bytesIn: number, bytesOut: number): void;
  /** By service, then operation. */
  readings(): readonly MeterReading[];
  /** The last calls, oldest first. */
  trace(): readonly TraceEntry[];
}

/** @param kept How many calls the trace remembers. */
export function createMeter(kept = 1000): Meter {
  const readings = new Map<string, { -readonly [K in keyof MeterReading]: MeterReading[K] }>();
  const ring: TraceEntry[] = [];
  let position = 0;
  return {
    record(entry, bytesIn, bytesOut) {
      const { service, operation } = entry;
      const key = `${service}:${operation}`;
      let reading = readings.get(key);
      if (reading === undefined) {
        reading = { service, operation, calls: 0, errors: 0, bytesIn: 0, bytesOut: 0 };
        readings.set(key, reading);
      }
      reading.calls += 1;
      if (entry.error !== undefined) reading.errors += 1;
      reading.bytesIn += bytesIn;
      reading.bytesOut += bytesOut;
      ring[position] = entry;
      position = (position + 1) % kept;
    },
    readings: () => [...readings.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, reading]) => ({ ...reading })),
    trace: () => [...ring.slice(position), ...ring.slice(0, position)],
  };
}
