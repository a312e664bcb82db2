import fc from "fast-check";
import { expect, test } from "vitest";
import { randomOf, uuidV7 } from "./random.ts";

test("the same words give the same numbers, other words others", () => {
  const draw = (...words: (string | number)[]) => {
    const random = randomOf(...words);
    return [random.int(0, 1_000_000), random.int(0, 1_000_000)];
  };
  expect(draw(1, "visit")).toEqual(draw(1, "visit"));
  expect(draw(1, "visit")).not.toEqual(draw(2, "visit"));
});

test("int stays in its bounds and reaches both", () => {
  const random = randomOf("dice");
  const seen = new Set(Array.from({ length: 1000 }, () => random.int(1, 6)));
  expect([...seen].toSorted()).toEqual([1, 2, 3, 4, 5, 6]);
});

test("uuidV7 holds its time, version and variant, and repeats for the same words", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 45 }), fc.string(), (time, word) => {
      const uuid = uuidV7(time, word);
      expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(Number.parseInt(uuid.slice(0, 13).replace("-", ""), 16)).toBe(time);
      expect(uuidV7(time, word)).toBe(uuid);
    }),
  );
});
