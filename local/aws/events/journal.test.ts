import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Delivery, Journal } from "./journal.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "journal-"));
});
afterEach(() => rmSync(home, { recursive: true }));

const delivery = (id: string): Delivery => ({
  id,
  ruleArn: "rule",
  targetId: "target",
  event: { detail: { email: `${id}@example.org` } },
  accepted: 0,
});
const file = (): string => join(home, "deliveries.ndjson");

test("what is open survives the process, what is over does not", () => {
  const first = new Journal(home);
  first.put([delivery("a"), delivery("b"), delivery("c")]);
  first.done("b");
  const second = new Journal(home);
  expect(second.open()).toEqual([delivery("a"), delivery("c")]);
  expect(readFileSync(file(), "utf8")).not.toContain("b@example.org");
  second.done("a");
  expect(new Journal(home).open()).toEqual([delivery("c")]);
});

test("when nothing is open the file is empty: no event stays behind", () => {
  const journal = new Journal(home);
  journal.put([delivery("a"), delivery("b")]);
  journal.done("a");
  journal.done("b");
  expect(statSync(file()).size).toBe(0);
  journal.put([delivery("c")]);
  expect(new Journal(home).open()).toEqual([delivery("c")]);
  const resumed = new Journal(home);
  resumed.open();
  resumed.done("c");
  expect(statSync(file()).size).toBe(0);
});
