import { describe, expect, it } from "vitest";
import { type Answer, summaryOf, told } from "./ask.ts";

const answer: Answer = {
  columns: [{ name: "n", type: "bigint" }],
  rows: [["1"], ["2"]],
  bytesScanned: 20 * 2 ** 20,
  milliseconds: 40,
  queryExecutionId: "q",
  statementType: "DML",
  waited: 1500,
  warnings: async () => [],
};

describe("summaryOf", () => {
  it.each([
    ["rows", {}, "2 rows, 20.0 MiB scanned ($0.000095 on Athena), 1.5 s (40 ms in the engine)"],
    // How many were changed is the result itself.
    ["a change", { rows: [], changed: 5 }, "20.0 MiB scanned ($0.000095 on Athena), 1.5 s (40 ms in the engine)"],
    [
      "DDL",
      { columns: [], rows: [], bytesScanned: 0, statementType: "DDL", waited: 85 },
      "0 B scanned (free on Athena), 85 ms (40 ms in the engine)",
    ],
  ])("of %s", (_what, more: Partial<Answer>, expected) => {
    expect(summaryOf({ ...answer, ...more })).toBe(expected);
  });
});

describe("told", () => {
  it("takes a line of the catalogue apart into its columns", () => {
    expect(told(["customer_id         \tstring              \tWho.                "], 3)).toEqual([
      "customer_id",
      "string",
      "Who.",
    ]);
    expect(told(["# Partition spec:\t\t"], 3)).toEqual(["# Partition spec:", "", ""]);
    expect(told([""], 3)).toEqual(["", "", ""]);
  });

  it("leaves what is no such line", () => {
    const rows = [["a\tb"], ["a", "b"], [null], ["a\tb\tc\td"]];
    expect([told(rows[0] ?? [], 1), told(rows[1] ?? [], 2), told(rows[2] ?? [], 2), told(rows[3] ?? [], 2)]).toEqual(
      rows,
    );
  });
});
