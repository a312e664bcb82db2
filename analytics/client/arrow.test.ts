import { DataType, type Table, TimeUnit, tableFromIPC, tableToIPC, type Vector } from "apache-arrow";
import { describe, expect, test } from "vitest";
import { toTable } from "./arrow.ts";

/** A column of these texts as it comes out of an Arrow file. */
function written(type: string, texts: readonly (string | null)[]): Vector {
  const table = toTable({ columns: [{ name: "x", type }], rows: texts.map((text) => [text]) });
  const column = tableFromIPC(tableToIPC(table, "file")).getChild("x");
  if (column === null) throw new Error("no column x");
  return column;
}

/** The integers of a column as they lie in it: Arrow's own getters make fractions of milliseconds of microseconds. */
const integers = (column: Vector): unknown[] => column.data.flatMap(({ values }) => Array.from(values));

/** Every type of Athena's results, with the texts that Trino gave for values at its edges, and what Arrow holds. */
const cases: readonly (readonly [type: string, arrow: string, values: readonly (readonly [string, unknown])[]])[] = [
  [
    "boolean",
    "Bool",
    [
      ["true", true],
      ["false", false],
    ],
  ],
  [
    "tinyint",
    "Int8",
    [
      ["-128", -128],
      ["127", 127],
    ],
  ],
  ["smallint", "Int16", [["-32768", -32768]]],
  ["integer", "Int32", [["2147483647", 2147483647]]],
  [
    "bigint",
    "Int64",
    [
      ["-9223372036854775808", -(2n ** 63n)],
      ["9007199254740993", 9007199254740993n],
    ],
  ],
  [
    "float",
    "Float32",
    [
      ["0.1", Math.fround(0.1)],
      ["3.4028235E38", 3.4028234663852886e38],
      ["NaN", Number.NaN],
    ],
  ],
  [
    "double",
    "Float64",
    [
      ["1.0E10", 1e10],
      ["4.9E-324", 5e-324],
      ["-0.0", -0],
      ["Infinity", Number.POSITIVE_INFINITY],
      ["NaN", Number.NaN],
    ],
  ],
  [
    "varchar",
    "Utf8",
    [
      ["", ""],
      ["日本語 👩‍👧", "日本語 👩‍👧"],
      ["two\nlines", "two\nlines"],
    ],
  ],
  ["char", "Utf8", [["ab  ", "ab  "]]],
  [
    "varbinary",
    "Binary",
    [
      ["00 ff 10", Uint8Array.of(0, 255, 16)],
      ["", new Uint8Array()],
      ["0a", Uint8Array.of(10)],
    ],
  ],
  // What Arrow has no type for, or one that holds less.
  [
    "timestamp with time zone",
    "Utf8",
    [["2011-12-09 12:50:00.123456 Europe/Berlin", "2011-12-09 12:50:00.123456 Europe/Berlin"]],
  ],
  ["time with time zone", "Utf8", [["12:50:00.123+01:00", "12:50:00.123+01:00"]]],
  ["interval day to second", "Utf8", [["2 03:04:05.678", "2 03:04:05.678"]]],
  ["interval year to month", "Utf8", [["-1-2", "-1-2"]]],
  ["array", "Utf8", [["[1, null, 3]", "[1, null, 3]"]]],
  ["map", "Utf8", [["{a=1, b=null}", "{a=1, b=null}"]]],
  ["row", "Utf8", [["{n=1, s=x}", "{n=1, s=x}"]]],
  ["json", "Utf8", [['{"a":1}', '{"a":1}']]],
];

