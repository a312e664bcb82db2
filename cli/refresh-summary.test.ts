import { describe, expect, test } from "vitest";
import { maintenanceText } from "./refresh-summary.ts";

describe("maintenanceText", () => {
  const done = { table: "rfm", statements: [{ statement: "OPTIMIZE", runs: 1, bytesScanned: 7 }] };

  test("is silent without maintenance and short with it", () => {
    expect(maintenanceText({})).toBe("");
    expect(maintenanceText({ maintenance: [done, done] })).toBe(" 2 tables maintained.");
  });

  test("names each statement that failed", () => {
    const failed = { table: "orders", statements: [{ statement: "VACUUM", runs: 1, failed: "ACCESS_DENIED: no" }] };
    expect(maintenanceText({ maintenance: [done, failed] })).toBe(
      "\nThe refresh stands, but maintenance failed (c360 maintain tries again):\norders: VACUUM: ACCESS_DENIED: no",
    );
  });
});
