import { expect, it } from "vitest";
import { readStackOutputs } from "./stack-outputs.ts";

it("names what is missing or of another type", () => {
  expect(() => readStackOutputs({ region: 1, roleArns: { analyst: "arn" }, rulesetNames: {} })).toThrow(
    /: region must be a text; database must be a text; workgroup must be a text; .*Deploy the stack again\.$/,
  );
  expect(() => readStackOutputs(undefined)).toThrow("region must be a text");
});
