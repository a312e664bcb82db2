import { createRequire } from "node:module";
import { describe, expect, test } from "vitest";
import { rulesets } from "../../governance/quality/index.ts";
import { refreshDefinition } from "./definition.ts";
import { parseRequest, parseWatermark } from "./plan-request.ts";

/** The package has no types. */
const validate: unknown = createRequire(import.meta.url)("asl-validator");

const args = {
  planFunctionArn: "arn:aws:lambda:eu-west-1:123456789012:function:c360-test-refresh-plan",
  workgroup: "c360-test",
  database: "c360_test",
  qualityRoleArn: "arn:aws:iam::123456789012:role/c360-test-quality",
  rulesetNames: Object.fromEntries(rulesets.map(({ name }) => [name, `c360-test-${name}`])),
  alertsTopicArn: "arn:aws:sns:eu-west-1:123456789012:c360-test-alerts",
};

describe("refreshDefinition", () => {
  test("is valid Amazon States Language", () => {
    if (typeof validate !== "function") throw new Error("asl-validator has no function to call");
    const { isValid, errors } = validate(refreshDefinition(args));
    expect({ isValid, errors }).toEqual({ isValid: true, errors: [] });
  });

  test("stays well under Step Functions' limit of 1 MB", () => {
    expect(JSON.stringify(refreshDefinition(args)).length).toBeLessThan(200_000);
  });

  test("is the same text every time", () => {
    expect(JSON.stringify(refreshDefinition(args))).toBe(JSON.stringify(refreshDefinition(args)));
  });

  test("maintains the tables only after the watermark says that the refresh has published", () => {
    const { States } = Object(refreshDefinition(args));
    expect([States.Publish.Next, States.Commit.Next, States.MaintenanceDue.Choices[0].Next]).toEqual([
      "Commit",
      "MaintenanceDue",
      "Maintain",
    ]);
  });

  test("a rule set without a name in Glue is an error when the definition is made", () => {
    expect(() => refreshDefinition({ ...args, rulesetNames: {} })).toThrow("No Glue name for the rule set raw-events.");
  });
});

describe("requests of the plan function", () => {
  test("takes a plan and a commit", () => {
    const plan = { action: "plan", asOf: "2011-01-01", full: false };
    expect(parseRequest(plan)).toEqual(plan);
    expect(parseRequest({ ...plan, maintain: true })).toEqual({ ...plan, maintain: true });
    const commit = { action: "commit", watermark: { asOf: "2011-01-01", until: 5, seen: { "2011-01-01": "ab" } } };
    expect(parseRequest(commit)).toEqual(commit);
  });

  test("says what it takes otherwise", () => {
    expect(() => parseRequest({ action: "plan", asOf: "01/01/2011" })).toThrow('Expected {"action":"plan"');
  });

  test("a damaged watermark says what to do", () => {
    expect(() => parseWatermark({ until: "x" })).toThrow("delete it and the next refresh takes every day again");
  });
});
