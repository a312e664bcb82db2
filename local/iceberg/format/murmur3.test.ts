import { expect, test } from "vitest";
import { murmur3 } from "./murmur3.ts";

// Expected: Iceberg spec appendix B where it has the bytes, else the published vectors of MurmurHash3_x86_32 with seed 0.
test.each([
  ["", 0],
  ["iceberg", 1210000089],
  ["hello", 613153351],
  ["The quick brown fox jumps over the lazy dog", 776992547],
])("hashes the text %j", (text, hash) => {
  expect(murmur3(Buffer.from(text))).toBe(hash);
});

test.each([
  ["2200000000000000", 2017239379],
  ["00010203", -188683207],
  ["f79c3e09677c4bbda4793f349cb785e7", 1488055340],
  ["ffffffff", 0x76293b50],
  ["21436587", 0xf55b516b | 0],
  ["214365", 0x7e4a8634],
  ["2143", 0xa0f7b07a | 0],
  ["21", 0x72661cf4],
])("hashes the bytes %s", (hex, hash) => {
  expect(murmur3(Buffer.from(hex, "hex"))).toBe(hash);
});

test("reads a view of a larger buffer", () => {
  expect(murmur3(Buffer.from("an iceberg!").subarray(3, 10))).toBe(1210000089);
});
