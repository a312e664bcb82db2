import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Lines that are kept. */
export const HISTORY_SIZE = 1000;

/** The lines typed before, newest first, in a file that only its user reads. */
export interface History {
  readonly lines: string[];
  save(lines: readonly string[]): void;
}

/** @param file is made with its folder when there is something to keep. */
export function historyIn(file: string): History {
  return {
    lines: read(file).split("\n").filter(Boolean).reverse(),
    save(lines) {
      mkdirSync(dirname(file), { recursive: true });
      const kept = lines.slice(0, HISTORY_SIZE).filter((line) => line.trim() !== "");
      writeFileSync(file, kept.toReversed().join("\n"), { mode: 0o600 });
    },
  };
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}
