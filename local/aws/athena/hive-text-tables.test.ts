import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Bench, startBench } from "./fixture.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

const OPENX = "org.openx.data.jsonserde.JsonSerDe";
const HIVE = "org.apache.hive.hcatalog.data.JsonSerDe";
const CSV = "org.apache.hadoop.hive.serde2.OpenCSVSerde";

let count = 0;
/** A table over one file. @returns its name */
async function tableOf(columns: string, format: string, text: string, more = ""): Promise<string> {
  const name = `text_${++count}`;
  await bench.ports.objects.put({ bucket: "lake", key: `${name}/f.txt` }, text, {}, bench.call);
  await bench.run(`CREATE EXTERNAL TABLE ${name} (${columns}) ${format} LOCATION 's3://lake/${name}/' ${more}`);
  return name;
}
const serde = (name: string, properties = "") =>
  `ROW FORMAT SERDE '${name}'${properties && ` WITH SERDEPROPERTIES (${properties})`}`;

/** The rows of a table over one file. */
async function rowsOf(...given: Parameters<typeof tableOf>): Promise<(string | null)[][]> {
  return bench.rows(`SELECT * FROM ${await tableOf(...given)}`);
}
/** Why its rows cannot be had. */
async function reasonOf(...given: Parameters<typeof tableOf>): Promise<string | undefined> {
  return bench.reason(`SELECT * FROM ${await tableOf(...given)}`);
}

/** One line of each value, read as a column of the type; what a real Trino's Hive connector gives for each. */
const column = async (type: string, format: string, lines: readonly string[]) =>
  (await rowsOf(`s ${type}`, format, `${lines.join("\n")}\n`)).map(([value]) => value);

describe("LazySimpleSerDe", () => {
  const DELIMITED = "ROW FORMAT DELIMITED";
  test.each([
    [
      "int",
      "1|+7|-0|1.5|.5|5.|1.x|-||x|1_0|007|2147483648| 1|1e3|-1.9",
      "1|7|0|1|0|5|NULL|NULL|NULL|NULL|NULL|7|NULL|NULL|NULL|-1",
    ],
    ["tinyint", "-128|128", "-128|NULL"],
    [
      "decimal(10,2)",
      "1| 1|1e2|+1.005|-1.005|1.|.5|99999999.995|-99999999.994||NaN",
      "1.00|NULL|100.00|1.01|-1.01|1.00|0.50|NULL|-99999999.99|NULL|NULL",
    ],
    ["double", "1| 1 |NaN|-Infinity|1f|1e-400||inf", "1.0|1.0|NaN|-Infinity|1.0|0.0|NULL|NULL"],
    ["boolean", "true|TRUE|false|f|1|| true", "true|true|false|NULL|NULL|NULL|NULL"],
    ["string", 'x|| x |"q"|\\N|é😀', 'x|| x |"q"|NULL|é😀'],
    ["varchar(2)", "abc|😀é漢", "ab|😀é"],
    [
      "date",
      "2020-01-02|2020-1-2|2020-02-30|x||2020-01-02 x|2020-01-02T00:00:00|20200102",
      "2020-01-02|2020-01-02|2020-03-01|NULL|NULL|2020-01-02|NULL|NULL",
    ],
    [
      "timestamp",
      "2020-01-02 03:04:05|2020-01-02 03:04:05.1235|2020-01-02T03:04|2020-01-02|2020-01-02 24:00:00|x|2020-01-02 03:04:05Z",
      "2020-01-02 03:04:05.000|2020-01-02 03:04:05.124|2020-01-02 03:04:00.000|NULL|2020-01-03 00:00:00.000|NULL|NULL",
    ],
  ])("%s", async (type, lines, expected) => {
    const values = await column(type, DELIMITED, lines.split("|"));
    expect(values.map((value) => value ?? "NULL").join("|")).toBe(expected);
  });

  test("divides lines by one character, which may be escaped", async () => {
    expect(await rowsOf("a string, b string, c int", "", "a\u0001b\u00011\n")).toEqual([["a", "b", "1"]]);
    const commas = "ROW FORMAT DELIMITED FIELDS TERMINATED BY ','";
    expect(await rowsOf("a string, b string, c int", commas, 'a,b,1\n\nx\ny,z,3,4\n"q,q",2\n')).toEqual([
      ["a", "b", "1"],
      ["", null, null],
      ["x", null, null],
      ["y", "z", "3"],
      ['"q', 'q"', "2"],
    ]);
    const escaped = String.raw`${commas} ESCAPED BY '\\' NULL DEFINED AS 'none'`;
    expect(await rowsOf("a string, b string", escaped, "a\\,b\\n,c\\\\\nnone,\\N\nx\\")).toEqual([
      ["a,bn", "c\\"],
      [null, "N"],
      ["x\\", null],
    ]);
  });
});

