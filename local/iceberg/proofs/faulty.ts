import type { Environment } from "../table/environment.ts";

/** The n-th thing that a statement asks of the store or the catalogue goes wrong. */
export type Fault =
  /** The process is gone: nothing comes after it. */
  | "killed before"
  | "killed after"
  /** The call answers with an error; the statement may clean up. */
  | "refused"
  /** The call does what it was asked to, and answers with an error all the same. */
  | "done, but refused";

export class Failure extends Error {}

export interface Faulty {
  readonly env: Environment;
  /** Calls so far, in their order: true for one that changes something. */
  readonly calls: readonly boolean[];
}

/** An environment in which one call, counted from 1, goes wrong. */
export function faulty(env: Environment, at: number, fault: Fault): Faulty {
  const calls: boolean[] = [];
  let dead = false;
  /** Counts a call. @returns whether it is the one. */
  const count = (changes: boolean): boolean => {
    if (dead) throw new Failure("killed before");
    calls.push(changes);
    const hit = calls.length === at;
    dead = hit && fault.startsWith("killed");
    if (hit && (fault === "killed before" || fault === "refused")) throw new Failure(fault);
    return hit;
  };
  const look = <T>(act: () => T): T => {
    const hit = count(false);
    const result = act();
    if (hit) throw new Failure(fault);
    return result;
  };
  const change = async <T>(act: () => Promise<T>): Promise<T> => {
    const hit = count(true);
    const result = await act();
    if (hit) throw new Failure(fault);
    return result;
  };
  const { io, entry } = env;
  return {
    calls,
    env: {
      ...env,
      io: {
        read: (uri) => look(() => io.read(uri)),
        local: (uri) => look(() => io.local(uri)),
        list: (prefix) => look(() => io.list(prefix)),
        write: (uri, bytes) => change(() => io.write(uri, bytes)),
        adopt: (uri, file) => change(() => io.adopt(uri, file)),
        delete: (uri) => change(() => io.delete(uri)),
      },
      entry: {
        current: () => look(() => entry.current()),
        swap: (...of) => change(() => entry.swap(...of)),
      },
    },
  };
}
