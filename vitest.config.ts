import { defineConfig } from "vitest/config";
import { ClosingLine } from "./tests/closing-line.ts";

export default defineConfig({
  test: {
    include: ["{infra,ingest,pipelines,analytics,governance,local,cli,verify,tests}/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Two cores: more workers only make every test slower.
    maxWorkers: 2,
    globalSetup: "tests/e2e/shared-folder.ts",
    reporters: ["default", new ClosingLine()],
  },
});
