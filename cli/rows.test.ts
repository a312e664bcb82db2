import { Decimal, Int32, makeBuilder, Table, Utf8, vectorFromArray } from "apache-arrow";
import { describe, expect, it } from "vitest";
import { cellText, csvText, ExactNumber, rowsOf } from "./rows.ts";

function decimals(values: readonly (bigint | null)[]): Table {
  const builder = makeBuilder({ type: new Decimal(3, 18, 128), nullValues: [null] });
  for (const value of values) {
    if (value === null) builder.append(null);
    else {
      const words = new Uint32Array(4);
      const bits = BigInt.asUintN(128, value);
      for (let at = 0; at < 4; at += 1) words[at] = Number((bits >> BigInt(32 * at)) & 0xffffffffn);
      builder.append(words);
    }
  }
  const vector = builder.finish().toVector();
  return new Table({ amount: vector });
}

describe("rowsOf", () => {
  it("gives decimals every digit, negative ones and those below one too", () => {
    const rows = rowsOf(decimals([9747747934n, -168469600n, 5n, -5n, 0n, null]));
    expect(rows.map((row) => cellText(row["amount"]))).toEqual([
      "9747747.934",
      "-168469.600",
      "0.005",
      "-0.005",
      "0.000",
      "",
    ]);
  });

  it("prints decimals as JSON numbers with all their digits", () => {
    expect(JSON.stringify(rowsOf(decimals([12345678901234567n])))).toBe('[{"amount":12345678901234.567}]');
  });

  it("keeps text and integers as they are", () => {
    const table = new Table({
      name: vectorFromArray(["a", null], new Utf8()),
      n: vectorFromArray([1, 2], new Int32()),
    });
    expect(rowsOf(table)).toEqual([
      { name: "a", n: 1 },
      { name: null, n: 2 },
    ]);
  });
});

describe("csvText", () => {
  it("quotes only commas, quotes and line breaks", () => {
    expect(
      csvText(
        ["a", "b"],
        [
          { a: 'x "y"', b: new ExactNumber("1.50") },
          { a: "1,2", b: null },
        ],
      ),
    ).toBe('a,b\n"x ""y""",1.50\n"1,2",\n');
  });
});
