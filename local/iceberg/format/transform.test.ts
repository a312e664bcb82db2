import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InvalidIceberg, UnsupportedIceberg } from "./errors.ts";
import type { PrimitiveType, Transform, Value } from "./model.ts";
import { applyTransform, codePoints, humanValue, parseTransform, resultType } from "./transform.ts";
import { compareValues, parseValue } from "./value.ts";
import { primitiveTypes, valuesOf } from "./value-fixture.ts";

describe("bucket", () => {
  // Iceberg spec, appendix B "32-bit Hash Requirements". The width is the largest, so that the hash shows through.
  test.each([
    ["int", "34", 2017239379],
    ["long", "34", 2017239379],
    ["decimal(9,2)", "14.20", -500754589],
    ["date", "2017-11-16", -653330422],
    ["time", "22:31:08", -662762989],
    ["timestamp", "2017-11-16T22:31:08", -2047944441],
    ["timestamp", "2017-11-16T22:31:08.000001", -1207196810],
    ["timestamptz", "2017-11-16T14:31:08-08:00", -2047944441],
    ["timestamptz", "2017-11-16T14:31:08.000001-08:00", -1207196810],
    ["string", "iceberg", 1210000089],
    ["uuid", "f79c3e09-677c-4bbd-a479-3f349cb785e7", 1488055340],
    ["fixed[4]", "\\x00\\x01\\x02\\x03", -188683207],
    ["binary", "\\x00\\x01\\x02\\x03", -188683207],
  ] satisfies [PrimitiveType, string, number][])("of %s %s", (type, text, hash) => {
    const value = parseValue(text, type) ?? null;
    expect(applyTransform("bucket[2147483647]", type, value)).toBe((hash & 0x7fffffff) % 2147483647);
    expect(applyTransform("bucket[16]", type, value)).toBe((hash & 0x7fffffff) % 16);
  });

  test("does not depend on the width of an integer nor on a decimal's precision", () => {
    fc.assert(
      fc.property(fc.integer(), (value) => {
        const bucket = applyTransform("bucket[100]", "int", value);
        expect(applyTransform("bucket[100]", "long", BigInt(value))).toBe(bucket);
        expect(applyTransform("bucket[100]", "decimal(10,2)", BigInt(value))).toBe(
          applyTransform("bucket[100]", "decimal(38,2)", BigInt(value)),
        );
      }),
    );
  });
});

describe("truncate", () => {
  test.each([
    ["truncate[10]", "int", 1, 0],
    ["truncate[10]", "int", -1, -10],
    ["truncate[10]", "int", -10, -10],
    ["truncate[10]", "long", -11n, -20n],
    ["truncate[10]", "int", -2147483648, 2147483646],
    ["truncate[10]", "long", -(2n ** 63n), 2n ** 63n - 2n],
    ["truncate[50]", "decimal(9,2)", 1065n, 1050n],
    ["truncate[50]", "decimal(9,2)", -1n, -50n],
    ["truncate[3]", "string", "iceberg", "ice"],
    ["truncate[3]", "string", "ic", "ic"],
    ["truncate[2]", "string", "\u{1f600}é\u{1f600}", "\u{1f600}é"],
    ["truncate[3]", "binary", Buffer.of(1, 2, 3, 4, 5), Buffer.of(1, 2, 3)],
  ] satisfies [Transform, PrimitiveType, Value, Value][])("%s of %s %s", (transform, type, value, result) => {
    expect(applyTransform(transform, type, value)).toEqual(result);
    expect(resultType(transform, type)).toBe(type);
  });

  test("code points are never cut in two", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.nat(20), (text, count) => {
        expect(codePoints(text, count)).toBe(Array.from(text).slice(0, count).join(""));
      }),
    );
  });
});

describe("time", () => {
  test.each([
    ["year", "date", "1969-12-31", -1, "1969"],
    ["year", "timestamp", "2020-01-02 03:04:05", 50, "2020"],
    ["month", "date", "1969-12-31", -1, "1969-12"],
    ["month", "timestamptz", "2020-01-02 03:04:05", 600, "2020-01"],
    ["month", "date", "1968-12-01", -13, "1968-12"],
    ["day", "date", "2020-01-02", 18263, "2020-01-02"],
    ["day", "timestamp", "1969-12-31 23:59:59.999999", -1, "1969-12-31"],
    ["hour", "timestamp", "1969-12-31 23:59:59.999999", -1, "1969-12-31-23"],
    ["hour", "timestamptz", "2020-01-02 03:59:59", 438315, "2020-01-02-03"],
    ["year", "date", "0044-03-15 (BC)", -2013, "-043"],
  ] satisfies [Transform, PrimitiveType, string, number, string][])(
    "%s of %s %s",
    (transform, type, text, result, human) => {
      expect(applyTransform(transform, type, parseValue(text, type) ?? null)).toBe(result);
      expect(humanValue(transform, type, result)).toBe(human);
    },
  );
});

