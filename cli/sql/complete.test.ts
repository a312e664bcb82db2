import { describe, expect, it } from "vitest";
import type { KnownTable } from "./catalogue.ts";
import { complete, type Vocabulary } from "./complete.ts";

const table = (name: string, ...columns: readonly string[]): KnownTable => ({
  name,
  kind: "iceberg",
  comment: "",
  columns: columns.map((column) => ({ name: column, type: "string", comment: "", partition: false })),
});
const words: Vocabulary = {
  keywords: ["select", "from", "where", "with"],
  functions: ["count", "count_if", "coalesce"],
  commands: ["\\tables", "\\timing", "\\describe"],
  tables: [table("orders", "order_id", "country", "net"), table("order_lines", "order_id", "sku")],
};
const after = (line: string, before = "") => complete(line, before, words);

describe("complete", () => {
  it("gives tables where a table is named", () => {
    expect(after("SELECT * FROM ord")).toEqual([["orders", "order_lines"], "ord"]);
    expect(after("vacuum order_")).toEqual([["order_lines"], "order_"]);
    expect(after("  JOIN ", "SELECT 1 FROM orders\n")).toEqual([["orders", "order_lines"], ""]);
  });

  it("gives the columns of the tables that the statement names, on any line of it", () => {
    expect(after("WHERE co", "SELECT * FROM orders\n")).toEqual([["country", "count(", "count_if(", "coalesce("], "co"]);
    expect(after("SELECT o.", "")).toEqual([[], ""]);
    expect(after("ON o.", "SELECT * FROM orders AS o JOIN order_lines l\n")).toEqual([["order_id", "country", "net"], ""]);
    expect(after("SELECT 1 FROM order_lines l WHERE l.s")).toEqual([["sku"], "s"]);
    expect(after("SELECT 1 FROM order_lines WHERE order_lines.s")).toEqual([["sku"], "s"]);
  });

  it("keeps the writer's case of keywords", () => {
    expect([after("SEL"), after("sel"), after("W")]).toEqual([
      [["SELECT"], "SEL"],
      [["select"], "sel"],
      [["WHERE", "WITH"], "W"],
    ]);
  });

  it("gives commands, and tables after them", () => {
    expect([after("\\t"), after("\\describe ord"), after("\\ti", "SELECT ")]).toEqual([
      [["\\tables", "\\timing"], "\\t"],
      [["orders", "order_lines"], "ord"],
      [[], "ti"],
    ]);
  });

  it("offers nothing for nothing", () => {
    expect(after("SELECT ")).toEqual([[], ""]);
  });
});
