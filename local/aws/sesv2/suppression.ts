import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export type SuppressionReason = "BOUNCE" | "COMPLAINT";

/** An address that the account does not write to. */
export interface Suppressed {
  readonly address: string;
  readonly reason: SuppressionReason;
  readonly updatedAt: number;
  readonly messageId?: string;
}

/** The account's suppression list; addresses are compared without case. */
export interface SuppressionList {
  get(address: string): Suppressed | undefined;
  put(entry: Suppressed): void;
  delete(address: string): boolean;
  all(): readonly Suppressed[];
}

export function openSuppressionList(home: string): SuppressionList {
  const file = join(home, "suppressed.json");
  // Written by `save` below.
  const stored = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as readonly Suppressed[]) : [];
  const entries = new Map(stored.map((entry) => [entry.address, entry]));
  const save = (): void => writeFileSync(file, JSON.stringify([...entries.values()]));
  return {
    get: (address) => entries.get(address.toLowerCase()),
    put: (entry) => {
      const address = entry.address.toLowerCase();
      entries.set(address, { ...entry, address });
      save();
    },
    delete: (address) => {
      const there = entries.delete(address.toLowerCase());
      if (there) save();
      return there;
    },
    all: () => [...entries.values()],
  };
}
