import { expect, test } from "vitest";
import { UriCache } from "./cache.ts";

const load = (value: string, bytes: number) => () => ({ value, bytes });
const never = () => {
  throw new Error("loaded again");
};

test("A value is loaded once and kept until the bytes run out, least recently used first.", () => {
  const cache = new UriCache<string>(10);
  expect(cache.get("a", load("A", 4))).toBe("A");
  expect(cache.get("b", load("B", 4))).toBe("B");
  expect(cache.get("a", never)).toBe("A");
  cache.put("c", "C", 4);
  expect(cache.bytes).toBe(8);
  expect(cache.get("a", never)).toBe("A");
  expect(cache.get("c", never)).toBe("C");
  expect(cache.get("b", load("B again", 1))).toBe("B again");
});

test("A value larger than the limit is given, not kept, and putting one again does not count twice.", () => {
  const cache = new UriCache<string>(10);
  cache.put("a", "A", 6);
  cache.put("a", "A", 6);
  expect(cache.bytes).toBe(6);
  expect(cache.get("big", load("big", 11))).toBe("big");
  expect(cache.bytes).toBe(0);
  expect(cache.get("a", load("A again", 1))).toBe("A again");
});
