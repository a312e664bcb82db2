import { mkdtempSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import { QueryError } from "../../analytics/client/index.ts";
import type { Ask } from "./ask.ts";
import { type History, historyIn } from "./history.ts";
import { Shell } from "./shell.ts";
import { converse, runScript } from "./terminal.ts";

const one: Ask = async () => ({
  columns: [{ name: "one", type: "integer" }],
  rows: [["1"]],
  bytesScanned: 0,
  milliseconds: 1,
  queryExecutionId: "q",
  statementType: "DML",
  warnings: async () => [],
  waited: 1,
});

const plain = { width: undefined, styled: false };

/** A shell with keys to press, and what was asked and said. It stands for a terminal; how one draws is readline's. */
function bench(ask: Ask = one, history: History = { lines: [], save: () => undefined }) {
  const asked: string[] = [];
  const said = { text: "" };
  const say = (text: string): void => {
    said.text += text;
  };
  const shell = new Shell({
    ask(sql, signal) {
      asked.push(sql);
      return ask(sql, signal);
    },
    catalogue: { tables: async () => [], forget: () => undefined },
    print: say,
    note: say,
    layout: () => plain,
    noteLayout: () => plain,
    format: "csv",
    script: true,
  });
  const input = new PassThrough();
  const output = new PassThrough();
  output.on("data", (drawn: Buffer) => say(stripVTControlCharacters(drawn.toString())));
  const stop = new AbortController();
  const vocabulary = async () => ({
    keywords: ["select", "from"],
    functions: [],
    commands: shell.commands,
    database: "lake",
    tables: [],
  });
  const start = () => converse(shell, { input, output, history, vocabulary, signal: stop.signal });
  const press = async (keys: string): Promise<void> => {
    input.write(keys);
    await sleep(30);
  };
  return { shell, asked, said, input, stop, start, press };
}

describe("a conversation", () => {
  it("runs what is typed, one statement after the other, until \\quit", async () => {
    const { asked, said, start, press } = bench();
    const ended = start();
    await press("select 1\r");
    await press("as one; select 2;\r");
    await press("\\quit\r");
    await ended;
    expect(asked).toEqual(["select 1\nas one", "select 2"]);
    expect(said.text).toContain("c360> select 1\r\n   -> as one");
    expect(said.text).toContain("one\n1\n1 row, 0 B scanned");
  });

  it("completes with Tab and leaves with Ctrl-D", async () => {
    const { asked, start, press } = bench();
    const ended = start();
    await press("sel\t");
    await press(" 1;\r");
    await press("\u0004");
    await ended;
    expect(asked).toEqual(["select 1"]);
  });

  it("stops the running statement with Ctrl-C, or drops the line", async () => {
    const until: Ask = (_sql, signal) =>
      new Promise((_, reject) => {
        signal?.addEventListener("abort", () => reject(new QueryError("cancelled", "Query cancelled by user")));
      });
    const { asked, said, start, press } = bench(until);
    const ended = start();
    await press("select 'wrong\u0003");
    await press("select 1;\r");
    expect(said.text).not.toContain("Stopped.");
    await press("\u0003");
    expect([asked, said.text.includes("Stopped.")]).toEqual([["select 1"], true]);
    await press("\\q\r");
    await ended;
  });

  it("ends when its command is told to", async () => {
    const { start, stop } = bench();
    const ended = start();
    stop.abort();
    await ended;
  });

  it("keeps the lines for the next time, for its user alone", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "history-")), "home", "sql-history");
    const first = bench(one, historyIn(file));
    const ended = first.start();
    await first.press("select 1;\r");
    await first.press("select 2;\r");
    await first.press("\\q\r");
    await ended;
    expect(readFileSync(file, "utf8")).toBe("select 1;\nselect 2;\n\\q");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const second = bench(one, historyIn(file));
    const again = second.start();
    await second.press("\u001b[A\u001b[A\r");
    await second.press("\u0004");
    await again;
    expect(second.asked).toEqual(["select 2"]);
  });
});

it("a statement of several lines comes back as one line", async () => {
  const kept: (readonly string[])[] = [];
  const { asked, start, press } = bench(one, { lines: [], save: (lines) => kept.push([...lines]) });
  const ended = start();
  for (const line of ["select 1,", "  2", ";", "select 'two", "lines';"]) await press(`${line}\r`);
  expect(kept.at(-1)).toEqual(["lines';", "select 'two", "select 1, 2 ;"]);
  await press("\u001b[A\u001b[A\u001b[A\r");
  await press("\\q\r");
  await ended;
  expect(asked).toEqual(["select 1,\n  2", "select 'two\nlines'", "select 1, 2"]);
});

describe("a script", () => {
  it("runs to its end, the last statement with or without ;", async () => {
    const { shell, asked, input } = bench();
    input.end("select 1;\n\\timing\nselect 'a;b'\n;select 3\n");
    await runScript(shell, input, new AbortController().signal);
    expect([asked, shell.failures]).toEqual([["select 1", "select 'a;b'", "select 3"], 0]);
  });

  it("stops at the first failure", async () => {
    const { shell, asked, said, input } = bench(async (sql, signal) => {
      if (sql === "bad") throw new Error("SYNTAX_ERROR");
      return one(sql, signal);
    });
    input.end("select 1;\nbad;\nselect 3;");
    await runScript(shell, input, new AbortController().signal);
    expect([asked, shell.failures]).toEqual([["select 1", "bad"], 1]);
    expect(said.text).toContain("the statement on line 2 failed: SYNTAX_ERROR");
  });
});
