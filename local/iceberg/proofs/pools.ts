import type { DuckDBConnection } from "@duckdb/node-api";
import type { IcebergType, PrimitiveType } from "../format/model.ts";
import { duckType, isPrimitive } from "../format/types.ts";

/**
 * Values of every type that a table can have, chosen where bounds, partitions and orders go wrong. What a value looks
 * like and what it is greater than is asked of a plain DuckDB, so that nothing of the room judges itself.
 */

/** A value of a column. */
export interface Cell {
  /** SQL of it in the type it was made for. */
  readonly sql: string;
  /** Text by the DuckDB name of every type it may have come to; null is NULL. */
  readonly texts: ReadonlyMap<string, string> | null;
  /** Place among all values of the family; equal values share one. */
  readonly rank: number;
  /** So close to an end of the type that truncation leaves it. */
  readonly extreme: boolean;
}

export const NULL_CELL: Cell = { sql: "NULL", texts: null, rank: Number.NaN, extreme: false };

const struct = (fields: readonly (readonly [string, PrimitiveType])[]): IcebergType => ({
  type: "struct",
  fields: fields.map(([name, type]) => ({ id: 0, name, required: false, type })),
});
const list = (element: IcebergType): IcebergType => ({
  type: "list",
  "element-id": 0,
  element,
  "element-required": false,
});

/** Types that widen into one another, narrowest first, and their values as SQL; the extremes after them. */
interface Family {
  readonly types: readonly IcebergType[];
  /** By type, in the order of `types`. */
  readonly values: readonly (readonly string[])[];
  readonly extremes?: readonly (readonly string[])[];
}

const texts = [
  ...[
    "",
    " ",
    "a",
    "A",
    "b",
    "NULL",
    "null",
    "__HIVE_DEFAULT_PARTITION__",
    "a/b=c",
    "%41",
    "100%",
    "it''s",
    "é",
    "e\u0301",
    "ß",
    "ÿ",
  ],
  // Sixteen code points are as much as a bound holds.
  ...["exactly16letters", "the same sixteen, 1", "the same sixteen, 2", "the same sixteen", "the same sixteen!"],
  ...[
    "\u{10ffff}".repeat(20),
    `\u{10ffff}`,
    `${"z".repeat(15)}\ud7ff and more`,
    "\uffff",
    "\u{10000}",
    "\ue000",
    "\ufffd",
  ],
  ...[
    "😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀",
    "😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀😀",
    "日本語のテキストは十六文字より長いことがあります",
    "x".repeat(300),
  ],
].map((text) => `'${text}'`);

const days = [
  ...["1970-01-01", "1969-12-31", "1969-12-01", "1900-02-28", "0001-01-01", "9999-12-31", "2000-02-29", "2011-12-09"],
  ...["2011-12-10", "2012-01-01", "1969-01-01", "1968-12-31", "0044-03-15 (BC)"],
].map((day) => `'${day}'`);

const moments = [
  ...["1970-01-01 00:00:00", "1969-12-31 23:59:59.999999", "1969-12-31 22:59:59", "1970-01-01 00:59:59.999999"],
  ...["1960-05-05 05:05:05.000005", "2011-12-09 12:50:00", "2011-12-09 12:50:00.000001", "2011-12-09 13:00:00"],
  ...["0001-01-01 00:00:00", "9999-12-31 23:59:59.999999", "2000-02-29 23:00:00"],
];

const decimals = [
  "0",
  "0.01",
  "-0.01",
  "0.1",
  "-0.5",
  "1",
  "-1",
  "10.65",
  "-10.65",
  "1.27",
  "1.28",
  "-1.28",
  "-1.29",
  "327.68",
];

