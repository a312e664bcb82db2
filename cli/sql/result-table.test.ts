import { describe, expect, it } from "vitest";
import { cut, resultTable, shownWidth } from "./result-table.ts";

const columns = [
  { name: "country", type: "varchar" },
  { name: "net", type: "decimal(18,3)" },
  { name: "since", type: "date" },
];
const plain = { width: undefined, styled: false };
const lines = (text: string) => text.split("\n");

describe("resultTable", () => {
  it("aligns by type and tells NULL from text", () => {
    const rows = [
      ["France", "-12.500", "2011-01-31"],
      ["NULL", "9747747.934", null],
      [null, null, "2011-02-01"],
    ];
    expect(lines(resultTable(columns, rows, plain))).toEqual([
      "country            net  since",
      "varchar  decimal(18,3)  date",
      "-------  -------------  ----------",
      "France         -12.500  2011-01-31",
      '"NULL"     9747747.934  NULL',
      "NULL              NULL  2011-02-01",
    ]);
  });

  it("cuts the longest texts until the terminal has room, and no number", () => {
    const rows = [["United Kingdom of Great Britain", "1234567890.123", "2011-01-31"]];
    expect(lines(resultTable(columns, rows, { width: 40, styled: false }))).toEqual([
      "country                  net  since",
      "varchar        decimal(18,3)  date",
      "------------  --------------  ----------",
      "United King…  1234567890.123  2011-01-31",
    ]);
  });

  it("shows a row as a block where its columns cannot fit", () => {
    const rows = [["France", "12.500", null]];
    expect(lines(resultTable(columns, rows, { width: 20, styled: false }))).toEqual([
      "-- row 1 --",
      "country  France",
      "net      12.500",
      "since    NULL",
    ]);
  });

  it("keeps every row on its line, and escape codes out of the widths", () => {
    const rows = [["a\nb\u001b[31m", "1.000", "2011-01-31"]];
    expect(lines(resultTable(columns, rows, plain)).at(-1)).toBe("a\\nb\\u001b[31m          1.000  2011-01-31");
    const styled = resultTable(columns, [[null, "1.000", "2011-01-31"]], { width: undefined, styled: true });
    expect(lines(styled).at(-1)).toBe("\u001b[2mNULL\u001b[22m             1.000  2011-01-31");
  });

  it("counts what a terminal shows: wide characters twice, marks not at all", () => {
    expect([shownWidth("日本"), shownWidth("e\u0301"), shownWidth("👩‍👧"), shownWidth("Zoë")]).toEqual([4, 1, 2, 3]);
    expect([shownWidth("𠮷"), shownWidth("❤\ufe0f"), shownWidth("🇩🇪"), shownWidth("\u200d")]).toEqual([2, 2, 2, 0]);
    expect([cut("日本語", 4), cut("Zoë Müller", 5), cut("Zoë", 3)]).toEqual(["日…", "Zoë …", "Zoë"]);
  });

  it("leaves out the line of types when there are none", () => {
    expect(lines(resultTable([{ name: "table", type: "" }], [["orders"]], plain))).toEqual([
      "table",
      "------",
      "orders",
    ]);
  });

  it("shows the columns of an empty result", () => {
    expect(lines(resultTable(columns, [], plain))).toHaveLength(3);
    expect(lines(resultTable(columns, [], { width: 20, styled: false }))).toEqual([
      "country  varchar",
      "net      decimal(18,3)",
      "since    date",
    ]);
  });

  it("lets no text turn the writing of its line round", () => {
    expect(lines(resultTable([{ name: "x", type: "" }], [["a\u202eb"], ["a\u2028b\u007f"]], plain)).slice(2)).toEqual([
      "a\\u202eb",
      "a\\u2028b\\u007f",
    ]);
  });

  it("shows whole values in blocks that were asked for", () => {
    const long = "x".repeat(50);
    const rows = [[long, "1.000", null]];
    expect(lines(resultTable(columns, rows, { width: 20, styled: false, expanded: true }))).toEqual([
      "-- row 1 --",
      `country  ${long}`,
      "net      1.000",
      "since    NULL",
    ]);
  });

  it("says how many rows it leaves out", () => {
    const rows = Array.from({ length: 1003 }, (_, at) => [String(at)]);
    const shown = lines(resultTable([{ name: "n", type: "bigint" }], rows, { ...plain, most: 2 }));
    expect(shown.slice(3)).toEqual([
      "     0",
      "     1",
      "… and 1,001 rows more: set PAGER to leaf through them, or write them to a file as CSV",
    ]);
  });
});
