import { expect, test } from "vitest";
import { exitCodes } from "../errors.ts";
import { mustSucceed, type RefreshResult } from "./refresh.ts";

const result = (more: Partial<RefreshResult>): RefreshResult => ({
  executionArn: "arn:aws:states:eu-west-1:123456789012:execution:refresh:a",
  status: "FAILED",
  milliseconds: 5,
  output: {},
  ...more,
});

test("a refresh that succeeded is handed on", () => {
  const good = result({ status: "SUCCEEDED" });
  expect(mustSucceed(good)).toBe(good);
});

test.each([
  [
    { error: "AlreadyRunning", cause: "The refresh b has been running since 2011-01-01T00:00:00.000Z." },
    "The refresh b has been running since 2011-01-01T00:00:00.000Z.",
    exitCodes.failed,
  ],
  [
    { error: "QualityFailed", cause: "The audit failed." },
    "The refresh failed: QualityFailed: The audit failed.\nThe last good version stays published. c360 quality tells which rules failed.",
    exitCodes.data,
  ],
  [
    { status: "ABORTED", error: "Runtime.Ended", cause: "cut" } as const,
    "The refresh aborted: Runtime.Ended: cut",
    exitCodes.failed,
  ],
  [
    {
      error: "States.TaskFailed",
      cause: JSON.stringify({
        QueryExecution: {
          QueryExecutionId: "q-1",
          Query: "MERGE INTO orders ...",
          Status: { State: "FAILED", StateChangeReason: "TABLE_NOT_FOUND: no table" },
        },
      }),
    },
    "The refresh failed: States.TaskFailed: TABLE_NOT_FOUND: no table (Athena query q-1)",
    exitCodes.failed,
  ],
  [{ status: "TIMED_OUT" } as const, "The refresh timed out: no error given: no cause given", exitCodes.failed],
])("%j ends the command with its reason", (more, message, exitCode) => {
  expect(() => mustSucceed(result(more))).toThrow(expect.objectContaining({ message, exitCode }));
});
