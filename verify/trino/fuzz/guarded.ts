import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { Engine, Outcome } from "./ours.ts";

/** What one query may take of the machine. */
export const MOST_BYTES = 3 * 2 ** 30;
const MOST_SECONDS = 30;

/** Beyond it the process is replaced between queries: what DuckDB has freed stays with a process. */
const TIDY_BYTES = 2 ** 30;

/** What the process answers. */
export interface Answer {
  readonly outcome: Outcome;
  /** Memory that the process holds. */
  readonly bytes: number;
}

const isAnswer = (message: unknown): message is Answer =>
  typeof message === "object" && message !== null && "outcome" in message && "bytes" in message;

/**
 * The local engine in a process of its own, which ends when a query takes more memory or time than it may: planning can be
 * neither limited nor interrupted.
 */
export class GuardedEngine implements Engine {
  #child: ChildProcess | undefined;

  async answer(sql: string): Promise<Outcome> {
    this.#child ??= fork(new URL("./ours-process.ts", import.meta.url));
    const child = this.#child;
    child.send(sql);
    const timer = setTimeout(() => child.kill("SIGKILL"), MOST_SECONDS * 1000);
    const over = new AbortController();
    try {
      const [message] = await Promise.race([
        once(child, "message", { signal: over.signal }),
        once(child, "exit", { signal: over.signal }),
      ]);
      if (!isAnswer(message)) {
        this.#child = undefined;
        return { kind: "exhausted", message: `EXHAUSTED: more than ${MOST_SECONDS} s or ${MOST_BYTES / 2 ** 30} GiB` };
      }
      if (message.bytes > TIDY_BYTES) this.close();
      return message.outcome;
    } finally {
      clearTimeout(timer);
      over.abort();
    }
  }

  close(): void {
    this.#child?.kill("SIGKILL");
    this.#child = undefined;
  }
}
