import { describe, expect, test } from "vitest";
import { graphOf, manualClock, roleArn, roleOf } from "./graph-fixture.ts";
import { callOf, iamOf, STREAM } from "./iam-fixture.ts";
import { createIam } from "./index.ts";

describe("grants", () => {
  test("used and unused ones, by action of a statement", () => {
    const statement = {
      Sid: "Put",
      Effect: "Allow",
      Action: ["kinesis:PutRecords", "kinesis:PutRecord"],
      Resource: STREAM,
    };
    const iam = iamOf(roleOf("producer", [statement]));
    expect(iam.unusedGrants().map((grant) => grant.action)).toEqual(["kinesis:PutRecords", "kinesis:PutRecord"]);
    callOf(iam, "producer").authorize("kinesis:PutRecords", STREAM);
    expect(iam.usedGrants()).toEqual([
      {
        roleArn: roleArn("producer"),
        role: "producer",
        policy: "own",
        statement: "Put",
        action: "kinesis:PutRecords",
        resources: [STREAM],
      },
    ]);
    expect(iam.unusedGrants().map((grant) => grant.action)).toEqual(["kinesis:PutRecord"]);
  });

  test("keys are the home's own, stable, and unknown ones belong to nobody", () => {
    const graph = graphOf(roleOf("r", []));
    const keyOf = (seed: string) => createIam(graph, manualClock(), seed).credentialsFor(roleArn("r"));
    expect(keyOf("a")).toEqual(keyOf("a"));
    expect(keyOf("a")).not.toEqual(keyOf("b"));
    expect(keyOf("a").accessKeyId).toMatch(/^LOCAL[0-9A-F]{16}$/);
    expect(createIam(graph, manualClock()).principalOf("AKIAIOSFODNN7EXAMPLE")).toBeUndefined();
  });

  test("a decision on the time is taken anew each time", async () => {
    const clock = manualClock(Date.UTC(2011, 10, 30));
    const until = {
      Effect: "Allow",
      Action: "kinesis:PutRecords",
      Resource: STREAM,
      Condition: { DateLessThan: { "aws:CurrentTime": "2011-12-01T00:00:00Z" } },
    };
    const iam = createIam(graphOf(roleOf("producer", [until])), clock);
    const put = () => callOf(iam, "producer").authorize("kinesis:PutRecords", STREAM);
    expect(put).not.toThrow();
    await clock.advance(48 * 3600_000);
    expect(put).toThrow("kinesis:PutRecords");
  });
});
