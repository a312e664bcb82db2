import { randomBytes } from "node:crypto";
import { deflateRawSync, inflateRawSync, zstdCompressSync } from "node:zlib";
import avsc from "avsc";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeContainer, encodeContainer } from "./avro.ts";
import { ByteReader, ByteWriter } from "./avro-bytes.ts";
import { codecOf, type Later, membersOf } from "./avro-schema.ts";
import { InvalidIceberg, UnsupportedIceberg } from "./errors.ts";

/** Every Avro type that Iceberg's files have. */
const schema = JSON.stringify({
  type: "record",
  name: "all",
  fields: [
    { name: "flag", type: "boolean", "field-id": 1 },
    { name: "small", type: "int", "field-id": 2 },
    { name: "large", type: ["null", "long"], default: null, "field-id": 3 },
    { name: "ratio", type: "double", "field-id": 4 },
    { name: "single", type: "float", "field-id": 5 },
    { name: "raw", type: ["null", "bytes"], "field-id": 6 },
    { name: "text", type: "string", "field-id": 7 },
    { name: "uuid", type: { type: "fixed", name: "uuid_fixed", size: 16, logicalType: "uuid" }, "field-id": 8 },
    { name: "twin", type: "uuid_fixed", "field-id": 9 },
    { name: "list", type: { type: "array", items: "long", "element-id": 11 }, "field-id": 10 },
    {
      name: "counts",
      type: {
        type: "array",
        logicalType: "map",
        items: {
          type: "record",
          name: "k12_v13",
          fields: [
            { name: "key", type: "int", "field-id": 12 },
            { name: "value", type: "bytes", "field-id": 13 },
          ],
        },
      },
      "field-id": 14,
    },
  ],
});
const codec = (text: string) => codecOf(text, membersOf([[2, "little", "int"]]));

const long = fc.oneof(fc.maxSafeInteger(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), fc.integer());
const fixed = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes));
const raw = fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes));
const records = fc.array(
  fc.record({
    f1: fc.boolean(),
    little: fc.integer(),
    f3: fc.option(long.map(plainest)),
    f4: fc.double(),
    f5: fc.float(),
    f6: fc.option(raw),
    f7: fc.string({ unit: "binary" }),
    f8: fixed,
    f9: fixed,
    f10: fc.array(long.map(plainest)),
    f14: fc.array(fc.tuple(fc.integer(), raw)).map((pairs) => new Map(pairs)),
  }),
  { maxLength: 5 },
);

/** Longs are numbers where these are exact. */
function plainest(value: number | bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : BigInt(value);
}

/** With the maps, which are read when asked for, as values. */
function settled(record: unknown): unknown {
  const { f14, ...rest } = record as { f14: Later<Buffer> };
  return { ...rest, f14: f14() };
}

describe("containers", () => {
  test("give back what was put in", () => {
    fc.assert(
      fc.property(records, fc.dictionary(fc.string(), fc.string()), (list, metadata) => {
        const read = decodeContainer(encodeContainer(schema, codec, list, metadata), codec);
        expect(read.records.map(settled)).toEqual(list);
        expect(read.metadata).toEqual(
          new Map(Object.entries({ "avro.schema": schema, "avro.codec": "deflate", ...metadata })),
        );
      }),
    );
  });

  test("are the same bytes for the same records", () => {
    const [list] = fc.sample(records, { numRuns: 1, seed: 3 });
    expect(encodeContainer(schema, codec, list ?? [], {})).toEqual(encodeContainer(schema, codec, list ?? [], {}));
  });

  test("are read by avsc", async () => {
    const list = fc.sample(records, { numRuns: 20, seed: 11 }).flat();
    const decoder = new avsc.streams.BlockDecoder({
      codecs: { deflate: (block, done) => done(null, inflateRawSync(block)) },
      parseHook: (parsed) => avsc.Type.forSchema(parsed, { registry: { long: exactLong }, wrapUnions: false }),
    });
    const read: unknown[] = [];
    decoder.on("data", (record) => read.push(record));
    decoder.end(encodeContainer(schema, codec, list, {}));
    await new Promise((done) => decoder.on("end", done));
    expect(read.length).toBe(list.length);
    expect(read.map((record) => ({ ...(record as object) }))).toEqual(
      list.map((record) => ({
        flag: record.f1,
        small: record.little,
        large: record.f3,
        ratio: record.f4,
        single: record.f5,
        raw: record.f6,
        text: record.f7,
        uuid: record.f8,
        twin: record.f9,
        list: record.f10,
        counts: Array.from(record.f14, ([key, value]) => ({ key, value })),
      })),
    );
  });

  test.each(["null", "deflate", "zstandard"])("written elsewhere with the codec %s are read", (name) => {
    const [list = []] = fc.sample(records, { numRuns: 1, seed: 5 });
    expect(decodeContainer(foreign(name, list), codec).records.map(settled)).toEqual([...list, ...list]);
  });

  test("compressed otherwise are refused by name", () => {
    expect(() => decodeContainer(foreign("snappy", []), codec)).toThrow(
      new UnsupportedIceberg("Avro files compressed with snappy are not supported: use deflate"),
    );
  });

  test("cut off anywhere are refused", () => {
    const list = fc.sample(records, { numRuns: 10, seed: 1 }).flat();
    const whole = encodeContainer(schema, codec, list, { a: "b" });
    // Without any block the rest is a whole file of no records.
    const header = encodeContainer(schema, codec, [], { a: "b" }).length;
    for (let length = 0; length < whole.length; length++) {
      if (length === header) continue;
      expect(() => decodeContainer(whole.subarray(0, length), codec), String(length)).toThrow(InvalidIceberg);
    }
  });

  test("with another end mark or spare bytes are refused", () => {
    const whole = encodeContainer(schema, codec, fc.sample(records, { numRuns: 50, seed: 2 }).flat(), {});
    whole[whole.length - 1] = (whole.at(-1) ?? 0) ^ 1;
    expect(() => decodeContainer(whole, codec)).toThrow("Avro file: a block has no end mark");
    whole.fill(0xff, whole.length - 60, whole.length - 20);
    expect(() => decodeContainer(whole, codec)).toThrow("Avro file: a block is not what its codec has written");
    expect(() => decodeContainer(Buffer.from("PAR1 and more"), codec)).toThrow("Avro file: it does not begin as one");
  });
});

