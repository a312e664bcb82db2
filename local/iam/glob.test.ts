import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compileGlob, globsOverlap } from "./glob.ts";

const none = (): undefined => undefined;

describe("compileGlob", () => {
  test.each([
    ["arn:aws:s3:::lake/*", "arn:aws:s3:::lake/raw/a:b.parquet", true],
    ["arn:aws:s3:::lake/*", "arn:aws:s3:::lake", false],
    ["arn:aws:s3:::lake*", "arn:aws:s3:::lakehouse/x", true],
    ["arn:aws:sqs:*:123456789012:a", "arn:aws:sqs:eu-west-1:123456789012:a", true],
    ["arn:aws:sns:eu-*-1:1:t", "arn:aws:sns:eu-west-1:1:t", true],
    ["arn:aws:sns:eu-*-1:1:t", "arn:aws:sns:eu-a:b-1:1:t", false],
    ["arn:aws:iam::1:role/r?", "arn:aws:iam::1:role/r1", true],
    ["arn:aws:iam::1:role/r?", "arn:aws:iam::1:role/r", false],
    ["arn:aws:iam::1:role/r.", "arn:aws:iam::1:role/rx", false],
  ])("ARN %s against %s: %s", (pattern, value, expected) => {
    expect(compileGlob(pattern, "arn")(value, none)).toBe(expected);
  });

  test("variables are replaced literally; one without a value never matches", () => {
    const matches = compileGlob(["home/$", "{aws:PrincipalTag/team}/*"].join(""), "text");
    expect(matches("home/a*b/x", () => "a*b")).toBe(true);
    expect(matches("home/aXb/x", () => "a*b")).toBe(false);
    expect(matches("home//x", none)).toBe(false);
    expect(compileGlob(["a$", "{*}b"].join(""), "text")("a*b", none)).toBe(true);
    expect(compileGlob(["a$", "{*}b"].join(""), "text")("axb", none)).toBe(false);
    expect(compileGlob(["$", "{aws:x, 'none'}"].join(""), "text")("none", none)).toBe(true);
  });

  // The definition of `*` and `?`, written as plainly as can be.
  const reference = (pattern: string, value: string): boolean => {
    if (pattern === "") return value === "";
    if (pattern[0] === "*") {
      return reference(pattern.slice(1), value) || (value !== "" && reference(pattern, value.slice(1)));
    }
    return (
      value !== "" && (pattern[0] === "?" || pattern[0] === value[0]) && reference(pattern.slice(1), value.slice(1))
    );
  };
  const pattern = fc.string({ unit: fc.constantFrom("a", "b", "*", "?", ".", "/"), maxLength: 7 });
  const value = fc.string({ unit: fc.constantFrom("a", "b", ".", "/"), maxLength: 7 });

  test("agrees with the definition", () => {
    fc.assert(
      fc.property(pattern, value, (glob, text) => {
        expect(compileGlob(glob, "text")(text, none)).toBe(reference(glob, text));
      }),
      { numRuns: 2000 },
    );
  });

  test("two patterns that match one value overlap", () => {
    const masks = fc.array(fc.tuple(fc.constantFrom("a", "b", "/"), fc.nat(3), fc.nat(3)), { maxLength: 8 });
    const blur = (char: string, mask: number): string => ["*", "?", `${char}*`][mask] ?? char;
    fc.assert(
      fc.property(masks, (chars) => {
        const text = chars.map(([char]) => char).join("");
        const left = chars.map(([char, mask]) => blur(char, mask)).join("");
        const right = chars.map(([char, , mask]) => blur(char, mask)).join("");
        expect([reference(left, text), reference(right, text), globsOverlap(left, right)]).toEqual([true, true, true]);
      }),
    );
    expect(globsOverlap("arn:*:s3:::*/*", "arn:aws:s3:::lake")).toBe(false);
    expect(globsOverlap("ab*", "ac?")).toBe(false);
    expect(globsOverlap("a*c", "ab*")).toBe(true);
  });
});
