import { resolve } from "node:path";
import type { Command } from "commander";
import { CliError, exitCodes } from "./errors.ts";
import { type GlobalOptions, type LocalOptions, openSession, type Session } from "./session.ts";

/** The options that every command has, from the command that runs. */
export function globalOptions(command: Command): GlobalOptions {
  const { target, stack, home, json } = command.optsWithGlobals();
  return {
    target: target === "aws" ? "aws" : "local",
    stack: String(stack),
    home: resolve(String(home)),
    json: json === true,
  };
}

export interface SessionOptions extends LocalOptions {
  /** The action stops by itself when the signal says so, and is waited for: what it has under way is completed. */
  readonly mindsSignal?: boolean;
  /** What the first Ctrl-C is answered with. */
  readonly stopping?: string;
}

/** Runs `action` on a session that is closed whatever happens. Ctrl-C closes it too, so that nothing is half-written. */
export async function withSession<T>(
  options: GlobalOptions,
  action: (session: Session, signal: AbortSignal) => Promise<T>,
  { mindsSignal = false, stopping, ...local }: SessionOptions = {},
): Promise<T> {
  const session = await openSession(options, local);
  const interrupted = interruption(stopping);
  const task = action(session, interrupted.signal);
  try {
    return await Promise.race([task, interrupted.promise]);
  } finally {
    if (mindsSignal) await task.catch(() => undefined);
    interrupted.forget();
    await session.close();
  }
}

/** What follows the first Ctrl-C or SIGTERM; a second one ends the process at once. */
export interface Interruption {
  /** Rejects. */
  readonly promise: Promise<never>;
  readonly signal: AbortSignal;
  forget(): void;
}

/** Listens for Ctrl-C and SIGTERM until it is told to forget. */
export function interruption(stopping = "Stopping; what has arrived is kept."): Interruption {
  let reject: (reason: Error) => void = () => undefined;
  const promise = new Promise<never>((_, fail) => {
    reject = fail;
  });
  promise.catch(() => undefined);
  const stop = new AbortController();
  let count = 0;
  const onSignal = (): void => {
    count += 1;
    if (count > 1) process.exit(exitCodes.interrupted);
    process.stderr.write(`\n${stopping} Press Ctrl-C again to stop at once.\n`);
    stop.abort();
    reject(new CliError("interrupted", exitCodes.interrupted));
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  return {
    promise,
    signal: stop.signal,
    forget() {
      process.off("SIGINT", onSignal);
      process.off("SIGTERM", onSignal);
    },
  };
}

/** Prints a result: as JSON when asked, else the text made for people. */
export function print(options: GlobalOptions, value: unknown, text: () => string): void {
  process.stdout.write(`${options.json ? JSON.stringify(value, jsonValue, 2) : text()}\n`);
}

/** Big integers and dates in results keep every digit. */
export function jsonValue(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}