/** The container as Java and Python may write it: several blocks, metadata and arrays in blocks that say their size. */
function foreign(codecName: string, list: readonly unknown[]): Buffer {
  const compress = {
    null: (b: Buffer) => b,
    deflate: deflateRawSync,
    zstandard: zstdCompressSync,
    snappy: (b: Buffer) => b,
  };
  const content = new ByteWriter();
  for (const record of list) codec(schema).write(content, record);
  const block = compress[codecName as keyof typeof compress](content.written());
  const sync = randomBytes(16);
  const pairs = new ByteWriter();
  pairs.text("avro.codec");
  pairs.text(codecName);
  pairs.text("avro.schema");
  pairs.text(schema);
  const file = new ByteWriter();
  file.raw(Buffer.from("Obj\u0001"));
  file.long(-2);
  file.bytes(pairs.written());
  file.long(0);
  file.raw(sync);
  for (let blocks = 0; blocks < 2; blocks++) {
    file.long(list.length);
    file.bytes(block);
    file.raw(sync);
  }
  return file.written();
}

const exactLong = avsc.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => plainest(bytes.readBigInt64LE()),
  toBuffer: () => Buffer.alloc(8),
  fromJSON: (value: unknown) => value,
  toJSON: (value: unknown) => value,
  isValid: (value: unknown) => typeof value === "number" || typeof value === "bigint",
  compare: () => 0,
});

describe("longs", () => {
  test("of 64 bits are exact", () => {
    fc.assert(
      fc.property(long, (value) => {
        const writer = new ByteWriter();
        writer.long(value);
        expect(new ByteReader(writer.written()).long()).toBe(plainest(value));
      }),
      { examples: [[-1], [2 ** 48], [2 ** 49], [-(2 ** 49)], [2 ** 50], [2n ** 53n], [-(2n ** 63n)]] },
    );
  });

  test.each([
    [0, "00"],
    [-1, "01"],
    [1, "02"],
    [-64, "7f"],
    [64, "8001"],
    [2n ** 63n - 1n, "feffffffffffffffff01"],
  ])("%s is zig-zag %s", (value, hex) => {
    const writer = new ByteWriter();
    writer.long(value);
    expect(writer.written().toString("hex")).toBe(hex);
  });

  test("that never end are refused", () => {
    expect(() => new ByteReader(Buffer.alloc(20, 0xff)).long()).toThrow("Avro file: a long has more than 64 bits");
  });
});

describe("schemas", () => {
  const record = (type: unknown) =>
    JSON.stringify({ type: "record", name: "r", fields: [{ name: "x", type, "field-id": 7 }] });

  test("must have the members that are asked for, of their types", () => {
    const wanted = membersOf([[7, "path", "string"]]);
    expect(() => codecOf(record("string"), membersOf([[8, "size", "count"]]))).toThrow(
      new InvalidIceberg("Avro file: its records have no field 8 (size)"),
    );
    expect(() => codecOf(record("long"), wanted)).toThrow(
      new InvalidIceberg("Avro file: field 7 (path) is not of type string"),
    );
    expect(() => codecOf(record(["null", "string"]), wanted)).toThrow(
      "Avro file: field 7 (path) is not of type string",
    );
    expect(
      codecOf(
        record("int"),
        membersOf([
          [7, "size", "count?"],
          [8, "other", "long?"],
        ]),
      ),
    ).toBeDefined();
  });

  test("that Avro does not allow or Iceberg does not use are refused", () => {
    const none = membersOf([]);
    expect(() => codecOf("{", none)).toThrow("Avro file: its schema is not JSON");
    expect(() => codecOf(record("decimal"), none)).toThrow("Avro file: there is no type decimal");
    expect(() => codecOf(record({ type: "map", values: "long" }), none)).toThrow(
      new UnsupportedIceberg("Avro type map is not supported"),
    );
  });

  test("a count beyond what a number holds is refused", () => {
    const wide = new ByteWriter();
    wide.long(2n ** 60n);
    expect(() =>
      codecOf(record("long"), membersOf([[7, "size", "count"]])).read(new ByteReader(wide.written())),
    ).toThrow("Avro file: 1152921504606846976 is more than can be counted");
  });

  test("values of another type are not written", () => {
    expect(() => codecOf(record("string"), membersOf([])).write(new ByteWriter(), { f7: 1 })).toThrow(
      new InvalidIceberg("Avro file: a number cannot be written as string"),
    );
    expect(() => codecOf(record("long"), membersOf([])).write(new ByteWriter(), { f7: 0.5 })).toThrow(
      "Avro file: a number cannot be written as int or long",
    );
  });
});