describe("OpenCSVSerde", () => {
  // What a real Trino's Hive connector reads, the odd cases included.
  test.each([
    ["1,2", ["1", "2", null]],
    ["1,2,3,4", ["1", "2", "3"]],
    ['"a,b",c,"d"', ["a,b", "c", "d"]],
    ['"a""b",c,d', ['a"b', "c", "d"]],
    ['a"b,c,d', [null, null, null]],
    ['ab"c"d,e,f', ['abc"d', "e", "f"]],
    [' "a" , "b" ,c', [' a" ', 'b" ', "c"]],
    [String.raw`"a\"b",a\b,c\\d`, ['a"b', "ab", String.raw`c\d`]],
    ['a,"un', ["a", null, null]],
    ['"",,""', ["", "", ""]],
    ['x,a""b,d', ["x", 'a"b', "d"]],
    ['"é","😀",漢', ["é", "😀", "漢"]],
    ["\\", ["", null, null]],
  ])("%s", async (line, expected) => {
    expect(await rowsOf("a string, b string, c string", serde(CSV), line)).toEqual([expected]);
  });

  test("takes other characters, and leaves out a header", async () => {
    const properties = `'separatorChar' = ';', 'quoteChar' = "'", 'escapeChar' = '#'`;
    const header = "TBLPROPERTIES ('skip.header.line.count' = '1')";
    const text = "h;i;j\r\n1;'a;b';x#'y\r\n\r\n";
    expect(await rowsOf("a string, b string, c string", serde(CSV, properties), text, header)).toEqual([
      ["1", "a;b", "x'y"],
      [null, null, null],
    ]);
  });

  test("refuses what it cannot promise", async () => {
    expect(await reasonOf("a int", serde(CSV), "1\n")).toContain(`column type int of text_`);
    expect(await reasonOf("a string", serde(CSV, "'separatorChar' = '||'"), "1\n")).toContain("separatorChar '||'");
    expect(await reasonOf("a string", serde(CSV, "'speed' = '1'"), "1\n")).toContain("the SerDe property speed");
    const footer = "TBLPROPERTIES ('skip.footer.line.count' = '1')";
    expect(await reasonOf("a string", serde(CSV), "1\n", footer)).toContain("skip.footer.line.count");
    const table = await tableOf("a string", serde(CSV), "1\n");
    expect(await bench.reason(`INSERT INTO ${table} VALUES ('x')`)).toContain("whose files are delimited text");
  });
});

