import type { Value } from "./literals.ts";

/** Kinds of values that expressions are generated of; each stands for one type of column or for a few. */
export const kinds = [
  "boolean",
  "integer",
  "bigint",
  "double",
  "decimal",
  "varchar",
  "date",
  "timestamp",
  "instant",
  "time",
  "varbinary",
  "json",
  "interval",
  "numbers",
  "texts",
  "doubles",
  "map",
  "row",
] as const;
export type Kind = (typeof kinds)[number];

export const isKind = (text: string): text is Kind => kinds.some((kind) => kind === text);

export const integers: readonly string[] = ["0", "1", "-1", "2", "3", "7", "-7", "10", "12", "100", "-250", "365"];
export const wildIntegers: readonly string[] = [...integers, "2147483647", "-2147483648", "1000000", "-99999"];
export const bigints: readonly string[] = ["0", "1", "-1", "5", "42", "-42", "1000", "86400", "-3600", "123456789"];
export const wildBigints: readonly string[] = [
  ...bigints,
  "9223372036854775807",
  "-9223372036854775808",
  "9007199254740993",
  "4611686018427387904",
  "1600000000000",
];
/** Exact in binary, so that sums do not depend on their order. */
export const plainDoubles: readonly string[] = ["0", "1", "-1", "0.5", "-0.5", "2.25", "3", "-7.75", "100.5", "1024"];
export const wildDoubles: readonly string[] = [
  ...plainDoubles,
  "NaN",
  "Infinity",
  "-Infinity",
  "-0.0",
  "0.1",
  "1e100",
  "-1.5e-10",
  "1.7976931348623157e308",
  "4.9e-324",
  "123456789.987654",
  "2.5",
  "1e15",
  "1e16",
  "0.001",
  "9007199254740993",
];
export const amounts: readonly string[] = [
  "0.00",
  "0.01",
  "-0.01",
  "2.55",
  "19.99",
  "-19.995",
  "100.00",
  "0.50",
  "1.25",
];
export const cents: readonly string[] = [
  ...amounts.map((text) => Number(text).toFixed(2)),
  "9999999999.99",
  "-9999999999.99",
];
export const mills: readonly string[] = [
  "0.000",
  "0.001",
  "-0.001",
  "2.550",
  "748957.020",
  "-168469.600",
  "1.005",
  "0.125",
];
export const hugeDecimals: readonly string[] = [
  "0.0000000000",
  "0.0000000001",
  "-0.0000000001",
  "1.5000000000",
  "9999999999999999999999999999.9999999999",
  "-9999999999999999999999999999.9999999999",
  "12345678901234567890.0123456789",
  "-3.1415926536",
];
export const texts: readonly string[] = [
  "",
  " ",
  "a",
  "A",
  "abc",
  "ABC",
  "Hello, World",
  "  both sides  ",
  "\ttab\n",
  "héllo",
  "straße",
  "ÅNGSTRÖM",
  "e\u0301",
  "日本語",
  "🙂👍🏽",
  "a,b,,c",
  "it's",
  "100%",
  "_x_",
  "back\\slash",
  "12",
  "-7",
  "1.50",
  "1e3",
  " 42 ",
  "true",
  "2011-12-09",
  "2011-12-09 12:50:00",
  "anna@example.com",
  "https://shop.example/p/85123A?utm=x&q=a%20b#top",
  "x".repeat(40),
  "İstanbul",
  "ǅ",
  "\u00a0nbsp\u00a0",
];
export const jsonTexts: readonly string[] = [
  '{"a":1,"b":"x","c":[1,2,3],"d":{"e":true}}',
  '{"a":null,"b":"","c":[],"d":{}}',
  '{"a":1.50,"b":"é🙂","c":["p","q"],"d":{"e":false}}',
  '{"b":2}',
  "[]",
  "[1,2,null]",
  '["a","b"]',
  "null",
  "12",
  '"text"',
  "true",
  '{"a":"7","a b":3,"c":[{"e":1},{"e":2}]}',
  '{"a":12345678901234567890,"c":[1e3]}',
];
export const dates: readonly string[] = [
  "1970-01-01",
  "2010-12-01",
  "2011-12-09",
  "2012-02-29",
  "2011-02-28",
  "1969-12-31",
  "2000-01-31",
  "1999-12-31",
  "2024-12-30",
  "0001-01-01",
  "9999-12-31",
];
export const timestamps: readonly string[] = [
  "1970-01-01 00:00:00.000000",
  "2010-12-01 08:26:00.000000",
  "2011-12-09 12:50:00.123456",
  "2011-12-31 23:59:59.999999",
  "2012-02-29 12:00:00.500000",
  "1969-12-31 23:59:59.999500",
  "2011-03-27 01:30:00.000000",
  "2011-10-30 01:30:00.000001",
  "1900-06-15 06:07:08.900000",
  "2262-04-11 23:47:16.854775",
];
export const times: readonly string[] = ["00:00:00.000000", "23:59:59.999999", "12:34:56.789000", "06:00:00.500000"];
export const bytes: readonly string[] = ["", "00", "ff", "616263", "c3a9", "0001020304050607", "f09f9982", "80"];

/** Lists and other nested values of the generated rows. */
export const nested = {
  numbers: [[], ["1"], ["3", "1", "2"], ["1", null, "1"], [null], ["-5", "0", "9223372036854775807"], ["2", "2", "7"]],
  texts: [[], ["a"], ["b", "a", "c"], ["a", null], ["", " "], ["é", "🙂", "a"], ["x", "x"]],
  doubles: [[], ["1.5"], ["2.5", "-1", "0.5"], ["NaN", "1"], [null, "0.25"], ["-0.0", "0"]],
  map: [
    [],
    [["a", "1"]],
    [
      ["b", "2"],
      ["a", null],
    ],
    [
      ["", "0"],
      ["é", "-7"],
    ],
    [
      ["x", "10"],
      ["y", "20"],
      ["z", "30"],
    ],
  ],
  row: [
    ["1", "a"],
    [null, null],
    ["-7", "é"],
    ["0", ""],
    ["42", null],
  ],
} as const satisfies Readonly<Record<string, readonly Value[]>>;
