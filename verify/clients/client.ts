import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { ended, foreignEnvironment } from "../python.ts";

/** One thing that a client was asked to do. */
export interface Check {
  readonly what: string;
  /** As expected: done with the right result, or failed with the right words. */
  readonly ok: boolean;
  /** Set where the client is expected to fail. */
  readonly refused?: boolean;
  /** What it saw, where it failed. */
  readonly saw: string;
}

/** What the clients are pointed at. */
export interface Place {
  /** Environment in which a client acts as this role. */
  environment(role: "analyst" | "operator"): Readonly<Record<string, string>>;
  readonly database: string;
  readonly workgroup: string;
  /** `s3://` addresses that end in `/`: of query results, and of the clients' own files. */
  readonly results: string;
  readonly clientsData: string;
  readonly clientsDatabase: string;
  readonly lakeBucket: string;
  /** The saved questions and what the project's own client reads. */
  readonly questions: readonly {
    readonly name: string;
    readonly sql: string;
    readonly rows: readonly (readonly (string | null)[])[];
  }[];
}

/** What a program said. */
export interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a program of a client to its end. @param input for its standard input */
export async function say(
  command: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  input = "",
): Promise<Said> {
  const child = spawn(command, args, {
    stdio: ["pipe", "pipe", "pipe"],
    env: { ...foreignEnvironment(), PYTHONDONTWRITEBYTECODE: "1", ...environment },
  });
  child.stdin.end(input);
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended(child)]);
  return { code, out, err };
}

/** A check that something gives undefined; a difference in words, or an error, is what was seen. */
export async function check(what: string, difference: () => Promise<string | undefined>): Promise<Check> {
  try {
    const saw = await difference();
    return { what, ok: saw === undefined, saw: saw ?? "" };
  } catch (error) {
    return { what, ok: false, saw: error instanceof Error ? error.message : String(error) };
  }
}

/** A check that something fails with these words. */
export async function fails(what: string, words: string, task: () => Promise<unknown>): Promise<Check> {
  try {
    return { what, ok: false, refused: true, saw: JSON.stringify(await task()) };
  } catch (error) {
    const saw = error instanceof Error ? error.message : String(error);
    return { what, ok: saw.includes(words), refused: true, saw: saw.slice(0, 300) };
  }
}

/** Runs one of the Python scripts, each of which prints its checks. */
export async function script(
  interpreter: string,
  file: string,
  role: "analyst" | "operator",
  place: Place,
): Promise<readonly Check[]> {
  const task = {
    database: place.database,
    workgroup: place.workgroup,
    results: place.results,
    clients_database: place.clientsDatabase,
    clients_data: place.clientsData,
    questions: place.questions,
  };
  const { code, out, err } = await say(interpreter, [file], place.environment(role), JSON.stringify(task));
  const checks = out.split("\n").filter(Boolean).map(checkOf);
  if (code === 0) return checks;
  return [
    ...checks,
    { what: "the script's end", ok: false, saw: err.trim().split("\n").at(-1) ?? `exit code ${code}` },
  ];
}

function checkOf(line: string): Check {
  const { what, ok, refused, saw } = Object(JSON.parse(line));
  return { what: String(what), ok: ok === true, saw: String(saw), ...(refused === true && { refused }) };
}
