import { expect, test } from "vitest";
import { page } from "./report.ts";

const checks = [
  { what: "a query", ok: true, saw: "" },
  { what: "a | pipe", ok: true, refused: true, saw: "no query 5fe1ecd0-c640-4dee-9b54-e523b2511b63 here" },
];

test("what works and what is refused stand apart, without what changes from run to run", () => {
  const text = page([{ client: "aws", role: "analyst", checks }]);
  expect(text).toContain("**2 checks, all as expected.**");
  expect(text).toContain("| aws | analyst | a query | works |");
  expect(text).toContain("| aws | a \\| pipe | no query <id> here |");
  expect(text).toContain("`awscli==1.46.2`");
  expect(text).toContain("- KnowWorkgroup: `athena:GetWorkGroup`");
});

test("a difference is told with what was seen", () => {
  const text = page([{ client: "dbt", role: "operator", checks: [{ what: "a run", ok: false, saw: "two\nlines" }] }]);
  expect(text).toContain("**1 checks, 1 DIFFER.**");
  expect(text).toContain("| dbt | operator | a run | DIFFERS: two lines |");
});
