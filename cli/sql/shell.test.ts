import { describe, expect, it } from "vitest";
import { QueryError } from "../../analytics/client/index.ts";
import type { Answer } from "./ask.ts";
import type { KnownTable } from "./catalogue.ts";
import type { Format } from "./render.ts";
import { Shell } from "./shell.ts";

const answer = (rows: readonly (readonly (string | null)[])[], more: Partial<Answer> = {}): Answer => ({
  columns: [{ name: "n", type: "bigint" }],
  rows,
  bytesScanned: 2048,
  milliseconds: 100,
  queryExecutionId: "q",
  statementType: "DML",
  warnings: async () => [],
  waited: 250,
  ...more,
});
const orders: KnownTable = {
  name: "orders",
  kind: "iceberg",
  comment: "what was sold",
  columns: [{ name: "order_id", type: "string", comment: "", partition: false }],
};

const plain = { width: undefined, styled: false };

/** A shell over answers by statement; what it asked, printed and noted. */
function shellOver(answers: (sql: string, signal?: AbortSignal) => Promise<Answer>, format: Format = "table") {
  const log = { asked: [] as string[], printed: "", noted: "", forgotten: 0 };
  const shell = new Shell({
    ask(sql, signal) {
      log.asked.push(sql);
      return answers(sql, signal);
    },
    catalogue: {
      tables: async () => [orders],
      forget: () => {
        log.forgotten += 1;
      },
    },
    print: (text) => {
      log.printed += text;
    },
    note: (text) => {
      log.noted += text;
    },
    layout: () => plain,
    noteLayout: () => plain,
    format,
    script: true,
  });
  return { shell, log };
}

const seven = async () => answer([["7"]]);

describe("Shell", () => {
  it("waits for the ; over several lines, then shows rows, cost and time", async () => {
    const { shell, log } = shellOver(seven);
    await shell.take("SELECT 7 -- not yet;");
    expect([log.asked, shell.prompt]).toEqual([[], "   -> "]);
    await shell.take("  AS n;");
    expect([log.asked, shell.prompt]).toEqual([["SELECT 7 -- not yet;\n  AS n"], "c360> "]);
    expect(log.printed).toBe("     n\nbigint\n------\n     7\n");
    expect(log.noted).toBe("1 row, 2.0 KiB scanned ($0.000048 on Athena), 250 ms (100 ms in the engine)\n");
  });

  it("tells warnings, and no cost when timing is off", async () => {
    const { shell, log } = shellOver(async () =>
      answer([], { warnings: async () => ["line 1:8: integer division: ..."] }),
    );
    await shell.take("\\timing");
    await shell.take("SELECT 1 / 2;");
    expect(log.noted).toBe("Timing is off.\nwarning: line 1:8: integer division: ...\n");
  });

  it("goes on after a failure, but not with what stands behind it on the line", async () => {
    const { shell, log } = shellOver(async (sql) => {
      if (sql.startsWith("bad")) throw new QueryError("bad-query", "SYNTAX_ERROR: line 1:1: mismatched input");
      return answer([]);
    });
    await shell.take("");
    await shell.take("SELECT 1; bad; SELECT 2;");
    await shell.take("SELECT 3;");
    expect(log.asked).toEqual(["SELECT 1", "bad", "SELECT 3"]);
    expect(log.noted).toContain("the statement on line 2 failed: SYNTAX_ERROR: line 1:1: mismatched input\n");
    expect(shell.failures).toBe(1);
  });

  it("says on which line of a script a statement begins", async () => {
    const { shell, log } = shellOver(async () => {
      throw new Error("no");
    });
    for (const line of ["-- a comment", "", "SELECT", " 1;", "\\nothing", "SELECT 2; -- and", "SELECT", "3"])
      await shell.take(line);
    await shell.finish();
    expect(log.noted.match(/line \d+/g)).toEqual(["line 3", "line 6", "line 7"]);
  });

  it("stops the running statement, and only that", async () => {
    const { shell, log } = shellOver(
      (_sql, signal) =>
        new Promise((_, reject) => {
          signal?.addEventListener("abort", () => reject(new QueryError("cancelled", "Query cancelled by user")));
        }),
    );
    expect(shell.interrupt()).toBe(false);
    const running = shell.take("SELECT 1; SELECT 2;");
    await Promise.resolve();
    expect(shell.interrupt()).toBe(true);
    await running;
    expect([log.asked, log.noted]).toEqual([["SELECT 1"], "Stopped.\n"]);
  });

  it("drops what is typed", async () => {
    const { shell, log } = shellOver(seven);
    await shell.take("SELECT 'open");
    shell.clear();
    await shell.take("SELECT 1;");
    expect(log.asked).toEqual(["SELECT 1"]);
  });

  it("lists and describes tables", async () => {
    const { shell, log } = shellOver(seven, "csv");
    await shell.take("\\tables");
    await shell.take("\\d ORDERS;");
    await shell.take("\\describe nobody");
    expect(log.printed).toBe(
      'table,kind,columns,comment\norders,iceberg,1,what was sold\ncolumn,type,partition,comment\norder_id,string,"",""\n',
    );
    expect(log.noted).toBe("\\describe: there is no table nobody; there are orders\n");
  });

  it("explains a statement, or the last one", async () => {
    const { shell, log } = shellOver(async () => answer([["a plan"], ["of two lines"]]));
    await shell.take("\\explain");
    await shell.take("\\explain SELECT 1;");
    await shell.take("SELECT 2;");
    await shell.take("\\explain");
    expect(log.asked).toEqual(["EXPLAIN SELECT 1", "SELECT 2", "EXPLAIN SELECT 2"]);
    expect(log.printed.startsWith("a plan\nof two lines\n")).toBe(true);
    expect(log.noted).toContain("\\explain: no statement yet\n");
  });

  it("changes the form of the rows, and reads the catalogue again after DDL", async () => {
    const { shell, log } = shellOver(async (sql) =>
      sql.startsWith("DROP") ? answer([], { statementType: "DDL", columns: [] }) : answer([["7"]]),
    );
    await shell.take("\\format json");
    await shell.take("SELECT 7 AS n;");
    await shell.take("\\format xml");
    await shell.take("DROP TABLE orders;");
    expect(log.printed).toBe('[\n  {\n    "n": 7\n  }\n]\n[]\n');
    expect(log.noted).toContain("\\format: one of table, csv, json is expected\n");
    expect(log.forgotten).toBe(1);
  });

  it("shows rows as blocks, or not", async () => {
    const { shell, log } = shellOver(seven);
    for (const line of ["\\x", "SELECT 7 AS n;", "\\expanded", "SELECT 7 AS n;"]) await shell.take(line);
    expect(log.printed).toBe("-- row 1 --\nn  7\n     n\nbigint\n------\n     7\n");
    expect(log.noted).toMatch(/^Expanded display is on\.\n.*\nExpanded display is off\.\n/);
  });

  it("points at the place of a failure", async () => {
    const { shell, log } = shellOver(async () => {
      throw new QueryError("bad-query", "COLUMN_NOT_FOUND: line 1:8: nobody");
    });
    await shell.take("SELECT nobody;");
    expect(log.noted.split("\n").slice(1)).toEqual(["1 | SELECT nobody", "           ^", ""]);
  });

  it("knows its commands and leaves when told", async () => {
    const { shell, log } = shellOver(seven);
    await shell.take("\\nothing");
    await shell.take("\\help");
    expect([shell.failures, shell.left]).toEqual([1, false]);
    for (const command of shell.commands) expect(log.printed).toContain(command);
    await shell.take("\\q");
    expect(shell.left).toBe(true);
  });
});
