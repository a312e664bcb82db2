import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { replayPlace } from "./replay-place.ts";
import type { GlobalOptions } from "./session.ts";

const folder = mkdtempSync(join(tmpdir(), "c360-place-"));
const options: GlobalOptions = { target: "local", stack: "dev", home: join(folder, "home"), json: false };
const file = join(folder, "events.ndjson");
writeFileSync(file, "{}\n");

afterAll(() => rmSync(folder, { recursive: true }));

it("is the first record for a file that no replay was cut in", () => {
  expect(replayPlace(options, file)).toMatchObject({ confirmed: 0, fileChanged: false });
  expect(existsSync(options.home)).toBe(false);
});

it("is kept for this file and this stream, until it is forgotten", () => {
  replayPlace(options, file).note(500);
  expect(replayPlace(options, file)).toMatchObject({ confirmed: 500, fileChanged: false });
  expect(replayPlace({ ...options, target: "aws" }, file).confirmed).toBe(0);
  expect(replayPlace({ ...options, stack: "prod" }, file).confirmed).toBe(0);
  expect(replayPlace(options, `${file}.other`).confirmed).toBe(0);
  replayPlace(options, file).forget();
  expect(replayPlace(options, file).confirmed).toBe(0);
});

it("is the first record of a file that has changed since", () => {
  replayPlace(options, file).note(1);
  writeFileSync(file, "{}\n{}\n");
  expect(replayPlace(options, file)).toMatchObject({ confirmed: 0, fileChanged: true });
});
