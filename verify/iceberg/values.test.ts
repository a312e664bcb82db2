import { describe, expect, it } from "vitest";
import { literal } from "./types.ts";
import { digestOf, textOf } from "./values.ts";

describe("digestOf", () => {
  const rows = [
    ["1", "a"],
    ["2", null],
    ["2", ""],
  ];

  it("does not depend on the order of rows", () => {
    expect(digestOf(["id", "name"], rows)).toEqual(digestOf(["id", "name"], rows.toReversed()));
  });

  it("tells a row twice from once, NULL from empty, and values in other rows", () => {
    const sums = [
      rows,
      [...rows, ["1", "a"]],
      [
        ["1", "a"],
        ["2", ""],
        ["2", ""],
      ],
      [
        ["2", "a"],
        ["1", null],
        ["2", ""],
      ],
    ].map((each) => digestOf(["id", "name"], each));
    expect(new Set(sums.map(({ checksum }) => checksum)).size).toBe(4);
    expect(sums.map((each) => each.rows)).toEqual([3, 4, 3, 3]);
  });

  it("names the column that differs", () => {
    const [one, other] = [
      rows,
      [
        ["1", "b"],
        ["2", null],
        ["2", ""],
      ],
    ].map((each) => digestOf(["id", "name"], each));
    expect(one?.columns["id"]).toBe(other?.columns["id"]);
    expect(one?.columns["name"]).not.toBe(other?.columns["name"]);
  });
});

describe("textOf", () => {
  it("compares doubles by their bits, floats by those of their double", () => {
    expect(textOf("double", "1.0E10")).toBe("4202a05f20000000");
    expect(textOf("float", "0.1")).toBe("3fb99999a0000000");
    expect(textOf("double", "NaN")).toBe("NaN");
    expect(textOf("double", "-0.0")).toBe("8000000000000000");
  });

  it("shows nested values as Athena does", () => {
    expect(textOf({ list: "string" }, ["a", null])).toBe("[a, null]");
    expect(textOf({ struct: { x: "int", label: "string" } }, { x: null, label: "l" })).toBe("{x=null, label=l}");
    expect(textOf({ map: ["string", "int"] }, [["one", "1"]])).toBe("{one=1}");
    expect(textOf("binary", "00 ff")).toBe("00ff");
    expect(textOf({ list: "string" }, null)).toBeNull();
  });
});

describe("literal", () => {
  it("gives every value its type", () => {
    expect(literal("decimal(9, 2)", "1.25")).toBe("CAST('1.25' AS decimal(9, 2))");
    expect(literal("string", "it's")).toBe("CAST('it''s' AS varchar)");
    expect(literal("timestamptz", "2020-01-01 00:00:00.000001 UTC")).toBe("TIMESTAMP '2020-01-01 00:00:00.000001 UTC'");
    expect(literal("time", null)).toBe("CAST(NULL AS time(6))");
    expect(literal({ map: ["string", "int"] }, [["one", null]])).toBe(
      "CAST(MAP(ARRAY[CAST('one' AS varchar)], ARRAY[CAST(NULL AS integer)]) AS map(varchar, integer))",
    );
    expect(literal({ struct: { x: "int" } }, { x: "1" })).toBe("CAST(ROW(CAST('1' AS integer)) AS row(x integer))");
  });
});
