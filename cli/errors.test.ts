import { expect, it } from "vitest";
import { messageOf } from "./errors.ts";

const full = Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
const advice =
  "The disk is full (ENOSPC: no space left on device, write). Free some space and try again; what had arrived is kept.";

it.each([
  ["an error", new Error("no"), "no"],
  ["anything else", "no", "no"],
  ["a full disk", full, advice],
  ["what closing down hid", new SuppressedError(new Error("closing"), full), advice],
])("messageOf tells %s", (_what, error, message) => {
  expect(messageOf(error)).toBe(message);
});

it("knows a full disk by DuckDB's words too", () => {
  expect(messageOf(new Error('Could not write file "x": No space left on device'))).toMatch(/^The disk is full \(/);
});
