import { expect, test } from "vitest";
import { compilePattern, validatePattern } from "./pattern.ts";

/** Facts on EventBridge's own matcher: the pattern for field `a`, the value of `a` (absent when undefined), the answer. */
const leaves: readonly (readonly [pattern: readonly unknown[], value: unknown, matches: boolean])[] = [
  [["x"], "x", true],
  [["x"], "X", false],
  [["x", "y"], "y", true],
  [["x"], ["z", "x"], true],
  [[null], null, true],
  [[null], undefined, false],
  [[true], "true", false],
  [[10.5], 10.5, true],
  [[3], "3", false],
  [["3"], 3, false],
  [[{ prefix: "ab" }], "abc", true],
  [[{ prefix: "ab" }], "Abc", false],
  [[{ prefix: { "equals-ignore-case": "AB" } }], "abc", true],
  [[{ suffix: ".png" }], "x.png", true],
  [[{ suffix: { "equals-ignore-case": ".PNG" } }], "x.png", true],
  [[{ "equals-ignore-case": "SS" }], "ss", true],
  [[{ "equals-ignore-case": "SS" }], "ß", false],
  [[{ "anything-but": "x" }], "y", true],
  [[{ "anything-but": "x" }], "x", false],
  [[{ "anything-but": "x" }], undefined, false],
  [[{ "anything-but": "x" }], null, true],
  [[{ "anything-but": "x" }], [], false],
  [[{ "anything-but": ["x", "y"] }], ["x", "z"], true],
  [[{ "anything-but": ["x", "y"] }], ["x", "y"], false],
  [[{ "anything-but": [1, 2] }], 3, true],
  [[{ "anything-but": { prefix: "a" } }], "abc", false],
  [[{ "anything-but": { prefix: ["a", "b"] } }], "c", true],
  [[{ "anything-but": { suffix: "c" } }], "abd", true],
  [[{ "anything-but": { "equals-ignore-case": ["X"] } }], "x", false],
  [[{ "anything-but": { wildcard: "a*c" } }], "abc", false],
  [[{ numeric: ["=", 3] }], 3.0, true],
  [[{ numeric: [">", 0, "<=", 5] }], 5, true],
  [[{ numeric: [">", 0, "<=", 5] }], 0, false],
  [[{ numeric: [">", 0] }], "1", false],
  [[{ cidr: "10.0.0.0/24" }], "10.0.0.255", true],
  [[{ cidr: "10.0.0.0/24" }], "10.0.1.0", false],
  [[{ cidr: "2001:db8::/32" }], "2001:db8::1", true],
  [[{ cidr: "10.0.0.0/24" }], "nowhere", false],
  [[{ wildcard: "a*c" }], "abbc", true],
  [[{ wildcard: "a\\*c" }], "a*c", true],
  [[{ wildcard: "a\\*c" }], "abc", false],
  [[{ wildcard: "a\\\\c" }], "a\\c", true],
  [[{ wildcard: "a.c" }], "abc", false],
  [[{ exists: true }], "x", true],
  [[{ exists: true }], null, true],
  [[{ exists: true }], undefined, false],
  [[{ exists: true }], { b: 1 }, false],
  [[{ exists: true }], {}, false],
  [[{ exists: true }], [], false],
  [[{ exists: false }], undefined, true],
  [[{ exists: false }], { b: 1 }, true],
  [[{ exists: false }], [], true],
  [[{ exists: false }], 1, false],
  [["x", { exists: false }], undefined, true],
];

test.each(leaves)("a: %j on %j is %j", (pattern, value, matches) => {
  expect(compilePattern({ a: pattern })(value === undefined ? { other: 1 } : { a: value })).toBe(matches);
});

const events: readonly (readonly [pattern: unknown, event: unknown, matches: boolean])[] = [
  [{ a: ["x"], b: ["y"] }, { a: "x", b: "z" }, false],
  [
    { d: { a: [1], b: [2] } },
    {
      d: [
        { a: 1, b: 3 },
        { a: 2, b: 2 },
      ],
    },
    false,
  ],
  [
    { d: { a: [1], b: [2] } },
    {
      d: [
        { a: 1, b: 3 },
        { a: 1, b: 2 },
      ],
    },
    true,
  ],
  [{ d: { a: [{ exists: false }] } }, { other: 1 }, true],
  [{ d: { a: [{ exists: false }] } }, { d: [{ a: 1 }, { b: 2 }] }, false],
  [{ $or: [{ a: [1] }, { b: [2] }] }, { a: 3, b: 2 }, true],
  [{ $or: [{ a: [1] }, { b: [2] }] }, { a: 3, b: 3 }, false],
  [{ c: ["x"], $or: [{ a: [1] }, { b: [2] }] }, { a: 1, c: "y" }, false],
  [{ A: ["x"] }, { a: "x" }, false],
];

test.each(events)("%j on %j is %j", (pattern, event, matches) => {
  expect(compilePattern(JSON.stringify(pattern))(event)).toBe(matches);
});

const refused: readonly (readonly [pattern: unknown, reason: RegExp])[] = [
  ["{", /not JSON/],
  [{}, /Empty objects/],
  [{ a: {} }, /Empty objects are not allowed at a/],
  [{ a: [] }, /Empty arrays/],
  [{ a: "x" }, /must be an object or an array/],
  [{ a: [["x"]] }, /Match value must be/],
  [{ a: [{ near: 1 }] }, /Unrecognized match type near at a/],
  [{ a: [{ prefix: "x", suffix: "y" }] }, /Only one key/],
  [{ $or: [{ a: [1] }] }, /at least two branches/],
  [{ a: [{ "anything-but": ["x", 1] }] }, /either all values/],
  [{ a: [{ "anything-but": [] }] }, /Empty arrays/],
  [{ a: [{ "anything-but": { prefix: "" } }] }, /Null prefix/],
  [{ a: [{ numeric: [">", 0, "<", 5, "<", 6] }] }, /Too many terms/],
  [{ a: [{ numeric: [">", 5, "<", 0] }] }, /Bottom must be less than top/],
  [{ a: [{ numeric: [">", "0"] }] }, /must be a number/],
  [{ a: [{ cidr: "10.0.0.0" }] }, /Malformed CIDR/],
  [{ a: [{ wildcard: "a**" }] }, /Consecutive wildcard/],
  [{ a: [{ wildcard: "a\\b" }] }, /Invalid escape/],
  [{ a: [{ wildcard: "*:*:*:*:*:event-bus/*" }] }, /too complex/],
  [{ a: [{ exists: "yes" }] }, /exists match pattern/],
];

test.each(refused)("%j is refused", (pattern, reason) => {
  expect(validatePattern(pattern)).toMatch(reason);
});

test("a pattern that is accepted has nothing wrong", () => {
  expect(
    validatePattern({ source: ["aws.ses"], detail: { mail: { tags: { "ses:configuration-set": ["campaigns"] } } } }),
  ).toBeUndefined();
});
