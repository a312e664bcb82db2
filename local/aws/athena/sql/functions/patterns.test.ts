import { expect, test } from "vitest";
import { groupsOf, replacesOtherwise, toRe2, toReplacement } from "./patterns.ts";

test.each([
  ["^[a-z]+\\d$", "^[a-z]+\\d$"],
  ["a\\sb", "a[\\s\\x0b]b"],
  ["[\\s,]", "[\\s\\x0b,]"],
  ["\\S", "[^\\s\\x0b]"],
  ["\\\\s", "\\\\s"],
  ["a(?=b)", undefined],
  ["(a)\\1", undefined],
  ["a++", undefined],
  ["[\\S]", undefined],
  ["[a[b]]", undefined],
  ["\\bx", undefined],
  ["(?<n>a)", undefined],
])("the pattern %s is %s", (regex, re2) => {
  expect(toRe2(regex)).toBe(re2);
});

test.each([
  ["x*", true],
  ["a|b?", true],
  ["\\s*$", true],
  ["^\\s*", false],
  ["^a*|b", true],
  ["x+", false],
  ["(?i)x", false],
  ["(", true],
])("%s may match nothing: %s", (regex, may) => {
  expect(replacesOtherwise(regex)).toBe(may);
});

test("groups and what a replacement says of them", () => {
  expect(groupsOf("(a)(?:b)[(](c\\()")).toBe(2);
  expect(toReplacement("[$1-$0]", 1)).toBe("[\\1-\\0]");
  expect(toReplacement("$2", 1)).toBeUndefined();
  expect(toReplacement("$10", 9)).toBeUndefined();
  expect(toReplacement("a\\b", 0)).toBeUndefined();
});
