import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test } from "vitest";
import { compareKeys } from "../key-order.ts";
import { type Partition, PartitionStore } from "./partitions.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "partitions-"));
});
afterEach(() => rmSync(home, { recursive: true }));

const columns = [{ Name: "id", Type: "string" }];
const partition = (values: readonly string[], rest: Partial<Partition> = {}): Partition => ({
  values,
  location: `s3://lake/${values.join("/")}/`,
  created: 5,
  ...rest,
});

test("Partitions that are described alike share one description, in the file and when it is read", () => {
  const store = new PartitionStore(home);
  for (const day of ["1", "2", "3"])
    store.add("db", "t", partition([day], { storage: { Columns: structuredClone(columns) } }));
  store.add("db", "t", partition(["4"]));
  store.add("db", "u", partition(["4"], { storage: { Columns: [] }, parameters: { a: "b" } }));
  store.save();
  expect(JSON.parse(readFileSync(join(home, "partitions.json"), "utf8")).storages).toEqual([
    { Columns: columns },
    { Columns: [] },
  ]);
  const read = new PartitionStore(home);
  expect(read.of("db", "t")).toEqual(store.of("db", "t"));
  expect(read.of("db", "u")).toEqual(store.of("db", "u"));
  const [one, two] = read.of("db", "t");
  expect(one?.storage).toBe(two?.storage);
});

test("The file of a home from before there were descriptions is read", () => {
  const before = { values: ["1"], location: "s3://lake/1/", created: 5 };
  writeFileSync(join(home, "partitions.json"), JSON.stringify({ "db.t": [before] }));
  expect(new PartitionStore(home).of("db", "t")).toEqual([before]);
});

test("Partitions come in the order of their values, whatever was added and removed, from a place on", () => {
  const values = fc.tuple(fc.string({ unit: "binary", maxLength: 3 }), fc.constantFrom("", "a", "b"));
  const isGood = ([first]: readonly string[]): boolean => first?.includes("\0") === false;
  const steps = fc.array(fc.record({ values: values.filter(isGood), look: fc.boolean() }), { maxLength: 30 });
  fc.assert(
    fc.property(steps, values.filter(isGood), (list, after) => {
      const store = new PartitionStore(home);
      const expected = new Map<string, readonly string[]>();
      for (const { values: each, look } of list) {
        if (expected.delete(each.join("\0"))) store.remove("db", "t", each);
        else {
          store.add("db", "t", partition(each));
          expected.set(each.join("\0"), each);
        }
        if (look) expect(store.of("db", "t")).toHaveLength(expected.size);
      }
      const sorted = [...expected.keys()].sort(compareKeys);
      const given = (from?: readonly string[]) => store.of("db", "t", from).map((it) => it.values.join("\0"));
      expect(given()).toEqual(sorted);
      expect(given(after)).toEqual(sorted.filter((key) => compareKeys(key, after.join("\0")) > 0));
    }),
  );
});
