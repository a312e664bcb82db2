import { spawnSync } from "node:child_process";

/** Rows of a table that a terminal shows where nothing leafs through them. */
const WITHOUT_PAGER = 1000;

/** The person's pager, if they have named one. */
export const pagerOf = (environment: NodeJS.ProcessEnv): string | undefined =>
  environment["PAGER"]?.trim() || undefined;

/** Rows that a stream shows at most; undefined where all are. */
export const mostRows = (isTerminal: boolean, environment: NodeJS.ProcessEnv): number | undefined =>
  isTerminal && pagerOf(environment) === undefined ? WITHOUT_PAGER : undefined;

/** Shows a text on a stream; through the pager where a terminal has fewer lines. */
export function show(text: string, stream: NodeJS.WriteStream): void {
  const pager = pagerOf(process.env);
  const lines = text.split("\n").length - 1;
  if (stream.isTTY !== true || pager === undefined || !(stream.rows > 0) || lines < stream.rows || !page(pager, text))
    stream.write(text);
}

/** @returns false when there is no such command. */
function page(pager: string, text: string): boolean {
  const { status } = spawnSync(pager, {
    shell: true,
    input: text,
    stdio: ["pipe", "inherit", "inherit"],
    // What git sets as well: colours pass, wide lines are cut rather than folded, the text stays on the terminal.
    env: { LESS: "FRSX", ...process.env },
  });
  return status !== 127 && status !== 126;
}
