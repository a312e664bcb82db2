import { expect, test } from "vitest";
import { tables } from "../../analytics/models/index.ts";
import { rulesets } from "../../governance/quality/index.ts";
import { rawEventColumns, rawPartitionKeys } from "../../ingest/contracts/index.ts";
import type { Rule } from "../../local/aws/glue/dqdl/ast.ts";
import { parseRuleset } from "../../local/aws/glue/dqdl/parser.ts";

const columnsOf = new Map([
  ["raw_events", [...rawEventColumns, ...rawPartitionKeys].map(({ name }) => name)],
  ...tables.map((table): [string, string[]] => [table.name, table.columns.map(({ name }) => name)]),
]);

const parametersOf = (rule: Rule): readonly string[] => {
  if (rule.kind === "composite") return rule.parts.flatMap(parametersOf);
  return rule.type === "CustomSql" ? [] : rule.parameters;
};

test.each(rulesets)("$name parses and names only columns of $table", ({ table, dqdl }) => {
  const columns = columnsOf.get(table) ?? [];
  const named = parseRuleset(dqdl).rules.flatMap(parametersOf);
  expect(named.filter((name) => !columns.includes(name))).toEqual([]);
});

test("every silver table and every gold candidate has rules, no published table has", () => {
  const judged = rulesets.map(({ table }) => table);
  const silver = tables.filter(({ layer }) => layer === "silver").map(({ name }) => name);
  const candidates = tables.filter(({ name }) => name.endsWith("_next")).map(({ name }) => name);
  expect([...judged].sort()).toEqual(["raw_events", ...silver, ...candidates].sort());
});

test("names are unique: they become names in Glue", () => {
  const names = rulesets.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
