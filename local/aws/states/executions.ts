import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export type ExecutionStatus = "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";

/** How an execution ended. */
export interface Ending {
  readonly status: Exclude<ExecutionStatus, "RUNNING">;
  readonly stopped: number;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}

/** One event of the history; times in epoch milliseconds, details as the API names them. */
export interface HistoryEvent {
  readonly id: number;
  readonly previousEventId: number;
  readonly type: string;
  readonly timestamp: number;
  readonly details: Readonly<Record<string, unknown>>;
}

export interface Beginning {
  readonly arn: string;
  readonly name: string;
  readonly machineArn: string;
  readonly started: number;
  /** JSON text. */
  readonly input: string;
}

/** One execution, running or ended, with its history. */
export class Execution {
  readonly begin: Beginning;
  readonly events: HistoryEvent[] = [];
  #ending: Ending | undefined;
  readonly #file: string;

  constructor(begin: Beginning, file: string) {
    this.begin = begin;
    this.#file = file;
  }

  get ending(): Ending | undefined {
    return this.#ending;
  }

  get status(): ExecutionStatus {
    return this.#ending?.status ?? "RUNNING";
  }

  record(event: Omit<HistoryEvent, "id">): number {
    const full = { id: this.events.length + 1, ...event };
    this.events.push(full);
    this.#write({ event: full });
    return full.id;
  }

  end(ending: Ending): void {
    this.#ending = ending;
    this.#write({ end: ending });
  }

  /** Takes a line of the file back in. */
  restore(line: { readonly event?: HistoryEvent; readonly end?: Ending }): void {
    if (line.event !== undefined) this.events.push(line.event);
    if (line.end !== undefined) this.#ending = line.end;
  }

  #write(line: unknown): void {
    appendFileSync(this.#file, `${JSON.stringify(line)}\n`);
  }
}

/** The executions of all machines, one NDJSON file each: its beginning, its events as they happen, its end. */
export class ExecutionStore {
  readonly #folder: string;
  readonly #byArn = new Map<string, Execution>();

  constructor(home: string) {
    this.#folder = join(home, "executions");
    mkdirSync(this.#folder, { recursive: true });
  }

  /** Reads what earlier runs left. Gives the executions that never ended: the process was gone before they could. */
  load(): readonly Execution[] {
    for (const name of readdirSync(this.#folder).sort()) {
      if (!name.endsWith(".ndjson")) continue;
      const file = join(this.#folder, name);
      const [first, ...rest] = lines(readFileSync(file, "utf8"));
      if (first === undefined || !isBeginning(first)) continue; // cut before its first line was whole: it never began
      const execution = new Execution(first.begin, file);
      for (const line of rest) if (isLine(line)) execution.restore(line);
      this.#byArn.set(execution.begin.arn, execution);
    }
    return this.all().filter((execution) => execution.status === "RUNNING");
  }

  begin(begin: Beginning): Execution {
    const file = join(
      this.#folder,
      `${String(begin.started).padStart(15, "0")}-${encodeURIComponent(begin.arn.split(":").slice(-2).join("."))}.ndjson`,
    );
    if (existsSync(file)) throw new Error(`execution file ${file} exists already`);
    appendFileSync(file, `${JSON.stringify({ begin })}\n`);
    const execution = new Execution(begin, file);
    this.#byArn.set(begin.arn, execution);
    return execution;
  }

  find(arn: string): Execution | undefined {
    return this.#byArn.get(arn);
  }

  /** Oldest first. */
  all(): Execution[] {
    return [...this.#byArn.values()].sort((a, b) => a.begin.started - b.begin.started);
  }
}

/** A kill can cut the last line short; what is not whole was never written. */
function lines(text: string): unknown[] {
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  return whole.split("\n").flatMap((line): unknown[] => {
    if (line === "") return [];
    try {
      return [JSON.parse(line)];
    } catch {
      return [];
    }
  });
}

function isBeginning(line: unknown): line is { readonly begin: Beginning } {
  return typeof line === "object" && line !== null && "begin" in line;
}

function isLine(line: unknown): line is { readonly event?: HistoryEvent; readonly end?: Ending } {
  return typeof line === "object" && line !== null && ("event" in line || "end" in line);
}
