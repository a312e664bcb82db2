import { describe, expect, it } from "vitest";
import { c360, changedProject } from "./command.ts";

describe("a role that lacks one action", () => {
  it("stops the demo with the SDK's own AccessDeniedException, naming role, action and resource (003-17)", async () => {
    const project = changedProject("infra/access.ts", (text) =>
      text.replace('"kinesis:PutRecords"', '"kinesis:DescribeStreamSummary"'),
    );
    try {
      const ran = await c360(["--home", `${project.path}/home`, "demo", "--months", "1"], { project: project.path });
      expect(ran.code).toBe(1);
      expect(ran.stderr).toMatch(
        /User: arn:aws:sts::\d{12}:assumed-role\/c360-dev-producer\/\S+ is not authorized to perform: kinesis:PutRecords on resource: arn:aws:kinesis:eu-west-1:\d{12}:stream\/c360-dev-events because no identity-based policy allows the kinesis:PutRecords action/,
      );
    } finally {
      project.remove();
    }
  });
});