test("partition values for people", () => {
  expect(humanValue("bucket[4]", "string", 3)).toBe("3");
  expect(humanValue("identity", "date", 18263)).toBe("2020-01-02");
  expect(humanValue("truncate[50]", "decimal(9,2)", 1050n)).toBe("10.50");
  expect(humanValue("truncate[10]", "int", -10)).toBe("-10");
  expect(humanValue("month", "date", null)).toBe("null");
});

test("NULL and void give NULL", () => {
  for (const transform of ["identity", "year", "bucket[3]", "truncate[3]", "void"] satisfies Transform[]) {
    expect(applyTransform(transform, "date", null)).toBeNull();
  }
  expect(applyTransform("void", "int", 5)).toBeNull();
});

test("what keeps the order keeps it for every value that does not leave its type", () => {
  const orderly: Transform[] = ["identity", "year", "month", "day", "hour", "truncate[7]"];
  fc.assert(
    fc.property(
      fc
        .tuple(fc.constantFrom(...orderly), fc.constantFrom(...primitiveTypes))
        .filter(([transform, type]) => takes(transform, type))
        .chain(([transform, type]) => fc.tuple(fc.constant({ transform, type }), narrow(type), narrow(type))),
      ([{ transform, type }, a, b]) => {
        const [first, second] = compareValues(a, b, type) <= 0 ? [a, b] : [b, a];
        const [low, high] = [applyTransform(transform, type, first), applyTransform(transform, type, second)];
        if (low === null || high === null) throw new Error("a value became NULL");
        expect(compareValues(low, high, resultType(transform, type))).toBeLessThanOrEqual(0);
      },
    ),
  );
});

/** Truncation of the lowest integers wraps, as it does in Java. */
function narrow(type: PrimitiveType): fc.Arbitrary<Value> {
  if (type === "int") return fc.integer({ min: -2147483640 });
  return type === "long" ? fc.bigInt({ min: -(2n ** 63n) + 8n, max: 2n ** 63n - 1n }) : valuesOf(type);
}

function takes(transform: Transform, type: PrimitiveType): boolean {
  try {
    resultType(transform, type);
    return true;
  } catch {
    return false;
  }
}

test("transforms are read from metadata, unknown ones refused by name", () => {
  for (const text of ["identity", "year", "month", "day", "hour", "void", "bucket[16]", "truncate[4]"]) {
    expect(parseTransform(text)).toBe(text);
  }
  for (const text of ["zorder", "bucket", "bucket[0]", "bucket[2147483648]", "truncate[-1]", "bucket(16)"]) {
    expect(() => parseTransform(text)).toThrow(
      new UnsupportedIceberg(
        `The partition transform ${text} is not supported. Known: identity, year, month, day, hour, void, bucket[N], truncate[W].`,
      ),
    );
  }
});

test("each transform takes the types that the specification lists", () => {
  const taken = (transform: Transform) => primitiveTypes.filter((type) => takes(transform, type));
  const times: PrimitiveType[] = ["timestamp", "timestamptz"];
  const decimals: PrimitiveType[] = ["decimal(9,2)", "decimal(18,0)", "decimal(38,10)"];
  expect(taken("day")).toEqual(["date", ...times]);
  expect(taken("hour")).toEqual(times);
  expect(taken("truncate[2]")).toEqual(["int", "long", "string", "binary", ...decimals]);
  expect(taken("bucket[2]")).toEqual(primitiveTypes.filter((type) => !["boolean", "float", "double"].includes(type)));
  expect(taken("identity")).toEqual(primitiveTypes);
  expect(() => resultType("hour", "date")).toThrow(
    new InvalidIceberg("The transform hour does not take a column of type date."),
  );
  expect(resultType("day", "timestamp")).toBe("date");
  expect(resultType("month", "date")).toBe("int");
  expect(resultType("bucket[8]", "string")).toBe("int");
  expect(resultType("void", "string")).toBe("string");
});
