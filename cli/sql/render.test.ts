import { afterEach, describe, expect, it, vi } from "vitest";
import { layoutOf, render } from "./render.ts";

const plain = { width: undefined, styled: false };
const changed = { columns: [{ name: "rows", type: "bigint" }], rows: [], substatement: "MERGE", changed: 1234 };
const done = { columns: [], rows: [], substatement: "DROP_TABLE" };

describe("render", () => {
  it("says how many rows a statement changed", () => {
    expect(render(changed, "table", plain)).toBe("1,234 rows changed\n");
    expect(render({ ...changed, changed: 1 }, "table", plain)).toBe("1 row changed\n");
    expect(render(changed, "json", plain)).toBe('[\n  {\n    "rows": 1234\n  }\n]\n');
    expect(render(changed, "csv", plain)).toBe("rows\n1234\n");
  });

  it("says that a statement without an answer is done", () => {
    expect([render(done, "table", plain), render(done, "json", plain), render(done, "csv", plain)]).toEqual([
      "DROP TABLE done\n",
      "[]\n",
      "",
    ]);
  });
});

describe("layoutOf", () => {
  afterEach(() => vi.unstubAllEnvs());
  const terminal = { isTTY: true, columns: 80 };

  it("gives a terminal colours, its width, and no more rows than a person reads", () => {
    for (const name of ["NO_COLOR", "PAGER", "TERM"]) vi.stubEnv(name, undefined);
    expect(layoutOf(terminal)).toEqual({ width: 80, styled: true, most: 1000 });
    expect(layoutOf({ isTTY: true, columns: 0 })).toEqual({ width: undefined, styled: true, most: 1000 });
    expect(layoutOf({ columns: 80 })).toEqual({ width: undefined, styled: false });
  });

  it.each([
    ["NO_COLOR", "1", false],
    ["NO_COLOR", "", true],
    ["TERM", "dumb", false],
  ])("%s=%s: colours %s", (name, value, styled) => {
    for (const other of ["NO_COLOR", "TERM"]) vi.stubEnv(other, undefined);
    vi.stubEnv(name, value);
    expect(layoutOf(terminal).styled).toBe(styled);
  });

  it("leaves all rows to a pager", () => {
    vi.stubEnv("PAGER", "less");
    expect(layoutOf(terminal).most).toBeUndefined();
  });
});