describe("a column as Arrow", () => {
  test.each(cases)("%s is %s", (type, arrow, values) => {
    const column = written(type, [...values.map(([text]) => text), null]);
    expect(String(column.type)).toBe(arrow);
    expect(Array.from(column)).toEqual([...values.map(([, value]) => value), null]);
    expect(column.nullCount).toBe(1);
  });

  test("timestamp is microseconds, before 1970 and beyond 9999 too", () => {
    const column = written("timestamp", [
      "2011-12-09 12:50:00.123456",
      "2011-12-09 12:50:00",
      "1969-12-31 23:59:59.999999",
      "0001-01-01 00:00:00.000",
      "+10000-01-01 00:00:00.000001",
      null,
    ]);
    expect(DataType.isTimestamp(column.type) && [column.type.unit, column.type.timezone]).toEqual([
      TimeUnit.MICROSECOND,
      null,
    ]);
    // As Trino's to_unixtime has them, in microseconds.
    expect(integers(column)).toEqual([
      1323435000123456n,
      1323435000000000n,
      -1n,
      -62135596800000000n,
      253402300800000001n,
      0n,
    ]);
    expect(column.get(5)).toBeNull();
  });

  test("time is microseconds since midnight", () => {
    const column = written("time", ["00:00:00", "12:00:01.123456", "23:59:59.999", null]);
    expect([String(column.type), integers(column)]).toEqual([
      "Time64<MICROSECOND>",
      [0n, 43201123456n, 86399999000n, 0n],
    ]);
  });

  test("date is days, those far away too", () => {
    const column = written("date", ["1970-01-02", "1969-12-31", "0001-01-01", "-0001-01-01", "+10000-01-01", null]);
    expect(String(column.type)).toBe("Date32<DAY>");
    expect(integers(column)).toEqual([1, -1, -719162, -719893, 2932897, 0]);
    expect(column.get(5)).toBeNull();
  });

  test("decimal is 128 bits, exact to 38 digits", () => {
    const texts = ["99999999999999999999999999999999999.999", "-12345678901234567890.005", "-0.001", "0.000", null];
    const column = written("decimal(38,3)", texts);
    expect(String(column.type)).toBe("Decimal[38e+3]");
    expect(Array.from(column, (words) => (words === null ? null : signed(words)))).toEqual([
      10n ** 38n - 1n,
      -12345678901234567890005n,
      -1n,
      0n,
      null,
    ]);
  });

  test.each([
    ["timestamp", "2011-12-09 12:50:00.123456789"],
    ["timestamp", "+300000-01-01 00:00:00.000"],
    ["time", "12:00:00.1234567"],
    ["date", "tomorrow"],
    ["decimal(3,1)", "1.25"],
    ["bigint", "9223372036854775808"],
    ["tinyint", "128"],
    ["double", ""],
    ["boolean", "maybe"],
    ["varbinary", "0"],
  ])("%s stays text when %s is in it: nothing is lost", (type, text) => {
    const column = written(type, [null, text]);
    expect([String(column.type), Array.from(column)]).toEqual(["Utf8", [null, text]]);
  });

  test("a fraction of zeros that is longer than microseconds loses nothing", () => {
    expect(integers(written("timestamp", ["1970-01-01 00:00:00.000001000"]))).toEqual([1n]);
  });
});

describe("a table", () => {
  const names = (table: Table) => tableFromIPC(tableToIPC(table, "file")).schema.fields.map(({ name }) => name);

  test("keeps the order and the number of its columns whatever they are called", () => {
    const columns = ["2", "1", "x", "x"].map((name) => ({ name, type: "integer" }));
    const table = toTable({ columns, rows: [["10", "20", "30", "40"]] });
    expect(names(table)).toEqual(["2", "1", "x", "x_2"]);
    expect([0, 1, 2, 3].map((at) => table.getChildAt(at)?.get(0))).toEqual([10, 20, 30, 40]);
  });

  test("has its columns without rows", () => {
    const table = toTable({
      columns: [
        { name: "at", type: "timestamp" },
        { name: "x", type: "varchar" },
      ],
      rows: [],
    });
    expect([names(table), table.numRows]).toEqual([["at", "x"], 0]);
  });
});

/** Little-endian words of a two's complement number. */
function signed(words: Uint32Array): bigint {
  return BigInt.asIntN(
    128,
    words.reduceRight((value, word) => (value << 32n) | BigInt(word), 0n),
  );
}
