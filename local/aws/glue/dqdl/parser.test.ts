import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Comparison, Rule } from "./ast.ts";
import { parseRuleset } from "./parser.ts";
import { printRule } from "./print.ts";
import { DqdlError } from "./tokens.ts";

const rules = (text: string): string[] => parseRuleset(`Rules = [ ${text} ]`).rules.map(printRule);

describe("valid rules keep their meaning in text", () => {
  test.each([
    ["RowCount > 5", "RowCount > 5"],
    ["RowCount between 1 and 2 * (3 + 1)", "RowCount between 1 and 8"],
    ["RowCount not between -1 and 1.5", "RowCount not between -1 and 1.5"],
    ['Completeness of "a" >= 0.5', 'Completeness "a" >= 0.5'],
    ['IsUnique "a" "b"', 'IsUnique "a" "b"'],
    ['ColumnValues "a" in ["x", NULL, EMPTY]', 'ColumnValues "a" in ["x",NULL,EMPTY]'],
    ['ColumnValues "a" not in [1, 2, NULL]', 'ColumnValues "a" not in [1,2,NULL]'],
    ['ColumnValues "a" not matches "[a-z]+"', 'ColumnValues "a" not matches "[a-z]+"'],
    ['ColumnValues "a" > (now() - 3 days)', 'ColumnValues "a" > (now() - 3 days)'],
    ['ColumnValues "a" = "2024-02-29"', 'ColumnValues "a" = "2024-02-29"'],
    ['ColumnValues "a" in ["2024-02-29", "b"]', 'ColumnValues "a" in ["2024-02-29","b"]'],
    ['DataFreshness "t" <= 24 hours', 'DataFreshness "t" <= 24 hours'],
    [
      'ColumnValues "a" > 0 where "b = 1" with threshold > 0.9',
      'ColumnValues "a" > 0 where "b = 1" with threshold > 0.9',
    ],
    ['(RowCount > 0) and (IsComplete "a")', '(RowCount > 0) AND (IsComplete "a")'],
    [
      '((RowCount > 0) or (RowCount = 0)) AND (IsComplete "a")',
      '((RowCount > 0) OR (RowCount = 0)) AND (IsComplete "a")',
    ],
    [
      'CustomSql "select count(*) from primary where a = \\"x\\"" = 0',
      'CustomSql "select count(*) from primary where a = \\"x\\"" = 0',
    ],
    ["# why\n RowCount > 0", "RowCount > 0"],
  ])("%s", (text, printed) => {
    expect(rules(text)).toEqual([printed]);
    // Printed text is DQDL again.
    expect(rules(printed)).toEqual([printed]);
  });

  test("quoted days are dates only where every operand is one", () => {
    const kinds = parseRuleset(
      'Rules = [ ColumnValues "a" in ["2024-01-01"], ColumnValues "a" in ["2024-01-01", "x"] ]',
    ).rules;
    expect(kinds.map((rule) => (rule.kind === "rule" ? rule.condition?.kind : ""))).toEqual(["date", "string"]);
  });
});

describe("what the language refuses is refused with its place", () => {
  test.each([
    ["Rules = []", "expected a rule, found ]", 1, 10],
    ["Rules = [ RowCount ]", "RowCount needs a condition on a number", 1, 11],
    ["Rules = [\n  IsComplete\n]", "IsComplete takes 1 parameter(s), not 0", 2, 3],
    ['Rules = [ IsComplete "a" > 1 ]', "IsComplete takes no condition", 1, 11],
    ['Rules = [ Completeness "a" = "x" ]', "Completeness takes a condition on a number, not on a string", 1, 11],
    ['Rules = [ ColumnCount > 1 where "a = 1" ]', "ColumnCount takes no where", 1, 11],
    ['Rules = [ Mean "a" > 1 with threshold > 0.5 ]', "Mean takes no threshold", 1, 11],
    ["Rules = [ Rowcount > 1 ]", "there is no rule type Rowcount", 1, 11],
    ["Rules = [ RowCount > 1, ]", "expected a rule, found ]", 1, 25],
    [
      "Rules = [ (RowCount > 1) and (RowCount > 2) or (RowCount > 3) ]",
      "and mixed with or: put parentheses around one of them",
      1,
      48,
    ],
    ["Rules = [ RowCount > 1 ]\r\n", "carriage return; DQDL knows line feeds only", 1, 25],
    ["Rules = [ RowCount > 1 ] # end", "a comment that does not end with a line feed", 1, 26],
    ['Rules = [ IsComplete "a ]', "a string that does not end", 1, 22],
    [
      'Rules = [ ColumnValues "a" in [1, "x"] ]',
      'operands of different kinds, or of a kind that "in" does not take',
      1,
      40,
    ],
    ["Rules = [ RowCount > 1 ] more", "more: variables are not implemented locally", 1, 26],
  ])("%j", (text, message, line, column) => {
    expect(() => parseRuleset(text)).toThrow(new DqdlError("invalid", message, { line, column }).message);
  });
});

test.each([
  ['Rules = [ ColumnCorrelation "a" "b" > 0.5 ]', "rule type ColumnCorrelation is not implemented locally"],
  ["Rules = [ RowCount > avg(last(10)) ]", "avg(...): rules on earlier results are evaluated by Glue ETL only"],
  ["Rules = [ RowCount > 1 ] Analyzers = [ RowCount ]", "section Analyzers is not implemented locally"],
  ['Rules = [ ColumnValues "a" in $list ]', "expected"],
  ['Rules = [ ColumnValues "a" = $name ]', "variables are not implemented locally"],
  ['Rules = [ ColumnValues "a" = "x" with ignoreCase = "true" ]', '"with ignoreCase" is not implemented locally'],
])("what is left out is refused by name: %s", (text, message) => {
  expect(() => parseRuleset(text)).toThrow(message);
});

const name = fc.string({ minLength: 1, maxLength: 12 }).filter((text) => !text.includes("\r"));
const number = fc.oneof(
  fc.integer(),
  fc
    .double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 })
    .map((value) => Math.round(value * 1000) / 1000),
);
const condition = fc.oneof(
  fc.tuple(fc.constantFrom<Comparison>(">", ">=", "<", "<=", "=", "!="), fc.tuple(number)),
  fc.tuple(fc.constantFrom<Comparison>("between", "not between"), fc.tuple(number, number)),
  fc.tuple(fc.constantFrom<Comparison>("in", "not in"), fc.array(number, { minLength: 1, maxLength: 5 })),
);
const position = { line: 1, column: 1 };
const atomic = fc.tuple(name, condition, fc.option(name, { nil: undefined })).map(
  ([column, [operator, operands], where]): Rule => ({
    kind: "rule",
    type: "ColumnValues",
    parameters: [column],
    condition: { kind: "number", operator, operands: operands.map((operand) => operand + 0) },
    ...(where === undefined ? {} : { where }),
    position,
  }),
);
const rule = fc.oneof(
  atomic,
  fc
    .tuple(fc.constantFrom("and" as const, "or" as const), fc.array(atomic, { minLength: 2, maxLength: 4 }))
    .map(([operator, parts]): Rule => ({ kind: "composite", operator, parts })),
);

test("any rule survives printing and parsing, whatever its texts hold", () => {
  fc.assert(
    fc.property(fc.array(rule, { minLength: 1, maxLength: 4 }), (written) => {
      const text = written.map(printRule);
      expect(parseRuleset(`Rules = [ ${text.join(",\n")} ]`).rules.map(printRule)).toEqual(text);
    }),
  );
});
