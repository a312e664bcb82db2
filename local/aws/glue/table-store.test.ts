import { mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type StoredTable, TableStore } from "./table-store.ts";

const home = (): string => mkdtempSync(join(tmpdir(), "tables-"));
const table = (name: string, version: number): StoredTable => ({
  database: "db",
  name,
  input: { Name: name, Description: `version ${version}` },
  version,
  created: 1,
  updated: version,
});

test("tables and their versions are there again when the store is opened again", () => {
  const folder = home();
  const store = new TableStore(folder);
  store.put(table("a/b ü", 0));
  store.archive(table("a/b ü", 0));
  store.put({ ...table("a/b ü", 1), declared: "d" });
  store.put(table("c", 0));
  const again = new TableStore(folder);
  expect(again.all()).toEqual([{ ...table("a/b ü", 1), declared: "d" }, table("c", 0)]);
  expect(again.versions(table("a/b ü", 1)).map(({ version }) => version)).toEqual([1, 0]);
  again.remove(table("a/b ü", 1));
  expect(new TableStore(folder).all()).toEqual([table("c", 0)]);
  expect(readdirSync(join(folder, "versions", "db"))).toEqual([]);
});

test("a process killed between archiving a version and replacing it leaves one version", () => {
  const store = new TableStore(home());
  store.put(table("t", 3));
  store.archive(table("t", 3));
  expect(store.versions(table("t", 3)).map(({ version }) => version)).toEqual([3]);
});

test("half a file that a killed process left beside an entry is no table; a damaged entry is named", () => {
  const folder = home();
  new TableStore(folder).put(table("t", 0));
  writeFileSync(join(folder, "tables", "db", "t.json.4711.new"), '{"data');
  expect(new TableStore(folder).all()).toEqual([table("t", 0)]);
  writeFileSync(join(folder, "tables", "db", "t.json"), '{"database":"db"}');
  expect(() => new TableStore(folder)).toThrow(/t\.json is damaged: it is no table of the catalogue$/);
});
