import { expect, test } from "vitest";
import { parseColumns } from "./parquet-footer.ts";

/** Thrift's compact protocol, as far as these tests need it. */
type Member = readonly [field: number, type: number, bytes: Buffer];

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}
const zigzag = (value: number): Buffer => Buffer.from(varint(value < 0 ? -value * 2 - 1 : value * 2));
const integer = (field: number, value: number): Member => [field, 5, zigzag(value)];
const text = (field: number, value: string): Member => [
  field,
  8,
  Buffer.from([...varint(Buffer.byteLength(value)), ...Buffer.from(value)]),
];
const flag = (field: number, value: boolean): Member => [field, value ? 1 : 2, Buffer.alloc(0)];
const byte = (field: number, value: number): Member => [field, 3, Buffer.of(value)];
const inner = (field: number, ...members: Member[]): Member => [field, 12, struct(...members)];

function struct(...members: Member[]): Buffer {
  let last = 0;
  const parts = members.flatMap(([field, type, bytes]) => {
    const delta = field - last;
    last = field;
    const head = delta > 0 && delta < 16 ? Buffer.of((delta << 4) | type) : Buffer.from([type, ...zigzag(field)]);
    return [head, bytes];
  });
  return Buffer.concat([...parts, Buffer.of(0)]);
}

function structs(field: number, items: readonly Buffer[]): Member {
  const head = items.length < 15 ? [(items.length << 4) | 12] : [0xfc, ...varint(items.length)];
  return [field, 9, Buffer.concat([Buffer.from(head), ...items])];
}

/** Members of another kind before and inside of the schema, which must be passed over. */
const unknown: readonly Member[] = [
  flag(20, true),
  [21, 6, Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f])],
  [22, 7, Buffer.alloc(8)],
  text(23, "é".repeat(100)),
  [24, 9, Buffer.from([0x21, 1, 2])],
  structs(
    40,
    Array.from({ length: 20 }, () => struct(integer(1, -7))),
  ),
];

const element = (name: string, id: number | undefined, ...members: Member[]): Buffer =>
  struct(...[...members, text(4, name), ...(id === undefined ? [] : [integer(9, id)])].sort(([a], [b]) => a - b));

const footer = (...elements: Buffer[]): Buffer =>
  Buffer.concat([
    struct(integer(1, 2), structs(2, elements), integer(3, 7)),
    Buffer.from("row groups, which are not read"),
  ]);

const leaf = (physical: number, ...logical: Member[]): Member[] => [
  integer(1, physical),
  ...(logical.length === 0 ? [] : [inner(10, ...logical)]),
];
const MICROS = inner(2, inner(2));
const MILLIS = inner(2, inner(1));

test("Leaves are told by their logical types.", () => {
  const leaves: readonly [string, Member[]][] = [
    ["INTEGER", leaf(1, inner(10, byte(1, 32), flag(2, true)))],
    ["?1//10.0.32", leaf(1, inner(10, byte(1, 32), flag(2, false)))],
    ["?1//10.0.16", leaf(1, inner(10, byte(1, 16), flag(2, true)))],
    ["BIGINT", leaf(2, inner(10, byte(1, 64), flag(2, true)))],
    ["DATE", leaf(1, inner(6))],
    ["TIMESTAMP", leaf(2, inner(8, flag(1, false), MICROS))],
    ["TIMESTAMP WITH TIME ZONE", leaf(2, inner(8, flag(1, true), MICROS))],
    ["?2//8.1.0", leaf(2, inner(8, flag(1, true), MILLIS))],
    ["TIME", leaf(2, inner(7, flag(1, false), MICROS))],
    ["VARCHAR", leaf(6, inner(1))],
    ["?6//12.0.0", leaf(6, inner(12))],
    ["BLOB", leaf(6)],
    ["BLOB", [...leaf(7), integer(2, 4)]],
    ["UUID", leaf(7, inner(14))],
    ["DECIMAL(18,3)", [...leaf(2, inner(5, integer(1, 3), integer(2, 18))), integer(7, 3), integer(8, 18)]],
    ["?3//", leaf(3)],
    ["?2/10/", [...leaf(2), integer(6, 10)]],
    ["VARCHAR", [...leaf(6), integer(6, 0)]],
  ];
  const elements = leaves.map(([, members], i) => element(`c${i}`, i + 1, ...members, ...(i === 0 ? unknown : [])));
  const columns = parseColumns(footer(element("root", undefined, integer(5, leaves.length)), ...elements));
  expect(columns.map(({ type }) => type)).toEqual(leaves.map(([type]) => type));
  expect(columns.map(({ id }) => id)).toEqual(leaves.map((_, i) => i + 1));
});

test("Groups keep their shape, annotations and ids, or that there are none.", () => {
  const columns = parseColumns(
    footer(
      element("root", undefined, integer(5, 3)),
      element("l", 1, integer(5, 1), integer(6, 3)),
      element("array", 2, integer(1, 1), integer(3, 2)),
      element("m", 3, integer(5, 1), inner(10, inner(2))),
      element("key_value", undefined, integer(5, 2), integer(3, 2)),
      element("key", 4, ...leaf(6, inner(1))),
      element("value", 5, integer(1, 5)),
      element("s", -6, integer(5, 1)),
      element("x", undefined, integer(1, 0)),
    ),
  );
  const short = (node: (typeof columns)[number]): unknown => [
    `${node.name} ${node.id ?? "-"} ${node.annotation ?? node.type ?? "group"}${node.repeated ? " *" : ""}`,
    ...node.children.map(short),
  ];
  expect(columns.map(short)).toEqual([
    ["l 1 list", ["array 2 INTEGER *"]],
    ["m 3 map", ["key_value - group *", ["key 4 VARCHAR"], ["value 5 DOUBLE"]]],
    ["s -6 group", ["x - BOOLEAN"]],
  ]);
});

test("A footer that ends early is an error.", () => {
  const whole = footer(element("root", undefined, integer(5, 1)), element("a", 1, integer(1, 1)));
  expect(() => parseColumns(whole.subarray(0, 8))).toThrow("ends early");
  expect(() => parseColumns(footer(element("root", undefined, integer(5, 1))))).toThrow("A Parquet schema ends early");
});
