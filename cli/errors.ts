/** What the shell is told: `$?` after `c360`. */
export const exitCodes = {
  ok: 0,
  /** It was tried and did not work. */
  failed: 1,
  /** The command line or a file was wrong: nothing was done. */
  usage: 2,
  /** The data broke a rule: a quality rule failed or totals do not reconcile. */
  data: 3,
  /** Ctrl-C. */
  interrupted: 130,
} as const;

/** An error whose message is written for the person at the terminal: what is wrong, where, and what to do. */
export class CliError extends Error {
  readonly exitCode: number;
  constructor(message: string, exitCode: number = exitCodes.failed) {
    super(message);
    this.name = "CliError";
    this.exitCode = exitCode;
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // What went wrong first; closing down failed besides.
  if (error instanceof SuppressedError) return messageOf(error.suppressed);
  // Files say it by code, DuckDB in its text.
  const isFull =
    ("code" in error && (error.code === "ENOSPC" || error.code === "EDQUOT")) ||
    error.message.includes("No space left on device");
  return isFull
    ? `The disk is full (${error.message}). Free some space and try again; what had arrived is kept.`
    : error.message;
}
