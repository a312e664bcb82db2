import { describe, expect, test } from "vitest";
import { QueryError } from "../../analytics/client/index.ts";
import { tables } from "../../analytics/models/index.ts";
import { mostRuns } from "../../pipelines/refresh/maintenance-states.ts";
import { exitCodes } from "../errors.ts";
import { tablesNamed, untilNothingIsLeft } from "./maintain.ts";

describe("tablesNamed", () => {
  test("none is all; a table named twice is maintained once", () => {
    expect(tablesNamed([])).toEqual(tables.map(({ name }) => name));
    expect(tablesNamed(["rfm", "orders", "rfm"])).toEqual(["rfm", "orders"]);
  });

  test("says which tables there are", () => {
    expect(() => tablesNamed(["rfm", "raw_events", "x"])).toThrow(
      expect.objectContaining({
        exitCode: exitCodes.usage,
        message: expect.stringMatching(/^There is no Iceberg table "raw_events", "x"\. There are: orders, .*rfm_next/),
      }),
    );
  });
});

describe("untilNothingIsLeft", () => {
  const failing = (message: string, times: number) => {
    let left = times;
    return async () => {
      if (left-- > 0) throw new QueryError("failed", message, "q");
      return "done";
    };
  };

  test.each([
    "ICEBERG_OPTIMIZE_MORE_RUNS_NEEDED: 100 partitions",
    "ICEBERG_VACUUM_MORE_RUNS_NEEDED: Removed 20000 files",
    "ICEBERG_COMMIT_ERROR: Failed to commit",
  ])("runs again after %s", async (message) => {
    expect(await untilNothingIsLeft(failing(message, 3))).toEqual({ result: "done", runs: 4 });
  });

  test("not for ever, and not after another failure", async () => {
    await expect(untilNothingIsLeft(failing("ICEBERG_VACUUM_MORE_RUNS_NEEDED", mostRuns))).rejects.toThrow(QueryError);
    await expect(untilNothingIsLeft(failing("SYNTAX_ERROR: line 1", 1))).rejects.toThrow("SYNTAX_ERROR");
    await expect(untilNothingIsLeft(async () => Promise.reject(new Error("MORE_RUNS_NEEDED")))).rejects.toThrow(
      "MORE_RUNS_NEEDED",
    );
  });
});