const families: readonly Family[] = [
  { types: ["boolean"], values: [["true", "false"]] },
  {
    types: ["int", "long"],
    values: [
      ["0", "1", "-1", "127", "128", "-128", "-129", "255", "256", "9", "10", "-10", "-11", "65536", "20101201"],
      [
        "0",
        "1",
        "-1",
        "2147483648",
        "-2147483649",
        "4294967296",
        "1000000000000",
        "-1000000000000",
        "9007199254740993",
      ],
    ],
    extremes: [
      ["2147483647", "-2147483648"],
      ["9223372036854775807", "-9223372036854775808"],
    ],
  },
  {
    types: ["float", "double"],
    values: [
      ["0", "'-0'", "1", "-1", "0.1", "-0.1", "16777216", "'1e30'", "'-1e-30'", "'nan'", "'inf'", "'-inf'"],
      [
        "0",
        "'-0'",
        "1",
        "0.1",
        "-0.1",
        "'1e300'",
        "'-1e300'",
        "'5e-324'",
        "9007199254740993",
        "'nan'",
        "'inf'",
        "'-inf'",
      ],
    ],
  },
  {
    types: ["decimal(9,2)", "decimal(18,2)", "decimal(38,2)"],
    values: [
      decimals,
      [...decimals, "12345678901.23", "-12345678901.23"],
      [...decimals, "123456789012345678901234567890.12", "-123456789012345678901234567890.12"],
    ],
    extremes: [
      ["9999999.99", "-9999999.99"],
      ["9999999999999999.99", "-9999999999999999.99"],
      ["999999999999999999999999999999999999.99", "-999999999999999999999999999999999999.99"],
    ],
  },
  {
    types: ["decimal(38,10)"],
    values: [[...decimals, "0.0000000001", "-0.0000000001", "1234567890123456789012345678.0000000001"]],
  },
  { types: ["date"], values: [days] },
  {
    types: ["time"],
    values: [["00:00:00", "00:00:00.000001", "12:00:00", "23:59:59.999999", "01:02:03.4"].map((it) => `'${it}'`)],
  },
  { types: ["timestamp"], values: [moments.map((moment) => `'${moment}'`)] },
  { types: ["timestamptz"], values: [moments.map((moment) => `'${moment}+00'`)] },
  { types: ["string"], values: [[...texts, "'zero' || chr(0) || 'byte'"]] },
  {
    types: ["uuid"],
    values: [
      [
        "00000000-0000-0000-0000-000000000000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
        "7fffffff-0000-4000-8000-000000000001",
      ]
        .concat(["80000000-0000-4000-8000-000000000000", "f79c3e09-677c-4bbd-a479-3f349cb785e7"])
        .map((uuid) => `'${uuid}'`),
    ],
  },
  {
    types: ["binary"],
    values: [
      ["", "\\x00", "\\xFF", "a", "\\x7F", "\\x80", "\\xFF".repeat(20), "abc".repeat(10)].map((it) => `'${it}'`),
    ],
  },
  { types: [list("string")], values: [["[]", "['a']", "['a', NULL, 'the same sixteen, 1']"]] },
  {
    types: [
      struct([
        ["x", "int"],
        ["y", "string"],
      ]),
    ],
    values: [["{'x': 1, 'y': 'a'}", "{'x': NULL, 'y': NULL}", "{'x': -5, 'y': ''}"]],
  },
  {
    types: [{ type: "map", "key-id": 0, key: "string", "value-id": 0, value: "double", "value-required": false }],
    values: [["MAP {}", "MAP {'a': 1.5}", "MAP {'b': NULL, 'a': 'nan'::DOUBLE}"]],
  },
  {
    types: [
      list(
        struct([
          ["p", "timestamp"],
          ["q", "decimal(18,3)"],
        ]),
      ),
    ],
    values: [["[]", "[{'p': NULL, 'q': 1.5}, NULL]", "[{'p': '1969-12-31', 'q': -1}]"]],
  },
];

export const allTypes: readonly IcebergType[] = families.flatMap(({ types }) => types);
export const primitives: readonly PrimitiveType[] = allTypes.filter(isPrimitive);

/** Types that a column of the type may be widened to. */
export function widerTypes(type: IcebergType): readonly IcebergType[] {
  const family = families.find(({ types }) => types.includes(type));
  return family ? family.types.slice(family.types.indexOf(type) + 1) : [];
}

/** Values by the DuckDB name of their type. */
export type Pools = ReadonlyMap<string, readonly Cell[]>;

/** Asks DuckDB for the texts and the order of all values. */
export async function openPools(connection: DuckDBConnection): Promise<Pools> {
  const pools = new Map<string, readonly Cell[]>();
  for (const family of families) for (const [type, cells] of await cellsOf(connection, family)) pools.set(type, cells);
  return pools;
}

async function cellsOf(connection: DuckDBConnection, family: Family): Promise<Map<string, Cell[]>> {
  const names = family.types.map(duckType);
  const widest = names.at(-1) ?? "";
  const values = names.flatMap((name, at) => {
    const plain = (family.values[at] ?? []).map((sql) => ({ at, name, sql: `(${sql})::${name}`, extreme: false }));
    const ends = (family.extremes?.[at] ?? []).map((sql) => ({ at, name, sql: `(${sql})::${name}`, extreme: true }));
    return [...plain, ...ends];
  });
  const selects = values.map(({ at, sql }, index) => {
    const texts = names.map((name, wider) => (wider < at ? "NULL" : `(${sql})::${name}::VARCHAR`));
    return `SELECT ${index} AS i, [${texts.join(", ")}] AS texts, (${sql})::${widest} AS v`;
  });
  const rows = await connection.runAndReadAll(
    `SELECT texts, dense_rank() OVER (ORDER BY v)::INTEGER AS place FROM (${selects.join(" UNION ALL ")}) ORDER BY i`,
  );
  const cells = new Map<string, Cell[]>();
  for (const [index, [texts, place]] of rows.getRowsJson().entries()) {
    const value = values[index];
    if (value === undefined || !Array.isArray(texts)) throw new Error("DuckDB lost a value");
    const known = names.flatMap((name, at): [string, string][] =>
      texts[at] === null ? [] : [[name, String(texts[at])]],
    );
    const cell = { sql: value.sql, texts: new Map(known), rank: Number(place), extreme: value.extreme };
    cells.set(value.name, [...(cells.get(value.name) ?? []), cell]);
  }
  return cells;
}
