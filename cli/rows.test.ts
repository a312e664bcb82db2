import { describe, expect, it } from "vitest";
import { cellText, csvText, recordsOf } from "./rows.ts";

const columns = [
  { name: "n", type: "bigint" },
  { name: "share", type: "double" },
  { name: "paid", type: "decimal(38,3)" },
  { name: "yes", type: "boolean" },
  { name: "at", type: "timestamp" },
];

describe("recordsOf", () => {
  it("prints numbers as JSON numbers with all their digits, and what is none as text", () => {
    const rows = [
      ["9007199254740993", "1.0E-7", "12345678901234567890123456789012345.678", "true", "2011-12-09 12:50:00.123456"],
      ["-1", "NaN", "-0.005", "false", null],
      [null, "-Infinity", null, null, null],
    ];
    expect(JSON.stringify(recordsOf({ columns, rows }))).toBe(
      '[{"n":9007199254740993,"share":1.0E-7,"paid":12345678901234567890123456789012345.678,"yes":true,"at":"2011-12-09 12:50:00.123456"},' +
        '{"n":-1,"share":"NaN","paid":-0.005,"yes":false,"at":null},' +
        '{"n":null,"share":"-Infinity","paid":null,"yes":null,"at":null}]',
    );
  });

  it("keeps both of two columns with one name", () => {
    const twice = [
      { name: "x", type: "varchar" },
      { name: "x", type: "integer" },
    ];
    expect(JSON.stringify(recordsOf({ columns: twice, rows: [["1", "1"]] }))).toBe('[{"x":"1","x_2":1}]');
  });

  it("gives cells as text, NULL empty", () => {
    const [record] = recordsOf({ columns, rows: [["1", null, "2.50", "true", null]] });
    expect(Object.values(record ?? {}).map(cellText)).toEqual(["1", "", "2.50", "true", ""]);
  });
});

describe("csvText", () => {
  it("quotes commas, quotes, line breaks and empty texts; a NULL is nothing", () => {
    const two = [
      { name: "a", type: "varchar" },
      { name: 'b "c"', type: "varchar" },
    ];
    const rows = [
      ['x "y"', "1.50"],
      ["1,2", null],
      ["two\nlines", ""],
    ];
    expect(csvText({ columns: two, rows })).toBe('a,"b ""c"""\n"x ""y""",1.50\n"1,2",\n"two\nlines",""\n');
  });

  it("has every digit that Athena sent", () => {
    const rows = [["9007199254740993", "1.0E10", "0.500", "true", "2011-12-09 12:50:00.123456"]];
    expect(csvText({ columns, rows })).toBe(
      "n,share,paid,yes,at\n9007199254740993,1.0E10,0.500,true,2011-12-09 12:50:00.123456\n",
    );
  });
});
