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
  database: "lake",
  tables: [table("orders", "order_id", "country", "net"), table("order_lines", "order_id", "sku")],
};
const offered = (line: string, before = "") => complete(line, before, words);

describe("complete", () => {
  it("gives tables where a table is named", () => {
    expect(offered("SELECT * FROM ord")).toEqual([["orders", "order_lines"], "ord"]);
    expect(offered("vacuum order_")).toEqual([["order_lines"], "order_"]);
    expect(offered("  JOIN ", "SELECT 1 FROM orders\n")).toEqual([["orders", "order_lines"], ""]);
  });

  it("gives the columns of the tables that the statement names, on any line of it", () => {
    expect(offered("WHERE co", "SELECT * FROM orders\n")).toEqual([
      ["country", "count(", "count_if(", "coalesce("],
      "co",
    ]);
    expect(offered("SELECT o.", "")).toEqual([[], ""]);
    expect(offered("ON o.", "SELECT * FROM orders AS o JOIN order_lines l\n")).toEqual([
      ["order_id", "country", "net"],
      "",
    ]);
    expect(offered("SELECT 1 FROM order_lines l WHERE l.s")).toEqual([["sku"], "s"]);
    expect(offered("SELECT 1 FROM order_lines WHERE order_lines.s")).toEqual([["sku"], "s"]);
  });

  it("knows tables and columns behind the name of the database", () => {
    expect(offered("SELECT * FROM lake.ord")).toEqual([["orders", "order_lines"], "ord"]);
    expect(offered("WHERE net", "SELECT * FROM lake.orders\n")).toEqual([["net"], "net"]);
    expect(offered("SELECT 1 FROM orders WHERE lake.")).toEqual([[], ""]);
  });

  it("keeps the writer's case of keywords", () => {
    expect([offered("SEL"), offered("sel"), offered("W")]).toEqual([
      [["SELECT"], "SEL"],
      [["select"], "sel"],
      [["WHERE", "WITH"], "W"],
    ]);
  });

  it("gives commands, and tables after them", () => {
    expect([offered("\\t"), offered("\\describe ord"), offered("\\ti", "SELECT ")]).toEqual([
      [["\\tables", "\\timing"], "\\t"],
      [["orders", "order_lines"], "ord"],
      [[], "ti"],
    ]);
  });

  it("offers nothing for nothing", () => {
    expect(offered("SELECT ")).toEqual([[], ""]);
  });
});
