import { describe, expect, it } from "vitest";
import { reasonUnused } from "./unexercised-grants.ts";

describe("reasonUnused", () => {
  it("knows a grant by the role's name behind the prefix", () => {
    expect(reasonUnused("c360-dev-quality-role", "s3:GetObject")).toMatch(/Spark job/);
    expect(reasonUnused("analyst", "athena:GetNamedQuery")).toMatch(/analyst/);
    expect(reasonUnused("c360-dev-refresh-role", "s3:DeleteObject")).toMatch(/maintenance/);
    expect(reasonUnused("c360-dev-operator", "glue:UpdateTable")).toMatch(/c360 maintain/);
  });

  it("knows none for another role or action: such a grant is one too many", () => {
    expect(reasonUnused("c360-dev-producer", "kinesis:PutRecords")).toBeUndefined();
    expect(reasonUnused("c360-dev-refresh-plan-role", "s3:GetObject")).toBeUndefined();
  });
});
