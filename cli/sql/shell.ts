import { QueryError } from "../../analytics/client/index.ts";
import { type Ask, explaining, planOf, summaryOf } from "./ask.ts";
import type { KnownTable } from "./catalogue.ts";
import { failureText } from "./failure.ts";
import { type Format, formats, isFormat, render, warningLines } from "./render.ts";
import type { Layout } from "./result-table.ts";
import { says, statementsIn } from "./statements.ts";

/** What a shell stands on. */
export interface ShellPorts {
  readonly ask: Ask;
  readonly catalogue: { tables(): Promise<readonly KnownTable[]>; forget(): void };
  /** Results. */
  readonly print: (text: string) => void;
  /** Everything else. */
  readonly note: (text: string) => void;
  /** How results are shown, and how everything else. */
  readonly layout: () => Layout;
  readonly noteLayout: () => Layout;
  readonly format: Format;
  /** Nobody sees the lines: a failure says on which one its statement begins. */
  readonly script: boolean;
}

const help = `Statements end with ; and may take several lines. Ctrl-C stops the one that runs, or drops what is typed.

  \\tables              what there is
  \\describe <table>    its columns
  \\explain [statement] what becomes of a statement, or of the last one
  \\timing              rows, bytes, cost and time after each statement, or not
  \\format <form>       ${formats.join(", ")}
  \\expanded            each row as a block with whole values, or not
  \\help                this
  \\quit                leave; Ctrl-D does the same
`;

const aliases: Readonly<Record<string, string>> = {
  "\\d": "\\describe",
  "\\dt": "\\tables",
  "\\x": "\\expanded",
  "\\?": "\\help",
  "\\q": "\\quit",
};

/** Reads lines, runs the statements in them one after the other, and knows a few commands of its own. */
export class Shell {
  readonly #ports: ShellPorts;
  readonly #commands: Readonly<Record<string, (argument: string) => Promise<void> | void>>;
  #format: Format;
  #timing = true;
  #expanded = false;
  #typed = "";
  /** The line that `#typed` begins on. */
  #line = 1;
  #last: string | undefined;
  #running: AbortController | undefined;
  #left = false;
  #failures = 0;

