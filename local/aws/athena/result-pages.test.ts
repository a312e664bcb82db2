import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { csvRow } from "./csv.ts";
import { ResultPages } from "./result-pages.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "result-pages-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
function fileOf(rows: readonly (readonly (string | null)[])[]): string {
  const file = join(folder, `${files++}.csv`);
  writeFileSync(file, rows.map(csvRow).join(""));
  return file;
}

test("pages are the rows, wherever they begin and in whatever order they are asked for", () => {
  const text = fc.string({ unit: fc.constantFrom("a", '"', "\n", ",", "ü", "😀") });
  const rows = fc.array(fc.tuple(fc.option(text), text), { maxLength: 30 });
  const asked = fc.array(fc.tuple(fc.nat(35), fc.integer({ min: 1, max: 12 })), { maxLength: 8 });
  fc.assert(
    fc.property(rows, asked, fc.constantFrom(1, 200), (some, pages, times) => {
      // Many more rows than stand between two places that are kept.
      const all = Array.from({ length: times }, () => some).flat();
      const result = new ResultPages(fileOf(all));
      for (const [first, size] of pages) {
        const start = first * times;
        expect(result.page(start, size)).toEqual(start > all.length ? undefined : all.slice(start, start + size));
      }
    }),
    { numRuns: 60 },
  );
});

test("another file, or the same when it has changed, is none of its own", () => {
  const file = fileOf([["a", "b"]]);
  const result = new ResultPages(file);
  expect(result.isOf(file)).toBe(true);
  expect(result.isOf(fileOf([["a", "b"]]))).toBe(false);
  writeFileSync(file, "more than before");
  expect(result.isOf(file)).toBe(false);
});
