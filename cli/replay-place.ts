import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { writeWhole } from "../local/home.ts";
import type { GlobalOptions } from "./session.ts";

const Place = Type.Object({
  file: Type.String(),
  /** The first so many records are on the stream. */
  confirmed: Type.Integer({ minimum: 0 }),
  /** Size and time of the file: another file under the same name begins again. */
  size: Type.Number(),
  modified: Type.Number(),
});

/** Where the replay of a file has come to. */
export interface ReplayPlace {
  /** Records that an unfinished replay of this very file has put on this stream. */
  readonly confirmed: number;
  /** An unfinished replay is known, but the file has changed since. */
  readonly fileChanged: boolean;
  /** Keeps how far the replay is; a killed process has noted what it had confirmed. */
  note(confirmed: number): void;
  forget(): void;
}

/** The folder beside the runtime's state that holds these places. */
export const REPLAYS = "replays";

/** Reads the place of a file's replay onto this target's stream. */
export function replayPlace({ home, target, stack }: GlobalOptions, file: string): ReplayPlace {
  const name = createHash("sha256").update(`${target}\n${stack}\n${file}`).digest("hex").slice(0, 32);
  const path = join(home, REPLAYS, `${name}.json`);
  // A file that cannot be read is for the reader to refuse.
  const info = statSync(file, { throwIfNoEntry: false });
  const found = info === undefined ? undefined : read(path);
  const same = found !== undefined && found.size === info?.size && found.modified === info.mtimeMs;
  return {
    confirmed: same ? found.confirmed : 0,
    fileChanged: found !== undefined && !same,
    note(confirmed) {
      mkdirSync(join(home, REPLAYS), { recursive: true });
      writeWhole(path, JSON.stringify({ file, confirmed, size: info?.size ?? 0, modified: info?.mtimeMs ?? 0 }));
    },
    forget: () => rmSync(path, { force: true }),
  };
}

function read(path: string): Static<typeof Place> | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    return Value.Check(Place, value) ? value : undefined;
  } catch {
    return undefined;
  }
}
