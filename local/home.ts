import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Layout of the state folder; raised when older state can no longer be read. */
export const homeVersion = "2";

/** The runtime's state folder, held by this process. */
export interface Home {
  readonly path: string;
  /** A folder of its own for a service; exists. */
  folder(name: string): string;
  /** Random, made once; from it the access keys of this home are derived. Readable by its user alone. */
  readonly seed: string;
  /** Instant at which a simulated time stopped, if it ever ran here. */
  readonly savedTime: number | undefined;
  saveTime(epochMs: number): void;
  /** Process whose lock was left behind and taken over. */
  readonly takenOverFrom: number | undefined;
  release(): void;
}

/**
 * Opens the state folder, makes it if need be, and locks it.
 * @throws Error when another version made it or another living process holds it.
 */
export function openHome(path: string): Home {
  mkdirSync(path, { recursive: true });
  checkVersion(path);
  const lock = join(path, "runtime.lock");
  const takenOverFrom = takeLock(path, lock);
  const clockFile = join(path, "clock.json");
  return {
    path,
    takenOverFrom,
    seed: seedOf(join(path, "seed")),
    savedTime: readTime(clockFile),
    folder(name) {
      const folder = join(path, name);
      mkdirSync(folder, { recursive: true });
      return folder;
    },
    saveTime: (epochMs) => writeWhole(clockFile, JSON.stringify({ now: new Date(epochMs).toISOString() })),
    release: () => rmSync(lock, { force: true }),
  };
}

/** Writes a file so that a crash leaves the old one or the new one. */
export function writeWhole(path: string, content: string, mode = 0o644): void {
  const beside = `${path}.${process.pid}.new`;
  writeFileSync(beside, content, { mode });
  renameSync(beside, path);
}

function seedOf(file: string): string {
  if (!existsSync(file)) writeWhole(file, randomBytes(32).toString("hex"), 0o600);
  const seed = readFileSync(file, "utf8");
  if (!/^[0-9a-f]{64}$/.test(seed)) throw new Error(`${file} is damaged; remove it, and clients need new keys`);
  return seed;
}

function checkVersion(path: string): void {
  const file = join(path, "version");
  if (!existsSync(file)) {
    writeWhole(file, `${homeVersion}\n`);
    return;
  }
  const found = readFileSync(file, "utf8").trim();
  if (found !== homeVersion) {
    throw new Error(
      `${path} was made by version ${found} of the local runtime, this one needs ${homeVersion}. Remove the folder to start afresh: rm -r ${path}`,
    );
  }
}

function takeLock(path: string, lock: string): number | undefined {
  let holder: number | undefined;
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      writeFileSync(lock, `${process.pid}\n`, { flag: "wx" });
      return holder;
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
    holder = Number(readFileSync(lock, "utf8"));
    if (holder === process.pid) throw new Error(`A runtime of this process already uses ${path}`);
    if (isAlive(holder)) {
      throw new Error(`${path} is in use by process ${holder}. Stop it, or name another folder with --home.`);
    }
    rmSync(lock, { force: true });
  }
  throw new Error(`${path} cannot be locked: others keep taking ${lock}`);
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function readTime(file: string): number | undefined {
  if (!existsSync(file)) return undefined;
  const saved: unknown = JSON.parse(readFileSync(file, "utf8"));
  const time =
    typeof saved === "object" && saved !== null && "now" in saved ? Date.parse(String(saved.now)) : Number.NaN;
  if (Number.isNaN(time)) throw new Error(`${file} holds no time; remove it to start at the machine's`);
  return time;
}
