import { beforeAll, expect, test } from "vitest";
import { type FakeLake, fakeLake } from "../statements/fixture.ts";
import { statementRefusals } from "./statements.ts";

let lake: FakeLake;
beforeAll(async () => {
  lake = await fakeLake(
    { t: { id: "bigint" }, h: { id: "bigint", k: "string" } },
    { view: { v: "SELECT 1 AS a" }, hive: ["h"] },
  );
});

test.each(statementRefusals.map(({ what, example: [sql, refusal] }) => [what, sql, refusal]))(
  "%s is refused",
  (_, sql, refusal) => {
    expect(lake.refusal(sql ?? "")).toContain(refusal);
  },
);
