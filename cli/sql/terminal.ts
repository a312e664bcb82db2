import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { complete, type Vocabulary } from "./complete.ts";
import { HISTORY_SIZE, type History } from "./history.ts";
import type { Shell } from "./shell.ts";
import { onOneLine, says, statementsIn } from "./statements.ts";

/** Where a person types. */
export interface Terminal {
  readonly input: Readable;
  /** Where readline draws what is typed. */
  readonly output: Writable;
  readonly history: History;
  readonly vocabulary: () => Promise<Vocabulary>;
  /** Ends the conversation when it aborts. */
  readonly signal: AbortSignal;
}

/** Talks with a person until they leave. */
export function converse(shell: Shell, { input, output, history, vocabulary, signal }: Terminal): Promise<void> {
  const lines = createInterface({
    input,
    output,
    terminal: true,
    prompt: shell.prompt,
    history: history.lines,
    historySize: HISTORY_SIZE,
    removeHistoryDuplicates: true,
    completer(line: string, answer: (error: null, result: [string[], string]) => void) {
      // Without the catalogue there is less to offer, which is no reason to disturb who types.
      vocabulary().then(
        (words) => answer(null, complete(line, shell.typed, words)),
        () => answer(null, [[], line]),
      );
    },
  });
  const remembered = new Remembered(history);
  // One after the other: lines come while a statement runs.
  let work = Promise.resolve();
  const prompt = (): void => {
    lines.setPrompt(shell.prompt);
    lines.prompt();
  };
  return new Promise((resolve, reject) => {
    lines.on("line", (line) => {
      remembered.take(line);
      work = work.then(async () => {
        if (shell.left) return;
        await shell.take(line);
        if (shell.left) lines.close();
        else prompt();
      });
      work.catch(reject);
    });
    lines.on("SIGINT", () => {
      if (shell.interrupt()) return;
      shell.clear();
      remembered.drop();
      // What stands on the line goes as well.
      lines.write(null, { ctrl: true, name: "e" });
      lines.write(null, { ctrl: true, name: "u" });
      output.write("\n");
      prompt();
    });
    lines.on("history", (kept: string[]) => remembered.keep(kept));
    lines.on("close", () => {
      shell.interrupt();
      output.write("\n");
      work.then(resolve, reject);
    });
    signal.addEventListener("abort", () => lines.close(), { once: true });
    prompt();
  });
}

/** What was typed, a statement an entry: who wants a statement of ten lines back does not want ten lines. */
class Remembered {
  readonly #history: History;
  /** Readline's own list, newest first; it shows what is changed in it. */
  #kept: string[] = [];
  /** The lines of the statement that is not ended yet. */
  #open: string[] = [];

  constructor(history: History) {
    this.#history = history;
  }

  keep(kept: string[]): void {
    this.#kept = kept;
    this.#history.save(kept);
  }

  /** Takes a line that is entered, after readline has kept it. */
  take(line: string): void {
    this.#open.push(line);
    if (says(statementsIn(this.#open.join("\n")).rest) && !line.trimStart().startsWith("\\")) return;
    const whole = this.#open.length > 1 ? onOneLine(this.#open) : undefined;
    if (whole !== undefined) this.#replace(whole);
    this.#open = [];
  }

  drop(): void {
    this.#open = [];
  }

  #replace(whole: string): void {
    while (this.#kept[0] !== undefined && this.#open.includes(this.#kept[0])) this.#kept.shift();
    this.#kept.unshift(whole);
    this.#history.save(this.#kept);
  }
}

/** Runs a script to its end, or to the first statement that fails. */
export async function runScript(shell: Shell, input: Readable, signal: AbortSignal): Promise<void> {
  const stop = (): void => void shell.interrupt();
  signal.addEventListener("abort", stop);
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      await shell.take(line);
      if (shell.failures > 0 || shell.left || signal.aborted) return;
    }
    await shell.finish();
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