describe.each([
  ["OpenX", OPENX],
  ["Hive's", HIVE],
])("%s JSON SerDe", (_, library) => {
  const lines = (values: readonly string[]): string[] => values.map((value) => `{"s":${value}}`);
  const isOpenx = library === OPENX;

  // What both give, by a real Trino.
  test.each([
    ["bigint", "1|1.5|1e3|-7|-1.9999|null|9223372036854775807", "1|1|1000|-7|-1|NULL|9223372036854775807"],
    [
      "decimal(5,2)",
      '1|"1"|1.555|-1.555|"x"|1e2|true|""|-999.994',
      "1.00|1.00|1.56|-1.56|NULL|100.00|NULL|NULL|-999.99",
    ],
    ["double", "1|-0.0|0.1|1e400", "1.0|-0.0|0.1|Infinity"],
    ["boolean", 'true|"TRUE"|1|"yes"|""|null', "true|true|false|false|false|NULL"],
    ["string", '"x"|1|1.50|true|"\\u00e9\\n\\/"|""|12345678901234567890', "x|1|1.50|true|é\n/||12345678901234567890"],
    ["varchar(2)", '"😀é漢"|12345', "😀é|12"],
    ["date", '"2020-01-02"|"2020-1-2"|"2020-02-30 03:04:05"', "2020-01-02|2020-01-02|2020-03-01"],
    [
      "timestamp",
      '"2020-01-02 03:04:05.1239"|"2020-01-02T03:04:05"',
      "2020-01-02 03:04:05.124|2020-01-02 03:04:05.000",
    ],
    ["array<bigint>", "[1,2,null]|[]|null", "[1, 2, null]|[]|NULL"],
    ["struct<a:bigint,b:string>", '{"a":1,"B":2}|{}|{"x":5,"b":null}', "{a=1, b=2}|{a=null, b=null}|{a=null, b=null}"],
    ["map<string,double>", '{"x":1.5,"Y":null}|{}', "{x=1.5, Y=null}|{}"],
    ["map<string,timestamp>", '{"x":"2020-01-02 03:04:05.5"}', "{x=2020-01-02 03:04:05.500}"],
  ])("%s", async (type, values, expected) => {
    const read = await column(type, serde(library), lines(values.split("|")));
    expect(read.map((value) => value ?? "NULL").join("|")).toBe(expected);
  });

  test("knows keys by name whatever their case, and takes missing ones for NULL", async () => {
    const text = '{"S":"a","other":{"deep":[1,{"s":"}"}]}}\n{"t":2}\r\n{}\n'.replaceAll("\r", "");
    expect(await rowsOf("s string, t int", serde(library), text)).toEqual([
      ["a", null],
      [null, "2"],
      [null, null],
    ]);
  });

  test("fails on a line that is broken, also where no column of it is asked for", async () => {
    const broken = await tableOf("s string", serde(library), '{"s":1}\n{"s":1\n');
    expect(await bench.reason(`SELECT s FROM ${broken}`)).toMatch(/^HIVE_CURSOR_ERROR: Row is not a valid JSON Object/);
    expect(await bench.reason(`SELECT count(*) FROM ${broken}`)).toMatch(/^HIVE_CURSOR_ERROR: /);
    expect(await reasonOf("s string", serde(library), '{"s":1,"S":2}')).toContain('Duplicate key "S"');
    expect(await reasonOf("s bigint", serde(library), '{"s":{}}')).toBe(
      "HIVE_BAD_DATA: Error parsing field value 'an object' as bigint",
    );
    const unread = await tableOf("s bigint, t string", serde(library), '{"s":[1],"t":"x"}');
    expect(await bench.rows(`SELECT t FROM ${unread}`)).toEqual([["x"]]);
  });

  test("differs from the other where it must", async () => {
    const value = async (type: string, text: string) => (await column(type, serde(library), lines([text])))[0];
    const failure = async (type: string, text: string) => reasonOf(`s ${type}`, serde(library), `{"s":${text}}`);
    if (isOpenx) {
      expect(await column("bigint", serde(library), lines(['"1"', '"0x10"', '"010"', '"x"', "true"]))).toEqual([
        "1",
        "16",
        "8",
        null,
        null,
      ]);
      expect(
        await column("string", serde(library), lines(["1e3", "-0", '{"b": 1.50, "a" : "</"}', "TRUE", "007"])),
      ).toEqual(["1E+3", "0", '{"b":1.50,"a":"<\\/"}', "true", "7"]);
      expect(
        await column(
          "timestamp",
          serde(library),
          lines(['"2020-01-02T03:04:05-0230"', "1577934245123", "1577934245.5", "-5"]),
        ),
      ).toEqual([
        "2020-01-02 05:34:05.000",
        "2020-01-02 03:04:05.123",
        "2020-01-02 03:04:05.500",
        "1969-12-31 23:59:55.000",
      ]);
      expect(await column("array<bigint>", serde(library), lines(["5", '""', '"x"']))).toEqual(["[5]", null, "[null]"]);
      expect(await value("date", "18000")).toBe("2019-04-14");
      expect(await rowsOf("s string, t string", serde(library), "{'s':1;t=>x} y\n[1,\"b\"]\nnot json\n\n")).toEqual([
        ["1", "x"],
        ["1", "b"],
        [null, null],
        [null, null],
      ]);
    } else {
      expect(await column("string", serde(library), lines(["1e3", "-0"]))).toEqual(["1e3", "-0"]);
      expect(await failure("bigint", '"1"')).toContain("Error parsing field value '1' as bigint");
      expect(await failure("decimal(5,2)", "123456")).toContain("as decimal(5,2)");
      expect(await failure("string", "[1]")).toContain("as varchar");
      expect(await failure("date", '"x"')).toContain("as date");
      expect(await reasonOf("s string", serde(library), "{'s':1}")).toContain("Expected a field name");
      expect(await reasonOf("s string", serde(library), "\n{}")).toMatch(/^HIVE_CURSOR_ERROR/);
    }
  });
});

test("the OpenX SerDe's properties", async () => {
  const read = (properties: string, text: string) => rowsOf("s string, ab_c string", serde(OPENX, properties), text);
  expect(await read("'ignore.malformed.json' = 'TRUE'", '{"s":1\n{"s":2}\n')).toEqual([
    [null, null],
    ["2", null],
  ]);
  expect(await read("'dots.in.keys' = 'true'", '{"AB.c":1,"s":2}')).toEqual([["2", "1"]]);
  expect(await read("'case.insensitive' = 'false', 'mapping.ab_c' = 'S'", '{"S":1,"s":2}')).toEqual([["2", "1"]]);
  expect(await reasonOf("s string", serde(OPENX, "'timestamp.formats' = 'yyyy'"), "{}")).toContain(
    "the SerDe property timestamp.formats",
  );
});

test("files may be compressed, and tell their path", async () => {
  const table = await tableOf("s string", serde(OPENX), '{"s":1}\n');
  await bench.ports.objects.put({ bucket: "lake", key: `${table}/g.gz` }, gzipSync('{"s":2}\n\n'), {}, bench.call);
  await bench.ports.objects.put({ bucket: "lake", key: `${table}/h.zst` }, zstdCompressSync('{"s":3}'), {}, bench.call);
  expect(await bench.rows(`SELECT s, substr("$path", -5) FROM ${table} ORDER BY "$path", s`)).toEqual([
    ["1", "f.txt"],
    ["2", "/g.gz"],
    [null, "/g.gz"],
    ["3", "h.zst"],
  ]);
  expect(await bench.rows(`SELECT count(*) FROM ${table}`)).toEqual([["4"]]);
  await bench.ports.objects.put({ bucket: "lake", key: `${table}/i.bz2` }, "x", {}, bench.call);
  expect(await bench.reason(`SELECT s FROM ${table}`)).toContain("files that end in .bz2");
});
