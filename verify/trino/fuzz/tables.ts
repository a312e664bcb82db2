import { tables as lakeTables } from "../../../analytics/models/index.ts";
import { seededRandom } from "../../../cli/demo/random.ts";
import { fromHive } from "../../../local/aws/athena/sql/hive-type.ts";
import {
  arrayOf,
  BIGINT,
  BOOLEAN,
  DATE,
  DOUBLE,
  decimal,
  INTEGER,
  mapOf,
  REAL,
  type RowField,
  rowOf,
  type TrinoType,
  timestamp,
  VARBINARY,
  VARCHAR,
  zoned,
} from "../../../local/aws/athena/sql/types.ts";
import type { Value } from "./literals.ts";
import type { Kind } from "./values.ts";
import * as pool from "./values.ts";

export interface FuzzColumn {
  readonly name: string;
  readonly type: TrinoType;
  /** What the generator takes the column for; none: it is not chosen by kind. */
  readonly kind?: Kind;
  readonly values: readonly Value[];
}

export interface FuzzTable {
  readonly name: string;
  readonly columns: readonly FuzzColumn[];
  readonly rows: readonly (readonly Value[])[];
}

const column = (name: string, type: TrinoType, kind: Kind | undefined, values: readonly Value[]): FuzzColumn => ({
  name,
  type,
  values,
  ...(kind && { kind }),
});

const pairX = (type: TrinoType): RowField => ({ name: "x", type });
const pairY: RowField = { name: "y", type: VARCHAR };

/** A table with every type; of the types whose extremes overflow, a tame column and a wild one. */
const everyType: readonly FuzzColumn[] = [
  column("c_flag", BOOLEAN, "boolean", ["true", "false"]),
  column("c_small", INTEGER, "integer", pool.integers),
  column("c_int", INTEGER, "integer", pool.wildIntegers),
  column("c_long", BIGINT, "bigint", pool.bigints),
  column("c_big", BIGINT, "bigint", pool.wildBigints),
  column("c_plain", DOUBLE, undefined, pool.plainDoubles),
  column("c_double", DOUBLE, "double", pool.wildDoubles),
  column("c_cents", decimal(12, 2), "decimal", pool.cents),
  column("c_mills", decimal(18, 3), "decimal", pool.mills),
  column("c_huge", decimal(38, 10), "decimal", pool.hugeDecimals),
  column("c_text", VARCHAR, "varchar", pool.texts),
  column("c_word", VARCHAR, "varchar", pool.texts),
  column("c_date", DATE, "date", pool.dates),
  column("c_day", DATE, "date", pool.dates.slice(1, 9)),
  column("c_time", timestamp(6), "timestamp", pool.timestamps),
  column(
    "c_milli",
    timestamp(3),
    "timestamp",
    pool.timestamps.map((text) => text.slice(0, 23)),
  ),
  column("c_instant", zoned(6), "instant", pool.timestamps),
  column("c_clock", { kind: "time", precision: 6 }, "time", pool.times),
  column("c_bytes", VARBINARY, "varbinary", pool.bytes),
  column("c_json", VARCHAR, "json", pool.jsonTexts),
  column("c_numbers", arrayOf(BIGINT), "numbers", pool.nested.numbers),
  column("c_texts", arrayOf(VARCHAR), "texts", pool.nested.texts),
  column("c_doubles", arrayOf(DOUBLE), "doubles", pool.nested.doubles),
  column("c_map", mapOf(VARCHAR, BIGINT), "map", pool.nested.map),
  column("c_row", rowOf([pairX(BIGINT), pairY]), "row", pool.nested.row),
];

