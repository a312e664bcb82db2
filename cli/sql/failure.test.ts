import { describe, expect, it } from "vitest";
import { QueryError } from "../../analytics/client/index.ts";
import { failureText } from "./failure.ts";

const plain = { width: 80, styled: false };
const failed = (message: string) => new QueryError("bad-query", message);
const text = (message: string, sql: string, layout = plain) => failureText(failed(message), sql, layout).split("\n");

describe("failureText", () => {
  it("shows the line with a caret under the place", () => {
    expect(text("COLUMN_NOT_FOUND: line 2:3: Column 'nobody'", "SELECT 1,\n  nobody\nFROM orders")).toEqual([
      "COLUMN_NOT_FOUND: line 2:3: Column 'nobody'",
      "2 |   nobody",
      "      ^",
    ]);
  });

  it("counts what the terminal shows before the place: wide characters, tabs", () => {
    const sql = "SELECT '日本',\tx";
    expect(text(`line 1:${sql.length}: x`, sql).slice(1)).toEqual(["1 | SELECT '日本',\\tx", "                    ^"]);
  });

  it("shows a long line from near the place", () => {
    const sql = `SELECT ${"a + ".repeat(100)}nobody`;
    const [, line = "", caret = ""] = text(`line 1:${sql.indexOf("nobody") + 1}: nobody`, sql);
    expect([line.slice(caret.indexOf("^")), line.slice(0, 6)]).toEqual(["nobody", "1 | …+"]);
    const [, start = ""] = text("line 1:8: a", sql);
    expect([start.length, start.endsWith("…")]).toEqual([80, true]);
  });

  it("colours the caret where colours are understood", () => {
    expect(text("line 1:1: x", "x", { width: 80, styled: true })[2]).toBe("    \u001b[31m^\u001b[39m");
  });

  it("shows no place where there is none", () => {
    for (const message of ["TABLE_NOT_FOUND: Table 'x'", "line 7:1: beyond", "line 1:99: beyond"])
      expect(text(message, "SELECT 1")).toEqual([message]);
    // The place just behind the last character is one: something is missing there.
    expect(text("line 1:9: missing", "SELECT 1").slice(1)).toEqual(["1 | SELECT 1", "            ^"]);
  });

  it("says what to do about a limit", () => {
    const limit = new QueryError("scan-limit", "Bytes scanned limit was exceeded: 2 of 1");
    expect(failureText(limit, "SELECT 1", plain)).toMatch(
      /^Bytes scanned limit .* of 1\nName the columns that are needed/,
    );
  });
});
