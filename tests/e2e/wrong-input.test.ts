import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { c360, folder } from "./command.ts";

const place = folder();
const home = join(place.path, "home");
const at = ["--home", home];

afterAll(() => place.remove());

describe("wrong input", () => {
  it.each([
    ["two statements", ["query", "SELECT 1", "--name", "top-customers"], /Give one statement/],
    ["an unknown question", ["query", "--name", "nobody-asked"], /no saved question "nobody-asked"\. There are: /],
    ["a file that is not there", ["query", "--file", "nowhere.sql"], /Cannot read nowhere\.sql/],
    ["an unknown segment", ["segments", "show", "nobody"], /no segment "nobody"\. There are: champions/],
    ["a day that is none", ["refresh", "--as-of", "2011-02-30"], /--as-of wants a day/],
    ["a number of months that is none", ["demo", "--months", "14"], /whole number from 1 to 13/],
    ["an unknown command", ["dmo"], /unknown command 'dmo'/],
    ["an unknown target", ["--target", "moon", "graph"], /Allowed choices are local, aws/],
  ])("%s: says what is wrong, does nothing, exits with 2", async (_what, args, message) => {
    const ran = await c360([...at, ...args]);
    expect(ran.stderr).toMatch(message);
    expect(ran.stderr).not.toMatch(/\n\s+at /);
    expect(ran.code).toBe(2);
  });

  it("a missing or corrupt data file: named, with what to do", async () => {
    const missing = await c360([...at, "demo", "--months", "1", "--data", join(place.path, "none.parquet")]);
    expect(missing.stderr).toContain(join(place.path, "none.parquet"));
    expect(missing.code).not.toBe(0);
    const file = join(place.path, "bad.parquet");
    writeFileSync(file, "not parquet");
    const corrupt = await c360([...at, "demo", "--months", "1", "--data", file]);
    expect(corrupt.stderr).toMatch(/bad\.parquet/);
    expect(corrupt.stderr).not.toMatch(/\n\s+at /);
    expect(corrupt.code).not.toBe(0);
  });

  it("a home that is somebody's folder is never cleared", async () => {
    const precious = join(place.path, "documents");
    mkdirSync(precious);
    writeFileSync(join(precious, "thesis.txt"), "years of work");
    const ran = await c360(["--home", precious, "demo", "--months", "1"]);
    expect(ran.stderr).toMatch(/holds no state of c360/);
    expect(ran.code).toBe(2);
  });

  it("a home of another version: says which, and what to do", async () => {
    const old = join(place.path, "old");
    mkdirSync(old);
    writeFileSync(join(old, "version"), "0\n");
    const ran = await c360(["--home", old, "query", "SELECT 1"]);
    expect(ran.stderr).toMatch(/version 0 .* Remove the folder/);
    expect(ran.code).toBe(1);
  });

  it("a port in use: says so", async () => {
    const holder = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => holder.once("listening", resolve));
    const address = holder.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    const ran = await c360(["--home", join(place.path, "ports"), "up", "--port", String(port)]);
    holder.close();
    expect(ran.stderr).toMatch(new RegExp(`${port}.*in use`));
    expect(ran.code).toBe(1);
  });

  describe("SQL", () => {
    beforeAll(async () => {
      await c360([...at, "query", "SELECT 1 AS one"]);
    });

    it("a syntax error, an unknown column and a function that is not supported: each named with its place", async () => {
      const syntax = await c360([...at, "query", "SELEC 1"]);
      expect(syntax.code).toBe(1);
      const column = await c360([...at, "query", "SELECT nobody FROM customer_360"]);
      expect(column.stderr).toMatch(/nobody.*\n1 \| SELECT nobody FROM customer_360\n {11}\^\n$/);
      expect(column.code).toBe(1);
      const refused = await c360([...at, "query", "SELECT word_stem(1)"]);
      expect(refused.stderr).toMatch(/word_stem/i);
      expect(refused.code).toBe(1);
    });

    it("a damaged file of the home: says so, and what to do", async () => {
      const damaged = join(place.path, "damaged");
      cpSync(home, damaged, { recursive: true });
      writeFileSync(join(damaged, "clock.json"), "{");
      const ran = await c360(["--home", damaged, "query", "SELECT 1"]);
      expect(ran.stderr).toMatch(
        /^c360: A file in .*damaged is damaged \(.*\)\. Bring back a copy, or remove the folder/,
      );
      expect(ran.code).toBe(1);
    });

    it("a script stops at the statement that fails, and says on which line it is", async () => {
      const input = "SELECT 1 AS one;\nSELECT nobody\nFROM customer_360;\nSELECT 2 AS two;";
      const ran = await c360([...at, "sql", "--csv"], { input });
      expect([ran.code, ran.stdout]).toEqual([1, "one\n1\n"]);
      expect(ran.stderr).toMatch(/the statement on line 2 failed: .*nobody/);
    });

    it("what is right and may surprise is said, beside the rows", async () => {
      const ran = await c360([...at, "query", "--csv", "SELECT 1 / 2 AS half"]);
      expect([ran.code, ran.stdout]).toEqual([0, "half\n0\n"]);
      expect(ran.stderr).toMatch(/^warning: integer division: /);
    });
  });
});
