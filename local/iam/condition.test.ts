import { describe, expect, test } from "vitest";
import { compileCondition } from "./condition.ts";

const holds = (
  operator: string,
  key: string,
  values: readonly string[],
  context: Readonly<Record<string, readonly string[]>>,
): boolean => {
  const map = new Map(Object.entries(context).map(([name, value]) => [name.toLowerCase(), value]));
  return compileCondition(operator, key, values).holds(map, (name) => map.get(name)?.[0]);
};

const ARN = "aws:SourceArn";
const RULE = "arn:aws:events:eu-west-1:123456789012:rule/nightly";

describe("conditions", () => {
  test.each<[string, string, string[], Record<string, string[]>, boolean]>([
    ["StringEquals", "s3:prefix", ["a", "b"], { "s3:prefix": ["b"] }, true],
    ["StringEquals", "s3:prefix", ["A"], { "s3:prefix": ["a"] }, false],
    ["StringEqualsIgnoreCase", "s3:prefix", ["A"], { "s3:prefix": ["a"] }, true],
    ["StringEquals", "s3:prefix", ["a*"], { "s3:prefix": ["ab"] }, false],
    ["StringLike", "s3:prefix", ["raw/*"], { "s3:prefix": ["raw/x:y/z"] }, true],
    ["StringNotLike", "s3:prefix", ["raw/*"], { "s3:prefix": ["raw/x"] }, false],
    ["StringNotEquals", "s3:prefix", ["a", "b"], { "s3:prefix": ["b"] }, false],
    ["ArnLike", ARN, ["arn:aws:events:*:123456789012:rule/*"], { [ARN]: [RULE] }, true],
    ["ArnEquals", ARN, ["arn:aws:events:*:123456789012:rule/n*y"], { [ARN]: [RULE] }, true],
    ["ArnLike", ARN, ["arn:aws:*"], { [ARN]: [RULE] }, false],
    ["ArnNotLike", ARN, [RULE], { [ARN]: [RULE] }, false],
    ["Bool", "aws:SecureTransport", ["false"], { "aws:SecureTransport": ["true"] }, false],
    ["NumericLessThanEquals", "s3:max-keys", ["10"], { "s3:max-keys": ["10"] }, true],
    ["NumericEquals", "s3:max-keys", ["10"], { "s3:max-keys": ["ten"] }, false],
    ["NumericNotEquals", "s3:max-keys", ["10"], { "s3:max-keys": ["11"] }, true],
    [
      "DateGreaterThan",
      "aws:CurrentTime",
      ["2011-12-01T00:00:00Z"],
      { "aws:CurrentTime": ["2011-12-02T00:00:00Z"] },
      true,
    ],
    ["DateLessThan", "aws:EpochTime", ["2011-12-01T00:00:00Z"], { "aws:EpochTime": ["1322697599"] }, true],
    ["IpAddress", "aws:SourceIp", ["127.0.0.0/8"], { "aws:SourceIp": ["127.0.0.1"] }, true],
    ["NotIpAddress", "aws:SourceIp", ["10.0.0.0/8"], { "aws:SourceIp": ["127.0.0.1"] }, true],
    ["ForAnyValue:StringEquals", "events:source", ["app"], { "events:source": ["x", "app"] }, true],
    ["ForAllValues:StringEquals", "events:source", ["app"], { "events:source": ["x", "app"] }, false],
    ["ForAllValues:StringLike", "events:source", ["a*", "x"], { "events:source": ["x", "app"] }, true],
    ["ForAllValues:StringNotEquals", "events:source", ["y"], { "events:source": ["x", "app"] }, true],
  ])("%s %s %j on %j: %s", (operator, key, values, context, expected) => {
    expect(holds(operator, key, values, context)).toBe(expected);
  });

  test.each<[string, string, string[], boolean]>([
    ["StringEquals", "s3:prefix", ["a"], false],
    ["StringEqualsIfExists", "s3:prefix", ["a"], true],
    ["StringNotEquals", "s3:prefix", ["a"], true],
    ["ArnNotLike", ARN, ["a:b:c:d:e:f"], true],
    ["Bool", "aws:SecureTransport", ["false"], false],
    ["ForAllValues:StringEquals", "events:source", ["a"], true],
    ["ForAnyValue:StringEquals", "events:source", ["a"], false],
    ["Null", "s3:prefix", ["true"], true],
    ["Null", "s3:prefix", ["false"], false],
  ])("absent key: %s %s %j: %s", (operator, key, values, expected) => {
    expect(holds(operator, key, values, {})).toBe(expected);
  });

  test.each([
    ["BinaryEquals", "s3:prefix", "a", "condition operator BinaryEquals is not implemented"],
    ["StringEqual", "s3:prefix", "a", "condition operator StringEqual is not implemented"],
    ["StringEquals", "s3:prefixes", "a", "condition key s3:prefixes does not exist"],
    [
      "StringEquals",
      "aws:PrincipalOrgID",
      "a",
      "condition key aws:PrincipalOrgID is not provided by the local runtime",
    ],
    [
      "StringEquals",
      "events:source",
      "a",
      "condition key events:source has many values: StringEquals needs ForAllValues: or ForAnyValue:",
    ],
    ["NumericEquals", "s3:max-keys", "ten", 'condition value "ten" does not fit its operator'],
    ["Bool", "aws:SecureTransport", "no", 'condition value "no" is not true or false'],
  ])("refuses %s %s %s", (operator, key, value, message) => {
    expect(() => compileCondition(operator, key, [value])).toThrow(message);
  });
});
