import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Execution, ExecutionStore } from "./executions.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "executions-"));
});
afterEach(() => rmSync(home, { recursive: true }));

const execution = (n: number, state: Execution["state"]): Execution => ({
  id: `q${n}`,
  sql: "SELECT 1",
  catalog: undefined,
  database: undefined,
  workgroup: "wg",
  parameters: [],
  outputFolder: "s3://results/",
  token: `t${n}`,
  reuseMinutes: undefined,
  submitted: n,
  outputLocation: `s3://results/q${n}.csv`,
  state,
  statementType: "DML",
  substatement: "SELECT",
  ...{ bytesScanned: 0, queueMs: 0, planningMs: 0, engineMs: 0, writingMs: 0 },
});

test("The last executions are known, and each that has not ended; so are their tokens", () => {
  const store = new ExecutionStore(home);
  store.save(execution(0, "RUNNING"));
  for (let n = 1; n <= 5001; n++) store.save(execution(n, "SUCCEEDED"));
  expect(store.of("wg")).toHaveLength(5000);
  expect(["q0", "q1", "q2", "q3"].map((id) => store.find(id)?.state)).toEqual([
    "RUNNING",
    undefined,
    undefined,
    "SUCCEEDED",
  ]);
  expect([1, 3].map((n) => store.withToken("wg", `t${n}`)?.id)).toEqual([undefined, "q3"]);
  const again = new ExecutionStore(home);
  expect(again.of("wg")).toHaveLength(5000);
  expect(again.find("q5001")).toEqual(store.find("q5001"));
  expect(readFileSync(join(home, "executions.ndjson"), "utf8").trimEnd().split("\n")).toHaveLength(5000);
});

test("What had not ended when the runtime stopped has failed", () => {
  new ExecutionStore(home).save(execution(1, "RUNNING"));
  expect(new ExecutionStore(home).find("q1")).toMatchObject({
    state: "FAILED",
    reason: "The runtime stopped while the query ran.",
    error: { category: 1, type: 100, retryable: true },
  });
});