/** Columns of the types that meet in comparisons, operators and arguments; none is chosen by kind. */
const manyTypes: readonly FuzzColumn[] = (
  [
    ["m_flag", BOOLEAN, ["true", "false"]],
    ["m_tiny", { kind: "tinyint" }, ["1", "-128", "0"]],
    ["m_small", { kind: "smallint" }, ["1", "32767", "2"]],
    ["m_int", INTEGER, ["1", "-7", "16777217"]],
    ["m_long", BIGINT, ["1", "9007199254740993", "42"]],
    ["m_real", REAL, ["1", "0.1", "16777216"]],
    ["m_double", DOUBLE, ["1", "0.1", "1.5", "NaN", "9007199254740992"]],
    ["m_tenth", decimal(3, 1), ["1.0", "0.1", "1.5", "-99.9"]],
    ["m_whole", decimal(10, 0), ["1", "42", "-7"]],
    ["m_wide", decimal(38, 2), ["1.00", "0.10", "999999999999999999999999999999999999.99"]],
    ["m_fine", decimal(20, 18), ["1.000000000000000000", "0.100000000000000001"]],
    ["m_text", VARCHAR, ["1", "a", "", "true", "2011-12-09", "0.1"]],
    ["m_bytes", VARBINARY, ["31", "61", ""]],
    ["m_date", DATE, ["2011-12-09", "1970-01-01"]],
    ["m_seconds", timestamp(0), ["2011-12-09 00:00:00", "2011-12-09 12:50:01"]],
    ["m_milli", timestamp(3), ["2011-12-09 00:00:00.000", "2011-12-09 12:50:00.500"]],
    ["m_micro", timestamp(6), ["2011-12-09 00:00:00.000000", "2011-12-09 12:50:00.500001"]],
    ["m_instant", zoned(3), ["2011-12-09 00:00:00.000", "2011-12-09 12:50:00.500"]],
    ["m_exact", zoned(6), ["2011-12-09 00:00:00.000000", "2011-12-09 12:50:00.500001"]],
    ["m_clock", { kind: "time", precision: 3 }, ["00:00:00.000", "12:50:00.500"]],
    ["m_ints", arrayOf(INTEGER), [[], ["1"], ["1", null]]],
    ["m_longs", arrayOf(BIGINT), [["1"], ["1", "2"]]],
    ["m_tenths", arrayOf(decimal(3, 1)), [["1.0"], ["1.5", null]]],
    ["m_words", arrayOf(VARCHAR), [["1"], ["a", null]]],
    ["m_map", mapOf(VARCHAR, INTEGER), [[["a", "1"]], []]],
    ["m_row", rowOf([pairX(INTEGER), pairY]), [["1", "a"]]],
    [
      "m_long_row",
      rowOf([pairX(BIGINT), pairY]),
      [
        ["1", "a"],
        [null, null],
      ],
    ],
  ] as const
).map(([name, type, values]) => column(name, type, undefined, values));

const lakeKinds: Readonly<Record<string, readonly [Kind, readonly Value[]]>> = {
  boolean: ["boolean", ["true", "false"]],
  integer: ["integer", pool.integers],
  bigint: ["bigint", pool.bigints],
  decimal: ["decimal", pool.mills],
  varchar: ["varchar", ["12346", "12347", "A", "", "85123A", "United Kingdom", "é", "sale", "left"]],
  date: ["date", pool.dates.slice(1, 5)],
  timestamp: ["timestamp", pool.timestamps.slice(0, 6)],
};

/** Columns of a table of the lake, with few values each, so that joins and groups meet. */
function lakeColumns(name: string): readonly FuzzColumn[] {
  const table = lakeTables.find((each) => each.name === name);
  if (table === undefined) throw new Error(`The lake has no table ${name}`);
  return table.columns.map((each) => {
    const type = fromHive(each.type, 6);
    const known = type && lakeKinds[type.kind];
    if (type === undefined || known === undefined) throw new Error(`No values for ${name}.${each.name}, ${each.type}`);
    return column(each.name, type, known[0], known[1]);
  });
}

/** Share of NULLs in a column. */
const NULLS = 0.12;
export const EVERY_TYPE = "every_type";
export const EVERY_TYPE_ROWS = 48;
export const MANY_TYPES = "many_types";
const LAKE_ROWS = 24;
/** Rows of the table of many types: by far enough that every value meets some other. */
export const MANY_TYPES_ROWS = 16;

function filled(name: string, columns: readonly FuzzColumn[], count: number, seed: number): FuzzTable {
  const random = seededRandom(seed);
  const pick = (values: readonly Value[]): Value =>
    random() < NULLS ? null : (values[Math.floor(random() * values.length)] ?? null);
  return {
    name,
    columns: [column("id", INTEGER, undefined, []), column("grp", VARCHAR, undefined, []), ...columns],
    rows: Array.from({ length: count }, (_, at) => [
      String(at + 1),
      pick(["a", "b", "c", "é"]),
      ...columns.map(({ values }) => pick(values)),
    ]),
  };
}

/** Always the same tables: what differs between seeds are the queries. */
export const fuzzTables: readonly FuzzTable[] = [
  filled(EVERY_TYPE, everyType, EVERY_TYPE_ROWS, 1),
  ...["orders", "order_lines", "customers", "rfm", "segment_members", "engagement"].map((name, at) =>
    filled(name, lakeColumns(name), LAKE_ROWS, at + 2),
  ),
  filled(MANY_TYPES, manyTypes, MANY_TYPES_ROWS, 8),
];

/** @throws Error when there is none */
export function tableNamed(name: string): FuzzTable {
  const table = fuzzTables.find((each) => each.name === name);
  if (table === undefined) throw new Error(`No table ${name}`);
  return table;
}