  constructor(ports: ShellPorts) {
    this.#ports = ports;
    this.#format = ports.format;
    this.#commands = {
      "\\tables": () => this.#tables(),
      "\\describe": (name) => this.#describe(name),
      "\\explain": (sql) => this.#explain(sql),
      "\\timing": () => this.#toggleTiming(),
      "\\format": (name) => this.#chooseFormat(name),
      "\\expanded": () => this.#toggleExpanded(),
      "\\help": () => ports.print(help),
      "\\quit": () => {
        this.#left = true;
      },
    };
  }

  /** The names of its own commands. */
  get commands(): readonly string[] {
    return Object.keys(this.#commands);
  }

  get prompt(): string {
    return says(this.#typed) ? "   -> " : "c360> ";
  }

  /** The statement that is not ended yet. */
  get typed(): string {
    return this.#typed;
  }

  /** It was told to quit. */
  get left(): boolean {
    return this.#left;
  }

  /** Statements and commands that failed. */
  get failures(): number {
    return this.#failures;
  }

  /** Takes a line; runs what it completes. Resolves when that has ended. */
  async take(line: string): Promise<void> {
    if (!says(this.#typed) && line.trimStart().startsWith("\\")) {
      await this.#command(line.trim());
      this.#line += 1;
      return;
    }
    const { complete, rest, restLine } = statementsIn(`${this.#typed}${line}\n`);
    const first = this.#line;
    const pending = says(rest) ? rest.trimStart() : "";
    this.#line = first + (pending === "" ? lineBreaks(`${this.#typed}${line}\n`) : restLine - 1);
    this.#typed = pending;
    const failures = this.#failures;
    for (const statement of complete) {
      // What stands behind a failure may count on what failed.
      if (this.#failures > failures) return;
      await this.#run(statement.sql, first + statement.line - 1);
    }
  }

  /** Runs what no `;` ended. */
  async finish(): Promise<void> {
    const rest = this.#typed;
    this.#typed = "";
    if (says(rest)) await this.#run(rest.trim(), this.#line);
  }

  /** Drops what is typed. */
  clear(): void {
    this.#typed = "";
  }

  /** Stops the running statement. @returns false when none runs. */
  interrupt(): boolean {
    this.#running?.abort();
    return this.#running !== undefined;
  }

  async #run(sql: string, line: number): Promise<void> {
    this.#last = sql;
    await this.#attempt(
      sql,
      async (signal) => {
        const answer = await this.#ports.ask(sql, signal);
        this.#print(answer);
        this.#ports.note(warningLines(await answer.warnings(), this.#ports.noteLayout()));
        if (this.#timing) this.#ports.note(`${summaryOf(answer)}\n`);
        if (answer.statementType === "DDL" || answer.columns.length === 0) this.#ports.catalogue.forget();
      },
      this.#ports.script ? `the statement on line ${line} failed: ` : "",
    );
  }

  /** A failure is told, not thrown: the next statement may be better. */
  async #attempt(sql: string, action: (signal: AbortSignal) => Promise<void>, prefix: string): Promise<void> {
    const running = new AbortController();
    this.#running = running;
    try {
      await action(running.signal);
    } catch (error) {
      this.#failures += 1;
      const stopped = error instanceof QueryError && error.kind === "cancelled" && running.signal.aborted;
      this.#ports.note(stopped ? "Stopped.\n" : `${prefix}${failureText(error, sql, this.#ports.noteLayout())}\n`);
    } finally {
      this.#running = undefined;
    }
  }

  async #command(line: string): Promise<void> {
    const [, word = "", argument = ""] = /^(\\\S*)\s*(.*)$/.exec(line) ?? [];
    const name = aliases[word] ?? word;
    const command = Object.hasOwn(this.#commands, name) ? this.#commands[name] : undefined;
    if (command === undefined) {
      this.#failures += 1;
      this.#ports.note(`There is no ${word}. \\help lists what there is.\n`);
      return;
    }
    const given = argument.replace(/;\s*$/, "").trim();
    await this.#attempt(given, async () => command(given), `${name}: `);
  }

  #print(result: Parameters<typeof render>[0]): void {
    this.#ports.print(render(result, this.#format, { ...this.#ports.layout(), expanded: this.#expanded }));
  }

  #table(names: readonly string[], rows: readonly (readonly string[])[]): void {
    this.#print({ columns: names.map((name) => ({ name, type: "" })), rows });
  }

  async #tables(): Promise<void> {
    this.#ports.catalogue.forget();
    const tables = await this.#ports.catalogue.tables();
    this.#table(
      ["table", "kind", "columns", "comment"],
      tables.map(({ name, kind, columns, comment }) => [name, kind, String(columns.length), comment]),
    );
  }

  async #describe(name: string): Promise<void> {
    const tables = await this.#ports.catalogue.tables();
    const table = tables.find((known) => known.name === name.toLowerCase());
    if (table === undefined)
      throw new Error(
        `there is no table ${name || "without a name"}; there are ${tables.map((it) => it.name).join(", ")}`,
      );
    this.#table(
      ["column", "type", "partition", "comment"],
      table.columns.map((column) => [column.name, column.type, column.partition ? "yes" : "", column.comment]),
    );
  }

  async #explain(given: string): Promise<void> {
    const sql = given === "" ? this.#last : given;
    if (sql === undefined) throw new Error("no statement yet");
    const answer = await this.#ports.ask(explaining(sql), this.#running?.signal);
    this.#ports.print(`${planOf(answer)}\n`);
  }

  #toggleTiming(): void {
    this.#timing = !this.#timing;
    this.#ports.note(`Timing is ${this.#timing ? "on" : "off"}.\n`);
  }

  #toggleExpanded(): void {
    this.#expanded = !this.#expanded;
    this.#ports.note(`Expanded display is ${this.#expanded ? "on" : "off"}.\n`);
  }

  #chooseFormat(name: string): void {
    if (!isFormat(name)) throw new Error(`one of ${formats.join(", ")} is expected`);
    this.#format = name;
  }
}

const lineBreaks = (text: string): number => text.split("\n").length - 1;
