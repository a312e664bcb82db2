import { beforeAll, describe, expect, it } from "vitest";
import { findingCases, standing } from "../../verify/trino/fuzz/findings.ts";
import { OurEngine } from "../../verify/trino/fuzz/ours.ts";

/**
 * Queries on which the generator of `npm run verify:trino` found the local Athena to differ, with the answers of a real
 * Trino. It proves the translation and the engine; nothing of the catalogue, the files or the API.
 */
describe("what a real Trino said", () => {
  let engine: OurEngine;
  beforeAll(async () => {
    engine = await OurEngine.open();
  });

  const cases = findingCases();

  it("is kept once, and there is some", () => {
    expect(new Set(cases.map(({ sql }) => sql)).size).toBe(cases.length);
    expect(cases.length).toBeGreaterThan(0);
  });

  it.each(cases)("$area: $sql", async (item) => {
    const verdict = await standing(item, engine);
    const same = "error" in item.trino ? "both refuse" : "equal";
    expect(verdict).toBe(item.here === "refused" ? "refused" : same);
  });
});
